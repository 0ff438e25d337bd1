"""What a list of properties says: rows turned into exclusive parts and their owners (pure).

A row is a part. Its building and gate are named as the tree names them; several owners stand in one
cell, each with the number of a paper, whole or its last four digits, in the same order.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.kernel.problems import Problem
from civic.kernel.sheets import Column, Row, Table, folded
from civic.kernel.sheets.tables import Kind

COLUMNS: tuple[Column, ...] = (
    Column(key="estate", names=("小区", "院", "Estate")),
    Column(key="building", names=("楼", "楼栋", "楼号", "Building"), required=True),
    Column(key="gate", names=("单元", "楼门", "Gate")),
    Column(key="number", names=("房号", "室号", "门牌", "Number"), required=True),
    Column(key="use", names=("用途", "Use")),
    Column(
        key="register",
        names=("登记面积", "产权面积", "建筑面积", "Area registered"),
        kind=Kind.NUMBER,
    ),
    Column(key="survey", names=("测绘面积", "实测面积", "Area surveyed"), kind=Kind.NUMBER),
    Column(key="contract", names=("合同面积", "Area by contract"), kind=Kind.NUMBER),
    Column(key="state", names=("状态", "State")),
    Column(key="owners", names=("业主", "业主姓名", "产权人", "Owners")),
    Column(key="papers", names=("证件号", "证件号码", "身份证号", "证件后四位", "Papers")),
)
USES = {
    "": "dwelling",
    "住宅": "dwelling",
    "商业": "shop",
    "商铺": "shop",
    "办公": "office",
    "车位": "parking",
    "车库": "parking",
    "其他": "other",
} | {code: code for code in ("dwelling", "shop", "office", "parking", "other")}
STATES = {
    "": "owned",
    "已售": "owned",
    "已交付": "owned",
    "未售": "unsold",
    "未交付": "undelivered",
} | {code: code for code in ("owned", "unsold", "undelivered")}
AREAS = ("register", "survey", "contract")
#: Square centimetres in a square metre.
CM2 = 10_000
LONGEST = 40
_BETWEEN = re.compile(r"[、,，;；/／\n]+")
_PAPER = re.compile(r"[0-9A-Z]{4,30}")

_UNKNOWN = _l("“%(value)s” is not known. Known are: %(known)s.")
_NO_AREA = _l("No area is given: fill in at least one of the three columns of areas.")
_AREA = _l("An area is more than 0, with at most 4 decimals of a square metre.")
_LONG = _l("“%(value)s” is longer than %(most)d characters.")
_PAPERS = _l(
    "There are %(owners)d owners and %(papers)d papers. Write as many papers as owners, or none."
)
_PAPER_WRONG = _l("“%(value)s” is no number of a paper: at least its last four characters.")
_NO_OWNER = _l("No owner is named: the part counts, and nobody can vote for it here.")
_NO_PAPER = _l("Without a paper, “%(value)s” counts as another owner in each row.")


@dataclass(frozen=True, kw_only=True)
class Named:
    """Be an owner as a row names one; without a paper known in this row alone."""

    name: str
    paper: str = ""

    @property
    def last4(self) -> str:
        """Return the last four characters of the paper."""
        return self.paper[-4:]


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """Be a part as a row gives it.

    :ivar at: folded names of estate, building and gate, those that are given.
    :ivar areas: square centimetres by source.
    """

    row: int
    at: tuple[str, ...]
    number: str
    use: str
    state: str
    areas: Mapping[str, int]
    owners: tuple[Named, ...]


def parts(table: Table) -> tuple[list[PartRow], list[Problem]]:
    """Read the rows of a list of properties; a row with a problem is left out."""
    found: list[PartRow] = []
    problems: list[Problem] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in table.rows:
        wrong = list(_wrong(row, table.headings))
        problems += wrong
        if any(not problem.notice for problem in wrong):
            continue
        part = _part(row)
        first = seen.setdefault((part.at, folded(part.number)), row.number)
        if first != row.number:
            problems.append(Problem(code="duplicate", row=row.number, values={"first": first}))
            continue
        found.append(part)
    return found, problems


def _part(row: Row) -> PartRow:
    values = row.values
    at = tuple(folded(values[step]) for step in ("estate", "building", "gate") if values[step])
    names, papers = _listed(values["owners"]), _papers(values["papers"])
    papers = papers or [""] * len(names)
    return PartRow(
        row=row.number,
        at=at,
        number=" ".join(values["number"].split()),
        use=USES[folded(values["use"])],
        state=STATES[folded(values["state"])],
        areas={source: cm2(values[source]) for source in AREAS if values[source]},
        owners=tuple(
            Named(name=name, paper=paper) for name, paper in zip(names, papers, strict=True)
        ),
    )


def _wrong(row: Row, headings: Mapping[str, str]) -> Iterator[Problem]:
    values = row.values
    for key, known in (("use", USES), ("state", STATES)):
        if folded(values[key]) not in known:
            shown = "、".join(name for name in known if name and not name.isascii())
            yield _problem(row, headings, key, _UNKNOWN, value=values[key], known=shown)
    given = [source for source in AREAS if values[source]]
    if not given:
        yield _problem(row, headings, "register", _NO_AREA)
    for source in given:
        try:
            cm2(values[source])
        except ValueError:
            yield _problem(row, headings, source, _AREA)
    for key in ("number", "owners"):
        for text in _listed(values[key]) if key == "owners" else [values[key]]:
            if len(text) > LONGEST:
                yield _problem(row, headings, key, _LONG, value=text, most=LONGEST)
    yield from _owners_wrong(row, headings)


def _owners_wrong(row: Row, headings: Mapping[str, str]) -> Iterator[Problem]:
    names, papers = _listed(row.values["owners"]), _papers(row.values["papers"])
    if papers and len(papers) != len(names):
        yield _problem(row, headings, "papers", _PAPERS, owners=len(names), papers=len(papers))
    for paper in papers:
        if not _PAPER.fullmatch(paper):
            yield _problem(row, headings, "papers", _PAPER_WRONG, value=paper)
    if STATES.get(folded(row.values["state"])) == "owned":
        if not names:
            yield _problem(row, headings, "owners", _NO_OWNER, notice=True)
        elif not papers:
            for name in names:
                yield _problem(row, headings, "owners", _NO_PAPER, notice=True, value=name)


def _problem(
    row: Row,
    headings: Mapping[str, str],
    key: str,
    message: LazyString,
    *,
    notice: bool = False,
    **values: object,
) -> Problem:
    return Problem(
        code=f"property_{key}",
        row=row.number,
        column=headings.get(key, ""),
        message=message,
        values=values,
        notice=notice,
    )


def cm2(square_metres: str) -> int:
    """Return square centimetres of square metres written as a decimal.

    :raises ValueError: for what is not positive, or finer than a square centimetre.
    """
    value = Decimal(square_metres) * CM2
    if value <= 0 or value != int(value):
        raise ValueError(square_metres)
    return int(value)


def _listed(text: str) -> list[str]:
    return [" ".join(part.split()) for part in _BETWEEN.split(text) if part.strip()]


def _papers(text: str) -> Sequence[str]:
    return ["".join(part.split()).upper() for part in _BETWEEN.split(folded(text)) if part.strip()]
