"""Tables of places and of claims to them.

How many places are taken is counted by triggers of the database from the claims themselves, and a
check there refuses more than there are: no code, whoever writes it, gives one place to two.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.holds.values import ACTIVE, STATES
from civic.kernel.db import Model, Owned, one_of

_ACTIVE = "state IN ({})".format(", ".join(f"'{state}'" for state in ACTIVE))


class HoldPool(Owned, Model):
    """Keep how many places a thing has.

    :ivar subject: the thing, as its plugin calls it; begins with the plugin's name and a dot.
    :ivar taken: places of claims that are offered or held; written by the database alone.
    :ivar offer_minutes: how long an offer lasts.
    :ivar last: position of the last claim in line.
    """

    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        CheckConstraint("offer_minutes >= 1", name="offer_minutes"),
    )

    subject: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    path: Mapped[str]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    offer_minutes: Mapped[int]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    last: Mapped[int] = mapped_column(default=0)


class HoldClaim(Model):
    """Keep a claim to places, and where it stands.

    :ivar position: place in line, the lowest first.
    :ivar until: end of an offer.
    """

    __table_args__ = (
        UniqueConstraint("pool_id", "position"),
        CheckConstraint("places >= 1", name="places"),
        CheckConstraint("position >= 1", name="position"),
        one_of("state", STATES),
        CheckConstraint("(state = 'offered') = (until IS NOT NULL)", name="until"),
        Index(
            "uq_hold_claim_active",
            "pool_id",
            "person_id",
            unique=True,
            sqlite_where=text(_ACTIVE),
            postgresql_where=text(_ACTIVE),
        ),
        Index("ix_hold_claim_line", "pool_id", "state", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("hold_pool.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    places: Mapped[int]
    position: Mapped[int]
    state: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(index=True)
    moved_at: Mapped[datetime]
