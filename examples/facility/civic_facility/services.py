"""Report what is wrong with a place, handle it, and say whether it is solved."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from sqlalchemy import func, select, update

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_facility.kinds import HANDLED, REMOVED, REPORTED, answered
from civic_facility.manifest import plugin
from civic_facility.models import Defect, Place


def place(community: Community, place_id: int) -> Place:
    """Return a place of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Place, place_id)
    if found is None or found.community_id != community.id:
        raise Refused("no_place", _l("There is no such bay or sign here."), HTTPStatus.NOT_FOUND)
    return found


def defect(community: Community, defect_id: int) -> Defect:
    """Return a report of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Defect, defect_id)
    if found is None or found.community_id != community.id:
        raise Refused("no_defect", _l("There is no such report here."), HTTPStatus.NOT_FOUND)
    return found


def report(actor: Actor, at: Place, text: str, *, most: int) -> Defect:
    """Note what somebody says is wrong with a place.

    :param most: how many reports one person may have open here at a time.
    :raises Refused: `removed` for a place that is no more, `too_many_open`.
    """
    if at.state == REMOVED:
        raise Refused("removed", _l("This place was removed, so nothing can be reported for it."))
    mine = select(func.count()).select_from(Defect).filter_by(person_id=actor.person_id)
    mine = mine.where(Defect.community_id == at.community_id, Defect.state == REPORTED)
    if (db.session.scalar(mine) or 0) >= most:
        message = _l(
            "%(count)d of your reports wait to be handled. Please wait for one of them, or call "
            "the community office."
        )
        raise Refused("too_many_open", message, HTTPStatus.CONFLICT, {"count": most})
    made = Defect(
        community_id=at.community_id,
        place=at,
        person_id=actor.person_id,
        text=text,
        state=REPORTED,
        reported_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def handle(actor: Actor, which: Defect, note: str) -> None:
    """Say what was done about a defect, an official act; its reporter has the next word.

    :raises Refused: `handled` when somebody else was faster.
    """
    now = clock.now()
    values: dict[str, object] = {
        "state": HANDLED,
        "note": note,
        "handled_by": actor.person_id,
        "handled_at": now,
    }
    _move(which, REPORTED, values, _l("Somebody has handled this report already."))
    plugin.audit(
        "handled",
        community=which.community,
        subject=f"facility_defect:{which.id}",
        actor=actor,
        data={"kind": which.place.kind, "number": which.place.number},
    )


def answer(actor: Actor, which: Defect, *, solved: bool, text: str = "") -> None:
    """Take the reporter's word on whether it is solved; “not solved” reports it anew, once.

    :param text: what is still wrong.
    :raises Refused: 403 for anybody else; `not_asked` when it does not wait for an answer.
    """
    if actor.person_id is None or actor.person_id != which.person_id:
        message = _l("Only whoever reported it says whether it is solved.")
        raise Refused("not_reporter", message, HTTPStatus.FORBIDDEN)
    state = answered(solved=solved, reopened=which.reopened)
    values: dict[str, object] = {"state": state, "answered_at": clock.now()}
    if not solved:
        values |= {"reopened": True, "text": text or which.text}
    _move(which, HANDLED, values, _l("This report does not wait for your answer."))


def _move(which: Defect, state: str, values: dict[str, object], otherwise: object) -> None:
    """Change a report that is in a state; two at a time change it once."""
    query = update(Defect).where(Defect.id == which.id, Defect.state == state).values(values)
    moved = db.session.scalar(query.returning(Defect.id))
    if moved is None:
        raise Refused("moved_on", str(otherwise), HTTPStatus.CONFLICT)
    db.session.refresh(which)


def set_state(actor: Actor, at: Place, state: str) -> None:
    """Say whether a place is in use; an official act."""
    before, at.state = at.state, state
    if before != state:
        plugin.audit(
            "state",
            community=at.community,
            subject=f"facility_place:{at.id}",
            actor=actor,
            data={"number": at.number, "before": before, "after": state},
        )


def waiting(community_ids: Collection[int], limit: int) -> Sequence[Defect]:
    """Return the reports of some communities that wait for staff, the longest waiting first."""
    query = select(Defect).where(Defect.community_id.in_(community_ids), Defect.state == REPORTED)
    return db.session.scalars(query.order_by(Defect.reported_at, Defect.id).limit(limit)).all()


def to_answer(
    community_ids: Collection[int], person_id: int | None, limit: int
) -> Sequence[Defect]:
    """Return the handled reports of somebody that wait for their answer, the oldest first."""
    if person_id is None:
        return ()
    query = select(Defect).where(
        Defect.community_id.in_(community_ids),
        Defect.person_id == person_id,
        Defect.state == HANDLED,
    )
    return db.session.scalars(query.order_by(Defect.handled_at, Defect.id).limit(limit)).all()


def history(of: Place) -> Sequence[Defect]:
    """Return the reports about a place, the newest first."""
    query = select(Defect).where(Defect.place_id == of.id).order_by(Defect.id.desc())
    return db.session.scalars(query).all()
