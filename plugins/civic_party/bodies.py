"""Bodies: founded, with charter and rota; who chairs which quarter."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db, meeting_rules, plain
from civic.api import lazy_gettext as _l
from civic_party import noting, quarters, seats
from civic_party.models import CHAIR, Body, Charter, Post, Rota, Seat, Swap, Turn
from civic_party.words import data

MOST, MOST_TURNS = 100, 40
LONGEST_TITLE, LONGEST_TEXT = 60, 20_000
#: The procedure by which joint meetings are held.
PROCEDURE = "joint_meeting"
#: How many quarters ahead chairs can be changed, and are shown.
AHEAD = 8


def listed(community: Community) -> Sequence[Body]:
    """Return the bodies of a community that are not dissolved, the oldest first."""
    query = select(Body).filter_by(community_id=community.id).where(Body.dissolved_at.is_(None))
    return db.session.scalars(query.order_by(Body.begins_on, Body.id).limit(MOST)).all()


def body(community: Community, body_id: int) -> Body:
    """Return a body of a community.

    :raises Refused: 404 when there is none.
    """
    query = select(Body).filter_by(id=body_id, community_id=community.id)
    found = db.session.scalar(query)
    if found is None:
        raise Refused("no_body", _l("There is no such body here."), HTTPStatus.NOT_FOUND)
    return found


def kind_of(code: str) -> dict[str, Any]:
    """Return the row of a kind of body."""
    found: dict[str, Any] = next(row for row in data("bodies")["kind"] if row["code"] == code)
    return found


def today() -> date:
    """Return the day it is."""
    return clock.local(clock.now()).date()


def found_body(
    actor: Actor,
    community: Community,
    *,
    kind: str,
    title: str,
    about: str = "",
    begins_on: date,
    ends_on: date | None = None,
    parent_id: int = 0,
) -> Body:
    """Found a body.

    :raises Refused: `kind`, `title`, `term`, `parent`, `name_taken`, or where the procedure of
        joint meetings does not hold here.
    """
    title, about = plain(title), plain(about)
    rows = {row["code"]: row for row in data("bodies")["kind"]}
    if kind not in rows:
        raise Refused("kind", _l("Please choose what kind of body it is."))
    if not title or len(title) > LONGEST_TITLE or len(about) > LONGEST_TEXT:
        raise Refused("title", _l("Please write a name of at most 60 letters."))
    if ends_on is not None and ends_on <= begins_on:
        raise Refused("term", _l("The term has to end after it begins."))
    parent = body(community, parent_id) if parent_id else None
    if (parent is not None) != bool(rows[kind]["parent"]) or (
        parent is not None and parent.kind not in rows[kind]["parent"]
    ):
        message = _l("Please choose below which body it stands; other kinds stand for themselves.")
        raise Refused("parent", message)
    meeting_rules(PROCEDURE)
    made = Body(
        community=community,
        kind=kind,
        title=title,
        about=about,
        parent_id=parent.id if parent else None,
        procedure=PROCEDURE,
        begins_on=begins_on,
        ends_on=ends_on,
        made_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        message = _l("There is a body of this name here already.")
        raise Refused("name_taken", message, HTTPStatus.CONFLICT) from error
    noting.on_body(actor, made, "founded", {"kind": kind})
    return made


def charter(which: Body) -> Charter | None:
    """Return the charter that holds: the newest version."""
    query = select(Charter).filter_by(body_id=which.id).order_by(Charter.number.desc())
    return db.session.scalars(query.limit(1)).first()


def adopt(actor: Actor, which: Body, *, text: str, adopted_on: date, last: int) -> Charter:
    """Record a new version of the charter; earlier ones stay.

    :param last: number of the version that the form was filled from.
    :raises Refused: `text`, `day`, `meanwhile`.
    """
    seats.standing(seats.held(which))
    text = plain(text)
    if not text or len(text) > LONGEST_TEXT:
        raise Refused("text", _l("Please write the charter, in at most 20,000 letters."))
    if adopted_on > today():
        raise Refused("day", _l("A charter is recorded once it is adopted: not in the future."))
    before = db.session.scalar(select(func.max(Charter.number)).filter_by(body_id=which.id)) or 0
    if before != last:
        message = _l("Somebody has recorded a version meanwhile. Please read it, then keep yours.")
        raise Refused("meanwhile", message, HTTPStatus.CONFLICT)
    made = Charter(body_id=which.id, number=before + 1, text=text, adopted_on=adopted_on)
    made.recorded_at, made.recorded_by = clock.now(), actor.person_id
    db.session.add(made)
    db.session.flush()
    noting.on_body(actor, which, "charter_adopted", {"version": made.number})
    return made


def orders(body_id: int) -> list[quarters.Order]:
    """Return the versions of the rota of a body."""
    found = db.session.scalars(select(Rota).filter_by(body_id=body_id).order_by(Rota.starts))
    return [quarters.Order(row.starts, tuple(turn.seat_id for turn in row.turns)) for row in found]


def swaps(body_id: int) -> Sequence[Swap]:
    """Return the recorded swaps of a body, in order."""
    return db.session.scalars(select(Swap).filter_by(body_id=body_id).order_by(Swap.id)).all()


def chairs(which: Body, first: int, count: int) -> list[tuple[int, int | None]]:
    """Return for some quarters which seat chairs each: by the rota, else the seat of the chair."""
    rota = orders(which.id)
    changed = [(swap.first, swap.second) for swap in swaps(which.id)]
    query = select(Post.seat_id).filter_by(body_id=which.id, kind=CHAIR)
    standing = db.session.scalar(query.where(Post.until.is_(None)))
    return [
        (quarter, quarters.chair_of(quarter, rota, changed) or standing)
        for quarter in range(first, first + count)
    ]


def chair(which: Body, quarter: int) -> int | None:
    """Return the seat that chairs a quarter."""
    return chairs(which, quarter, 1)[0][1]


def set_rota(actor: Actor, which: Body, *, starts: int, seat_ids: Sequence[int]) -> Rota:
    """Record in which order seats take the chair from a quarter on; what was before stays.

    :raises Refused: `starts` for a quarter that is over or too far ahead, `turns`, `rota_taken`.
    """
    seats.standing(seats.held(which))
    now = quarters.quarter_of(today())
    if not now <= starts <= now + AHEAD:
        message = _l("Please choose a quarter from this one on, at most two years ahead.")
        raise Refused("starts", message)
    here = {line.seat.id for line in seats.lines(which.id)}
    if not seat_ids or len(set(seat_ids)) < len(seat_ids) or not here.issuperset(seat_ids):
        message = _l("Please choose at least one seat of this body, and each only once.")
        raise Refused("turns", message)
    made = Rota(body_id=which.id, starts=starts, made_at=clock.now())
    made.turns = [
        Turn(position=number, seat_id=seat_id) for number, seat_id in enumerate(seat_ids, 1)
    ]
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        message = _l("A rota that begins in this quarter is recorded already. Swap two quarters.")
        raise Refused("rota_taken", message, HTTPStatus.CONFLICT) from error
    noting.on_body(actor, which, "rota_set", {"starts": starts, "seats": list(seat_ids)})
    return made


def swap(actor: Actor, which: Body, *, first: int, second: int, reason: str) -> Swap:
    """Record that two quarters change their chairs.

    :raises Refused: `quarters`, `reason`, or `noticed` where a notice has named the chair.
    """
    from civic_party import meetings  # noqa: PLC0415 - which asks who chairs

    seats.standing(seats.held(which))
    first, second = sorted((first, second))
    now = quarters.quarter_of(today())
    if first == second or first < now or second > now + AHEAD:
        message = _l("Please choose two quarters from this one on, at most two years ahead.")
        raise Refused("quarters", message)
    reason = plain(reason)
    if not reason or len(reason) > LONGEST_TITLE:
        raise Refused("reason", _l("Please say why, in at most 60 letters."))
    if meetings.named_chair(which.id, (first, second)):
        message = _l("The notice of one of these meetings has named its chair already.")
        raise Refused("noticed", message, HTTPStatus.CONFLICT)
    made = Swap(body_id=which.id, first=first, second=second, reason=reason, at=clock.now())
    made.by_id = actor.person_id
    db.session.add(made)
    db.session.flush()
    noting.on_body(actor, which, "swapped", {"first": first, "second": second})
    return made


def names(body_id: int) -> dict[int, str]:
    """Return what the seats of a body are called, ended ones too."""
    found = db.session.scalars(select(Seat).filter_by(body_id=body_id).order_by(Seat.id))
    return {row.id: row.name for row in found}
