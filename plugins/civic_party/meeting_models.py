"""Tables of joint meetings: topics, the roll of seats with receipts and attendance, decisions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, Owned, one_of
from civic_party.flow import ATTENDANCE, STATES
from civic_party.models import FIRST_QUARTER, LAST_QUARTER, Body, Seat

PROPOSED, ACCEPTED, REFUSED, WITHDRAWN = "proposed", "accepted", "refused", "withdrawn"
TOPIC_STATES = (PROPOSED, ACCEPTED, REFUSED, WITHDRAWN)
CONSENSUS, VOTE, NO_DECISION = "consensus", "vote", "none"
WAYS = (CONSENSUS, VOTE, NO_DECISION)
_HELD = "state <> 'cancelled'"


class Meeting(Owned, Model):
    """Be the joint meeting of a body in a quarter.

    :ivar chair_seat_id: the seat that chairs it, frozen when the notice goes out.
    :ivar rules: what the procedure asked when the agenda was published (`MeetingRules.as_dict`).
    :ivar reason: why it is called off.
    """

    __table_args__ = (
        one_of("state", STATES),
        UniqueConstraint("made_by", "form_key"),
        UniqueConstraint("id", "body_id"),
        ForeignKeyConstraint(
            ["body_id", "community_id"],
            ["party_body.id", "party_body.community_id"],
            name="fk_party_meeting_body",
        ),
        ForeignKeyConstraint(
            ["chair_seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_meeting_chair",
        ),
        Index(
            "uq_party_meeting_quarter",
            "body_id",
            "quarter",
            unique=True,
            sqlite_where=text(_HELD),
            postgresql_where=text(_HELD),
        ),
        CheckConstraint(f"quarter BETWEEN {FIRST_QUARTER} AND {LAST_QUARTER}", name="quarter"),
        CheckConstraint("place <> ''", name="place"),
        CheckConstraint("(state = 'cancelled') = (reason <> '')", name="reason"),
        CheckConstraint(
            "state IN ('call', 'coordinating', 'agenda', 'cancelled') OR chair_seat_id IS NOT NULL",
            name="chair",
        ),
    )

    body_id: Mapped[int] = mapped_column(index=True)
    quarter: Mapped[int]
    place: Mapped[str]
    starts_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    topics_until: Mapped[datetime]
    agenda_by: Mapped[date]
    notice_by: Mapped[date]
    chair_seat_id: Mapped[int | None] = mapped_column(index=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(default="")
    form_key: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    agenda_at: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    body: Mapped[Body] = relationship(
        lazy="joined",
        innerjoin=True,
        viewonly=True,
        foreign_keys=[body_id],
        primaryjoin=lambda: Meeting.body_id == Body.id,
    )


class Topic(Model):
    """Be a topic of a meeting, proposed by a unit or by the office of the body.

    :ivar seat_id: whose it is; none for the office, in the name of the community.
    :ivar position: its place on the agenda, once it is accepted.
    :ivar reason: why it was not taken up.
    """

    __table_args__ = (
        one_of("state", TOPIC_STATES),
        UniqueConstraint("proposed_by", "form_key"),
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("(state = 'accepted') = (position IS NOT NULL)", name="position"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("party_meeting.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("party_seat.id"), index=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=PROPOSED)
    position: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(default="")
    form_key: Mapped[str]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    seat: Mapped[Seat | None] = relationship(lazy="joined")


class Place(Model):
    """Be one line of the roll of a meeting: a seat, its receipt of the notice, its attendance.

    :ivar name: of the unit, as it stood when the notice went out.
    :ivar on_paper: whether the receipt came on paper and the office noted it.
    :ivar who: who attended for the unit, as written in the hall.
    """

    __table_args__ = (
        one_of("attendance", ATTENDANCE),
        UniqueConstraint("meeting_id", "seat_id"),
        ForeignKeyConstraint(
            ["meeting_id", "body_id"],
            ["party_meeting.id", "party_meeting.body_id"],
            name="fk_party_place_meeting",
        ),
        ForeignKeyConstraint(
            ["seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_place_seat",
        ),
        CheckConstraint("attendance <> 'represented' OR who <> ''", name="represented"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int]
    body_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    received_at: Mapped[datetime | None]
    received_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    on_paper: Mapped[bool] = mapped_column(default=False)
    attendance: Mapped[str | None]
    who: Mapped[str] = mapped_column(default="")


class Decision(Model):
    """Say what a meeting came to on one topic, and how.

    :ivar passed: whether it carries, by the rules of the meeting.
    """

    __table_args__ = (
        one_of("way", WAYS),
        CheckConstraint("words <> ''", name="words"),
        CheckConstraint(
            "(way = 'vote') = (votes_for IS NOT NULL AND votes_against IS NOT NULL"
            " AND abstained IS NOT NULL)",
            name="votes",
        ),
        CheckConstraint(
            "votes_for IS NULL OR (votes_for >= 0 AND votes_against >= 0 AND abstained >= 0)",
            name="counts",
        ),
        CheckConstraint("way <> 'none' OR NOT passed", name="passed"),
    )

    topic_id: Mapped[int] = mapped_column(ForeignKey("party_topic.id"), primary_key=True)
    words: Mapped[str]
    way: Mapped[str]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstained: Mapped[int | None]
    passed: Mapped[bool]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    noted_at: Mapped[datetime]
