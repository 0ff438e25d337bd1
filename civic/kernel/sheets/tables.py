"""Find the columns that a purpose needs in a sheet, and say by row what is wrong."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from civic.kernel.problems import Problem
from civic.kernel.sheets.reading import HEADER_ROWS, Limits, Sheet, SheetRefused
from civic.kernel.sheets.texts import a_date, folded

_INT = re.compile(r"-?(?:[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5})")
_NUMBER = re.compile(_INT.pattern + r"(?:\.[0-9]{1,12})?")
# Templates mark what must be filled in.
_MARKS = "*:"


class Kind(StrEnum):
    """What the cells of a column hold: dates become ISO texts, numbers plain digits."""

    TEXT = "text"
    DATE = "date"
    INT = "int"
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that a purpose reads.

    :ivar names: headings under which it is known, in all languages; the first is told to people.
    :ivar required: the column must be there, and no cell of it may be empty.
    """

    key: str
    names: tuple[str, ...]
    required: bool = False
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its number as the person sees it, and a value for each column, perhaps empty."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Table:
    """What was read: rows without a problem, and all problems in the order of the rows.

    :ivar headings: what the person's headings call each column that was found.
    """

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    headings: Mapping[str, str]

    @property
    def ok(self) -> bool:
        """Tell whether nothing but notices was found."""
        return all(problem.notice for problem in self.problems)


@dataclass(frozen=True)
class _Header:
    """Where the column names stand: place in the rows, and for each key index and heading."""

    place: int
    found: Mapping[str, tuple[int, str]]
    problems: Sequence[Problem]


def table(sheet: Sheet, columns: Sequence[Column]) -> Table:
    """Read the columns of a sheet below the row that names them, one of its first ten.

    A heading may stand above its row, as it does in merged cells. Wrong or missing values, formulas
    without a result, merged cells and rows that repeat another are problems; unknown columns and
    further sheets are notices. Raises `SheetRefused` for more rows than the sheet may have.
    """
    columns = [Column(**{**vars(column), "kind": Kind(column.kind)}) for column in columns]
    header = _header(sheet, columns)
    problems = [*_other_sheets(sheet), *header.problems]
    if any(not problem.notice for problem in problems):
        return Table(rows=(), problems=tuple(problems), headings={})
    body = [
        (number, {key: _at(texts, index) for key, (index, _) in header.found.items()})
        for number, texts in sheet.rows[header.place + 1 :]
    ]
    body = [(number, values) for number, values in body if any(values.values())]
    if len(body) > sheet.max_rows:
        raise SheetRefused("rows", Limits(max_rows=sheet.max_rows))
    if not body:
        problems.append(Problem(code="no_rows"))
    rows, seen = [], dict[tuple[str, ...], int]()
    for number, texts in body:
        values, wrong = _checked(sheet, header, columns, number, texts)
        first = seen.setdefault(tuple(values.values()), number)
        if first != number:
            wrong = [*wrong, Problem(code="duplicate", row=number, values={"first": first})]
        problems += wrong
        if not wrong:
            rows.append(Row(number=number, values=values))
    headings = {key: heading for key, (_, heading) in header.found.items()}
    return Table(rows=tuple(rows), problems=tuple(problems), headings=headings)


def _at(texts: Sequence[str], index: int) -> str:
    return texts[index] if index < len(texts) else ""


def _other_sheets(sheet: Sheet) -> list[Problem]:
    if not sheet.others:
        return []
    values = {"name": sheet.name, "others": _listed(sheet.others)}
    return [Problem(code="other_sheets", values=values, notice=True)]


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)


def _header(sheet: Sheet, columns: Sequence[Column]) -> _Header:
    known = {_bare(name): column.key for column in columns for name in column.names}
    first, best, most = sheet.rows[:HEADER_ROWS], -1, 0
    for place, (_, texts) in enumerate(first):
        own = {known[name] for name in map(_bare, texts) if name in known}
        headings = _headings(first[: place + 1], known)
        score = len({known[name] for name in map(_bare, headings) if name in known})
        if own and score > most:
            best, most = place, score
    names = {column.key: column.names[0] for column in columns}
    needed = [column.key for column in columns if column.required]
    if best < 0:
        wanted = _listed(names[key] for key in needed or names)
        return _Header(-1, {}, [Problem(code="header", values={"names": wanted})])
    number = first[best][0]
    found: dict[str, tuple[int, str]] = {}
    problems = []
    for index, heading in enumerate(_headings(first[: best + 1], known)):
        key = known.get(_bare(heading))
        if key in found:
            values = {"name": heading}
            problems.append(
                Problem(code="repeated_column", row=number, column=heading, values=values)
            )
        elif key:
            found[key] = (index, heading)
        elif heading:
            problems.append(
                Problem(
                    code="unknown_column",
                    row=number,
                    column=heading,
                    values={"name": heading},
                    notice=True,
                )
            )
    if missing := [names[key] for key in needed if key not in found]:
        values = {"names": _listed(missing)}
        problems.append(Problem(code="missing_column", row=number, values=values))
    return _Header(best, found, problems)


def _headings(rows: Sequence[tuple[int, Sequence[str]]], known: Mapping[str, str]) -> list[str]:
    """Return the headings of the last row; an empty one takes a known name that stands above."""
    width = max(len(texts) for _, texts in rows)
    headings = [_at(rows[-1][1], index) for index in range(width)]
    for index in range(width):
        above = (_at(texts, index) for _, texts in reversed(rows[:-1]))
        if not headings[index]:
            headings[index] = next((name for name in above if _bare(name) in known), "")
    return headings


def _bare(heading: str) -> str:
    return folded(heading).strip(_MARKS)


def _checked(
    sheet: Sheet,
    header: _Header,
    columns: Sequence[Column],
    number: int,
    texts: Mapping[str, str],
) -> tuple[dict[str, str], list[Problem]]:
    """Return the values of a row in their canonical form, and what is wrong with them."""
    values, wrong = dict(texts), []
    for column in columns:
        if column.key not in header.found:
            values[column.key] = ""
            continue
        index, heading = header.found[column.key]
        text = texts[column.key]
        code = sheet.marks.get((number, index), "")
        if not code and not text and column.required:
            code = "empty"
        if not code and text:
            try:
                values[column.key] = _value(text, column.kind)
            except ValueError:
                code = column.kind.value
        if code:
            shown = {"value": text}
            wrong.append(Problem(code=code, row=number, column=heading, values=shown))
    return values, wrong


def _value(text: str, kind: Kind) -> str:
    """Return the canonical text of a value; raise `ValueError` if it is none of its kind."""
    if kind is Kind.TEXT:
        return text
    if kind is Kind.DATE:
        return a_date(text).isoformat()
    narrow = folded(text)
    if not (_INT if kind is Kind.INT else _NUMBER).fullmatch(narrow):
        raise ValueError(text)
    return narrow.replace(",", "") if kind is Kind.NUMBER else str(int(narrow.replace(",", "")))
