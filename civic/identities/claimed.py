"""Tables of claims: a person's word that a standing is theirs, and what became of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.communities.models import Node
from civic.identities.kinds import STANDINGS
from civic.kernel.db import Model, one_of, one_of_or_dotted

STATES = ("open", "asked", "appealed", "accepted", "refused", "withdrawn")
ACTS = ("asked", "answered", "accepted", "refused", "appealed", "withdrawn")


class Claim(Model):
    """Be a person's word that a standing is theirs, until staff decide.

    :ivar text: what they say and show for it.
    :ivar state: `open`, `asked` (waits for the person), `appealed` (waits for another decider),
        `accepted`, `refused` or `withdrawn`.
    """

    __table_args__ = (
        one_of_or_dotted("kind", STANDINGS),
        one_of("state", STATES),
        Index(
            "uq_claim_waiting",
            "person_id",
            "kind",
            "node_id",
            unique=True,
            sqlite_where=text("state IN ('open', 'asked', 'appealed')"),
            postgresql_where=text("state IN ('open', 'asked', 'appealed')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    kind: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    state: Mapped[str]
    made_at: Mapped[datetime]
    node: Mapped[Node] = relationship(lazy="raise")
    steps: Mapped[list["ClaimStep"]] = relationship(lazy="raise", order_by="ClaimStep.id")


class ClaimStep(Model):
    """Record one act on a claim: asked, answered, accepted, refused, appealed or withdrawn.

    :ivar reason: code of why it was refused or what is asked.
    """

    __table_args__ = (one_of("act", ACTS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    act: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
