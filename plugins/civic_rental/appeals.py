"""What people ask of people: objections to a list, and that somebody looks at one's own rank."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from sqlalchemy import func, select

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import allocating, conducting, freezing
from civic_rental.allocation_models import FIXED, FROZEN, PUBLISHED, Allocation
from civic_rental.application_models import OBJECTION, REVIEW, Applicant, Plea
from civic_rental.manifest import plugin
from civic_rental.words import data

LONGEST = 1000


def _may_ask(actor: Actor, which: Allocation) -> None:
    query = select(func.count(Plea.id)).filter_by(allocation_id=which.id, upheld=None)
    waiting = db.session.scalar(query.where(Plea.person_id == actor.person_id)) or 0
    if waiting >= data("allocation")["most_waiting"]:
        message = _l("What you have asked before waits for its answer. Please wait for it.")
        raise Refused("too_many", message, HTTPStatus.CONFLICT)


def object_to(actor: Actor, which: Allocation, list_id: int, text: str) -> Plea:
    """Raise an objection to the list that counts, while it is shown.

    :raises Refused: `not_shown`, `over`, `too_many`.
    """
    allocating.locked(which)
    listed = freezing.last_list(allocating.last_round(which))
    if which.state != FROZEN or listed is None or listed.id != list_id:
        message = _l("No objections to this list are taken now.")
        raise Refused("not_shown", message, HTTPStatus.CONFLICT)
    if clock.now() >= listed.until:
        message = _l("Objections could be raised until %(moment)s. Please call the office.")
        moment = f"{clock.local(listed.until):%Y-%m-%d %H:%M}"
        raise Refused("over", message, HTTPStatus.CONFLICT, {"moment": moment})
    _may_ask(actor, which)
    made = Plea(allocation_id=which.id, kind=OBJECTION, list_id=listed.id, text=text)
    return _put(actor, made)


def ask_review(actor: Actor, which: Applicant, text: str) -> Plea:
    """Ask that a person looks at one's own rank and its reason (PIPL §24).

    :raises Refused: `not_shown` before the draw is published, `too_many`.
    """
    if which.allocation.state != PUBLISHED:
        message = _l("A review can be asked for once the draw is published.")
        raise Refused("not_shown", message, HTTPStatus.CONFLICT)
    _may_ask(actor, which.allocation)
    made = Plea(allocation_id=which.allocation_id, kind=REVIEW, applicant_id=which.id, text=text)
    return _put(actor, made)


def _put(actor: Actor, made: Plea) -> Plea:
    made.person_id, made.at = actor.person_id, clock.now()
    db.session.add(made)
    db.session.flush()
    return made


def plea(community: Community, plea_id: int) -> Plea:
    """Return an objection or a request in a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Plea, plea_id)
    if found is None or found.allocation.community_id != community.id:
        raise Refused("no_plea", _l("There is nothing like this here."), HTTPStatus.NOT_FOUND)
    return found


def of(which: Allocation, kind: str) -> Sequence[Plea]:
    """Return what was asked about an allocation, in the order in which it came."""
    query = select(Plea).filter_by(allocation_id=which.id, kind=kind).order_by(Plea.id)
    return db.session.scalars(query).all()


def mine(which: Applicant) -> Sequence[Plea]:
    """Return the reviews that were asked for an application."""
    query = select(Plea).filter_by(applicant_id=which.id).order_by(Plea.id)
    return db.session.scalars(query).all()


def open_in(community_ids: Collection[int], limit: int) -> Sequence[Plea]:
    """Return what waits for its answer in communities, the earliest first."""
    query = (
        select(Plea)
        .join(Allocation, Allocation.id == Plea.allocation_id)
        .where(Allocation.community_id.in_(community_ids), Plea.upheld.is_(None))
        .order_by(Plea.at, Plea.id)
    )
    return db.session.scalars(query.limit(limit)).all()


def waiting(which: Allocation) -> int:
    """Return how many requests for a review wait for their answer."""
    query = select(func.count(Plea.id)).filter_by(allocation_id=which.id, kind=REVIEW, upheld=None)
    return db.session.scalar(query) or 0


def answer(actor: Actor, which: Plea, text: str, *, upheld: bool) -> None:
    """Answer, an official act. An objection that is upheld opens the list again.

    :raises Refused: `answered` when somebody was faster, `own`, `same_person` for who drew.
    """
    allocating.locked(which.allocation)
    db.session.refresh(which)
    if which.upheld is not None:
        message = _l("Somebody has answered this already.")
        raise Refused("answered", message, HTTPStatus.CONFLICT)
    if which.person_id is not None and which.person_id == actor.person_id:
        message = _l("Somebody else of the office answers what you have asked yourself.")
        raise Refused("own", message, HTTPStatus.FORBIDDEN)
    drawn = conducting.last_draw(which.allocation)
    if which.kind == REVIEW and drawn is not None and drawn.by_id == actor.person_id:
        message = _l("Whoever drew does not review the draw. Somebody else has to.")
        raise Refused("same_person", message, HTTPStatus.FORBIDDEN)
    which.answer, which.upheld, which.answered_at = text, upheld, clock.now()
    which.answered_by = actor.person_id
    which.office = actor.office_at(which.allocation.community.path)
    listed = freezing.last_list(allocating.last_round(which.allocation))
    current = listed is not None and listed.id == which.list_id
    if upheld and current and which.allocation.state == FROZEN:
        which.allocation.state = FIXED
    db.session.flush()
    plugin.audit(
        "answered",
        community=which.allocation.community,
        subject=f"rental_plea:{which.id}",
        actor=actor,
        data={"kind": which.kind, "upheld": upheld, "allocation": which.allocation_id},
    )
    if which.person_id is not None:
        plugin.tell(
            "answered",
            community=which.allocation.community,
            subject=f"plea:{which.id}",
            people={which.person_id},
            values={
                "id": which.allocation_id,
                "applicant": which.applicant_id,
                "title": which.allocation.title,
            },
        )
