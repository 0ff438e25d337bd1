"""Tables of bodies: charter, seats of units, who fills them, posts, and the rota of the chair.

A seat belongs to a unit or an office, never to a person, and nothing here tells who belongs to a
party.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, Organisation, Owned, one_of
from civic_party.words import data

CHAIR, VICE_CHAIR = "chair", "vice_chair"
KINDS = tuple(row["code"] for row in data("bodies")["kind"])
POSTS = tuple(row["code"] for row in data("bodies")["post"])
#: Quarters are counted from the year 0: 2026, third quarter is 4 * 2026 + 2.
FIRST_QUARTER, LAST_QUARTER = 4 * 2000, 4 * 2200


class Body(Owned, Model):
    """Be a body in which units and offices sit together, as 大工委 or 四方联席会.

    :ivar procedure: code of the procedure by which it meets.
    :ivar ends_on: last day of its term, where it has one.
    :ivar dissolved_at: when it ended; its record stays.
    """

    __table_args__ = (
        one_of("kind", KINDS),
        UniqueConstraint("community_id", "title"),
        UniqueConstraint("id", "community_id"),
        ForeignKeyConstraint(
            ["parent_id", "community_id"],
            ["party_body.id", "party_body.community_id"],
            name="fk_party_body_parent",
        ),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("parent_id <> id", name="own_parent"),
        CheckConstraint("ends_on IS NULL OR ends_on > begins_on", name="term"),
    )

    kind: Mapped[str]
    title: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(index=True)
    procedure: Mapped[str]
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    made_at: Mapped[datetime]
    dissolved_at: Mapped[datetime | None]


class Charter(Model):
    """Be one version of the charter of a body; versions are never changed."""

    __table_args__ = (
        UniqueConstraint("body_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("text <> ''", name="text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("party_body.id"))
    number: Mapped[int]
    text: Mapped[str]
    adopted_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class Seat(Model):
    """Be the seat of a unit, or of an office, in a body; all seats are equal.

    :ivar office: name of an office that is no organisation of the site; else empty.
    :ivar ended_at: when the unit left; the seat stays with all that was done on it.
    """

    __table_args__ = (
        CheckConstraint("(organisation_id IS NULL) = (office <> '')", name="unit_or_office"),
        CheckConstraint("ended_at IS NULL OR ended_at >= since", name="ended"),
        UniqueConstraint("id", "body_id"),
        Index(
            "uq_party_seat_unit",
            "body_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND organisation_id IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_party_seat_office",
            "body_id",
            "office",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND office <> ''"),
            postgresql_where=text("ended_at IS NULL AND office <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("party_body.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    office: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        """Return what the unit or office is called."""
        return self.organisation.name if self.organisation else self.office


class Holder(Model):
    """Say who fills a seat for a time, as the unit names them; one at a time, one seat a person.

    :ivar person_id: their account, where they have one; without it they act on paper.
    :ivar title: what they are in their unit, as head of it.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_holder_seat",
        ),
        CheckConstraint("until IS NULL OR until >= since", name="term"),
        Index(
            "uq_party_holder_seat",
            "seat_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index(
            "uq_party_holder_person",
            "body_id",
            "person_id",
            unique=True,
            sqlite_where=text("until IS NULL AND person_id IS NOT NULL"),
            postgresql_where=text("until IS NULL AND person_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int]
    body_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Post(Model):
    """Give a seat the post of the chair or of a vice chair, for a time."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_post_seat",
        ),
        one_of("kind", POSTS),
        CheckConstraint("until IS NULL OR until >= since", name="term"),
        Index(
            "uq_party_post_chair",
            "body_id",
            unique=True,
            sqlite_where=text("until IS NULL AND kind = 'chair'"),
            postgresql_where=text("until IS NULL AND kind = 'chair'"),
        ),
        Index(
            "uq_party_post_seat",
            "seat_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int]
    body_id: Mapped[int]
    kind: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Rota(Model):
    """Be the order in which seats take the chair, from a quarter on; a later one takes its place.

    :ivar starts: quarter in which the first of its turns is in the chair.
    """

    __table_args__ = (
        UniqueConstraint("body_id", "starts"),
        CheckConstraint(f"starts BETWEEN {FIRST_QUARTER} AND {LAST_QUARTER}", name="starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("party_body.id"))
    starts: Mapped[int]
    made_at: Mapped[datetime]
    turns: Mapped[list["Turn"]] = relationship(order_by=lambda: Turn.position, lazy="subquery")


class Turn(Model):
    """Be one turn of a rota."""

    __table_args__ = (UniqueConstraint("rota_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rota_id: Mapped[int] = mapped_column(ForeignKey("party_rota.id"))
    position: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("party_seat.id"), index=True)


class Swap(Model):
    """Record that two quarters change their chairs; nothing here is taken back."""

    __table_args__ = (
        CheckConstraint("first < second", name="quarters"),
        CheckConstraint(f"first BETWEEN {FIRST_QUARTER} AND {LAST_QUARTER}", name="first"),
        CheckConstraint(f"second BETWEEN {FIRST_QUARTER} AND {LAST_QUARTER}", name="second"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("party_body.id"), index=True)
    first: Mapped[int]
    second: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
