"""Read and write the format of Pabulib, elections over a budget (pure).

Definition: "Participatory Budgeting File Format (.pb)" of pabulib.org (Faliszewski et al.,
"Participatory budgeting: data, tools, and analysis", IJCAI 2023). Three sections of tables with
semicolons: META of keys and values, PROJECTS and VOTES. Projects without a vote are on the paper
too.
"""

import csv
from collections.abc import Iterator, Mapping
from typing import NoReturn

from civic.voting.formats.elections import Election
from civic.voting.formats.lines import BadFile, decimal, narrow, whole
from civic.voting.methods.papers import Number, Paper

ENDING = "pb"
SECTIONS = ("META", "PROJECTS", "VOTES")
KINDS = {
    "approval": "budget",
    "choose-1": "budget",
    "ordinal": "ranking",
    "cumulative": "dots",
    "scoring": "score",
}

Row = tuple[int, list[str]]


class _Reader:
    def __init__(self, file: str, lines: Iterator[str]) -> None:
        self.file = file
        self.table = csv.reader(self._narrowed(lines), delimiter=";", strict=True)
        self.line = 0
        self.meta: dict[str, tuple[int, str]] = {}

    def _narrowed(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            # A table that was typed with full-width semicolons has no others.
            yield line if ";" in line else line.replace("；", ";")

    def bad(self, line: int | None, reason: str) -> NoReturn:
        raise BadFile(self.file, line, reason)

    def rows(self) -> Iterator[Row]:
        """Give out rows that are not empty, each with the line at which it begins."""
        while True:
            begins = self.table.line_num + 1
            try:
                row = next(self.table, None)
            except csv.Error as error:
                self.bad(begins, f"this is not a row of a table ({error})")
            if row is None:
                return
            self.line = begins
            if any(cell.strip() for cell in row):
                yield begins, row

    def section(self, rows: Iterator[Row], name: str, row: Row | None) -> list[str]:
        """Return the heads of a section, whose own line is given."""
        if row is None or narrow(row[1][0]).upper() != name:
            self.bad(row[0] if row else None, f"the section {name} is missing")
        heads = next(rows, None)
        if heads is None:
            self.bad(row[0], f"the section {name} has no heads")
        found = [narrow(cell).lower() for cell in heads[1]]
        if len(set(found)) < len(found):
            self.bad(heads[0], "two columns have the same head")
        return found

    def cells(self, heads: list[str], row: Row) -> Mapping[str, str]:
        line, cells = row
        if len(cells) != len(heads):
            self.bad(line, f"{len(heads)} columns are announced, {len(cells)} found")
        return dict(zip(heads, cells, strict=True))

    def amount(self, key: str) -> Number | None:
        line, value = self.meta.get(key, (None, ""))
        if not value.strip():
            return None
        found = decimal(value)
        return (
            self.bad(line, f"{key} is “{value}”, which is not a number") if found is None else found
        )

    def number(self, key: str) -> int | None:
        found = self.amount(key)
        if found is not None and not isinstance(found, int):
            self.bad(self.meta[key][0], f"{key} is not a whole number")
        return found

    def read_meta(self, rows: Iterator[Row]) -> Row | None:
        self.section(rows, "META", next(rows, None))
        for line, row in rows:
            if narrow(row[0]).upper() in SECTIONS:
                return line, row
            key = narrow(row[0]).lower()
            if key in self.meta:
                self.bad(line, f"“{key}” is said twice")
            self.meta[key] = line, ";".join(row[1:]).strip()
        return None


def _projects(
    reader: _Reader, rows: Iterator[Row], row: Row | None
) -> tuple[dict[str, Number], dict[str, str], tuple[str, ...], Row | None]:
    heads = reader.section(rows, "PROJECTS", row)
    for needed in ("project_id", "cost"):
        if needed not in heads:
            reader.bad(reader.line, f"projects have no column “{needed}”")
    costs: dict[str, Number] = {}
    titles: dict[str, str] = {}
    selected: list[str] = []
    for line, found in rows:
        if narrow(found[0]).upper() == "VOTES":
            return costs, titles, tuple(selected), (line, found)
        cells = reader.cells(heads, (line, found))
        name, cost = cells["project_id"].strip(), decimal(cells["cost"])
        if not name or name in costs:
            reader.bad(
                line, f"the project “{name}” is named twice" if name else "a project has no id"
            )
        if cost is None:
            reader.bad(line, f"the cost “{cells['cost']}” is not a number")
        costs[name] = cost
        titles[name] = cells.get("name", "").strip()
        # Some files have 2 for projects that were chosen but could not be paid.
        if narrow(cells.get("selected", "")) == "1":
            selected.append(name)
    return costs, titles, tuple(selected), None


def _ballots(
    reader: _Reader, rows: Iterator[Row], heads: list[str], costs: Mapping[str, Number], kind: str
) -> Iterator[tuple[object, int]]:
    known = {name: name for name in costs}
    votes = 0
    for row in rows:
        cells = reader.cells(heads, row)
        names = []
        for part in cells["vote"].replace("，", ",").split(","):
            name = known.get(part.strip())
            if name is None and part.strip():
                reader.bad(row[0], f"there is no project “{part.strip()}”")
            if name is not None:
                names.append(name)
        if len(set(names)) < len(names):
            reader.bad(row[0], "a project is named twice")
        votes += 1
        if kind in {"budget", "ranking"}:
            yield tuple(names), 1
            continue
        points = [part for part in cells["points"].replace("，", ",").split(",") if part.strip()]
        values = [whole(part) for part in points]
        if len(values) != len(names) or None in values:
            reader.bad(row[0], "there must be as many points as projects, in whole numbers")
        yield tuple(zip(names, values, strict=True)), 1
    expected = reader.number("num_votes")
    if expected is not None and expected != votes:
        reader.bad(reader.meta["num_votes"][0], f"{expected} votes are announced, {votes} found")


def parse(file: str, lines: Iterator[str]) -> Election:
    """Read a file of Pabulib, its projects at once and its votes while they are counted.

    :raises BadFile: with the line.
    """
    reader = _Reader(file, lines)
    rows = reader.rows()
    row = reader.read_meta(rows)
    line, vote_type = reader.meta.get("vote_type", (None, ""))
    kind = KINDS.get(vote_type.lower())
    if kind is None:
        reader.bad(line, f"vote_type is “{vote_type}”; it can be {', '.join(KINDS)}")
    budget = reader.amount("budget")
    if budget is None:
        reader.bad(None, "it does not say the budget")
    costs, titles, selected, row = _projects(reader, rows, row)
    if not costs:
        reader.bad(reader.line, "there are no projects")
    expected = reader.number("num_projects")
    if expected is not None and expected != len(costs):
        line = reader.meta["num_projects"][0]
        reader.bad(line, f"{expected} projects are announced, {len(costs)} found")
    heads = reader.section(rows, "VOTES", row)
    needed = ("vote",) if kind in {"budget", "ranking"} else ("vote", "points")
    for head in needed:
        if head not in heads:
            reader.bad(reader.line, f"votes have no column “{head}”")
    most = reader.number("max_length")
    paper = Paper(
        tuple(costs),
        fewest=reader.number("min_length") or 0,
        most=1 if vote_type.lower() == "choose-1" else most,
        lowest=reader.number("min_points") or 0,
        highest=reader.number("max_points"),
        dots=reader.number("max_sum_points"),
        fewest_dots=reader.number("min_sum_points") or 0,
        places=most if kind == "ranking" else None,
        costs=tuple(costs.values()),
        budget=budget,
        most_cost=reader.amount("max_sum_cost"),
        least_cost=reader.amount("min_sum_cost"),
    )
    return Election(
        reader.meta.get("description", (0, ""))[1],
        paper,
        kind,
        _ballots(reader, rows, heads, costs, kind),
        titles,
        selected=selected,
        rule=reader.meta.get("rule", (0, ""))[1],
    )
