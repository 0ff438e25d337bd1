"""What applicants claim, verified by people; and applications that look like doubles."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sqlalchemy import ColumnElement, func, select

from civic.api import Actor, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import allocating
from civic_rental.allocation_models import FIXED, Allocation
from civic_rental.application_models import (
    CLAIMED,
    REFUSED,
    SET_ASIDE,
    SUBMITTED,
    VERIFIED,
    Applicant,
    Doubles,
    Ground,
)
from civic_rental.manifest import plugin

LONGEST = 500
PHONE, ADDRESS = "phone", "address"
KEYS = {PHONE: Applicant.phone_key, ADDRESS: Applicant.address_key}


def tier_of(verified: Iterable[str], tiers: Sequence[Mapping[str, Any]]) -> str:
    """Return the first tier all of whose claims are verified; the last one needs none."""
    here = set(verified)
    return str(next(tier["code"] for tier in tiers if set(tier["claims"]) <= here))


def verified(which: Applicant) -> list[str]:
    """Return what was verified of an application."""
    return [ground.kind for ground in which.grounds if ground.state == VERIFIED]


def _may_decide(actor: Actor, which: Applicant) -> None:
    if which.person_id == actor.person_id:
        message = _l("Somebody else of the office decides on your own application.")
        raise Refused("own", message, HTTPStatus.FORBIDDEN)
    if which.allocation.state != FIXED or which.state != SUBMITTED:
        message = _l(
            "This can be decided from when an application is handed in until the list is frozen."
        )
        raise Refused("not_now", message, HTTPStatus.CONFLICT)


def decide(actor: Actor, which: Applicant, kind: str, *, holds_true: bool, reason: str) -> Ground:
    """Say of a claim whether it is so, in the name of a post: an official act.

    A decision can be changed until the list is frozen; whoever changes it stands there then.

    :raises Refused: `own`, `not_now`, `no_claim`, `reason` where a claim is refused without one.
    """
    allocating.locked(which.allocation)
    db.session.refresh(which)
    _may_decide(actor, which)
    found = next((ground for ground in which.grounds if ground.kind == kind), None)
    if found is None:
        raise Refused("no_claim", _l("This was not claimed."), HTTPStatus.NOT_FOUND)
    if not holds_true and not reason:
        message = _l("Please say why it does not count; the applicant reads it.")
        raise Refused("reason", message)
    found.state = VERIFIED if holds_true else REFUSED
    found.reason, found.decided_at, found.decided_by = reason, clock.now(), actor.person_id
    found.office = actor.office_at(which.community.path)
    db.session.flush()
    plugin.audit(
        "claim_decided",
        community=which.community,
        subject=f"rental_applicant:{which.id}",
        actor=actor,
        data={"claim": kind, "verified": holds_true},
    )
    if not holds_true and which.person_id is not None:
        plugin.tell(
            "claim_refused",
            community=which.community,
            subject=f"applicant:{which.id}:{kind}",
            people={which.person_id},
            values={"id": which.id, "title": which.allocation.title},
        )
    return found


def undecided(which: Allocation) -> int:
    """Return how many claims of an allocation nobody has decided."""
    query = select(func.count(Ground.id)).join(Applicant, Applicant.id == Ground.applicant_id)
    query = query.where(Applicant.allocation_id == which.id, Applicant.state == SUBMITTED)
    return db.session.scalar(query.where(Ground.state == CLAIMED)) or 0


@dataclass(frozen=True)
class Group:
    """Be applications that share a telephone number or an address.

    :ivar settled: whether people have decided that all of these stay.
    """

    kind: str
    key: str
    members: tuple[Applicant, ...]
    settled: bool

    @property
    def numbers(self) -> list[int]:
        """Return the receipt numbers."""
        return sorted(one.number or 0 for one in self.members)


def doubles(which: Allocation) -> list[Group]:
    """Return the groups of applications that share something; the machine decides on none."""
    found = []
    decided = db.session.scalars(select(Doubles).filter_by(allocation_id=which.id)).all()
    for kind, column in KEYS.items():
        rows: dict[str, list[Applicant]] = {}
        for one in db.session.scalars(_sharing(which, column)):
            rows.setdefault(getattr(one, column.key), []).append(one)
        for key, members in rows.items():
            numbers = {one.number for one in members}
            settled = any(numbers <= set(row.stays) for row in decided if row.kind == kind)
            found.append(Group(kind, key, tuple(members), settled))
    return found


def _sharing(which: Allocation, column: Any) -> Any:  # noqa: ANN401 - a column, and a statement
    live: ColumnElement[bool] = Applicant.state == SUBMITTED
    shared = (
        select(column)
        .where(Applicant.allocation_id == which.id, live, column != "")
        .group_by(column)
        .having(func.count() > 1)
    )
    return (
        select(Applicant)
        .where(Applicant.allocation_id == which.id, live, column.in_(shared))
        .order_by(Applicant.number)
    )


def resolve(
    actor: Actor, which: Allocation, kind: str, key: str, stays: Sequence[int], reason: str
) -> Doubles:
    """Decide which applications of a group stay; the others are set aside: an official act.

    :raises Refused: `no_group`, `own` for who applies in it, `open` while more may come in,
        `stays` where none would stay, `reason`.
    """
    allocating.locked(which)
    if which.state != FIXED or clock.now() < which.closes_at:
        message = _l("This is decided after applications are over, and before the list is frozen.")
        raise Refused("open", message, HTTPStatus.CONFLICT)
    group = next((one for one in doubles(which) if (one.kind, one.key) == (kind, key)), None)
    if group is None:
        message = _l("There is no such group any more. Please look at the list again.")
        raise Refused("no_group", message, HTTPStatus.CONFLICT)
    if actor.person_id in {one.person_id for one in group.members}:
        message = _l("Somebody else of the office decides on your own application.")
        raise Refused("own", message, HTTPStatus.FORBIDDEN)
    if not stays or not set(stays) <= set(group.numbers):
        raise Refused("stays", _l("Please say which of them stay: one at least."))
    if not reason:
        raise Refused("reason", _l("Please say why; whoever is concerned reads it."))
    made = Doubles(
        allocation_id=which.id,
        kind=kind,
        numbers=group.numbers,
        stays=sorted(stays),
        reason=reason,
        at=clock.now(),
        by_id=actor.person_id,
        office=actor.office_at(which.community.path),
    )
    db.session.add(made)
    for one in group.members:
        if one.number not in stays:
            one.state, one.reason = SET_ASIDE, reason
    db.session.flush()
    plugin.audit(
        "doubles_decided",
        community=which.community,
        subject=allocating.subject(which),
        actor=actor,
        data={"shared": kind, "numbers": made.numbers, "stays": made.stays},
    )
    return made
