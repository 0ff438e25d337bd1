"""Who a notice is for: an expression over standings, posts and places (pure).

A person is meant when they fit some of the `any` terms (where there are such), all of the `all`
terms and none of the `none` terms. Without terms everybody is meant, visitors included. `audience`
says the same in SQL; tests hold the three against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from civic.kernel.permissions import Actor, Held
from civic.notices.kinds import ALL, ANY, NONE, posts_of, standings_of


@dataclass(frozen=True, kw_only=True)
class Term:
    """Mean those who hold something of a code at a node or below it.

    :ivar role: `any`, `all` or `none`.
    :ivar code: code of a standing, group or post (`kinds.CODES`).
    :ivar min_level: level from which a standing counts; posts count in any case.
    """

    role: str
    code: str
    node_id: int
    min_level: int = 0


def fits(actor: Actor, term: Term) -> bool:
    """Tell whether an actor holds what one term names, whatever its role."""
    standings, posts = standings_of(term.code), posts_of(term.code)

    def at(held: Held) -> bool:
        return term.node_id in held.path

    return any(
        held.code in standings and held.level >= term.min_level and at(held)
        for held in actor.standings
    ) or any(held.code in posts and at(held) for held in actor.posts)


def matches(actor: Actor, terms: Sequence[Term]) -> bool:
    """Tell whether an actor is among those whom terms mean."""
    meant = [term for term in terms if term.role == ANY]
    return (
        (not meant or any(fits(actor, term) for term in meant))
        and all(fits(actor, term) for term in terms if term.role == ALL)
        and not any(fits(actor, term) for term in terms if term.role == NONE)
    )


def sound(terms: Sequence[Term]) -> bool:
    """Tell whether terms say whom they mean before they say whom they leave out.

    Whoever is only left out could sign out and read all the same.
    """
    return not terms or any(term.role != NONE for term in terms)
