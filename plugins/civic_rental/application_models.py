"""Tables of applications for homes, what they claim, what people ask, and to whom a home is let."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, Owned, one_of
from civic_rental.allocation_models import Allocation
from civic_rental.home_models import Home, Workplace
from civic_rental.words import codes

DRAFT, SUBMITTED, WITHDRAWN, SET_ASIDE = "draft", "submitted", "withdrawn", "set_aside"
CLAIMED, VERIFIED, REFUSED = "claimed", "verified", "refused"
OBJECTION, REVIEW = "objection", "review"
_LIVE = text("state <> 'withdrawn' AND person_id IS NOT NULL")


class Applicant(Owned, Model):
    """Be the application of one person, with their household.

    :ivar version: grows with every change of the draft; whoever saves names the one they have read.
    :ivar number: of the receipt, in order of arrival from 1 on, without gaps; the draw goes by it.
    :ivar household: how many people are to live in the home, the applicant included.
    :ivar unit: for whom they work, in words; `workplace_id` is where.
    :ivar phone_key: the telephone number as it is compared, as `address_key` the address.
    :ivar reason: why it was set aside as a double.
    :ivar place: in the core's line of places, as lists show it; `place_until` is the end of an
        offer.
    """

    __table_args__ = (
        UniqueConstraint("allocation_id", "number"),
        ForeignKeyConstraint(
            ["allocation_id", "community_id"],
            ["rental_allocation.id", "rental_allocation.community_id"],
            name="fk_rental_applicant_allocation",
        ),
        one_of("state", (DRAFT, SUBMITTED, WITHDRAWN, SET_ASIDE)),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="numbered"),
        CheckConstraint("(number IS NULL) = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("household >= 1", name="household"),
        CheckConstraint("state <> 'set_aside' OR reason <> ''", name="reasoned"),
        Index(
            "uq_rental_applicant_live",
            "allocation_id",
            "person_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_rental_applicant_state", "allocation_id", "state", "number"),
        Index("ix_rental_applicant_phone", "allocation_id", "phone_key"),
        Index("ix_rental_applicant_address", "allocation_id", "address_key"),
    )

    allocation_id: Mapped[int] = mapped_column()
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(default=DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[int | None]
    household: Mapped[int | None]
    phone: Mapped[str] = mapped_column(default="")
    phone_key: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    address_key: Mapped[str] = mapped_column(default="")
    workplace_id: Mapped[int | None] = mapped_column(ForeignKey("rental_workplace.id"), index=True)
    unit: Mapped[str] = mapped_column(default="")
    wishes: Mapped[str] = mapped_column(default="")
    step_free: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    place_until: Mapped[datetime | None]

    allocation: Mapped[Allocation] = relationship(
        lazy="joined",
        innerjoin=True,
        foreign_keys=[allocation_id],
        viewonly=True,
        primaryjoin="Applicant.allocation_id == Allocation.id",
    )
    workplace: Mapped[Workplace | None] = relationship()
    grounds: Mapped[list["Ground"]] = relationship(
        order_by="Ground.id", cascade="all, delete-orphan", back_populates="applicant"
    )


class Ground(Model):
    """Be what an applicant says that counts for a tier, and who verified it.

    :ivar evidence: what shows it, in words.
    :ivar office: in whose name it was decided.
    """

    __table_args__ = (
        UniqueConstraint("applicant_id", "kind"),
        one_of("kind", codes("allocation", "claim")),
        one_of("state", (CLAIMED, VERIFIED, REFUSED)),
        CheckConstraint("(state = 'claimed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="reasoned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("rental_applicant.id"))
    kind: Mapped[str]
    evidence: Mapped[str]
    state: Mapped[str] = mapped_column(default=CLAIMED)
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str] = mapped_column(default="")
    applicant: Mapped[Applicant] = relationship(back_populates="grounds")


class Doubles(Model):
    """Be the decision of people about applications that look like doubles.

    :ivar kind: what they share.
    :ivar numbers: of their receipts; `stays` are those that stay.
    """

    __table_args__ = (
        one_of("kind", ("phone", "address")),
        CheckConstraint("reason <> ''", name="reasoned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("rental_allocation.id"), index=True)
    kind: Mapped[str]
    numbers: Mapped[list[int]] = mapped_column(JSON)
    stays: Mapped[list[int]] = mapped_column(JSON)
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]


class Plea(Model):
    """Be an objection to a frozen list, or the request that a person looks at one's own rank.

    :ivar upheld: None until it is answered.
    """

    __table_args__ = (
        one_of("kind", (OBJECTION, REVIEW)),
        CheckConstraint("(kind = 'objection') = (list_id IS NOT NULL)", name="list"),
        CheckConstraint("(kind = 'review') = (applicant_id IS NOT NULL)", name="own"),
        CheckConstraint("(upheld IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("upheld IS NULL OR answer <> ''", name="answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("rental_allocation.id"), index=True)
    kind: Mapped[str]
    list_id: Mapped[int | None] = mapped_column(ForeignKey("rental_frozen_list.id"), index=True)
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("rental_applicant.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    upheld: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str] = mapped_column(default="")
    allocation: Mapped[Allocation] = relationship(lazy="joined", innerjoin=True)


class Letting(Model):
    """Say which home somebody took whose offer it was; one home goes to one application.

    :ivar claim_id: of the core's line of places.
    """

    __table_args__ = (UniqueConstraint("home_id"), UniqueConstraint("applicant_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("rental_home.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("rental_applicant.id"))
    claim_id: Mapped[int]
    at: Mapped[datetime]
    home: Mapped[Home] = relationship(lazy="joined", innerjoin=True)


#: Kept here so that what is stored about applicants can be found in one place.
TABLES: tuple[Any, ...] = (Applicant, Ground, Doubles, Plea, Letting)
