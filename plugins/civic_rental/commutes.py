"""Ways to work: how many minutes from a building to a workplace, from a spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from civic.api import Actor, Community, ImportPlan, db, sheets
from civic.api import lazy_gettext as _l
from civic_rental.home_models import Commute, Workplace
from civic_rental.models import Conversion
from civic_rental.words import codes, data

LONGEST_NAME = 40
MOST: int = data("homes")["commute"]["most"]
MODES = codes("homes", "mode")
COLUMNS = (
    sheets.Column(key="conversion", names=("项目", "conversion"), required=True),
    sheets.Column(key="workplace", names=("上班地点", "workplace"), required=True),
    sheets.Column(key="walk", names=("步行分钟", "walk"), kind=sheets.Kind.INT),
    sheets.Column(key="cycle", names=("骑行分钟", "cycle"), kind=sheets.Kind.INT),
    sheets.Column(key="transit", names=("公交地铁分钟", "transit"), kind=sheets.Kind.INT),
)
HEADER = tuple(column.names[0] for column in COLUMNS)
SENTENCES = {
    "unknown": _l("No conversion here is called “%(value)s”. Write its name as its page does."),
    "same": _l("Two conversions here are called “%(value)s”. Give them different names first."),
    "long": _l("This is longer than %(most)d characters."),
    "minutes": _l("“%(value)s” is no number of minutes from 1 to %(most)d."),
    "nothing": _l("No way has its minutes. Fill in one of the three columns at least."),
    "twice": _l("The way from %(value)s stands in row %(first)d already."),
}
Wrong = tuple[str, str, dict[str, object]]


def read(community: Community, table: sheets.Table) -> ImportPlan:
    """Compare a table with the ways that are known; nothing is changed."""
    made = ImportPlan(todo=[])
    buildings: dict[str, list[int]] = {}
    query = select(Conversion.title, Conversion.id).filter_by(community_id=community.id)
    for title, building_id in db.session.execute(query.order_by(Conversion.id)):
        buildings.setdefault(title, []).append(building_id)
    here = _known(community)
    first: dict[tuple[str, str], int] = {}
    for row in table.rows:
        values = row.values
        wrong = list(_wrong(values, buildings))
        key = (values["conversion"], values["workplace"])
        if first.setdefault(key, row.number) != row.number:
            said = {"value": " → ".join(key), "first": first[key]}
            wrong.append(("twice", "workplace", said))
        made.complain(
            sheets.Problem(
                code=f"rental.{code}",
                row=row.number,
                column=table.headings.get(column, ""),
                message=SENTENCES[code],
                values=details,
            )
            for code, column, details in wrong
        )
        if wrong:
            continue
        building = buildings[values["conversion"]][0]
        for mode in MODES:
            if not values[mode]:
                continue
            way = (building, values["workplace"], mode, int(values[mode]))
            if here.get(way[:3]) == way[3]:
                made.known += 1
            else:
                made.new[str(_l("Ways to work"))] += 1
                made.todo.append(way)
    return made


def _known(community: Community) -> dict[tuple[int, str, str], int]:
    query = (
        select(Commute.conversion_id, Workplace.name, Commute.mode, Commute.minutes)
        .join(Workplace, Workplace.id == Commute.workplace_id)
        .where(Workplace.community_id == community.id)
    )
    return {(row[0], row[1], row[2]): row[3] for row in db.session.execute(query)}


def _wrong(values: Mapping[str, str], buildings: Mapping[str, list[int]]) -> Iterator[Wrong]:
    """Yield what is wrong with a row: which sentence, of which column, with which values."""
    found = buildings.get(values["conversion"], [])
    if len(found) != 1:
        yield "same" if found else "unknown", "conversion", {"value": values["conversion"]}
    if len(values["workplace"]) > LONGEST_NAME:
        yield "long", "workplace", {"most": LONGEST_NAME}
    given = [mode for mode in MODES if values[mode]]
    if not given:
        yield "nothing", MODES[0], {}
    for mode in given:
        if not 1 <= int(values[mode]) <= MOST:
            yield "minutes", mode, {"value": values[mode], "most": MOST}


def planned(conversion_id: int, ways: Iterable[Sequence[Any]]) -> ImportPlan:
    """Return a plan of ways from one building: workplace, then minutes by mode.

    :param ways: each a name and as many minutes as there are modes.
    """
    made = ImportPlan(todo=[])
    for name, *minutes in ways:
        made.todo += [
            (conversion_id, name, mode, many) for mode, many in zip(MODES, minutes, strict=True)
        ]
    return made


def apply(_actor: Actor, community: Community, plan: ImportPlan) -> None:
    """Bring the ways of a table in; a way that is known gets its new minutes."""
    query = select(Workplace).filter_by(community_id=community.id)
    places = {row.name: row for row in db.session.scalars(query.with_for_update())}
    for _building, name, _mode, _minutes in plan.todo:
        if name not in places:
            places[name] = Workplace(community_id=community.id, name=name)
            db.session.add(places[name])
    db.session.flush()
    ids = [place.id for place in places.values()]
    rows = db.session.scalars(select(Commute).where(Commute.workplace_id.in_(ids)))
    known = {(row.conversion_id, row.workplace_id, row.mode): row for row in rows}
    for building, name, mode, minutes in plan.todo:
        key = (building, places[name].id, mode)
        if key in known:
            known[key].minutes = minutes
        else:
            known[key] = Commute(
                conversion_id=building, workplace_id=key[1], mode=mode, minutes=minutes
            )
            db.session.add(known[key])
    db.session.flush()


def rows(community: Community) -> Iterable[Sequence[sheets.Cell]]:
    """Return all ways, as `read` takes them."""
    query = (
        select(Conversion.title, Workplace.name, Commute.mode, Commute.minutes)
        .join(Commute, Commute.conversion_id == Conversion.id)
        .join(Workplace, Workplace.id == Commute.workplace_id)
        .where(Conversion.community_id == community.id)
        .order_by(Conversion.title, Conversion.id, Workplace.name, Workplace.id)
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for title, name, mode, minutes in db.session.execute(query):
        found.setdefault((title, name), {})[mode] = minutes
    for key, ways in found.items():
        yield (*key, *(ways.get(mode) for mode in MODES))
