"""Tables of what a meeting decides and writes down: motions, and the entries of its minutes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.halls.models import HallHand
from civic.identities.models import Person
from civic.kernel.db import Model, one_of

#: States of a motion: on the floor, settled, and a part of a divided one whose turn has not come.
MOVED, SECONDED, DEBATED, PUT = "moved", "seconded", "debated", "put"
CARRIED, LOST, DROPPED, DIVIDED, LATER = "carried", "lost", "withdrawn", "divided", "later"
ON_FLOOR = (MOVED, SECONDED, DEBATED, PUT)
SETTLED = (CARRIED, LOST, DROPPED, DIVIDED)
#: Kinds of entries of the minutes; the last two are entered by themselves.
NOTE, DECISION, TASK, TURN, MOTION = "note", "decision", "task", "turn", "motion"
TAKEN = (NOTE, DECISION, TASK)
ENTRIES = (*TAKEN, TURN, MOTION)

_FLOOR = text("state IN ('moved', 'seconded', 'debated', 'put')")
_MAIN = text("parent_id IS NULL AND state IN ('moved', 'seconded', 'debated', 'put')")


class HallMotion(Model):
    """Be what somebody moves and another one seconds: a main motion, or a change of one.

    :ivar words: the motion; of an amendment, the whole text as it would read then.
    :ivar before: of an amendment, how the text read when it was moved.
    :ivar parent_id: what an amendment would change; settled before that is put.
    :ivar part_of: the motion that was divided into this and other parts.
    :ivar mover: words for a mover without a telephone, as for hands; so `seconder`.
    :ivar cut_short: why the chair ended the debate while people still waited to speak.
    """

    __table_args__ = (
        one_of("state", (*ON_FLOOR, *SETTLED, LATER)),
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("words <> ''", name="said"),
        CheckConstraint("(mover_id IS NULL) = (mover <> '')", name="mover"),
        CheckConstraint("seconder_id IS NULL OR seconder = ''", name="seconder"),
        CheckConstraint("mover_id <> seconder_id", name="another"),
        CheckConstraint("mover = '' OR mover <> seconder", name="another_without"),
        CheckConstraint(
            "state IN ('moved', 'withdrawn', 'divided') OR seconder_id IS NOT NULL"
            " OR seconder <> ''",
            name="seconded",
        ),
        CheckConstraint(
            "(state IN ('carried', 'lost')) = (in_favour IS NOT NULL)"
            " AND (in_favour IS NULL) = (against IS NULL)"
            " AND (in_favour IS NULL) = (abstained IS NULL)",
            name="counted",
        ),
        CheckConstraint(
            "in_favour IS NULL OR (in_favour >= 0 AND against >= 0 AND abstained >= 0"
            " AND counter <> '' AND other_counter <> '' AND counter <> other_counter)",
            name="counters",
        ),
        Index(
            "uq_hall_motion_main",
            "meeting_id",
            unique=True,
            sqlite_where=_MAIN,
            postgresql_where=_MAIN,
        ),
        Index(
            "uq_hall_motion_amendment",
            "parent_id",
            unique=True,
            sqlite_where=_FLOOR,
            postgresql_where=_FLOOR,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("hall_meeting.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("hall_item.id"), index=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("hall_motion.id"))
    part_of: Mapped[int | None] = mapped_column(ForeignKey("hall_motion.id"), index=True)
    words: Mapped[str]
    before: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    mover_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    mover: Mapped[str] = mapped_column(default="")
    seconder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    seconder: Mapped[str] = mapped_column(default="")
    cut_short: Mapped[str] = mapped_column(default="")
    in_favour: Mapped[int | None]
    against: Mapped[int | None]
    abstained: Mapped[int | None]
    counter: Mapped[str] = mapped_column(default="")
    other_counter: Mapped[str] = mapped_column(default="")
    moved_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    mover_person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[mover_id])
    seconder_person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[seconder_id])


class HallEntry(Model):
    """Be one numbered entry of the minutes.

    :ivar edition: grows with each correction; what stood there before is in `HallOldWords`.
    :ivar item: number of the item that was being talked about.
    :ivar hand_id: the turn, or `motion_id` the motion, that it tells of by itself.
    :ivar who: of a task, which body does it; `due` by when.
    """

    __table_args__ = (
        one_of("kind", ENTRIES),
        UniqueConstraint("meeting_id", "number"),
        UniqueConstraint("by_id", "form_key"),
        CheckConstraint("(kind = 'turn') = (hand_id IS NOT NULL)", name="turn"),
        CheckConstraint("(kind = 'motion') = (motion_id IS NOT NULL)", name="motion"),
        CheckConstraint("words <> '' OR kind IN ('turn', 'motion')", name="said"),
        CheckConstraint("kind <> 'task' OR who <> ''", name="who"),
        CheckConstraint("edition >= 1", name="edition"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("hall_meeting.id"))
    number: Mapped[int]
    item: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    edition: Mapped[int] = mapped_column(SmallInteger, default=1)
    who: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None]
    hand_id: Mapped[int | None] = mapped_column(ForeignKey("hall_hand.id"), index=True)
    motion_id: Mapped[int | None] = mapped_column(ForeignKey("hall_motion.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    form_key: Mapped[str]
    hand: Mapped[HallHand | None] = relationship(lazy="raise")
    motion: Mapped[HallMotion | None] = relationship(lazy="raise")


class HallOldWords(Model):
    """Keep what an entry said before it was corrected."""

    entry_id: Mapped[int] = mapped_column(ForeignKey("hall_entry.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    words: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
