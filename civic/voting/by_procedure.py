"""What a ballot has of its procedure: the version it copied, what that binds, what came of it."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.procedures import rules, services, terms
from civic.procedures.models import ProcedureVersion
from civic.procedures.rules import Code, Outcome
from civic.procedures.schema import Procedure
from civic.procedures.sentences import sentence
from civic.procedures.snapshots import Snapshot, load_snapshot
from civic.procedures.thresholds import Bar
from civic.voting import kinds
from civic.voting.box import Paper
from civic.voting.models import Ballot

#: Units of rolls, by those of procedures.
UNITS = {
    "person": kinds.PERSON,
    "household": kinds.HOUSEHOLD,
    "owner": kinds.OWNER,
    "group": kinds.SEAT,
    "seat": kinds.SEAT,
    "member": kinds.SEAT,
}
#: Of no ballot: nothing is voted on.
NOT_HELD = frozenset({terms.NONE})


def of(ballot: Ballot) -> Snapshot | None:
    """Return the version of a procedure that a ballot has copied; None without one."""
    kept = ballot.rules.get("procedure") if ballot.fingerprint else ballot.procedure
    return load_snapshot(kept) if kept and "form" in kept else None


def held(procedure: Procedure) -> bool:
    """Tell whether a ballot can be held by a procedure."""
    return procedure.decision.kind not in NOT_HELD


def papers(procedure: Procedure) -> list[str]:
    """Return the kinds of paper that a procedure can count, its own first."""
    fitting = terms.FITTING[procedure.decision.kind]
    return sorted(
        fitting, key=lambda kind: (kind != procedure.ballot.kind, list(kinds.KINDS).index(kind))
    )


def renewed(ballot: Ballot) -> None:
    """Copy the procedure of a draft once more, with what was confirmed since.

    :raises Refused: `procedure_changed` where another version is in force by now.
    """
    kept = ballot.procedure
    if not kept or "form" not in kept:
        return
    version = _version(kept)
    if version is None:
        raise Refused(
            "procedure_changed",
            _l(
                "The procedure of this draft has changed since it was written. Open the draft, "
                "look at it again and keep it; then propose it anew."
            ),
            HTTPStatus.CONFLICT,
        )
    ballot.procedure = services.snapshot(version)


def _version(kept: Mapping[str, Any]) -> ProcedureVersion | None:
    """Return the version that a copy was made of, while it is the one in force."""
    holding = services.in_force()
    return next(
        (one for one in holding if (one.code, one.number) == (kept["id"], kept["number"])), None
    )


def binding(ballot: Ballot) -> str:
    """Say what the result of a ballot is; nothing without a procedure."""
    snapshot = of(ballot)
    return str(terms.BINDINGS[snapshot.binding]) if snapshot else ""


def outcomes(ballot: Ballot) -> dict[str, str]:
    """Say what came of a sealed ballot by its procedure, each item or option in one sentence.

    The key is an option's id, or `all` where nothing is for or against something; nothing is said
    where nothing was asked.
    """
    snapshot = of(ballot)
    if snapshot is None or (_as_a_whole(ballot, snapshot) and snapshot.procedure.quorum is None):
        return {}
    return {key: sentence(outcome) for key, outcome in decided(ballot).items()}


def verdict(ballot: Ballot) -> Code | None:
    """Return what a sealed ballot came to as a whole by its procedure; None without one.

    It passed where anything that was asked passed. One that only counts has counted where somebody
    took part, and where nobody did, too few have.
    """
    snapshot = of(ballot)
    if snapshot is None or ballot.sealed_at is None:
        return None
    found = {outcome.code for outcome in decided(ballot).values()}
    if not found:
        sizes = _sizes(ballot)
        found = {_outcome(snapshot.procedure, sizes, dict.fromkeys(sizes, (0, 0))).code}
    if Code.COUNTED in found and not ballot.turnout:
        return Code.INQUORATE
    for code in (Code.PASSED, Code.COUNTED, Code.FAILED):
        if code in found:
            return code
    return Code.INQUORATE


def _as_a_whole(ballot: Ballot, snapshot: Snapshot) -> bool:
    """Tell whether a ballot has one outcome, not one for each item or option."""
    return (
        ballot.kind not in {kinds.ONE, kinds.ITEMS}
        or snapshot.procedure.decision.kind != terms.THRESHOLD
    )


def decided(ballot: Ballot) -> dict[str, Outcome]:
    """Decide what came of a sealed ballot, by option's id or for `all` of it."""
    snapshot = of(ballot)
    if snapshot is None or ballot.sealed_at is None:
        return {}
    procedure = snapshot.procedure
    found = ballot.closing["result"]
    sizes = _sizes(ballot)
    if _as_a_whole(ballot, snapshot):
        if part := ballot.rules.get("part"):
            procedure, sizes = of_part(procedure, part), {part: sizes[terms.HEADS]}
        return {"all": _outcome(procedure, sizes, dict.fromkeys(sizes, (0, 0)))}
    numbers = [str(option["id"]) for option in ballot.rules["options"]]
    if ballot.kind == kinds.ONE:
        numbers = [str(one) for one in found["elected"] or []]
    return {
        number: _outcome(
            procedure, sizes, {measure: _sides(ballot, measure, number) for measure in sizes}
        )
        for number in numbers
    }


def of_part(procedure: Procedure, part: str) -> Procedure:
    """Return what a procedure asks of one of the groups that it weighs."""
    asked = procedure.quorum
    if asked is None:
        return procedure
    own = tuple(
        replace(one, demands=tuple(each for each in one.demands if each.measure == part))
        for one in asked.alternatives
    )
    return replace(procedure, quorum=Bar(own))


def _sizes(ballot: Ballot) -> dict[str, tuple[int, int]]:
    """Return by measure how much there is of the roll, and how much took part."""
    roll = ballot.closing["roll"]
    query = select(func.sum(Paper.heads), func.sum(Paper.area_cm2)).filter_by(ballot_id=ballot.id)
    heads, area = db.session.execute(query).one()
    found = {terms.HEADS: (roll["heads"], int(heads or 0))}
    if roll["area_cm2"] is not None:
        found[terms.AREA] = (roll["area_cm2"], int(area or 0))
    return found


def _sides(ballot: Ballot, measure: str, number: str) -> tuple[int, int]:
    """Return how much agrees with an item or option, and how much is against it."""
    found = ballot.closing["result"]
    figures = found["figures"] if measure == terms.HEADS else found["area_cm2"]
    if ballot.kind == kinds.ITEMS:
        return figures[number]["agree"], figures[number]["oppose"]
    return figures[number], sum(figures.values()) - figures[number]


def _outcome(
    procedure: Procedure,
    sizes: Mapping[str, tuple[int, int]],
    sides: Mapping[str, tuple[int, int]],
) -> Outcome:
    counts = {
        measure: rules.Count(
            entitled=everybody,
            participating=present,
            agreeing=sides[measure][0],
            opposing=sides[measure][1],
        )
        for measure, (everybody, present) in sizes.items()
    }
    return rules.decide(procedure, counts)
