"""The kinds of places that an app knows: those of the core and of its plugins."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from flask_babel.speaklater import LazyString

from civic.communities import switched
from civic.communities.kinds import PARENTS, PLACES, TITLES, PlaceKind
from civic.communities.models import Node
from civic.kernel import declared
from civic.kernel.plugin import Plugin


class Titles(dict[str, LazyString | str]):
    """Name kinds by code; one that nobody knows any more is said to be a former one."""

    def __missing__(self, code: str) -> LazyString:
        """Return what a kind is called that is not known."""
        return declared.former(code)


@dataclass(frozen=True)
class Known:
    """Hold the kinds of places by what is asked of them.

    :ivar parents: kinds that a kind may stand below.
    :ivar places: kinds at which people live and work.
    :ivar imported: kinds of plugins that have columns in the spreadsheet of places.
    """

    parents: Mapping[str, frozenset[str]]
    titles: Titles
    places: frozenset[str]
    imported: tuple[PlaceKind, ...] = ()


_CORE = Known(PARENTS, Titles(TITLES), PLACES)


def places() -> Known:
    """Return the kinds of places of the current app; outside of any, those of the core."""
    if not current_app:
        return _CORE
    found: Known | None = current_app.extensions.get("civic_place_kinds")
    if found is None:
        found = _gather(list(declared.loaded("places")))
        current_app.extensions["civic_place_kinds"] = found
    return found


def _gather(kinds: list[PlaceKind]) -> Known:
    return Known(
        parents=PARENTS | {kind.code: _below(kind) for kind in kinds},
        titles=Titles(TITLES | {kind.code: kind.title for kind in kinds}),
        places=PLACES | {kind.code for kind in kinds if kind.inhabited},
        imported=tuple(kind for kind in kinds if kind.headings),
    )


def _below(kind: PlaceKind) -> frozenset[str]:
    name = declared.owner(kind.code)
    return frozenset(
        above if above in PARENTS else declared.of_plugin(name, above) for above in kind.below
    )


def title(code: str) -> LazyString | str:
    """Return what a kind of place is called, known or not."""
    return places().titles[code]


def kinds_below(node: Node) -> dict[str, LazyString | str]:
    """Return the kinds of places that can be added below one, by code."""
    known = places()
    fitting = [kind for kind, above in known.parents.items() if node.kind in above]
    on = switched.on_at(node.id) if any(map(declared.owner, fitting)) else frozenset()
    return {
        kind: known.titles[kind]
        for kind in fitting
        if not declared.owner(kind) or declared.owner(kind) in on
    }


def check(plugin: Plugin) -> None:
    """Refuse kinds of places that cannot stand anywhere.

    :raises ValueError: with a sentence for the author.
    """
    own = {kind.code for kind in plugin.places}
    if len(own) < len(plugin.places):
        message = "two of its kinds of place have one code"
        raise ValueError(message)
    for kind in plugin.places:
        if not kind.below:
            message = f"its kind of place {kind.code} stands below nothing"
            raise ValueError(message)
        unknown = _below(kind) - PARENTS.keys() - own
        if unknown:
            message = f"its kind of place {kind.code} stands below {min(unknown)}, which is unknown"
            raise ValueError(message)
