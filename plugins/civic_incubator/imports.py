"""Organisations in from a spreadsheet, and out into one that can be sent in again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, ImportPlan, Refused, clock, db, sheets, spoken
from civic.api import lazy_gettext as _l
from civic_incubator.models import CODE, Organisation
from civic_incubator.words import data

LONGEST_NAME, LONGEST_NUMBER, LONGEST_ABOUT, MOST_PEOPLE = 60, 40, 500, 10000
COLUMNS = (
    sheets.Column(key="name", names=("名称", "组织名称", "name"), required=True),
    sheets.Column(key="kind", names=("类别", "class"), required=True),
    sheets.Column(key="status", names=("状态", "status")),
    sheets.Column(key="number", names=("备案号", "登记号", "number")),
    sheets.Column(key="since", names=("备案日期", "登记日期", "since"), kind=sheets.Kind.DATE),
    sheets.Column(key="people", names=("人数", "people"), kind=sheets.Kind.INT),
    sheets.Column(key="about", names=("简介", "about")),
)
HEADER = tuple(column.names[0] for column in COLUMNS)
SENTENCES = {
    "kind": _l(
        "“%(value)s” is none of the five classes. Write it as the list of organisations does."
    ),
    "status": _l("“%(value)s” is no status. Write 待备案, 已备案, 已登记 or 已注销."),
    "long": _l("This is longer than %(most)d characters."),
    "twice": _l("%(value)s stands in row %(first)d already."),
    "filed": _l("What is filed or registered needs its number and its date."),
    "people": _l("“%(value)s” is no number of people."),
}
Wrong = tuple[str, str, dict[str, object]]


def _codes(table: str) -> dict[str, str]:
    """Return the codes by all that people write for them."""
    found = {}
    for row in data("registry")[table]:
        for word in (row["code"], row["zh"], row["zh"].removesuffix("类"), row["en"]):
            found[sheets.folded(word)] = row["code"]
    return found


def read(community: Community, table: sheets.Table) -> ImportPlan:
    """Compare a table with the registry of a community; nothing is changed."""
    made = ImportPlan(todo=[])
    query = select(Organisation.name).where(Organisation.community_id == community.id)
    here = set(db.session.scalars(query))
    first: dict[str, int] = {}
    kinds, states = _codes("class"), _codes("status")
    for row in table.rows:
        kind = kinds.get(sheets.folded(row.values["kind"]), "")
        status = states.get(sheets.folded(row.values["status"] or "proposed"), "")
        name = row.values["name"]
        wrong = list(_wrong(row.values, kind, status))
        if first.setdefault(name, row.number) != row.number:
            wrong.append(("twice", "name", {"value": name, "first": first[name]}))
        made.complain(
            sheets.Problem(
                code=f"incubator.{code}",
                row=row.number,
                column=table.headings.get(column, ""),
                message=SENTENCES[code],
                values=values,
            )
            for code, column, values in wrong
        )
        if wrong:
            continue
        if name in here:
            made.known += 1
        else:
            made.new[str(_l("Organisations"))] += 1
            made.todo.append(_values(kind, status, row.values))
    return made


def _wrong(values: Mapping[str, str], kind: str, status: str) -> Iterator[Wrong]:
    """Yield what is wrong with a row: which sentence, of which column, with which values."""
    if not kind:
        yield "kind", "kind", {"value": values["kind"]}
    if not status:
        yield "status", "status", {"value": values["status"]}
    longest = {"name": LONGEST_NAME, "number": LONGEST_NUMBER, "about": LONGEST_ABOUT}
    for key, most in longest.items():
        if len(values[key]) > most:
            yield "long", key, {"most": most}
    if status in {"filed", "registered"} and not (values["number"] and values["since"]):
        yield "filed", "since" if values["number"] else "number", {}
    people = values["people"]
    if people and not 0 <= int(people) <= MOST_PEOPLE:
        yield "people", "people", {"value": people}


def _values(kind: str, status: str, values: Mapping[str, str]) -> dict[str, object]:
    return {
        "name": values["name"],
        "kind": kind,
        "status": status,
        "number": values["number"],
        "since": date.fromisoformat(values["since"][:10]) if values["since"] else None,
        "people": int(values["people"] or 0),
        "about": values["about"],
    }


def apply(_actor: Actor, community: Community, plan: ImportPlan) -> None:
    """Bring the new organisations of a table in, all of them or none.

    :raises Refused: `meanwhile` when others brought one of them in.
    """
    now = clock.now()
    rows = [
        Organisation(community_id=community.id, code=spoken(CODE), proposed_at=now, **values)
        for values in plan.todo
    ]
    try:
        with db.session.begin_nested():
            db.session.add_all(rows)
    except IntegrityError as error:
        message = _l("Somebody brought in one of these just now. Look at the table again.")
        raise Refused("meanwhile", message, HTTPStatus.CONFLICT) from error


def rows(community: Community) -> Iterable[Sequence[sheets.Cell]]:
    """Return all organisations, in words that `read` understands."""
    kinds = {row["code"]: row["zh"] for row in data("registry")["class"]}
    states = {row["code"]: row["zh"] for row in data("registry")["status"]}
    query = select(Organisation).filter_by(community_id=community.id)
    for one in db.session.scalars(query.order_by(Organisation.name, Organisation.id)):
        yield (
            one.name,
            kinds[one.kind],
            states[one.status],
            one.number,
            one.since,
            one.people,
            one.about,
        )
