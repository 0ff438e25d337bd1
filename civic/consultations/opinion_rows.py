"""Table of the maps of opinions."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model


class OpinionRound(Model):
    """Hold a map of opinions as it was computed at a moment.

    :ivar number: of the round, from 1; two at once cannot both be the next.
    :ivar seed: what its draws began with.
    :ivar answers: how many answers to statements it knew.
    :ivar state: what the next round goes on from, with ids of participants; for no page but that of
        one's own place, and empty once there is a later round.
    :ivar result: what everybody may see; it names no participant.
    """

    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("people >= 0 AND statements >= 0 AND answers >= 0", name="counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    seed: Mapped[int] = mapped_column(BigInteger)
    people: Mapped[int]
    statements: Mapped[int]
    answers: Mapped[int]
    state: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
