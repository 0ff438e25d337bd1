"""The kinds of standing that an app knows: those of the core and of its plugins."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache

from flask import current_app

from civic.communities import switched
from civic.communities.models import Community, path_of
from civic.identities.kinds import (
    JOINABLE,
    PARTICIPANT,
    POSTS,
    STAFF,
    STANDINGS,
    StandingKind,
)
from civic.identities.rights import ANYONE
from civic.kernel import activations, declared
from civic.kernel.permissions import Actor, Path, allowed, check
from civic.kernel.plugin import Plugin

#: What a group of a plugin cannot be called, lest it be taken for one that gives power.
TAKEN = frozenset({ANYONE, PARTICIPANT, STAFF}) | POSTS.keys() | STANDINGS.keys()


class Kinds(dict[str, StandingKind]):
    """Hold kinds by code; one that nobody knows any more reads as a former one and counts for none.

    Whether a former kind was private, nobody knows either, so that it is taken for one.
    """

    def __missing__(self, code: str) -> StandingKind:
        """Return what stands for a kind that is not known."""
        return StandingKind(code, declared.former(code), private=True)


@cache
def _core() -> Kinds:
    return Kinds(STANDINGS)


def standings() -> Kinds:
    """Return the kinds of standing of the current app; outside of any, those of the core."""
    if not current_app:
        return _core()
    found: Kinds | None = current_app.extensions.get("civic_standing_kinds")
    if found is None:
        found = Kinds(STANDINGS | {kind.code: _own(kind) for kind in declared.loaded("standings")})
        current_app.extensions["civic_standing_kinds"] = found
    return found


def _own(kind: StandingKind) -> StandingKind:
    name = declared.owner(kind.code)
    groups = frozenset(
        group if group in JOINABLE else declared.of_plugin(name, group) for group in kind.groups
    )
    return replace(kind, groups=groups)


def open_kinds() -> dict[str, StandingKind]:
    """Return the kinds that staff of a community see; the private ones belong to who keeps them."""
    return {code: kind for code, kind in standings().items() if not kind.private}


def offered(community: Community) -> dict[str, StandingKind]:
    """Return the kinds that are given at a community: of plugins, those that are on there."""
    found = standings()
    on = activations.on(community) if of_plugins(found) else frozenset()
    return {
        code: kind
        for code, kind in found.items()
        if not declared.owner(code) or declared.owner(code) in on
    }


def granted_by(actor: Actor, community: Community) -> dict[str, StandingKind]:
    """Return the kinds that an actor may grant at a community."""
    return {
        code: kind
        for code, kind in offered(community).items()
        if not kind.private
        and (not kind.permission or allowed(actor, kind.permission, community.path))
    }


def check_granter(actor: Actor, code: str, path: Path) -> None:
    """Refuse who is not permitted to grant, change or end a kind.

    :raises Refused: with the permission that it takes.
    """
    permission = standings()[code].permission
    if permission:
        check(actor, permission, path)


def in_groups(groups: Collection[str]) -> list[str]:
    """Return the codes of the kinds that count for at least one of some groups."""
    return [code for code, kind in standings().items() if not kind.groups.isdisjoint(groups)]


def of_plugins(codes: Iterable[str]) -> bool:
    """Tell whether some of the codes belong to plugins, so that it matters where those are on."""
    return any(map(declared.owner, codes))


def asleep(held: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Return which standings, given by kind and place, count for nothing as their plugin is off."""
    return {
        (code, node_id)
        for code, node_id in held
        if (plugin := declared.owner(code))
        and (code not in standings() or plugin not in switched.on_at(node_id))
    }


def asleep_along(held: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the same of standings given by kind and path, as the database keeps that.

    Where plugins are on is only asked for those who hold a standing of one.
    """
    plugged = [(code, ids) for code, ids in held if declared.owner(code)]
    on = switched.on_along({path_of(ids) for _code, ids in plugged}) if plugged else {}
    return {
        (code, ids)
        for code, ids in plugged
        if code not in standings() or declared.owner(code) not in on[path_of(ids)]
    }


def check_declared(plugin: Plugin) -> None:
    """Refuse kinds of standing that would give power or that nobody could be given.

    :raises ValueError: with a sentence for the author.
    """
    codes = [kind.code for kind in plugin.standings]
    if len(set(codes)) < len(codes):
        message = "two of its kinds of standing have one code"
        raise ValueError(message)
    for kind in plugin.standings:
        wrong = (kind.groups - JOINABLE) & TAKEN
        if wrong:
            message = f"its standing {kind.code} cannot count for {min(wrong)!r}"
            raise ValueError(message)
        strange = [g for g in kind.groups if declared.owner(g) not in {"", plugin.name}]
        if strange:
            message = f"its standing {kind.code} counts for the group {strange[0]} of another"
            raise ValueError(message)
        if kind.permission and kind.permission not in {known.code for known in plugin.permissions}:
            message = f"its standing {kind.code} asks for {kind.permission}, not a permission of it"
            raise ValueError(message)
        if kind.verify and kind.by_code:
            message = f"its standing {kind.code} is verified, and so no code can grant it"
            raise ValueError(message)
