"""The list of properties as a table: taken in row by row, and given out."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community, Node
from civic.communities.services import in_words
from civic.identities import dwelling_lists, evidence, property_lists
from civic.identities.dwellings import Dwelling, Owner, Ownership
from civic.identities.property_tables import COLUMNS, parts
from civic.kernel.db import db
from civic.kernel.exchange import Exporter, Importer, ImportPlan, Tables
from civic.kernel.permissions import Actor, allowed
from civic.kernel.sheets import Table
from civic.kernel.sheets.writing import Cell

#: First word of a table of the core, so that no plugin can have it.
OWNER = "dwelling"
TITLE = _l("Homes and owners")


def _read(community: Community, found: Table) -> ImportPlan:
    rows, problems = parts(found)
    compared = property_lists.plan(community, rows)
    made = ImportPlan(known=compared.known, filled=len(compared.changed), todo=compared)
    if compared.new:
        made.new[_l("Homes and other parts")] = len(compared.new)
    made.complain([*problems, *compared.problems])
    return made


def _apply(actor: Actor, community: Community, plan: ImportPlan) -> None:
    property_lists.apply(actor, community, plan.todo)


def _rows(community: Community) -> Iterator[list[Cell]]:
    query = (
        select(Dwelling)
        .join(Node, Node.id == Dwelling.node_id)
        .options(joinedload(Dwelling.node))
        .where(Dwelling.community_id == community.id, Dwelling.valid_to.is_(None))
        .order_by(Node.ids, Dwelling.number)
    )
    homes = db.session.scalars(query).all()
    places = in_words([home.node for home in homes])
    owned = (
        select(Ownership.dwelling_id, Owner.name)
        .join(Owner, Owner.id == Ownership.owner_id)
        .where(Owner.community_id == community.id, Ownership.valid_to.is_(None))
        .order_by(Owner.id)
    )
    names: dict[int, list[str]] = {}
    for row in db.session.execute(owned):
        names.setdefault(row.dwelling_id, []).append(row.name)
    for home in homes:
        yield [
            places[home.node_id],
            home.number,
            str(dwelling_lists.USES[home.use]),
            str(dwelling_lists.STATES[home.state]),
            *(words for _source, words in dwelling_lists.areas(home)[:1]),
            "、".join(names.get(home.id, ())),
        ]


IMPORTER = Importer(
    code=f"{OWNER}.properties",
    title=_l("List of properties"),
    permission=evidence.PERMISSION,
    columns=COLUMNS,
    read=_read,
    apply=_apply,
    hint=_l(
        "A row for each door. Several owners stand in one cell, as 王桂兰、李明, their papers in "
        "the same order; of a paper the last four characters are enough, and no whole number is "
        "kept."
    ),
)
EXPORTER = Exporter(
    code=f"{OWNER}.properties",
    title=_l("List of properties"),
    permission=evidence.PERMISSION,
    header=(_l("Place"), _l("Door"), _l("Use"), _l("State"), _l("Area, m²"), _l("Owners")),
    rows=_rows,
)


def tables(actor: Actor, community: Community) -> Tables | None:
    """Return the tables of homes, for whoever may keep them."""
    if not allowed(actor, evidence.PERMISSION, community.path):
        return None
    return Tables(OWNER, TITLE, on=True, importers=[IMPORTER], exporters=[EXPORTER])
