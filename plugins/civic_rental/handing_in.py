"""Hand an application in for a receipt in order of arrival; throw it away; withdraw it."""

from http import HTTPStatus

from sqlalchemy import func, select

from civic.api import Actor, Refused, clock, db, holds
from civic.api import lazy_gettext as _l
from civic_rental import allocating
from civic_rental.application_models import DRAFT, SUBMITTED, WITHDRAWN, Applicant, Letting
from civic_rental.applying import (
    GROUNDS,
    HOUSEHOLD,
    WORK,
    check_editable,
    claim,
    invited,
    not_invited,
    overtaken,
)
from civic_rental.manifest import plugin
from civic_rental.words import data, said


def lacks(which: Applicant) -> list[tuple[str, str]]:
    """Return what an application needs before it can be handed in: the step, and a sentence."""
    found: list[tuple[str, str]] = []
    most = which.allocation.listing.persons
    if which.household is None:
        found.append((HOUSEHOLD, str(_l("How many people will live there?"))))
    elif which.household > most:
        sentence = _l("One of these homes is for %(most)d people at most.", most=most)
        found.append((HOUSEHOLD, str(sentence)))
    if not which.phone_key:
        found.append((HOUSEHOLD, str(_l("Under which number can you be reached?"))))
    if not which.address_key:
        found.append((HOUSEHOLD, str(_l("Where do you live now?"))))
    if not which.unit:
        found.append((WORK, str(_l("For whom do you work?"))))
    words = {row["code"]: said(row) for row in data("allocation")["claim"]}
    for ground in which.grounds:
        if not ground.evidence:
            sentence = _l("What shows it: %(claim)s?", claim=words[ground.kind])
            found.append((GROUNDS, str(sentence)))
    return found


def submit(actor: Actor, which: Applicant, version: int) -> None:
    """Hand an application in: it gets the next receipt number, and stays as it is.

    Whoever hands in takes their turn at the allocation's row, so that numbers follow the order of
    arrival without gaps; the database refuses any other number.

    :raises Refused: `incomplete` with the first thing that is missing, `version`, `submitted`,
        `closed`, `not_invited`.
    """
    allocating.locked(which.allocation)
    db.session.refresh(which)
    check_editable(which)
    if which.version != version:
        raise overtaken()
    if not invited(actor, which.allocation):
        raise not_invited()
    if missing := lacks(which):
        raise Refused("incomplete", missing[0][1])
    last = select(func.max(Applicant.number)).where(Applicant.allocation_id == which.allocation_id)
    number = (db.session.scalar(last) or 0) + 1
    values = {"state": SUBMITTED, "number": number, "submitted_at": clock.now()}
    claim(which, version, values)
    plugin.audit(
        "applied",
        community=which.community,
        subject=f"rental_applicant:{which.id}",
        actor=actor,
        data={"allocation": which.allocation_id, "number": number},
    )


def discard(which: Applicant) -> None:
    """Throw a draft away.

    :raises Refused: `submitted`.
    """
    db.session.refresh(which, with_for_update=True)
    if which.state != DRAFT:
        message = _l("The application has been handed in. You can withdraw it.")
        raise Refused("submitted", message, HTTPStatus.CONFLICT)
    db.session.delete(which)


def withdraw(actor: Actor, which: Applicant) -> None:
    """Withdraw an application; a line that is on a frozen list stays there, and is passed over.

    :raises Refused: `over` where it is withdrawn, or a home is let.
    """
    allocating.locked(which.allocation)
    db.session.refresh(which)
    let = db.session.scalar(select(Letting.id).filter_by(applicant_id=which.id))
    if which.state in (DRAFT, WITHDRAWN) or let is not None:
        message = _l("This application cannot be withdrawn any more.")
        raise Refused("over", message, HTTPStatus.CONFLICT)
    which.state, which.withdrawn_at = WITHDRAWN, clock.now()
    which.place, which.place_until = "", None
    db.session.flush()
    if actor.person_id is not None:
        for place in holds.mine(actor.person_id, [which.allocation.subject]).values():
            if place.active:
                holds.leave(place.id, actor.person_id)
    plugin.audit(
        "withdrawn",
        community=which.community,
        subject=f"rental_applicant:{which.id}",
        actor=actor,
        data={"allocation": which.allocation_id, "number": which.number},
    )
