"""Fix the rules of a ballot, once, and let nothing move but an announced close."""

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeAlias

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import by_procedure, canonical, figures, kinds, panels, readiness, standings
from civic.voting.models import Ballot, BallotExtension, BallotOption
from civic.voting.rolls import Roll

FORM = 1
FOLLOWERS = "civic_ballot_followers"
#: Told the id of a ballot and its new close.
Follower: TypeAlias = Callable[[int, datetime], None]


def rules_of(ballot: Ballot, options: Sequence[BallotOption], roll: Roll | None) -> dict[str, Any]:
    """Return all that a ballot promises, as its fingerprint covers it."""
    part = panels.part(ballot)
    return ({"part": part} if part else {}) | {
        "form": FORM,
        "ballot": ballot.id,
        "question": ballot.question,
        "kind": ballot.kind,
        "options": [
            {"id": option.id, "text": option.text, "cost": option.cost}
            for option in sorted(options, key=lambda option: option.position)
        ],
        "method": ballot.method,
        "seats": ballot.seats,
        "limits": kinds.KINDS[ballot.kind].limits | ballot.limits,
        "secrecy": ballot.secrecy,
        "shows": ballot.shows,
        "tie": ballot.tie,
        "changeable": ballot.changeable,
        "formal": ballot.formal,
        "rehearsal": ballot.rehearsal,
        "opens_at": ballot.opens_at.isoformat(),
        "closes_at": ballot.closes_at.isoformat(),
        "roll": _roll(ballot, roll),
        "procedure": ballot.procedure,
    }


def _roll(ballot: Ballot, roll: Roll | None) -> dict[str, Any]:
    if ballot.rehearsal and roll is None:
        return {
            "by": "rehearsal",
            "unit": kinds.PERSON,
            "measures": ["heads"],
            "heads_when_fixed": kinds.TEST_VOTERS,
        } | _test_areas(ballot)
    if roll is None:
        return {
            "by": "rule",
            "unit": kinds.PERSON,
            "measures": ["heads"],
            "audience": sorted(ballot.audience),
            "node": ballot.community_id,
            "heads_when_fixed": figures.people(ballot),
            "standing": standings.rule(ballot),
        }
    return {
        "by": "list",
        "unit": roll.unit,
        "measures": roll.measures,
        "rule": roll.rule,
        "heads": roll.heads,
        "area_cm2": roll.area_cm2,
    }


def _test_areas(ballot: Ballot) -> dict[str, Any]:
    """Let test voters own something where the procedure counts area."""
    if "area_cm2" not in ballot.procedure.get("data", {}).get("measures", ()):
        return {}
    areas = list(kinds.TEST_AREAS)
    return {"measures": ["heads", "area_cm2"], "areas_cm2": areas, "area_cm2": sum(areas)}


def fix(ballot: Ballot) -> str:
    """Take the fingerprint of a ballot; from now on the database lets none of it change.

    :returns: the fingerprint, which is published.
    :raises Refused: `fixed`, `method`, `limits`, `procedure` for one whose rule counts more than
        ballots, `part`, `procedure_changed`, or what `readiness` finds: of the roll, the
        procedure, the jury, the legal dates, or the plugins.
    """
    _check(ballot)
    by_procedure.renewed(ballot)
    options = db.session.scalars(select(BallotOption).filter_by(ballot_id=ballot.id)).all()
    roll = db.session.get_one(Roll, ballot.roll_id) if ballot.roll_id else None
    readiness.check(ballot, options, roll)
    ballot.rules = rules_of(ballot, options, roll)
    ballot.fingerprint = ballot.head = canonical.fingerprint(ballot.rules)
    ballot.fixed_at = clock.now()
    db.session.flush()
    return ballot.fingerprint


def fixed(ballot: Ballot) -> str:
    """Return the fingerprint of a ballot that is published with its case.

    It is taken now; of a formal ballot two people took it before.

    :raises Refused: as `fix`, or `two_people`.
    """
    if not ballot.formal:
        return fix(ballot)
    if ballot.fingerprint is None:
        raise Refused(
            "two_people",
            _l(
                "The vote of this case is a formal one. Two people open it first, on the page of "
                "the ballot; then the case can be published."
            ),
            HTTPStatus.CONFLICT,
        )
    return ballot.fingerprint


def _check(ballot: Ballot) -> None:
    db.session.flush()
    if ballot.fingerprint is not None:
        raise Refused("fixed", _l("The rules of this ballot are fixed already."))
    if ballot.method not in kinds.KINDS[ballot.kind].methods:
        raise Refused("method", _l("This kind of ballot is not counted in that way."))
    data = ballot.procedure.get("data", {})
    if data.get("silence_follows_majority"):
        raise Refused(
            "procedure", _l("This procedure counts what lies in no box: silence. Not here.")
        )
    if panels.groups(data) and not panels.part(ballot):
        raise Refused("part", _l("Please choose the group that scores here."))
    if not ballot.limits.keys() <= kinds.KINDS[ballot.kind].limits.keys():
        raise Refused("limits", _l("This kind of ballot has no such limit."))


def extend(actor: Actor, ballot: Ballot, until: datetime, reason: str) -> BallotExtension:
    """Let a running ballot close later, and say so in public.

    :raises Refused: `closed`, `earlier` or `reason`.
    """
    row = locked(ballot.id)
    if row.fingerprint is None or clock.now() >= row.closes_at:
        raise Refused("closed", _l("Only a running vote can be extended."), HTTPStatus.CONFLICT)
    if row.rehearsal:
        raise Refused("rehearsal", _l("A rehearsal is not extended; begin another one."))
    if until <= row.closes_at:
        raise Refused("earlier", _l("A vote can close later than announced, never earlier."))
    if not reason.strip():
        raise Refused("reason", _l("Please say why; everybody reads it."))
    assert actor.person_id is not None  # noqa: S101 - views ask for a permission
    made = BallotExtension(
        ballot_id=row.id,
        was=row.closes_at,
        closes_at=until,
        reason=reason.strip(),
        by=actor.person_id,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    row.closes_at = until
    for follow in current_app.extensions[FOLLOWERS]:
        follow(row.id, until)
    audit.append(
        "ballot.extended",
        person_id=actor.person_id,
        subject=f"ballot:{row.id}",
        community_id=row.community_id,
        data={"was": made.was.isoformat(), "closes_at": until.isoformat(), "reason": made.reason},
    )
    db.session.flush()
    return made


def locked(ballot_id: int) -> Ballot:
    """Return a ballot as it is now, locked until the transaction ends."""
    return db.session.scalars(
        select(Ballot).filter_by(id=ballot_id).with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    ).one()
