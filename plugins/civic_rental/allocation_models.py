"""Tables of allocations: the rule, its rounds, frozen lists, draws; people: `application_models`.

What was published is append-only: triggers refuse every change but that a name goes with its
account. The same triggers refuse a draw by whoever fixed the secret, and a publication by whoever
drew.
"""

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

from civic.api import Community, Model, Owned, one_of
from civic_rental.home_models import Listing
from civic_rental.words import codes

DRAFT, FIXED, FROZEN, DRAWN, PUBLISHED, CLOSED = codes("allocation", "state")


class Allocation(Owned, Model):
    """Be the allotment of the homes of one listing; what it says is frozen with its first round.

    :ivar tiers: in their order, each with `code` and `quota` (or none).
    :ivar ordering: inside a tier, by lot or by arrival.
    :ivar source: code of the kind of public number; `issue` says which one, `public_at` when it is
        known. Later rounds name their own.
    :ivar version: grows with every change of the draft.
    :ivar offers_at: since when homes are offered; `lined_up` is the last rank that was put in line.
    """

    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        UniqueConstraint("made_by", "form_key"),
        ForeignKeyConstraint(
            ["listing_id", "community_id"],
            ["rental_listing.id", "rental_listing.community_id"],
            name="fk_rental_allocation_listing",
        ),
        one_of("state", codes("allocation", "state")),
        one_of("ordering", codes("allocation", "order")),
        one_of("source", codes("allocation", "source")),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("closes_at > opens_at", name="dates"),
        CheckConstraint("public_at > closes_at", name="public"),
        CheckConstraint("offers_at IS NULL OR state IN ('published', 'closed')", name="offers"),
        Index(
            "uq_rental_allocation_listing",
            "listing_id",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_rental_allocation_list", "community_id", "state", "closes_at"),
    )

    listing_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    tiers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    ordering: Mapped[str]
    source: Mapped[str]
    issue: Mapped[str]
    public_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    offers_at: Mapped[datetime | None]
    lined_up: Mapped[int] = mapped_column(default=0)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[str]
    made_at: Mapped[datetime]

    community: Mapped[Community] = relationship(foreign_keys="Allocation.community_id")
    listing: Mapped[Listing] = relationship(
        lazy="joined",
        innerjoin=True,
        foreign_keys=[listing_id],
        viewonly=True,
        primaryjoin="Allocation.listing_id == Listing.id",
    )

    @property
    def subject(self) -> str:
        """Return what its homes are called where places are held."""
        return f"rental.allocation-{self.id}"


class DrawRound(Model):
    """Be one way from a fixed rule to a draw: the first, or one begun anew by a correction.

    :ivar rule: what is hashed and published, as it was fixed.
    :ivar secret: shown to nobody before the draw is published.
    :ivar commitment: its hash, which stands in the rule.
    :ivar public_at: from when on the public number is known.
    :ivar reason: of a correction.
    :ivar by_id: who fixed it; they cannot draw it.
    """

    __table_args__ = (
        UniqueConstraint("allocation_id", "number"),
        CheckConstraint("number = 1 OR reason <> ''", name="reason"),
        CheckConstraint("public_at > at", name="future"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("rental_allocation.id"))
    number: Mapped[int]
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str]
    secret: Mapped[str]
    commitment: Mapped[str]
    source: Mapped[str]
    public_at: Mapped[datetime]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]


class FrozenList(Model):
    """Be the list of a round as it was frozen; the last of a round counts.

    :ivar hash: of its canonical text, published with it.
    :ivar until: until when objections to it can be raised.
    :ivar reason: why it was made anew.
    """

    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        UniqueConstraint("id", "round_id"),
        CheckConstraint("number = 1 OR reason <> ''", name="reason"),
        CheckConstraint("count >= 1", name="count"),
        CheckConstraint("until > frozen_at", name="until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rental_draw_round.id"))
    number: Mapped[int]
    hash: Mapped[str]
    count: Mapped[int]
    reason: Mapped[str]
    frozen_at: Mapped[datetime]
    until: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]
    round: Mapped[DrawRound] = relationship(lazy="joined", innerjoin=True)


class ListLine(Model):
    """Be one line of a frozen list.

    :ivar number: of the receipt, which is the number in the draw.
    :ivar name: masked; it stays when the account is closed.
    """

    __table_args__ = (CheckConstraint("number >= 1", name="number"),)

    list_id: Mapped[int] = mapped_column(ForeignKey("rental_frozen_list.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tier: Mapped[str]
    name: Mapped[str]


class Draw(Model):
    """Be the draw of a round; nobody changes it, and one made anew stands beside it.

    :ivar hash: of its record: list, secret, public number, seed and ranks.
    """

    __table_args__ = (
        UniqueConstraint("round_id"),
        ForeignKeyConstraint(
            ["list_id", "round_id"],
            ["rental_frozen_list.id", "rental_frozen_list.round_id"],
            name="fk_rental_draw_list",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rental_draw_round.id"))
    list_id: Mapped[int] = mapped_column(index=True)
    public_number: Mapped[str]
    seed: Mapped[str]
    hash: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]
    round: Mapped[DrawRound] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    list: Mapped[FrozenList] = relationship(
        foreign_keys=[list_id], viewonly=True, primaryjoin="Draw.list_id == FrozenList.id"
    )


class DrawRank(Model):
    """Be the rank that a receipt was given in a draw.

    :ivar placed_in: the tier with which it was drawn, after its own where that one's quota was
        full.
    """

    __table_args__ = (
        UniqueConstraint("draw_id", "rank"),
        CheckConstraint("rank >= 1", name="rank"),
    )

    draw_id: Mapped[int] = mapped_column(ForeignKey("rental_draw.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int]
    tier: Mapped[str]
    placed_in: Mapped[str]


class Publication(Model):
    """Publish a draw, by somebody else in the name of another post than drew it."""

    __table_args__ = (UniqueConstraint("draw_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("rental_draw.id"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]


#: Kept here so that what is stored about allocations can be found in one place.
TABLES: tuple[Any, ...] = (Allocation, DrawRound, FrozenList, ListLine, Draw, DrawRank, Publication)
