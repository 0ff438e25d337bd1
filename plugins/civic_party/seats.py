"""Seats of units and offices: given, filled, ended; who acts for one; chair and vice chairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, func, or_, select
from sqlalchemy.exc import IntegrityError

from civic.api import (
    Actor,
    Model,
    Person,
    Refused,
    acting_for,
    allowed,
    clock,
    db,
    liaisons,
    plain,
    unit_at,
)
from civic.api import lazy_gettext as _l
from civic_party import noting
from civic_party.models import CHAIR, POSTS, Body, Holder, Post, Seat

LONGEST = 60
MOST = 60
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Line:
    """Be one seat as a page shows it: who fills it now, and its post."""

    seat: Seat
    holder: Holder | None
    post: str


def held(row: M) -> M:
    """Hold a row until the transaction ends, and read it anew."""
    table = type(row)
    key = row.id  # type: ignore[attr-defined]
    query = select(table).where(table.id == key)  # type: ignore[attr-defined]
    query = query.with_for_update(of=table).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def lines(body_id: int) -> list[Line]:
    """Return the seats of a body that have not ended, in the order in which they were given."""
    query = (
        select(Seat, Holder, Post.kind)
        .outerjoin(Holder, (Holder.seat_id == Seat.id) & Holder.until.is_(None))
        .outerjoin(Post, (Post.seat_id == Seat.id) & Post.until.is_(None))
        .where(Seat.body_id == body_id, Seat.ended_at.is_(None))
        .order_by(Seat.id)
        .limit(MOST)
    )
    return [Line(seat, holder, post or "") for seat, holder, post in db.session.execute(query)]


def seat(body: Body, seat_id: int) -> Seat:
    """Return a seat of a body that has not ended.

    :raises Refused: 404.
    """
    query = select(Seat).filter_by(id=seat_id, body_id=body.id).where(Seat.ended_at.is_(None))
    found = db.session.scalar(query)
    if found is None:
        raise Refused("no_seat", _l("There is no such seat in this body."), HTTPStatus.NOT_FOUND)
    return found


def acts_on(
    person_id: int | BindParameter[int] | None, at: BindParameter[datetime] | None = None
) -> ColumnElement[bool]:
    """Return the condition on seats that somebody, or a parameter, fills or acts for them."""
    who = 0 if person_id is None else person_id  # forgotten holders are nobody's
    filled = select(Holder.seat_id).where(Holder.person_id == who, Holder.until.is_(None))
    own = or_(Seat.id.in_(filled), Seat.organisation_id.in_(acting_for(who, at)))
    return Seat.ended_at.is_(None) & own


def mine(actor: Actor, body_id: int) -> Sequence[Seat]:
    """Return the seats of a body that an actor fills, or acts for as liaison of its unit."""
    if actor.person_id is None:
        return ()
    query = select(Seat).filter_by(body_id=body_id).where(acts_on(actor.person_id))
    return db.session.scalars(query.order_by(Seat.id)).all()


def own(actor: Actor, body: Body, seat_id: int) -> Seat:
    """Return a seat for which an actor may write; the office may for each, as what came on paper.

    :raises Refused: `not_yours`.
    """
    found = next((each for each in mine(actor, body.id) if each.id == seat_id), None)
    if found is None and allowed(actor, "party.office", body.community.path):
        return seat(body, seat_id)
    if found is None:
        message = _l("Only who fills a seat, or is liaison of its unit, acts for it.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    return found


def all_of(body_id: int) -> Select[int]:
    """Return a statement of the ids of the seats of a body that have not ended."""
    return select(Seat.id).where(Seat.body_id == body_id, Seat.ended_at.is_(None))


def give(actor: Actor, body: Body, *, organisation_id: int = 0, office: str = "") -> Seat:
    """Give a unit, or an office, a seat.

    :raises Refused: `seated` where it has one, `unit_or_office`, `too_many`, 404 for a unit of
        elsewhere.
    """
    standing(held(body))
    office = plain(office)
    if bool(organisation_id) == bool(office) or len(office) > LONGEST:
        message = _l("Please choose a unit, or write the name of an office in at most 60 letters.")
        raise Refused("unit_or_office", message)
    count = db.session.scalar(select(func.count()).select_from(all_of(body.id).subquery())) or 0
    if count >= MOST:
        message = _l("A body has at most %(most)d seats.")
        raise Refused("too_many", message, HTTPStatus.CONFLICT, {"most": MOST})
    made = Seat(body_id=body.id, office=office, since=clock.now())
    if organisation_id:
        found = unit_at(body.community, organisation_id)
        if found.valid_to is not None:
            message = _l("This unit has ended. Please choose another one.")
            raise Refused("ended", message, HTTPStatus.CONFLICT)
        made.organisation_id = found.id
    _once(made, "seated", _l("It has a seat in this body already."))
    noting.on_body(actor, body, "seated", {"seat": made.id})
    return made


def _once(row: Model, code: str, message: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Refused(code, message, HTTPStatus.CONFLICT) from error


def standing(body: Body) -> None:
    """Refuse to change a body that was dissolved.

    :raises Refused: `dissolved`.
    """
    if body.dissolved_at is not None:
        message = _l("This body was dissolved; its record stays as it is.")
        raise Refused("dissolved", message, HTTPStatus.CONFLICT)


def fill(
    actor: Actor, body: Body, seat_id: int, *, name: str, title: str, person_id: int = 0
) -> Holder:
    """Let somebody fill a seat, as its unit has named them; who filled it before leaves it.

    :param person_id: their account, which is among `candidates`; 0 where they have none.
    :raises Refused: `name`, `no_account`, `seat_taken` where the person fills another seat here.
    """
    standing(held(body))
    found = seat(body, seat_id)
    name, title = plain(name), plain(title)
    if person_id:
        name = dict(candidates(found)).get(person_id, "")
        if not name:
            message = _l("Please choose the account from the list: liaisons of this unit.")
            raise Refused("no_account", message)
    if not name or len(name) > LONGEST or len(title) > LONGEST:
        message = _l("Please write the name, and what they are there, in at most 60 letters each.")
        raise Refused("name", message)
    now = clock.now()
    _leave(found.id)
    made = Holder(seat_id=found.id, body_id=body.id, name=name, title=title, since=now)
    made.person_id = person_id or None
    _once(made, "seat_taken", _l("This person fills another seat of this body already."))
    noting.on_body(actor, body, "filled", {"seat": found.id})
    return made


def _leave(seat_id: int) -> None:
    query = select(Holder).filter_by(seat_id=seat_id).where(Holder.until.is_(None))
    before = db.session.scalar(query)
    if before is not None:
        before.until = clock.now()
        db.session.flush()


def candidates(which: Seat) -> list[tuple[int, str]]:
    """Return the accounts that can fill a seat, with their real names, for the office.

    Those who act for its unit; for the seat of an office, nobody is known by the site.
    """
    if which.organisation_id is None:
        return []
    ids = liaisons([which.organisation_id])
    query = select(Person.id, Person.name).where(Person.id.in_(ids), Person.closed_at.is_(None))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Person.name, Person.id))]


def end(actor: Actor, body: Body, seat_id: int) -> None:
    """End a seat: its unit leaves. Posts end with it; its turns of the rota fall to nobody.

    :raises Refused: `owes` where its unit still owns a task.
    """
    from civic_party import actions  # noqa: PLC0415 - which asks who acts for a seat

    standing(held(body))
    found = seat(body, seat_id)
    if actions.owns_open(found.id):
        message = _l("This unit still has tasks to do. Please close them, or give them to another.")
        raise Refused("owes", message, HTTPStatus.CONFLICT)
    now = clock.now()
    _leave(found.id)
    for post in db.session.scalars(
        select(Post).filter_by(seat_id=found.id).where(Post.until.is_(None))
    ):
        post.until = now
    found.ended_at = now
    noting.on_body(actor, body, "left", {"seat": found.id})


def set_post(actor: Actor, body: Body, seat_id: int, kind: str) -> None:
    """Give a seat a post, or none; a new chair takes the place of the one before.

    :param kind: of `POSTS`, or empty.
    :raises Refused: `post`.
    """
    standing(held(body))
    found = seat(body, seat_id)
    if kind and kind not in POSTS:
        raise Refused("post", _l("Please choose a post from the list."))
    here = select(Post).filter_by(body_id=body.id).where(Post.until.is_(None))
    mine_or_chair = Post.seat_id == found.id
    if kind == CHAIR:
        mine_or_chair = mine_or_chair | (Post.kind == CHAIR)
    now = clock.now()
    for before in db.session.scalars(here.where(mine_or_chair)):
        before.until = now
    db.session.flush()
    if kind:
        db.session.add(Post(seat_id=found.id, body_id=body.id, kind=kind, since=now))
        db.session.flush()
    noting.on_body(actor, body, "post_set", {"seat": found.id, "post": kind})
