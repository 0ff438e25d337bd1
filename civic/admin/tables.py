"""Take tables in and give them out: the site reads and writes, whose they are knows what.

They are of plugins, but for the list of properties.
"""

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.identities import property_exchange
from civic.kernel import audit, declared
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.exchange import Exporter, Importer, ImportPlan, Tables, tables
from civic.kernel.permissions import VISITOR, Actor, check
from civic.kernel.sheets import Sheet, Table, table, write_csv, write_xlsx
from civic.kernel.sheets.writing import Cell

T = TypeVar("T", Importer, Exporter)
R = TypeVar("R")


def of_plugin(actor: Actor, community: Community, plugin: str) -> Tables:
    """Return the tables of a plugin, or of homes, that an actor may send or fetch.

    :raises Refused: 401 to a visitor who could sign in, 404 where there is nothing.
    """
    if plugin == property_exchange.OWNER:
        found = property_exchange.tables(actor, community)
    else:
        found = next((each for each in tables(actor, community) if each.plugin == plugin), None)
    if found is None:
        if actor == VISITOR:
            check(actor, "admin.manage", community.path)
        raise Refused("no_table", _l("There is no such table here."), HTTPStatus.NOT_FOUND)
    return found


def importer(actor: Actor, community: Community, plugin: str, name: str) -> Importer:
    """Return an importer that an actor may use.

    :raises Refused: 404 where there is none; the same where its plugin is off.
    """
    return _named(of_plugin(actor, community, plugin).importers, plugin, name)


def exporter(actor: Actor, community: Community, plugin: str, name: str) -> Exporter:
    """Return an exporter that an actor may use.

    :raises Refused: 404 where there is none.
    """
    return _named(of_plugin(actor, community, plugin).exporters, plugin, name)


def _named(found: Iterable[T], plugin: str, name: str) -> T:
    for each in found:
        if each.code == declared.of_plugin(plugin, name):
            return each
    raise Refused("no_table", _l("There is no such table here."), HTTPStatus.NOT_FOUND)


def _own(wanted: Importer | Exporter) -> bool:
    """Tell whether a table is the site's own."""
    return declared.owner(wanted.code) == property_exchange.OWNER


def _do(wanted: T, what: str, function: Callable[..., R], *arguments: object) -> R:
    """Call what a table asks for; a plugin is kept apart and named where it fails."""
    if _own(wanted):
        return function(wanted, *arguments)
    return declared.attempt(wanted.code, what, function, wanted, *arguments)


def plan(community: Community, wanted: Importer, sheet: Sheet) -> ImportPlan:
    """Return what a table would do; nothing is changed.

    :raises Refused: `plugin_failed` where the plugin fails.
    """
    found = table(sheet, wanted.columns)
    made = _do(wanted, "read", _read, community, found)
    known = [*made.problems, *made.notices]
    made.complain(problem for problem in found.problems if problem not in known)
    return made


def _read(wanted: Importer, community: Community, found: Table) -> ImportPlan:
    made = wanted.read(community, found)
    if not isinstance(made, ImportPlan):
        message = "it returned no plan"
        raise TypeError(message)
    return made


def carry_out(actor: Actor, community: Community, wanted: Importer, sheet: Sheet) -> ImportPlan:
    """Do what a table says, all of it or nothing.

    :raises Refused: `problems` where something is wrong by now, `meanwhile` where somebody else
        added the same, `plugin_failed` where the plugin fails.
    """
    made = plan(community, wanted, sheet)
    if made.problems:
        raise Refused("problems", _l("The table has problems; nothing was imported."))
    _do(wanted, "apply", _apply, actor, community, made)
    # The room that keeps homes records it in its own words.
    if not _own(wanted) and (made.total or made.filled):
        _record("table.imported", actor, community, wanted.code, new=made.total, filled=made.filled)
    return made


def _apply(wanted: Importer, actor: Actor, community: Community, made: ImportPlan) -> None:
    try:
        wanted.apply(actor, community, made)
        db.session.flush()
    except IntegrityError as error:
        raise Refused(
            "meanwhile",
            _l("Somebody added the same at this moment. Nothing was imported; look again."),
            HTTPStatus.CONFLICT,
        ) from error


def template(wanted: Importer, kind: str) -> bytes:
    """Return an empty table with the right columns."""
    header = [column.names[0] for column in wanted.columns]
    return _written([], header, str(wanted.title), kind)


def export(actor: Actor, community: Community, wanted: Exporter, kind: str) -> bytes:
    """Return a table of all that a plugin gives out of a community.

    :raises Refused: `plugin_failed` where the plugin fails.
    """
    rows, data = _do(wanted, "rows", _rows, community, kind)
    if wanted.personal:
        _record("table.exported", actor, community, wanted.code, rows=len(rows))
    return data


def _rows(wanted: Exporter, community: Community, kind: str) -> tuple[list[Sequence[Cell]], bytes]:
    rows = [list(row) for row in wanted.rows(community)]
    header = [str(name) for name in wanted.header]
    return list(rows), _written(rows, header, str(wanted.title), kind)


def _written(rows: Sequence[Sequence[Cell]], header: Sequence[str], title: str, kind: str) -> bytes:
    return write_csv(rows, header) if kind == "csv" else write_xlsx(rows, header, title)


def _record(act: str, actor: Actor, community: Community, code: str, **data: int) -> None:
    audit.done(act, actor, community, f"table:{code}", data)
