"""What the core takes of a plugin's answer: anything else counts as its failure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import ColumnElement, literal, select

from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.errors import Refused
from civic.kernel.objecting import Objection
from civic.kernel.own_data import Table
from civic.kernel.permissions import Actor, Path, allowed

if TYPE_CHECKING:
    from civic.kernel.plugin import NavItem


@dataclass(frozen=True)
class Link:
    """Be one way that a plugin offers."""

    title: str
    url: str
    icon: str


def join(found: Iterable[tuple[str, Markup]]) -> Markup:
    """Return pieces of a page one after the other."""
    return Markup().join(panel for _name, panel in found)


def markup(result: object) -> Markup:
    """Return a piece of a page.

    :raises TypeError: for a plain string, which might hold anything.
    """
    return _of(Markup, result)


def tables(result: Iterable[object]) -> list[Table]:
    """Return tables of a person's data."""
    return [_of(Table, item) for item in result]


def due(limit: int) -> Callable[[Iterable[object]], list[Due]]:
    """Return what takes the first things that wait."""
    return lambda result: [_of(Due, item) for item in result][:limit]


def links(actor: Actor, path: Path) -> Callable[[Iterable["NavItem"]], list[Link]]:
    """Return what takes the ways that are open to an actor at a node."""

    def take(result: Iterable["NavItem"]) -> list[Link]:
        return [
            Link(str(item.title), url_for(item.endpoint, **item.values), item.icon)
            for item in sorted(result, key=lambda item: item.order)
            if not item.permission or allowed(actor, item.permission, path)
        ]

    return take


def condition(model: type[Any], tried: set[str]) -> Callable[[object], ColumnElement[bool]]:
    """Return what takes a condition once the database has taken it.

    :param tried: conditions that it took before.
    """

    def take(result: object) -> ColumnElement[bool]:
        found: ColumnElement[bool] = _of(ColumnElement, result)
        words = f"{model.__name__}: {found}"
        if words not in tried:
            db.session.execute(select(literal(1)).select_from(model).where(found).limit(0))
            tried.add(words)
        return found

    return take


def _of(kind: type[Any], result: object) -> Any:  # noqa: ANN401 - of the kind
    if not isinstance(result, kind):
        message = f"it returned {type(result).__name__}, not {kind.__name__}"
        raise TypeError(message)
    return result


def missing(name: str) -> Table:
    """Return the table that says that a part of the export is missing."""
    sentence = _("This part could not be read. Please ask the community office for it.")
    return Table(name, name, {"note": _("Missing")}, [[sentence]])


def unsure(actor: Actor, plugin: str) -> Refused:
    """Return the refusal where nobody knows whether an act is allowed; staff read by whom."""
    if actor.posts:
        return Refused(
            "veto_failed",
            _l(
                "The plugin “%(plugin)s” failed while it checked this, so it was not done. "
                "Please tell the administrator, who can switch the plugin off."
            ),
            HTTPStatus.SERVICE_UNAVAILABLE,
            {"plugin": plugin},
        )
    return Refused(
        "veto_failed",
        _l(
            "Whether this is allowed could not be checked just now, so it was not done. "
            "Please try again later, or call the committee."
        ),
        HTTPStatus.SERVICE_UNAVAILABLE,
    )


def sentences(found: Iterable[str]) -> list[str]:
    """Return sentences as a list of plain text.

    :raises TypeError: for one text in place of several: it would be taken letter by letter.
    """
    if isinstance(found, str):
        message = "a list of sentences was expected"
        raise TypeError(message)
    return [str(sentence) for sentence in found]


def objection(result: object) -> Objection:
    """Return what a plugin has against a move of a case."""
    found: Objection = _of(Objection, result)
    return found


def lacking(plugin: str, said: Sequence[str]) -> Refused:
    """Return the refusal of a ballot that a plugin finds incomplete; it is named."""
    return Refused(
        "check",
        _l("The plugin “%(plugin)s” says: %(said)s"),
        HTTPStatus.CONFLICT,
        {"plugin": plugin, "said": " ".join(said)},
    )


def unchecked(plugin: str) -> Refused:
    """Return the refusal of a ballot that a plugin failed to look at."""
    return Refused(
        "check_failed",
        _l(
            "The plugin “%(plugin)s” failed while it looked at this ballot, so it was not opened. "
            "Please tell the administrator, who can switch the plugin off."
        ),
        HTTPStatus.SERVICE_UNAVAILABLE,
        {"plugin": plugin},
    )


def kept_whole(plugin: str) -> Refused:
    """Return the refusal to close an account of which one part could not be erased."""
    return Refused(
        "forget_failed",
        _l(
            "The account was not closed: what the part “%(plugin)s” of this site keeps about it "
            "could not be erased. Nothing was changed. Please call the committee."
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR,
        {"plugin": plugin},
    )
