"""Tables of organisations, calls and applications; review and awards stand in `review_models`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Community, Model, Owned, one_of
from civic_incubator.phases import CODES
from civic_incubator.words import data

DRAFT, SUBMITTED, PASSED, RETURNED = "draft", "submitted", "passed", "returned"
#: Letters of the code by which one joins an organisation.
CODE = 8
STATES = (DRAFT, SUBMITTED, PASSED, RETURNED)


class Organisation(Owned, Model):
    """Be an organisation of residents in the registry.

    :ivar kind: one of the classes of `registry.toml`.
    :ivar number: of its filing or registration, where it has one.
    :ivar code: whoever types it joins the organisation.
    :ivar people: how many take part, as the organisation says.
    """

    __table_args__ = (
        UniqueConstraint("community_id", "name"),
        UniqueConstraint("id", "community_id"),
        one_of("kind", [row["code"] for row in data("registry")["class"]]),
        one_of("status", [row["code"] for row in data("registry")["status"]]),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("people >= 0", name="people"),
        CheckConstraint(
            "status IN ('proposed', 'ended') OR (number <> '' AND since IS NOT NULL)", name="filed"
        ),
    )

    name: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(default="proposed")
    number: Mapped[str] = mapped_column(default="")
    since: Mapped[date | None]
    people: Mapped[int]
    about: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True)
    proposed_at: Mapped[datetime]


class Member(Model):
    """Let a person speak for an organisation."""

    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("incubator_organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    joined_at: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class Call(Owned, Model):
    """Be a call for projects of organisations; what it asks is frozen once it opens.

    :ivar workflow: which phases it goes through; `phase` is where it stands.
    :ivar form: the questions, as data.
    :ivar criteria: what is marked, each with its weight.
    :ivar pot: what can be awarded in all, in fen; `most` is what one project may ask for.
    :ivar most_marks: what full marks of a criterion are.
    :ivar instalments: percents in which an award is paid.
    :ivar working_days: for which awards are shown before they count.
    """

    __table_args__ = (
        one_of("phase", CODES),
        UniqueConstraint("id", "community_id"),
        CheckConstraint("closes_at > opens_at", name="dates"),
        CheckConstraint("most > 0 AND pot >= most", name="ceiling"),
        CheckConstraint("expert_weight >= 0 AND resident_weight >= 0", name="weights"),
        CheckConstraint("expert_weight + resident_weight = 100", name="whole"),
        CheckConstraint("most_marks BETWEEN 1 AND 100", name="marks"),
        CheckConstraint("working_days > 0", name="publicity"),
    )

    title: Mapped[str]
    text: Mapped[str]
    workflow: Mapped[str]
    phase: Mapped[str] = mapped_column(index=True)
    form: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    instalments: Mapped[list[int]] = mapped_column(JSON)
    pot: Mapped[int] = mapped_column(BigInteger)
    most: Mapped[int] = mapped_column(BigInteger)
    expert_weight: Mapped[int]
    resident_weight: Mapped[int]
    most_marks: Mapped[int]
    working_days: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    made_at: Mapped[datetime]


class Application(Owned, Model):
    """Be the application of one organisation, for one community, with one social worker.

    :ivar version: grows with every change of a draft; whoever saves names the one they have read.
    :ivar number: in the order in which they were handed in, from 1 on.
    :ivar reason: why the check of its form sent it back.
    """

    __table_args__ = (
        UniqueConstraint("call_id", "organisation_id"),
        UniqueConstraint("call_id", "number"),
        UniqueConstraint("id", "call_id"),
        ForeignKeyConstraint(
            ["call_id", "community_id"], ["incubator_call.id", "incubator_call.community_id"]
        ),
        one_of("state", STATES),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="numbered"),
        CheckConstraint("(number IS NULL) = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint("state <> 'returned' OR reason <> ''", name="reasoned"),
    )

    call_id: Mapped[int] = mapped_column(index=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("incubator_organisation.id", name="fk_incubator_application_organisation"),
        index=True,
    )
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"))
    worker: Mapped[str] = mapped_column(default="")
    agency: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(default=DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[int | None]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    call: Mapped[Call] = relationship(
        lazy="joined",
        innerjoin=True,
        foreign_keys=[call_id],
        viewonly=True,
        primaryjoin="Application.call_id == Call.id",
    )
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    #: Two columns lead to communities, so both say which is theirs.
    community: Mapped[Community] = relationship(foreign_keys="Application.community_id")
    partner: Mapped[Community | None] = relationship(foreign_keys=[partner_id])
    lines: Mapped[list["Line"]] = relationship(
        order_by="Line.position", cascade="all, delete-orphan"
    )

    @property
    def asked(self) -> int:
        """Return what all lines come to, in fen."""
        return sum(line.fen for line in self.lines)


class Line(Model):
    """Be one line of a budget, in fen."""

    __table_args__ = (
        UniqueConstraint("application_id", "position"),
        one_of("kind", [row["code"] for row in data("budget")["line"]]),
        CheckConstraint("fen > 0", name="fen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("incubator_application.id"))
    position: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]
    fen: Mapped[int] = mapped_column(BigInteger)
