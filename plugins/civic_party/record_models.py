"""Tables of what stays of a meeting: minutes, comments on them, and tasks that go on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, Owned, one_of
from civic_party.models import Body, Seat

RUNNING, REPORTED, DONE, DROPPED = "running", "reported", "done", "dropped"
ACTION_STATES = (RUNNING, REPORTED, DONE, DROPPED)
#: States in which a task still waits for somebody.
UNDONE = (RUNNING, REPORTED)
MADE, REPORT, RETURNED, REMINDED = "made", "report", "returned", "reminded"
STEPS = (MADE, REPORT, RETURNED, REMINDED, DONE, DROPPED)


class Minutes(Model):
    """Be the minutes of a meeting; signed by its chair they are frozen, and issued by the office.

    :ivar version: grows whenever they change; comments name the one they were written on.
    :ivar signer: name of who signed, and for which unit, as it stood then.
    :ivar notice_id: the bulletin that hangs on the board of the community, once it is checked.
    :ivar content: all that was signed, as JSON; `fingerprint` is the SHA-256 of its canonical form.
    """

    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("opinions <> ''", name="opinions"),
        CheckConstraint(
            "(signed_at IS NULL) = (content IS NULL) AND (signed_at IS NULL) = (fingerprint = '')",
            name="signed",
        ),
        CheckConstraint("issued_at IS NULL OR signed_at IS NOT NULL", name="issued"),
        CheckConstraint("issued_by <> written_by", name="two_people"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("party_meeting.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    opinions: Mapped[str]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime]
    comments_until: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    signed_at: Mapped[datetime | None]
    signer: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    fingerprint: Mapped[str] = mapped_column(default="")
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    issued_at: Mapped[datetime | None]
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), unique=True)


class Remark(Model):
    """Be what a unit says to a draft of the minutes; empty words say that it agrees.

    :ivar version: of the minutes it was written on.
    """

    __table_args__ = (
        UniqueConstraint("meeting_id", "version", "seat_id"),
        CheckConstraint(
            "(answered_at IS NULL) = (answer = '') AND (answered_at IS NULL) = (adopted IS NULL)",
            name="answered",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("party_minutes.meeting_id"))
    version: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("party_seat.id"), index=True)
    words: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    adopted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answered_at: Mapped[datetime | None]
    seat: Mapped[Seat] = relationship(lazy="joined", innerjoin=True)


class Action(Owned, Model):
    """Be a task that a meeting gave a unit (督办事项); it is open until the office has checked it.

    :ivar seat_id: who owns it.
    :ivar evidence: what its owner last reported; `reported_by` and `checked_by` are two people.
    :ivar carried_over: how many later agendas have opened with it.
    :ivar reminded_at: when its owner was last told that it falls due.
    """

    __table_args__ = (
        one_of("state", ACTION_STATES),
        UniqueConstraint("made_by", "form_key"),
        UniqueConstraint("id", "body_id"),
        ForeignKeyConstraint(
            ["body_id", "community_id"],
            ["party_body.id", "party_body.community_id"],
            name="fk_party_action_body",
        ),
        ForeignKeyConstraint(
            ["meeting_id", "body_id"],
            ["party_meeting.id", "party_meeting.body_id"],
            name="fk_party_action_meeting",
        ),
        ForeignKeyConstraint(
            ["seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_action_seat",
        ),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("carried_over >= 0", name="carried_over"),
        CheckConstraint("checked_by <> reported_by", name="two_people"),
        CheckConstraint("(state IN ('done', 'dropped')) = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("state NOT IN ('reported', 'done') OR evidence <> ''", name="evidence"),
        Index("ix_party_action_due", "community_id", "state", "due_on"),
    )

    body_id: Mapped[int] = mapped_column(index=True)
    meeting_id: Mapped[int] = mapped_column(index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("party_topic.id"), index=True)
    seat_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default=RUNNING)
    evidence: Mapped[str] = mapped_column(default="")
    carried_over: Mapped[int] = mapped_column(default=0)
    form_key: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reported_at: Mapped[datetime | None]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    body: Mapped[Body] = relationship(
        lazy="joined",
        innerjoin=True,
        viewonly=True,
        foreign_keys=[body_id],
        primaryjoin=lambda: Action.body_id == Body.id,
    )
    seat: Mapped[Seat] = relationship(
        lazy="joined",
        innerjoin=True,
        viewonly=True,
        foreign_keys=[seat_id],
        primaryjoin=lambda: Action.seat_id == Seat.id,
    )
    helpers: Mapped[list["Helper"]] = relationship(lazy="subquery", order_by=lambda: Helper.seat_id)


class Helper(Model):
    """Say that a unit helps the owner of a task."""

    action_id: Mapped[int] = mapped_column(ForeignKey("party_action.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("party_seat.id"), primary_key=True, index=True)
    seat: Mapped[Seat] = relationship(lazy="joined", innerjoin=True)


class ActionStep(Model):
    """Record what happened with a task; nothing here ever changes.

    :ivar office: in whose name: the unit, or the post.
    """

    __table_args__ = (one_of("act", STEPS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("party_action.id"), index=True)
    act: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    office: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class Carried(Model):
    """Say that the agenda of a meeting opens with a task of an earlier one."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["meeting_id", "body_id"],
            ["party_meeting.id", "party_meeting.body_id"],
            name="fk_party_carried_meeting",
        ),
        ForeignKeyConstraint(
            ["action_id", "body_id"],
            ["party_action.id", "party_action.body_id"],
            name="fk_party_carried_action",
        ),
    )

    meeting_id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    body_id: Mapped[int]
    action: Mapped[Action] = relationship(
        lazy="joined",
        innerjoin=True,
        viewonly=True,
        foreign_keys=[action_id],
        primaryjoin=lambda: Carried.action_id == Action.id,
    )
