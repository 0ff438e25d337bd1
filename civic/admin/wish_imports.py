"""Bring bodies and posts from a table: first look what would be new, then all of it or none."""

from collections.abc import Sequence
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from civic.admin.imports import current
from civic.admin.place_columns import BODIES, COLUMNS
from civic.admin.place_tables import Wish, wishes
from civic.communities.models import Body, Community, Node, Post
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.exchange import ImportPlan
from civic.kernel.permissions import Actor
from civic.kernel.problems import Problem
from civic.kernel.sheets import Sheet, folded, table

_NOWHERE = _l("The place “%(value)s” is not here. Add it first, or compare its name.")
_SEVERAL = _l(
    "There are several places “%(value)s”. Write what they stand in before it, with a slash."
)


class Finder:
    """Find places by the names that lead to them; what is in between may be left out."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        """Take the places of a street, the street first."""
        self.street = nodes[0]
        self.named: dict[str, list[Node]] = {}
        for node in nodes:
            self.named.setdefault(folded(node.name), []).append(node)

    def find(self, path: Sequence[str]) -> list[Node]:
        """Return the places to which names lead: none, the one, or several."""
        found = [self.street]
        for number, name in enumerate(path):
            if number == 0 and name == folded(self.street.name):
                continue
            named = [node for node in self.named.get(name, []) if node is not self.street]
            inside = [node for node in named for above in found if node.ids.startswith(above.ids)]
            near = [node for node in inside if node.parent_id in {above.id for above in found}]
            found = near or inside
        return found


def plan(street: Community, sheet: Sheet, what: str) -> ImportPlan:
    """Compare a table of bodies or posts with what is here; nothing is changed.

    :raises SheetRefused: for a table of too many rows.
    """
    found = table(sheet, COLUMNS[what])
    wanted, problems = wishes(found, what)
    made = ImportPlan()
    made.complain([*found.problems, *problems])
    finder = Finder(current(street))
    here = _here(street, what)
    todo: list[tuple[Node, Wish, int | None]] = []
    for wish in wanted:
        nodes = finder.find(wish.at)
        if len(nodes) != 1:
            message = _SEVERAL if nodes else _NOWHERE
            values = {"value": wish.values["at"]}
            column = found.headings.get("at", "")
            code = "several" if nodes else "nowhere"
            problem = Problem(
                code=code, row=wish.row, column=column, message=message, values=values
            )
            made.complain([problem])
            continue
        key = (nodes[0].id, "" if what == BODIES else wish.kind, folded(wish.title))
        known, is_current = here.get(key, (None, False))
        if is_current:
            made.known += 1
        else:
            made.new[wish.kind] += 1
            todo.append((nodes[0], wish, known))
    made.todo = todo
    return made


def _here(street: Community, what: str) -> dict[tuple[int, str, str], tuple[int | None, bool]]:
    """Return what is here by place, kind and title: its id, and whether it has not ended."""
    model = Body if what == BODIES else Post
    ended = model.valid_to <= clock.now()
    rows = db.session.execute(
        select(model.id, model.node_id, model.kind, model.title, ended)
        .join(Node, Node.id == model.node_id)
        .where(Node.ids.startswith(street.node.ids))
        .order_by(or_(model.valid_to.is_(None), model.valid_to > clock.now()), model.id)
    )
    return {
        (row[1], "" if what == BODIES else row[2], folded(row[3])): (row[0], not row[4])
        for row in rows
    }


def carry_out(actor: Actor, street: Community, sheet: Sheet, what: str) -> ImportPlan:
    """Add what is new in a table, all of it or nothing.

    :raises Refused: `problems` or `meanwhile`, as for places.
    """
    db.session.execute(select(Node.id).filter_by(id=street.id).with_for_update())
    made = plan(street, sheet, what)
    if made.problems:
        raise Refused("problems", _l("The table has problems; nothing was imported."))
    try:
        if what == BODIES:
            _bodies(made.todo)
        else:
            _posts(made.todo)
    except IntegrityError as error:
        raise Refused(
            "meanwhile",
            _l("Somebody changed the places at this moment. Nothing was imported; look again."),
            HTTPStatus.CONFLICT,
        ) from error
    if made.total:
        audit.done(
            f"{what}.imported",
            actor,
            street,
            f"node:{street.id}",
            {"new": dict(sorted(made.new.items()))},
        )
    return made


def _bodies(todo: list[tuple[Node, Wish, int | None]]) -> None:
    now = clock.now()
    rows = [
        {
            "node_id": node.id,
            "kind": wish.kind,
            "title": wish.title,
            "telephone": wish.values["telephone"],
            "hours": wish.values["hours"],
            "place": wish.values["place"],
            "about": "",
            "valid_from": now,
        }
        for node, wish, _known in todo
    ]
    if rows:
        db.session.execute(insert(Body), rows)


def _posts(todo: list[tuple[Node, Wish, int | None]]) -> None:
    """Insert new posts; one that was given up is taken up again."""
    new, again = [], []
    for node, wish, known in todo:
        office = wish.values["office"]
        if known is None:
            row = {"node_id": node.id, "kind": wish.kind, "title": wish.title, "office": office}
            new.append(row)
        else:
            again.append({"id": known, "office": office, "valid_to": None})
    if new:
        db.session.execute(insert(Post), new)
    if again:
        db.session.execute(update(Post), again)
