"""Say in a sentence why somebody may vote on a roll, or why not."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.voting import kinds
from civic.voting.rolls import RightHolder, Roll, VotingRight


@dataclass(frozen=True)
class Held:
    """Be a right that somebody may use, and as what."""

    right: VotingRight
    capacity: str
    for_name: str


@dataclass(frozen=True)
class Entitlement:
    """Say whether somebody may vote, and why or why not.

    :ivar code: stable name of the reason: `right`, `sign_in`, `minor`, `not_listed` or `struck`.
    :ivar rights: what this person may use; several where they act for others, too.
    :ivar sentence: the reason in words.
    """

    may: bool
    code: str
    sentence: str
    rights: Sequence[Held] = ()


def entitlement(roll: Roll, actor: Actor, by_mandate: Sequence[VotingRight] = ()) -> Entitlement:
    """Look a person up in a roll.

    Whoever was put into a roll by a representative is told so; a guardian acts for a child, so
    that only who would vote for themself has to be an adult.

    :param by_mandate: rights of others that this person may use in the ballot that is asked about.
    """
    if actor.person_id is None:
        return Entitlement(may=False, code="sign_in", sentence=_("Please sign in to vote."))
    rows = db.session.execute(
        select(VotingRight, RightHolder.capacity, RightHolder.for_name)
        .join(RightHolder, RightHolder.right_id == VotingRight.id)
        .where(VotingRight.roll_id == roll.id, RightHolder.person_id == actor.person_id)
        .order_by(VotingRight.number)
    ).all()
    if not rows and not by_mandate:
        return Entitlement(
            may=False,
            code="not_listed",
            sentence=_(
                "You are not in the roll of this vote. If you should be, tell the office before "
                "objections close."
            ),
        )
    held = [Held(*row) for row in rows if row[0].struck_by is None]
    own = {one.right.id for one in held}
    held += [Held(right, "proxy", right.label) for right in by_mandate if right.id not in own]
    if not held:
        return Entitlement(
            may=False,
            code="struck",
            sentence=_("Your right was taken off the roll; the office tells you why."),
        )
    if not actor.adult:
        return Entitlement(
            may=False,
            code="minor",
            sentence=_("You said that you are younger than 18. Your guardian votes for you."),
        )
    return Entitlement(may=True, code="right", sentence=why(held), rights=held)


def why(held: Sequence[Held]) -> str:
    """Say by what somebody may vote."""
    said = [
        _("no. %(number)d, %(label)s, %(capacity)s", **_words(one))
        if not one.for_name
        else _("no. %(number)d, %(label)s, %(capacity)s of %(name)s", **_words(one))
        for one in held
    ]
    return _("You may vote because the roll lists you: %(rights)s.", rights=_("; ").join(said))


def _words(one: Held) -> dict[str, object]:
    return {
        "number": one.right.number,
        "label": one.right.label,
        "capacity": str(kinds.CAPACITIES[one.capacity]),
        "name": one.for_name,
    }
