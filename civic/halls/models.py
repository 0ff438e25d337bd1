"""Tables of meetings in the hall: agenda, hands and turns, who is there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.halls.counting import Majority
from civic.identities.models import Person
from civic.kernel.db import Model, Owned, one_of

#: States of a hand; one that is taken down is deleted.
WAITING, SPEAKING, SPOKEN = "waiting", "speaking", "spoken"
HANDS = (WAITING, SPEAKING, SPOKEN)

_WAITS = text("state = 'waiting' AND person_id IS NOT NULL")
_WAITS_WITHOUT = text("state = 'waiting' AND person_id IS NULL")
_SPEAKS = text("state = 'speaking'")
_RUNS = text("opened_at IS NOT NULL AND closed_at IS NULL")


class HallMeeting(Owned, Model):
    """Be a meeting of people in one room about a case: planned, open, closed, and its minutes.

    :ivar chair_id: who leads it, neutrally; `chair_name` and `chair_post` as they stood then.
    :ivar secretary_id: who takes the minutes; never the chair, who signs them.
    :ivar majority_num: share of a show of hands that carries a motion, with `majority_den` and
        whether more than the share is needed.
    :ivar item: number of the item of the agenda that is being talked about.
    :ivar revision: grows with whatever happens, so that pages know whether anything is new.
    :ivar entries: how many entries its minutes have.
    :ivar checked_in: how many said on their telephone that they are here.
    :ivar present: how many people the secretary counted in the hall.
    :ivar called_off: why it is not held; empty where it is.
    """

    __table_args__ = (
        UniqueConstraint("made_by", "form_key"),
        Index(
            "uq_hall_meeting_open",
            "consultation_id",
            unique=True,
            sqlite_where=_RUNS,
            postgresql_where=_RUNS,
        ),
        CheckConstraint("title <> '' AND place <> ''", name="said"),
        CheckConstraint("chair_id <> secretary_id", name="two_people"),
        CheckConstraint("turn_seconds >= 1 AND turns_each >= 1", name="caps"),
        CheckConstraint("majority_num BETWEEN 1 AND majority_den", name="majority"),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed"),
        CheckConstraint("signed_at IS NULL OR closed_at IS NOT NULL", name="signed"),
        CheckConstraint("closed_at IS NULL OR present IS NOT NULL", name="counted"),
        CheckConstraint("called_off = '' OR opened_at IS NULL", name="called_off"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    title: Mapped[str]
    place: Mapped[str]
    starts_at: Mapped[datetime]
    chair_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    chair_name: Mapped[str]
    chair_post: Mapped[str]
    secretary_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secretary_name: Mapped[str]
    turn_seconds: Mapped[int] = mapped_column(SmallInteger)
    turns_each: Mapped[int] = mapped_column(SmallInteger)
    majority_num: Mapped[int] = mapped_column(SmallInteger)
    majority_den: Mapped[int] = mapped_column(SmallInteger)
    majority_more: Mapped[bool]
    item: Mapped[int] = mapped_column(SmallInteger, default=1)
    revision: Mapped[int] = mapped_column(default=0)
    entries: Mapped[int] = mapped_column(default=0)
    checked_in: Mapped[int] = mapped_column(default=0)
    present: Mapped[int | None]
    form_key: Mapped[str]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    signed_at: Mapped[datetime | None]
    called_off: Mapped[str] = mapped_column(default="")

    @property
    def majority(self) -> Majority:
        """Return what carries a motion."""
        return Majority(num=self.majority_num, den=self.majority_den, more=self.majority_more)


class HallItem(Model):
    """Be one item of an agenda, in its order."""

    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("title <> ''", name="said"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("hall_meeting.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]


class HallHand(Model):
    """Be a raised hand on an item, and the turn that comes of it.

    :ivar label: words for somebody without a telephone, as the secretary wrote them; a hand is
        either a person's or has such words, and both count alike.
    :ivar seconds: how long the turn lasts, from `called_at` on.
    """

    __table_args__ = (
        one_of("state", HANDS),
        CheckConstraint("(person_id IS NULL) = (label <> '')", name="one_kind"),
        CheckConstraint("(state IN ('speaking', 'spoken')) = (called_at IS NOT NULL)", name="turn"),
        CheckConstraint("(state = 'spoken') = (ended_at IS NOT NULL)", name="ended"),
        Index(
            "uq_hall_hand_person",
            "item_id",
            "person_id",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        Index(
            "uq_hall_hand_label",
            "item_id",
            "label",
            unique=True,
            sqlite_where=_WAITS_WITHOUT,
            postgresql_where=_WAITS_WITHOUT,
        ),
        Index(
            "uq_hall_hand_speaking",
            "meeting_id",
            unique=True,
            sqlite_where=_SPEAKS,
            postgresql_where=_SPEAKS,
        ),
        Index(None, "item_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("hall_meeting.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("hall_item.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=WAITING)
    raised_at: Mapped[datetime]
    seconds: Mapped[int] = mapped_column(SmallInteger, default=0)
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person | None] = relationship(lazy="raise")


class HallPresence(Model):
    """Say that somebody is in the hall; deleted when the meeting ends, its number stays."""

    meeting_id: Mapped[int] = mapped_column(ForeignKey("hall_meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime]
