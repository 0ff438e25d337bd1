"""Places in from a spreadsheet, and out into one that can be sent in again."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, ImportPlan, Refused, db, sheets
from civic.api import lazy_gettext as _l
from civic_facility import listing
from civic_facility.kinds import IN_USE, KINDS, STATES, WORDS
from civic_facility.models import LATITUDE, LONGITUDE, Place

LONGEST_NUMBER, LONGEST_LOCATION = 20, 200
COLUMNS = (
    sheets.Column(key="kind", names=("种类", "类型", "kind"), required=True),
    sheets.Column(key="number", names=("编号", "号码", "number"), required=True),
    sheets.Column(key="location", names=("位置", "地点", "location")),
    sheets.Column(key="state", names=("状态", "state")),
    sheets.Column(key="latitude", names=("纬度", "latitude"), kind=sheets.Kind.NUMBER),
    sheets.Column(key="longitude", names=("经度", "longitude"), kind=sheets.Kind.NUMBER),
)
HEADER = tuple(column.names[0] for column in COLUMNS)
SENTENCES = {
    "kind": _l("“%(value)s” is no kind of place here. Write 停放区块 or 导引牌."),
    "state": _l("“%(value)s” is no state. Write 在用, 停用 or 拆除, or leave it empty."),
    "long": _l("This is longer than %(most)d characters."),
    "twice": _l("The number %(value)s stands in row %(first)d already."),
    "point": _l("A point needs both a latitude and a longitude."),
    "off_map": _l("“%(value)s” is no place on the map."),
}


def _codes(titles: Mapping[str, object]) -> dict[str, str]:
    """Return the codes by all that people write for them."""
    found = {sheets.folded(word): code for code in titles for word in (code, *WORDS[code])}
    return found | {sheets.folded(str(title)): code for code, title in titles.items()}


def read(community: Community, table: sheets.Table) -> ImportPlan:
    """Compare a table with the places of a community; nothing is changed."""
    made = ImportPlan(todo=[])
    query = select(Place.kind, Place.number).where(Place.community_id == community.id)
    here = {(kind, number) for kind, number in db.session.execute(query)}
    first: dict[tuple[str, str], int] = {}
    kinds, states = _codes(KINDS), _codes(STATES)
    for row in table.rows:
        kind = kinds.get(sheets.folded(row.values["kind"]), "")
        state = states.get(sheets.folded(row.values["state"] or IN_USE), "")
        key = (kind, row.values["number"])
        wrong = list(_wrong(row.values, kind, state))
        if not wrong and first.setdefault(key, row.number) != row.number:
            wrong = [("twice", "number", {"value": key[1], "first": first[key]})]
        made.complain(
            sheets.Problem(
                code=f"facility.{code}",
                row=row.number,
                column=table.headings.get(column, ""),
                message=SENTENCES[code],
                values=values,
            )
            for code, column, values in wrong
        )
        if not wrong and key in here:
            made.known += 1
        elif not wrong:
            made.new[str(KINDS[kind])] += 1
            made.todo.append(_place(community, kind, state, row.values))
    return made


def _wrong(
    values: Mapping[str, str], kind: str, state: str
) -> Sequence[tuple[str, str, dict[str, object]]]:
    """Return what is wrong with a row: which sentence, of which column, with which values."""
    found: list[tuple[str, str, dict[str, object]]] = []
    if not kind:
        found.append(("kind", "kind", {"value": values["kind"]}))
    if not state:
        found.append(("state", "state", {"value": values["state"]}))
    for key, most in (("number", LONGEST_NUMBER), ("location", LONGEST_LOCATION)):
        if len(values[key]) > most:
            found.append(("long", key, {"most": most}))
    if bool(values["latitude"]) != bool(values["longitude"]):
        found.append(("point", "latitude" if values["longitude"] else "longitude", {}))
    for key, most in (("latitude", LATITUDE), ("longitude", LONGITUDE)):
        if values[key] and abs(float(values[key])) > most:
            found.append(("off_map", key, {"value": values[key]}))
    return found


def _place(community: Community, kind: str, state: str, values: Mapping[str, str]) -> Place:
    point = {key: float(values[key]) if values[key] else None for key in ("latitude", "longitude")}
    return Place(
        community_id=community.id,
        kind=kind,
        number=values["number"],
        location=values["location"],
        state=state,
        **point,
    )


def apply(_actor: Actor, _community: Community, plan: ImportPlan) -> None:
    """Bring the new places of a table in, all of them or none.

    :raises Refused: `meanwhile` when others brought one of them in.
    """
    try:
        with db.session.begin_nested():
            db.session.add_all(plan.todo)
    except IntegrityError as error:
        message = _l("Somebody brought in one of these numbers just now. Look at the table again.")
        raise Refused("meanwhile", message, HTTPStatus.CONFLICT) from error


def rows(community: Community) -> Iterable[Sequence[sheets.Cell]]:
    """Return all places, in words that `read` understands."""
    for place in listing.every(community):
        yield (
            WORDS[place.kind][0],
            place.number,
            place.location,
            WORDS[place.state][0],
            place.latitude,
            place.longitude,
        )
