"""What spreadsheets of places, bodies and posts say: rows turned into places and wishes.

Nothing here asks the database. A row of places is a path: a column for each kind of place, blanks
allowed. Rows of bodies and posts name their place by a path of names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.admin.place_columns import BODIES, COLUMNS, PLACES, SHORT
from civic.communities import kinds, known, slugs, tree
from civic.identities.kinds import POSTS
from civic.kernel.problems import Problem
from civic.kernel.sheets import Row, Table, folded

_PARENT = _l("%(kind)s cannot stand directly below %(above)s. Fill in what is between them.")
_NO_PLACE = _l("This row names no place.")
_LONG = _l("“%(value)s” is longer than %(most)d characters.")
_TWO_KINDS = _l("“%(value)s” is another kind of place in row %(first)s. Give one of them its kind.")
_ONLY_HOMES = _l("Only a community has this. Put it into a row that names a community.")
_DIFFERS = _l("The community has another value here in row %(first)s. Keep one of them.")
_UNKNOWN_KIND = _l("“%(value)s” is not known. Known are: %(known)s.")
#: Names from below the street down, as they are compared.
Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Be a place that a table names: what it is, and the rows and columns that say so."""

    key: Key
    kind: str
    name: str
    row: int
    column: str


@dataclass
class Places:
    """Hold the places of a table, each after what it stands below, and what homes are given.

    :ivar details: by key of a home: values by column, each with the row that gives it.
    """

    found: dict[Key, Place] = field(default_factory=dict)
    details: dict[Key, dict[str, tuple[str, int]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def places(table: Table) -> Places:
    """Read the rows of a table of places."""
    read, ends = Places(), dict[Key, int]()
    # As the columns are declared, whatever order they have in the table.
    own = [column.key for column in COLUMNS[PLACES] if column.key in kinds.PARENTS]
    order = [*own, *(kind.code for kind in known.places().imported)]
    for row in table.rows:
        steps = [(kind, row.values[kind]) for kind in order if row.values.get(kind)]
        if not steps:
            read.problems.append(Problem(code="no_place", row=row.number, message=_NO_PLACE))
            continue
        wrong = list(_wrong(row, steps, table.headings))
        read.problems += wrong
        if wrong:
            continue
        key: Key = ()
        home: Key = ()
        for kind, name in steps:
            key = (*key, folded(name))
            home = key if kind in kinds.HOMES else home
            _take(read, key, kind, name, row.number, table.headings[kind])
        first = ends.setdefault(key, row.number)
        if first != row.number:
            values = {"first": first}
            read.problems.append(Problem(code="duplicate", row=row.number, values=values))
        _details(read, home, row, table.headings)
    return read


def _wrong(
    row: Row, steps: list[tuple[str, str]], headings: Mapping[str, str]
) -> Iterator[Problem]:
    above, titles = kinds.SUBDISTRICT, known.places().titles
    for kind, name in steps:
        if above not in known.places().parents[kind]:
            values = {"kind": titles[kind], "above": titles[above]}
            yield _problem("parent", row.number, headings[kind], _PARENT, values)
        if len(name) > tree.LONGEST:
            yield _problem(
                "long", row.number, headings[kind], _LONG, {"value": name, "most": tree.LONGEST}
            )
        above = kind
    slug = row.values["slug"]
    if slug and not slugs.fits(slug):
        yield _problem("slug", row.number, headings["slug"], slugs.SENTENCE, {})
    if not any(kind in kinds.HOMES for kind, _name in steps):
        for column in ("slug", "telephone", "hours"):
            if row.values[column]:
                yield _problem("only_homes", row.number, headings[column], _ONLY_HOMES, {})


def _take(read: Places, key: Key, kind: str, name: str, row: int, column: str) -> None:
    known = read.found.setdefault(
        key, Place(key=key, kind=kind, name=tree.name_of(name), row=row, column=column)
    )
    if known.kind != kind:
        values = {"value": name, "first": known.row}
        read.problems.append(_problem("two_kinds", row, column, _TWO_KINDS, values))


def _details(read: Places, home: Key, row: Row, headings: Mapping[str, str]) -> None:
    for column in ("slug", "telephone", "hours"):
        if value := row.values[column]:
            known, first = read.details.setdefault(home, {}).setdefault(column, (value, row.number))
            if known != value:
                values = {"first": first}
                read.problems.append(
                    _problem("differs", row.number, headings[column], _DIFFERS, values)
                )


def _problem(
    code: str,
    row: int,
    column: str,
    message: LazyString,
    values: Mapping[str, object],
) -> Problem:
    return Problem(code=code, row=row, column=column, message=message, values=values)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Be a body or post that a table names, at a place told by names."""

    row: int
    at: tuple[str, ...]
    kind: str
    title: str
    values: Mapping[str, str]


def wishes(table: Table, what: str) -> tuple[list[Wish], list[Problem]]:
    """Read the rows of a table of bodies or posts."""
    titles = kinds.BODIES if what == BODIES else POSTS
    codes = {folded(name): code for name, code in SHORT.items() if code in titles}
    codes |= {folded(str(title)): code for code, title in titles.items()}
    codes |= {code: code for code in titles}
    found, problems, seen = [], [], dict[tuple[object, ...], int]()
    for row in table.rows:
        values = row.values
        kind = codes.get(folded(values["kind"]))
        if kind is None:
            shown = {"value": values["kind"], "known": "、".join(map(str, titles.values()))}
            problems.append(
                _problem("kind", row.number, table.headings["kind"], _UNKNOWN_KIND, shown)
            )
            continue
        long = [key for key in ("title", "office") if len(values.get(key, "")) > tree.LONGEST]
        problems += [
            _problem(
                "long",
                row.number,
                table.headings[key],
                _LONG,
                {"value": values[key], "most": tree.LONGEST},
            )
            for key in long
        ]
        path = values["at"].replace("／", "/").replace(">", "/").split("/")
        at = tuple(folded(step) for step in path if step.strip())
        first = seen.setdefault((at, kind, folded(values["title"])), row.number)
        if first != row.number:
            problems.append(Problem(code="duplicate", row=row.number, values={"first": first}))
        title = tree.name_of(values["title"])
        found.append(Wish(row=row.number, at=at, kind=kind, title=title, values=values))
    return found, problems
