"""Tables of exclusive parts and who owns them, and of households and who speaks for them.

They come from lists of the property register and of the committee, and are the base of rolls. Names
of owners are for staff alone; public lists show houses and areas.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.communities.models import Node
from civic.kernel.db import Model, Owned, one_of

USES = ("dwelling", "shop", "office", "parking", "other")
STATES = ("owned", "unsold", "undelivered")
_CURRENT = "valid_to IS NULL"


def _once(name: str, *columns: str) -> Index:
    """Let the same columns stand in one current row at most."""
    return Index(
        f"uq_{name}_current",
        *columns,
        unique=True,
        sqlite_where=text(_CURRENT),
        postgresql_where=text(_CURRENT),
    )


class Dwelling(Owned, Model):
    """Be an exclusive part (专有部分): a dwelling, a shop, a bay that is sold by itself.

    Areas are square centimetres; of those known the register's counts, then the survey's, then the
    contract's (domain.md §3.5).

    :ivar node_id: the building or gate it is in.
    :ivar number: as on the door, `302`.
    :ivar state: whose it is: a buyer's, or still the developer's, unsold or not handed over.
    """

    __table_args__ = (
        one_of("use", USES),
        one_of("state", STATES),
        CheckConstraint("area_register_cm2 > 0", name="area_register_cm2"),
        CheckConstraint("area_survey_cm2 > 0", name="area_survey_cm2"),
        CheckConstraint("area_contract_cm2 > 0", name="area_contract_cm2"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        _once("dwelling", "node_id", "number"),
    )

    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    number: Mapped[str]
    use: Mapped[str] = mapped_column(default="dwelling")
    state: Mapped[str] = mapped_column(default="owned")
    area_register_cm2: Mapped[int | None] = mapped_column(BigInteger)
    area_survey_cm2: Mapped[int | None] = mapped_column(BigInteger)
    area_contract_cm2: Mapped[int | None] = mapped_column(BigInteger)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    node: Mapped[Node] = relationship(lazy="raise")


class Owner(Owned, Model):
    """Be an owner as a list of properties names one; a person here only where matched.

    :ivar name: real name; shown to staff only.
    :ivar identity: keyed hash by which the same owner is known again: of the number of a paper, or
        of name and last four digits; the number itself is not kept.
    :ivar last4: last digits of that number, by which staff match people.
    :ivar person_id: who it is here, matched by staff.
    :ivar guardian_id: who votes for an owner who is a minor or lacks capacity.
    """

    __table_args__ = (
        UniqueConstraint("community_id", "identity"),
        CheckConstraint("guardian_id IS NULL OR guardian_id <> person_id", name="guardian"),
    )

    name: Mapped[str]
    identity: Mapped[str]
    last4: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    matched_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    matched_at: Mapped[datetime | None]


class Ownership(Model):
    """Say that an owner has a share of a part, for a time."""

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        _once("ownership", "dwelling_id", "owner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dwelling_id: Mapped[int] = mapped_column(ForeignKey("dwelling.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class Household(Owned, Model):
    """Be a household (户) of a dwelling; it has one vote where households vote."""

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        _once("household", "dwelling_id"),
    )

    dwelling_id: Mapped[int] = mapped_column(ForeignKey("dwelling.id"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class HouseholdRep(Model):
    """Let a person speak for a household: one at a time, each change recorded (domain.md §1).

    :ivar basis: what the choice rests on, in words.
    """

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="term"),
        CheckConstraint("recorded_by <> person_id", name="second_person"),
        _once("household_rep", "household_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    basis: Mapped[str]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
