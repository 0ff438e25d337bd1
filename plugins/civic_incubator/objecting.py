"""Objections to a list of awards while it is shown, and their answers."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from sqlalchemy import func, select

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_incubator import calls
from civic_incubator.manifest import plugin
from civic_incubator.models import Call
from civic_incubator.review_models import AwardList, Objection

#: How many objections one person may have waiting about one list.
MOST_OBJECTIONS = 3


def objections(which: Call) -> Sequence[Objection]:
    """Return all objections to lists of a call, in the order in which they came."""
    query = select(Objection).join(AwardList).where(AwardList.call_id == which.id)
    return db.session.scalars(query.order_by(Objection.id)).all()


def object_to(actor: Actor, call: Call, text: str) -> Objection:
    """Raise an objection to the list of a call that counts, while it is shown.

    :raises Refused: `not_shown`, `over`, `too_many`.
    """
    which = calls.latest(call)
    if which is None or call.phase != calls.PUBLICITY:
        message = _l("No list of this call is shown for objections now.")
        raise Refused("not_shown", message, HTTPStatus.CONFLICT)
    if clock.now() >= which.until:
        message = _l("Objections could be raised until %(day)s. Please call the community office.")
        day = clock.local(which.until).date().isoformat()
        raise Refused("over", message, HTTPStatus.CONFLICT, {"day": day})
    query = select(func.count()).select_from(Objection).filter_by(list_id=which.id, upheld=None)
    mine = query.where(Objection.person_id == actor.person_id)
    if (db.session.scalar(mine) or 0) >= MOST_OBJECTIONS:
        message = _l("Objections of yours wait for their answer. Please wait for it.")
        raise Refused("too_many", message, HTTPStatus.CONFLICT)
    made = Objection(
        list_id=which.id, person_id=actor.person_id, text=text, raised_at=clock.now(), answer=""
    )
    db.session.add(made)
    db.session.flush()
    return made


def objection(community: Community, objection_id: int) -> tuple[Objection, Call]:
    """Return an objection in a community, and the call it is about.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Objection, objection_id)
    which = found and db.session.get(Call, found.list.call_id)
    if not (found and which) or which.community_id != community.id:
        message = _l("There is no such objection here.")
        raise Refused("no_objection", message, HTTPStatus.NOT_FOUND)
    return found, which


def answer(actor: Actor, which: Objection, call: Call, text: str, *, upheld: bool) -> None:
    """Answer an objection, an official act; an upheld one asks for a new list.

    The call is held: a list that is drawn at this moment either knows of the answer, or is older.

    :raises Refused: `answered` when somebody was faster.
    """
    db.session.refresh(call, with_for_update=True)
    db.session.refresh(which, with_for_update=True)
    if which.upheld is not None:
        message = _l("Somebody has answered this objection already.")
        raise Refused("answered", message, HTTPStatus.CONFLICT)
    values: dict[str, Any] = {
        "answer": text,
        "upheld": upheld,
        "answered_at": clock.now(),
        "answered_by": actor.person_id,
    }
    for key, value in values.items():
        setattr(which, key, value)
    plugin.audit(
        "objection_answered",
        community=call.community,
        subject=f"incubator_objection:{which.id}",
        actor=actor,
        data={"upheld": upheld, "list": which.list.number},
    )
