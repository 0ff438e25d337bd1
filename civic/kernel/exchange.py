"""What goes in and out as spreadsheets: importers that look before they do, and exporters.

A plugin declares them; the pages that take a file, show what it would do, carry it out and give
tables out are the site's, and the same for all.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from flask import current_app
from flask_babel.speaklater import LazyString

from civic.kernel import activations
from civic.kernel.permissions import Actor, allowed
from civic.kernel.problems import Problem
from civic.kernel.sheets import Column, Table
from civic.kernel.sheets.writing import Cell

if TYPE_CHECKING:
    from civic.communities.models import Community
    from civic.kernel.plugin import Plugin

Words: TypeAlias = LazyString | str
#: Who keeps the site may fetch all tables, so that data can be taken out of what is off.
ADMINISTRATION = "admin.manage"


def check(plugin: "Plugin") -> None:
    """Refuse tables that nobody could be permitted to send or fetch.

    :raises ValueError: with a sentence for the author.
    """
    known = {permission.code for permission in plugin.permissions}
    asked = [
        [(table.code, table.permission) for table in plugin.importers],
        [(table.code, table.permission) for table in plugin.exporters],
    ]
    for tables in asked:
        if len(dict(tables)) < len(tables):
            message = "two of its tables have one code"
            raise ValueError(message)
        for code, permission in tables:
            if permission not in known:
                message = f"its table {code} asks for {permission}, which is no permission of it"
                raise ValueError(message)


@dataclass
class ImportPlan:
    """Say what a table would do: how many new things of each kind, and what is wrong, by row.

    :ivar new: counts by kind, under the words that the page shows.
    :ivar known: how many are here already, and stay as they are.
    :ivar filled: how many are here already, and are given what they lack.
    :ivar problems: what has to be mended first; nothing is imported while there is any.
    :ivar notices: what is worth knowing and stops nothing.
    :ivar todo: what carrying it out needs to know.
    """

    new: Counter[Any] = field(default_factory=Counter)
    known: int = 0
    filled: int = 0
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    todo: Any = None

    @property
    def total(self) -> int:
        """Return how many things would be new."""
        return self.new.total()

    def complain(self, problems: Iterable[Problem]) -> None:
        """Take over what was found, problems by row and notices apart."""
        found = list(problems)
        self.notices += [problem for problem in found if problem.notice]
        self.problems += [problem for problem in found if not problem.notice]
        self.problems.sort(key=lambda problem: problem.row or 0)


@dataclass(frozen=True, kw_only=True)
class Importer:
    """Declare a table that a plugin takes in.

    The site reads the file safely, finds the columns and says by row what it cannot read; what it
    could, it hands to `read`. Whoever imports sees what `read` found before `apply` is called, in a
    transaction that holds all of it or nothing, with a plan that was made anew.

    :ivar code: its name in the plugin.
    :ivar permission: what whoever imports must be permitted; an act of the plugin.
    :ivar columns: what is read of the table.
    :ivar read: compares the rows with what is here and returns a plan; it changes nothing.
    :ivar apply: does what the plan says; the site adds the act to the audit.
    :ivar hint: how the table is filled in, in a sentence.
    """

    code: str
    title: Words
    permission: str
    columns: tuple[Column, ...]
    read: Callable[["Community", Table], ImportPlan]
    apply: Callable[[Actor, "Community", ImportPlan], None]
    hint: Words = ""


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """Declare a table that a plugin gives out, as .xlsx and as .csv.

    :ivar code: its name in the plugin.
    :ivar permission: what whoever exports must be permitted; an act of the plugin. An administrator
        may always, so that the data of a plugin that is off can be taken out.
    :ivar header: names of the columns.
    :ivar rows: returns the rows of a community, all of them; texts stay texts.
    :ivar personal: whether people stand in it: each export is then added to the audit.
    """

    code: str
    title: Words
    permission: str
    header: Sequence[Words]
    rows: Callable[["Community"], Iterable[Sequence[Cell]]]
    personal: bool = True


@dataclass(frozen=True)
class Tables:
    """Hold the tables of one plugin that somebody may send or fetch at a community.

    :ivar on: whether the plugin is on there; where it is off, tables are only given out.
    """

    plugin: str
    title: Words
    on: bool
    importers: list[Importer]
    exporters: list[Exporter]


def tables(actor: Actor, community: "Community") -> list[Tables]:
    """Return the tables of plugins that an actor may send or fetch at a community."""
    plugins = current_app.extensions["civic_plugins"].loaded.values()
    plugins = [plugin for plugin in plugins if plugin.importers or plugin.exporters]
    if not plugins:
        return []
    on = activations.on(community)
    keeps = allowed(actor, ADMINISTRATION, community.path)
    found = []
    for plugin in plugins:
        here = plugin.name in on
        may = {
            permission: here and allowed(actor, permission, community.path)
            for permission in {t.permission for t in (*plugin.importers, *plugin.exporters)}
        }
        importers = [table for table in plugin.importers if may[table.permission]]
        exporters = [table for table in plugin.exporters if keeps or may[table.permission]]
        if importers or exporters:
            found.append(Tables(plugin.name, plugin.title, here, importers, exporters))
    return found
