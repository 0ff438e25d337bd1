"""Walls of dots: the office opens one, everybody places their dots, counts follow at the close."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from civic.communities.models import Community
from civic.consultations import figures, stages
from civic.consultations.models import Consultation
from civic.consultations.speaking import participate
from civic.deliberation import gate
from civic.deliberation.models import Wall, WallDot, WallItem
from civic.deliberation.rules import rules
from civic.identities import staying
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

#: Figures of a case: walls that hang, and when the last of them closes.
ALL, UNTIL = "walls", "walls_until"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Hold what the office puts up.

    :ivar dots: how many each has; `several` whether more than one may be on one item.
    """

    title: str
    items: Sequence[str]
    dots: int
    several: bool
    closes_at: datetime
    form_key: str


def closed(wall: Wall, now: datetime) -> bool:
    """Tell whether the dots of a wall are counted."""
    return wall.withdrawn_at is None and wall.closes_at <= now


def open_(actor: Actor, community: Community, case: Consultation, draft: Draft) -> Wall:
    """Put a wall up; a form sent twice makes one.

    :raises Refused: `not_open`, `title`, `items`, `dots`, `closes_at` or `too_many`.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    staying.take_turns(actor.person_id)
    twin = db.session.scalar(
        select(Wall).filter_by(opened_by=actor.person_id, form_key=draft.form_key)
    )
    if twin is not None:
        return twin
    # This holds the case, which may have moved on since it was read.
    figures.add(case.id, ALL)
    now = clock.now()
    if case.published_at is None or not stages.may(case, now, gate.WALL):
        message = _l("At its present stage this case has no walls of dots.")
        raise Refused("not_open", message, HTTPStatus.CONFLICT)
    title, items = _checked(draft, case, now)
    if gate.number(case.id, Wall) >= rules().walls_each:
        raise Refused("too_many", _l("This case has too many walls already."))
    wall = Wall(
        consultation_id=case.id,
        title=title,
        dots=draft.dots,
        several=draft.several,
        office=gate.office(actor, community),
        opened_by=actor.person_id,
        opened_at=now,
        closes_at=draft.closes_at,
        form_key=draft.form_key,
    )
    db.session.add(wall)
    db.session.flush()
    for position, words in enumerate(items):
        db.session.add(WallItem(wall_id=wall.id, position=position, text=words))
    db.session.flush()
    _until(case.id)
    gate.recorded(
        "wall.opened", actor, community, f"wall:{wall.id}", dots=wall.dots, several=wall.several
    )
    return wall


def _checked(draft: Draft, case: Consultation, now: datetime) -> tuple[str, list[str]]:
    bounds = rules()
    title = " ".join(text.plain(draft.title).split())
    if not title:
        raise Refused("title", _l("Please write what the wall asks."))
    gate.within(title, bounds.wall_title, "title")
    items = [" ".join(text.plain(one).split()) for one in draft.items]
    items = [gate.within(one, bounds.wall_item, "items") for one in items if one]
    if not bounds.fewest_items <= len(items) <= bounds.most_items:
        message = _l("Please give %(fewest)d to %(most)d items, one a line.")
        values: dict[str, object] = {"fewest": bounds.fewest_items, "most": bounds.most_items}
        raise Refused("items", message, values=values)
    if len({text.key(one) for one in items}) < len(items):
        raise Refused("items", _l("Two items say the same. Please make them differ."))
    if not 1 <= draft.dots <= bounds.most_dots:
        message = _l("Please give each person 1 to %(most)d dots.")
        raise Refused("dots", message, values={"most": bounds.most_dots})
    if draft.dots > len(items) and not draft.several:
        message = _l("There are fewer items than dots. Give fewer dots, or allow several on one.")
        raise Refused("dots", message)
    if draft.closes_at <= now:
        raise Refused("closes_at", _l("Please choose an end that is still to come."))
    if case.stage is None and draft.closes_at > case.closes_at:
        raise Refused("closes_at", _l("The wall has to close before the case does."))
    until = stages.until(case)
    # A stage whose time is over goes on until somebody moves the case; nothing says how long.
    if until is not None and now < until < draft.closes_at:
        raise Refused("closes_at", _l("The wall has to close before this stage may end."))
    return title, items


def _until(case_id: int) -> None:
    """Bring the end of the last wall up to date; the row of the case is held already."""
    last = db.session.scalar(
        select(func.max(Wall.closes_at)).filter_by(consultation_id=case_id, withdrawn_at=None)
    )
    kept = db.session.get_one(Consultation, case_id).figures.get(UNTIL, 0)
    figures.add(case_id, UNTIL, (int(last.timestamp()) if last else 0) - kept)


def withdraw(
    actor: Actor, community: Community, case: Consultation, wall_id: int, *, reason: str
) -> Wall:
    """Take a wall down before its end; it stays readable with the reason, and is not counted.

    :raises Refused: 404, `over` or `reason`.
    """
    wall = find(case, wall_id, held=True)
    if wall.withdrawn_at is not None:
        return wall
    if closed(wall, clock.now()):
        message = _l("This wall has closed; what was counted stays.")
        raise Refused("over", message, HTTPStatus.CONFLICT)
    reason = gate.within(text.plain(reason), rules().wall_reason, "reason")
    if not reason:
        raise Refused("reason", _l("Please say why, for everybody to read."))
    wall.withdrawn_at, wall.withdrawn_reason = clock.now(), reason
    db.session.flush()
    figures.add(case.id, ALL, -1)
    _until(case.id)
    gate.recorded("wall.withdrawn", actor, community, f"wall:{wall.id}", reason=reason)
    return wall


def place(
    actor: Actor, community: Community, case: Consultation, wall_id: int, wanted: Mapping[int, int]
) -> None:
    """Place one's dots anew: those of before are taken off; never more than the wall gives.

    :param wanted: how many dots on which item.
    :raises Refused: a reason of `gate.admit`, 404, `over`, `item`, `once` or `too_many`.
    """
    person_id = gate.admit(actor, community, case, gate.WALL)
    wall = find(case, wall_id, shared=True)
    if wall.withdrawn_at is not None or closed(wall, clock.now()):
        message = _l("This wall has closed; no dots can be placed any more.")
        raise Refused("over", message, HTTPStatus.CONFLICT)
    placed = {item: number for item, number in wanted.items() if number}
    known = {one.id for one in items(wall.id)}
    if not placed.keys() <= known or min(placed.values(), default=1) < 1:
        raise Refused("item", _l("Please choose among the items on the wall."))
    if not wall.several and max(placed.values(), default=1) > 1:
        raise Refused("once", _l("On this wall each item can have one of your dots."))
    if sum(placed.values()) > wall.dots:
        raise Refused(
            "too_many",
            _l("You have %(dots)d dots; these are %(now)d. Please take some off."),
            values={"dots": wall.dots, "now": sum(placed.values())},
        )
    before = delete(WallDot).filter_by(wall_id=wall.id, person_id=person_id).returning(WallDot.id)
    if not db.session.scalars(before).all() and placed:
        participate(case.id, person_id)
    at = clock.now()
    each = [item for item, number in sorted(placed.items()) for _one in range(number)]
    db.session.add_all(
        WallDot(
            wall_id=wall.id,
            dots=wall.dots,
            several=wall.several,
            person_id=person_id,
            number=number,
            item_id=item,
            at=at,
        )
        for number, item in enumerate(each, start=1)
    )
    db.session.flush()


def find(case: Consultation, wall_id: int, *, held: bool = False, shared: bool = False) -> Wall:
    """Return a wall of a case.

    :param held: whether it is the caller's alone until the transaction ends.
    :param shared: whether it stays as it is until then; many can ask for that at once.
    :raises Refused: 404.
    """
    query = select(Wall).filter_by(id=wall_id, consultation_id=case.id)
    if held or shared:
        query = query.with_for_update(read=shared).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise gate.missing()
    return found


def listed(case_id: int) -> Sequence[Wall]:
    """Return the walls of a case, the newest first."""
    query = select(Wall).filter_by(consultation_id=case_id).order_by(Wall.id.desc())
    return db.session.scalars(query.limit(rules().walls_each)).all()


def items(wall_id: int) -> Sequence[WallItem]:
    """Return the items of a wall, as they hang."""
    query = select(WallItem).filter_by(wall_id=wall_id).order_by(WallItem.position)
    return db.session.scalars(query).all()


def mine(person_id: int | None, wall_id: int) -> Counter[int]:
    """Return on which items somebody has how many dots."""
    if person_id is None:
        return Counter()
    query = select(WallDot.item_id).filter_by(wall_id=wall_id, person_id=person_id)
    return Counter(db.session.scalars(query))


def counted(wall: Wall, now: datetime) -> tuple[Counter[int], int] | None:
    """Return how many dots each item has, and of how many people; nothing before the close."""
    if not closed(wall, now):
        return None
    rows = db.session.execute(
        select(WallDot.item_id, func.count()).filter_by(wall_id=wall.id).group_by(WallDot.item_id)
    )
    # Everybody who placed any has exactly one first dot.
    first = select(func.count()).select_from(WallDot).filter_by(wall_id=wall.id, number=1)
    return Counter({row[0]: row[1] for row in rows}), db.session.scalar(first) or 0
