"""Applications: written step by step, handed in for a receipt in order of arrival, withdrawn."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, allowed, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import allocating, folding
from civic_rental.allocation_models import Allocation
from civic_rental.application_models import (
    CLAIMED,
    DRAFT,
    WITHDRAWN,
    Applicant,
    Ground,
)
from civic_rental.home_models import Workplace
from civic_rental.words import codes

HOUSEHOLD, WORK, WISHES, GROUNDS, HAND_IN = "household", "work", "wishes", "grounds", "submit"
STEPS = (HOUSEHOLD, WORK, WISHES, GROUNDS, HAND_IN)


def applicant(community: Community, applicant_id: int) -> Applicant:
    """Return an application in a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Applicant, applicant_id)
    if found is None or found.community_id != community.id:
        raise _nothing()
    return found


def own(actor: Actor, community: Community, applicant_id: int) -> Applicant:
    """Return an application of one's own.

    :raises Refused: 404 for that of somebody else, as for none: nobody learns who applies.
    """
    found = applicant(community, applicant_id)
    if found.person_id is None or found.person_id != actor.person_id:
        raise _nothing()
    return found


def _nothing() -> Refused:
    message = _l("There is no such application of yours here.")
    return Refused("no_application", message, HTTPStatus.NOT_FOUND)


def mine(actor: Actor, which: Allocation) -> Applicant | None:
    """Return the application of an actor to an allocation: the one that counts."""
    if actor.person_id is None:
        return None
    query = select(Applicant).filter_by(allocation_id=which.id, person_id=actor.person_id)
    return db.session.scalars(query.order_by(Applicant.id.desc()).limit(1)).first()


def not_invited() -> Refused:
    """Return the refusal of whom homes are not for."""
    message = _l("These homes are for others. The community office can tell you why.")
    return Refused("not_invited", message, HTTPStatus.FORBIDDEN)


def around(community: Community) -> tuple[int, ...]:
    """Return the path of what lies around a community: its street, as a rule."""
    return community.path[:-1] or community.path


def belongs(actor: Actor, community: Community) -> bool:
    """Tell whether an actor belongs to those around a community, who may apply."""
    return allowed(actor, "rental.apply", around(community))


def invited(actor: Actor, which: Allocation) -> bool:
    """Tell whether homes are for an actor: one of the groups that they name, in the street."""
    wanted = set(which.listing.audience)
    return not wanted or bool(wanted & set(actor.groups(around(which.community))))


def closed() -> Refused:
    """Return the refusal of whoever comes too late, or too early."""
    message = _l(
        "Applications are not taken now, so nothing was saved. What you typed is still here: "
        "copy it if you want to keep it."
    )
    return Refused("closed", message, HTTPStatus.CONFLICT)


def start(actor: Actor, which: Allocation) -> Applicant:
    """Begin an application, or return the one that is begun or handed in.

    :raises Refused: `closed`, `not_invited`.
    """
    if not allocating.takes(which):
        raise closed()
    if not invited(actor, which):
        raise not_invited()
    live = select(Applicant).filter_by(allocation_id=which.id, person_id=actor.person_id)
    live = live.where(Applicant.state != WITHDRAWN)
    if (found := db.session.scalars(live).first()) is not None:
        return found
    made = Applicant(
        community_id=which.community_id,
        allocation_id=which.id,
        person_id=actor.person_id,
        saved_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(live).one()
    return made


def check_editable(which: Applicant) -> None:
    """Refuse unless an application is a draft, and applications are taken.

    :raises Refused: `submitted`, `closed`.
    """
    if which.state != DRAFT:
        message = _l("This application is handed in, and stays as it is.")
        raise Refused("submitted", message, HTTPStatus.CONFLICT)
    if not allocating.takes(which.allocation):
        raise closed()


def claim(which: Applicant, version: int, values: dict[str, Any]) -> None:
    """Save as whoever has read a version; the database lets one of two have it.

    :raises Refused: `version` where another window has saved since.
    """
    query = (
        update(Applicant)
        .where(Applicant.id == which.id, Applicant.version == version, Applicant.state == DRAFT)
        .values(version=version + 1, saved_at=clock.now(), **values)
        .returning(Applicant.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(query) is None:
        raise overtaken()
    db.session.refresh(which)


def overtaken() -> Refused:
    """Return the refusal of whoever saved what another window has saved since."""
    message = _l(
        "You have saved this in another window meanwhile. Nothing is lost: what was saved there is "
        "shown beside what you typed here. Put together what should stay, and save again."
    )
    return Refused("version", message, HTTPStatus.CONFLICT)


def save_household(which: Applicant, version: int, values: dict[str, Any]) -> None:
    """Save how many will live there, the telephone number, and where the applicant lives now."""
    check_editable(which)
    keys = {
        "phone_key": folding.phone(values["phone"]),
        "address_key": folding.address(values["address"]),
    }
    claim(which, version, values | keys)


def save_work(which: Applicant, version: int, values: dict[str, Any]) -> None:
    """Save for whom and where the applicant works.

    :raises Refused: `workplace` for one that is not of this community.
    """
    check_editable(which)
    wanted = values["workplace_id"]
    if wanted is not None and wanted not in {row.id for row in workplaces(which.community_id)}:
        raise Refused("workplace", _l("Please choose a workplace of the list."))
    claim(which, version, values)


def save_wishes(which: Applicant, version: int, values: dict[str, Any]) -> None:
    """Save what is wished for."""
    check_editable(which)
    claim(which, version, values)


def save_grounds(which: Applicant, version: int, evidence: dict[str, str]) -> None:
    """Save what is claimed; each claim with what shows it.

    :param evidence: by the code of the claim.
    """
    check_editable(which)
    claim(which, version, {})
    which.grounds.clear()
    db.session.flush()
    for code in codes("allocation", "claim"):
        if code in evidence:
            which.grounds.append(Ground(kind=code, evidence=evidence[code], state=CLAIMED))
    db.session.flush()


def workplaces(community_id: int) -> Sequence[Workplace]:
    """Return the workplaces that the table of ways of a community knows."""
    query = select(Workplace).filter_by(community_id=community_id).order_by(Workplace.name)
    return db.session.scalars(query).all()
