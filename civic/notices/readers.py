"""Who can be named as a reader of a notice, in words: by the core, and by plugins."""

from collections.abc import Iterable

from civic.communities.known import Titles
from civic.communities.models import Community
from civic.identities import known
from civic.kernel import activations, declared
from civic.kernel.own_data import Words
from civic.notices import plugged
from civic.notices.kinds import CODES


def titles() -> Titles:
    """Return what codes of readers are called, known or not."""
    kinds = {code: kind.title for code, kind in known.open_kinds().items() if declared.owner(code)}
    return Titles(CODES | kinds | {term.code: term.title for term in plugged.terms().values()})


def codes_at(community: Community) -> dict[str, Words]:
    """Return the readers whom a notice of a community can name: of plugins, those that are on."""
    found = titles()
    on = activations.on(community) if known.of_plugins(found) else frozenset()
    return {
        code: title
        for code, title in found.items()
        if not declared.owner(code) or declared.owner(code) in on
    }


def choices(community: Community, chosen: Iterable[str]) -> dict[str, Words]:
    """Return what a line of readers can name, and what one names although it no longer can."""
    known_titles = titles()
    return codes_at(community) | {code: known_titles[code] for code in chosen if code}
