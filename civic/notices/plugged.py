"""Whom notices can be for by the word of a plugin: renters of a building, owners on a roll.

A plugin says in one statement who is meant, and at which place. Whom a notice reaches and which
notices somebody sees are both derived from it, so that the two agree. Where it fails, or its plugin
is off or gone, nobody is meant by it; and who might be left out by it does not see the notice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, TypeVar

from flask_babel.speaklater import LazyString
from sqlalchemy import Select, Subquery, func, select

from civic.communities import switched
from civic.communities.models import Node, path_of
from civic.kernel import declared
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.plugin import Plugin
from civic.notices.models import NoticeAudience

T = TypeVar("T")
#: Selects pairs: the id of a person, and the id of the place at which they are meant.
Pairs: TypeAlias = Select[Any]


@dataclass(frozen=True)
class AudienceTerm:
    """Declare people whom notices can be for, besides holders of standings and posts.

    Somebody who is meant at a place is meant at all places above it too, as with standings.

    :ivar code: its name in the plugin; it is kept as `plugin.code`.
    :ivar title: how the list of readers names them.
    :ivar people: returns a statement that selects pairs of a person's id and a place's id: who is
        meant now, and where. It asks the database only when it is told to.
    """

    code: str
    title: LazyString | str
    people: Callable[[], Pairs]


def terms() -> dict[str, AudienceTerm]:
    """Return the terms of the loaded plugins, by code."""
    return {term.code: term for term in declared.loaded("audience")}


def works(code: str, node_id: int) -> bool:
    """Tell whether the plugin of a code is on at a place."""
    return declared.owner(code) in switched.on_at(node_id)


def people(code: str, below: Select[int]) -> Select[int] | None:
    """Return a statement of the ids of those a term means at some places; None where it fails.

    :param below: ids of the places.
    """
    pairs = _tried(code, lambda: _statement(code))
    if pairs is None:
        return None
    found = select(pairs.c[0]).where(pairs.c[1].in_(below))
    count = select(func.count()).select_from(found.subquery())
    # Once on its own: a statement that fails inside another one would take that along.
    return None if _tried(code, lambda: db.session.scalar(count)) is None else found


def places(person_id: int) -> dict[str, set[int]]:
    """Return for each term in use at which places, and those above, somebody is meant.

    Terms that fail are left out.
    """
    used = select(NoticeAudience.code).where(NoticeAudience.code.in_(terms())).distinct()
    found = {}
    for code in db.session.scalars(used).all() if terms() else ():
        ids = _tried(code, partial(_ids, code, person_id))
        if ids is not None:
            found[code] = {step for path in ids for step in path_of(path)}
    return found


def _ids(code: str, person_id: int) -> list[str]:
    pairs = _statement(code)
    query = select(Node.ids).join(pairs, pairs.c[1] == Node.id).where(pairs.c[0] == person_id)
    return list(db.session.scalars(query))


def _statement(code: str) -> Subquery:
    found = terms()[code].people()
    if not isinstance(found, Select) or len(found.selected_columns) != len(("who", "where")):
        message = "it does not return a statement of two columns"
        raise TypeError(message)
    return found.subquery()


def _tried(code: str, ask: Callable[[], T]) -> T | None:
    try:
        return declared.attempt(code, "people", ask)
    except Refused:
        return None


def check(plugin: Plugin) -> None:
    """Refuse terms that cannot be told apart.

    :raises ValueError: with a sentence for the author.
    """
    codes = [term.code for term in plugin.audience]
    codes += [kind.code for kind in plugin.standings]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        message = f"its audience term {twice} has the code of another, or of a standing"
        raise ValueError(message)
