"""Tables of review, awards and objections."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, one_of
from civic_incubator.models import Application, Call
from civic_incubator.ranking import SIDES


class Seat(Model):
    """Be the place of a person on the panel of a call, on the side of experts or of residents."""

    __table_args__ = (
        UniqueConstraint("call_id", "person_id"),
        UniqueConstraint("id", "call_id"),
        one_of("side", SIDES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("incubator_call.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    side: Mapped[str]
    seated_at: Mapped[datetime]
    call: Mapped[Call] = relationship(lazy="joined", innerjoin=True)


class Declaration(Model):
    """Be what a reviewer said before the first mark: whether they are involved in an application.

    :ivar reason: what binds them to it; read by staff alone.
    """

    __table_args__ = (
        UniqueConstraint("seat_id", "application_id"),
        UniqueConstraint("id", "conflicted"),
        ForeignKeyConstraint(
            ["seat_id", "call_id"],
            ["incubator_seat.id", "incubator_seat.call_id"],
            name="fk_incubator_declaration_seat",
        ),
        ForeignKeyConstraint(
            ["application_id", "call_id"],
            ["incubator_application.id", "incubator_application.call_id"],
            name="fk_incubator_declaration_application",
        ),
        CheckConstraint("NOT conflicted OR reason <> ''", name="reasoned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(index=True)
    application_id: Mapped[int] = mapped_column(index=True)
    conflicted: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    declared_at: Mapped[datetime]


class Review(Model):
    """Be the marks of one reviewer for one application.

    It hangs on a declaration that says that there is no conflict: the key holds that word too, so
    that the database refuses marks of whoever is involved, and a later conflict beside marks.

    :ivar marks: by criterion; null where it does not apply.
    """

    __table_args__ = (
        UniqueConstraint("declaration_id"),
        ForeignKeyConstraint(
            ["declaration_id", "conflicted"],
            ["incubator_declaration.id", "incubator_declaration.conflicted"],
            name="fk_incubator_review_unbiased",
        ),
        CheckConstraint("NOT conflicted", name="unbiased"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int]
    conflicted: Mapped[bool] = mapped_column(default=False)
    marks: Mapped[dict[str, int | None]] = mapped_column(JSON)
    comment: Mapped[str]
    given_at: Mapped[datetime]


class AwardList(Model):
    """Be a list of awards as it was shown; an upheld objection makes a further one, and it stays.

    :ivar number: 1 for the first list of a call.
    :ivar note: why it differs from the ranking, or from the list before.
    :ivar until: up to when objections are taken.
    """

    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("until > shown_at", name="dates"),
        CheckConstraint("number = 1 OR note <> ''", name="noted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("incubator_call.id"))
    number: Mapped[int]
    note: Mapped[str]
    shown_at: Mapped[datetime]
    until: Mapped[datetime]
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    awards: Mapped[list["Award"]] = relationship(order_by="Award.place")


class Award(Model):
    """Be what an application is awarded in a list, in fen.

    :ivar place: in the list, from 1 on.
    """

    __table_args__ = (
        UniqueConstraint("list_id", "application_id"),
        UniqueConstraint("list_id", "place"),
        CheckConstraint("fen > 0", name="fen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("incubator_award_list.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("incubator_application.id"), index=True)
    place: Mapped[int]
    fen: Mapped[int] = mapped_column(BigInteger)
    application: Mapped[Application] = relationship(lazy="joined", innerjoin=True)
    instalments: Mapped[list["Instalment"]] = relationship(order_by="Instalment.position")


class Instalment(Model):
    """Be a part of an award that is paid when a step of the project is done."""

    __table_args__ = (
        UniqueConstraint("award_id", "position"),
        CheckConstraint("fen >= 0", name="fen"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("incubator_award.id"))
    position: Mapped[int]
    percent: Mapped[int]
    fen: Mapped[int] = mapped_column(BigInteger)
    planned_on: Mapped[date | None]


class Objection(Model):
    """Be what somebody objects to a list of awards, and the answer.

    :ivar upheld: whether it was found to be right; nothing while it waits.
    """

    __table_args__ = (
        CheckConstraint(
            "(upheld IS NULL) = (answered_at IS NULL) AND (upheld IS NULL) = (answer = '')",
            name="answered",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("incubator_award_list.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    raised_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    upheld: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    list: Mapped[AwardList] = relationship(lazy="joined", innerjoin=True)
