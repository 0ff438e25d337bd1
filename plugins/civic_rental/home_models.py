"""Tables of homes for rent: listings of like homes, their rooms, doors, pictures, ways to work."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Community, Model, Owned, one_of
from civic_rental.models import Conversion
from civic_rental.words import codes

DRAFT, LISTED, SUSPENDED, CLOSED = "draft", "listed", "suspended", "closed"
#: In these everybody finds it.
PUBLIC = (LISTED, SUSPENDED, CLOSED)


class Listing(Owned, Model):
    """Offer one or several like homes of a conversion for rent.

    :ivar kind: of dwelling; which limits hold for it.
    :ivar area: for use, of one home, in hundredths of a square metre.
    :ivar rent: for one home and month, in fen, as are `deposit` and money in `fees`.
    :ivar pay_months: how many months are paid at once.
    :ivar custody: where the deposit is kept; empty where there is none.
    :ivar audience: groups of the core that may apply; `tiers` is in which order, by their codes.
    :ivar homes: how many can be let: one `Home` with its door for each.
    :ivar persons: how many people one home is for, all rooms together.
    :ivar version: grows with every change; whoever changes names the one they have read.
    """

    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        UniqueConstraint("made_by", "form_key"),
        ForeignKeyConstraint(
            ["conversion_id", "community_id"],
            ["rental_conversion.id", "rental_conversion.community_id"],
        ),
        one_of("state", codes("homes", "state")),
        one_of("kind", codes("homes", "kind")),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("area > 0 AND rent > 0 AND deposit >= 0", name="figures"),
        CheckConstraint("pay_months >= 1", name="pay"),
        CheckConstraint("lease_months >= 1", name="lease"),
        CheckConstraint("homes >= 0 AND persons >= 0", name="homes"),
        CheckConstraint("state <> 'listed' OR (homes > 0 AND persons > 0)", name="lettable"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published"),
        Index("ix_rental_listing_list", "community_id", "state", "rent"),
    )

    conversion_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    kind: Mapped[str]
    layout: Mapped[str]
    area: Mapped[int]
    rent: Mapped[int] = mapped_column(BigInteger)
    pay_months: Mapped[int]
    deposit: Mapped[int] = mapped_column(BigInteger)
    custody: Mapped[str]
    fees: Mapped[str]
    lease_months: Mapped[int]
    furniture: Mapped[list[str]] = mapped_column(JSON)
    lift: Mapped[bool]
    step_free: Mapped[bool]
    text: Mapped[str]
    audience: Mapped[list[str]] = mapped_column(JSON)
    tiers: Mapped[list[str]] = mapped_column(JSON)
    homes: Mapped[int] = mapped_column(default=0)
    persons: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default=DRAFT)
    reason: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[str]
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    community: Mapped[Community] = relationship(foreign_keys="Listing.community_id")
    conversion: Mapped[Conversion] = relationship(
        lazy="joined",
        innerjoin=True,
        foreign_keys=[conversion_id],
        viewonly=True,
        primaryjoin="Listing.conversion_id == Conversion.id",
    )
    rooms: Mapped[list["Room"]] = relationship(
        order_by="Room.position", cascade="all, delete-orphan"
    )
    photos: Mapped[list["Photo"]] = relationship(order_by="Photo.id", viewonly=True)

    @property
    def public(self) -> bool:
        """Tell whether everybody may see it."""
        return self.state in PUBLIC


class Room(Model):
    """Be one room of each home of a listing.

    :ivar area: in hundredths of a square metre.
    :ivar persons: who may sleep in it at most; 0 where nobody does.
    """

    __table_args__ = (
        UniqueConstraint("listing_id", "position"),
        one_of("use", codes("homes", "use")),
        CheckConstraint("area > 0 AND persons >= 0", name="figures"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("rental_listing.id"))
    position: Mapped[int]
    use: Mapped[str]
    area: Mapped[int]
    persons: Mapped[int]
    window: Mapped[bool]


class Home(Model):
    """Be one home that can be let; its door is told to whom it is let, and to staff, alone."""

    __table_args__ = (
        UniqueConstraint("listing_id", "door"),
        UniqueConstraint("id", "listing_id"),
        CheckConstraint("door <> ''", name="door"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("rental_listing.id"))
    door: Mapped[str]


class Photo(Model):
    """Be a picture of a listing; the bytes lie in the folder of uploads.

    :ivar alt: what it shows, in words.
    """

    __table_args__ = (
        CheckConstraint("alt <> ''", name="alt"),
        CheckConstraint("is_image", name="picture"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("rental_listing.id"), index=True)
    alt: Mapped[str]
    name: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    is_image: Mapped[bool]
    width: Mapped[int]
    height: Mapped[int]


class Workplace(Owned, Model):
    """Be a place where people of this community work, as the table of ways names it."""

    __table_args__ = (
        UniqueConstraint("community_id", "name"),
        CheckConstraint("name <> ''", name="name"),
    )

    name: Mapped[str]


class Commute(Model):
    """Say how many minutes it is from the building of a conversion to a workplace."""

    __table_args__ = (
        UniqueConstraint("conversion_id", "workplace_id", "mode"),
        one_of("mode", codes("homes", "mode")),
        CheckConstraint("minutes >= 1", name="minutes"),
        Index("ix_rental_commute_find", "workplace_id", "mode", "minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversion_id: Mapped[int] = mapped_column(ForeignKey("rental_conversion.id"))
    workplace_id: Mapped[int] = mapped_column(ForeignKey("rental_workplace.id"))
    mode: Mapped[str]
    minutes: Mapped[int]

    workplace: Mapped[Workplace] = relationship(lazy="joined", innerjoin=True)


#: Kept here so that what is stored about homes can be found in one place.
TABLES: tuple[Any, ...] = (Listing, Room, Home, Photo, Workplace, Commute)
