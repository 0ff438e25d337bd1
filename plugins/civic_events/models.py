"""Tables of events, who signed up, who came, and what they say of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, Owned, one_of
from civic_events.kinds import ACTS, AUDIENCES, STATES

#: What is settled: an event of so many people is public only with the number of its permit.
PERMITTED = "state <> 'published' OR expected < permit_from OR permit_number <> ''"


class Activity(Owned, Model):
    """Be an event, from its draft to its end.

    :ivar capacity: places that are given by signing up; 0 where everybody may just come.
    :ivar expected: how many people are expected at most, as filed.
    :ivar most: how many places one person may claim.
    :ivar permit_from: the number of the rules at its filing from which on a permit is needed.
    :ivar facts: codes of `kinds.FACTS` that are so.
    :ivar plan: parts of `kinds.PLAN` that the safety plan has.
    :ivar lead: who answers for safety.
    :ivar questions: what who signs up is asked, in words.
    :ivar came: how many people came in, once the single arrivals are deleted.
    :ivar series_id: the series it is one date of.
    :ivar sequence: how often it was changed after it was published, for calendars.
    """

    __table_args__ = (
        one_of("state", STATES),
        one_of("audience", AUDIENCES),
        CheckConstraint("ends_at > starts_at", name="ends"),
        CheckConstraint("capacity >= 0 AND most >= 1", name="capacity"),
        CheckConstraint("expected >= 1 AND capacity <= expected", name="expected"),
        CheckConstraint(PERMITTED, name="permit"),
        CheckConstraint("title <> '' AND place <> ''", name="title"),
        UniqueConstraint("series_id", "starts_at"),
        UniqueConstraint("made_by", "form_key"),
        Index("ix_events_activity_list", "community_id", "state", "starts_at"),
    )

    title: Mapped[str]
    text: Mapped[str]
    place: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    audience: Mapped[str]
    capacity: Mapped[int]
    expected: Mapped[int]
    most: Mapped[int]
    questions: Mapped[list[str]]
    organiser: Mapped[str]
    lead: Mapped[str]
    facts: Mapped[list[str]]
    plan: Mapped[list[str]]
    permit_from: Mapped[int]
    permit_number: Mapped[str] = mapped_column(default="")
    permit_office: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[str]
    made_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    came: Mapped[int | None]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("events_series.id"), index=True)

    @property
    def subject(self) -> str:
        """Return what its places are called."""
        return f"events.activity-{self.id}"

    @property
    def public(self) -> bool:
        """Tell whether everybody sees it."""
        return self.published_at is not None


class Series(Owned, Model):
    """Be a rule by which an event takes place again and again, in local time.

    :ivar rule: RRULE of RFC 5545 without its start, which is that of the first event.
    :ivar weeks: how far ahead its dates are made.
    """

    rule: Mapped[str]
    weeks: Mapped[int]
    ended_at: Mapped[datetime | None]


class Step(Model):
    """Be one official act on an event: filed, decided, permitted, published, called off."""

    __table_args__ = (one_of("act", ACTS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("events_activity.id"), index=True)
    act: Mapped[str]
    words: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]
    at: Mapped[datetime]


class SignUp(Model):
    """Be the sign-up of one person, alone or with others, to one event.

    The places are kept by the core (`holds`); `state` and `until` repeat what it says, for lists.

    :ivar answers: to the questions of the event, in their order.
    :ivar code: what is shown or typed at the entrance; without letters that look alike.
    """

    __table_args__ = (
        UniqueConstraint("activity_id", "code"),
        UniqueConstraint("claim_id"),
        Index("ix_events_sign_up_person", "person_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("events_activity.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claim_id: Mapped[int]
    answers: Mapped[list[str]]
    code: Mapped[str]
    state: Mapped[str]
    until: Mapped[datetime | None]
    at: Mapped[datetime]

    activity: Mapped[Activity] = relationship()


class Arrival(Model):
    """Be people who came in: with a sign-up, or without one and counted at the entrance.

    :ivar nonce: made by whoever scans; a scan that is sent again counts once.
    """

    __table_args__ = (
        UniqueConstraint("activity_id", "nonce"),
        UniqueConstraint("sign_up_id"),
        CheckConstraint("heads >= 1", name="heads"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("events_activity.id"))
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("events_sign_up.id"))
    heads: Mapped[int]
    nonce: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class Feedback(Model):
    """Be what one who came says of an event, once."""

    __table_args__ = (
        UniqueConstraint("activity_id", "person_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("events_activity.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    stars: Mapped[int]
    words: Mapped[str]
    at: Mapped[datetime]
