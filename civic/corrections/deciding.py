"""Decide on corrections: admit or refuse, suspend or not, examine, propose, decide by another."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.consultations import figures
from civic.corrections import effects, suspending
from civic.corrections.holders import others
from civic.corrections.models import (
    ADMITTED,
    DECIDED,
    EXAMINED,
    RAISED,
    REFUSED,
    Correction,
)
from civic.corrections.rules import rules
from civic.corrections.services import LONGEST, locked, recorded
from civic.kernel import clock, holidays, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, veto
from civic.voting.roll_call import second_person

#: The number that a case carries of corrections that are not decided.
FIGURE = "corrections_open"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Hold what one person proposes to decide.

    :ivar note: what everybody will read on the target.
    :ivar change: words that take the place of others, by field.
    """

    effect: str
    reason: str
    note: str
    change: dict[str, Any] = field(default_factory=dict)


def admit(
    actor: Actor, community: Community, correction_id: int, *, suspends: bool, reason: str
) -> Correction:
    """Take a correction up, and say whether what it is against rests meanwhile.

    :raises Refused: `state`, `reason`, or `suspended` where the case cannot rest.
    """
    found = _at(community, correction_id, RAISED)
    found.admission = _words(reason)
    found.state, found.suspends = ADMITTED, suspends
    found.admitted_by, found.admitted_at = actor.person_id, clock.now()
    found.due_at = holidays.end_of(clock.now(), rules().examination)
    if found.consultation_id is not None:
        figures.add(found.consultation_id, FIGURE)
        if suspends:
            suspending.suspend(actor, community, found)
    recorded("correction.admitted", actor, found, suspends=suspends)
    db.session.flush()
    return found


def refuse(
    actor: Actor, community: Community, correction_id: int, *, code: str, reason: str
) -> Correction:
    """Refuse to take a correction up, with a coded reason that everybody reads.

    :raises Refused: `state` or `reason`.
    """
    found = _at(community, correction_id, RAISED)
    if code not in rules().refusals:
        raise Refused("reason", _l("Please choose a reason, and say it in words."))
    found.admission = _words(reason)
    found.state, found.refusal = REFUSED, code
    found.admitted_by, found.admitted_at = actor.person_id, clock.now()
    found.due_at = None
    recorded("correction.refused", actor, found, code=code)
    db.session.flush()
    return found


def examine(
    actor: Actor,
    community: Community,
    correction_id: int,
    *,
    findings: str,
    errors: dict[str, Any] | None = None,
) -> Correction:
    """Keep what was found; it can be written anew until a decision is proposed.

    :param errors: of a roll: numbers of rights `admitted` wrongly, how many were `excluded`.
    :raises Refused: `state` or `reason`.
    """
    found = _at(community, correction_id, ADMITTED, EXAMINED)
    _not_proposed(found)
    found.findings, found.errors = _words(findings), errors or {}
    found.state, found.examined_by, found.examined_at = EXAMINED, actor.person_id, clock.now()
    recorded("correction.examined", actor, found, errors=found.errors)
    db.session.flush()
    return found


def propose(
    actor: Actor, community: Community, correction_id: int, proposal: Proposal
) -> Correction:
    """Propose a decision; nothing happens until another person takes it.

    :raises Refused: `state`, `effect`, `reason`, `note`, or what the effect itself is refused for.
    """
    found = _at(community, correction_id, EXAMINED)
    if proposal.effect not in rules().effects_of(found.kind, found.target):
        raise Refused("effect", _l("Please choose what follows of it."))
    found.reason, found.note = _words(proposal.reason), _words(proposal.note, "note")
    found.effect, found.change = proposal.effect, proposal.change
    found.proposed_by, found.proposed_at = actor.person_id, clock.now()
    effects.check(actor, community, found)
    recorded("correction.proposed", actor, found, effect=found.effect)
    db.session.flush()
    return found


def withdraw(actor: Actor, community: Community, correction_id: int) -> Correction:
    """Take a proposal back or send it back, so that another can be made.

    :raises Refused: `state` or `not_proposed`.
    """
    found = _at(community, correction_id, EXAMINED)
    if found.proposed_by is None:
        raise _nothing()
    found.effect, found.proposed_by, found.proposed_at = None, None, None
    recorded("correction.sent_back", actor, found)
    db.session.flush()
    return found


def decide(
    actor: Actor, community: Community, correction_id: int, *, alone: str = ""
) -> Correction:
    """Take the decision that another person proposed, and do what follows of it.

    Whoever is answerable for the target decides only where nobody else can, and says so.

    :raises Refused: `state`, `not_proposed`, `second_person`, `answerable`, or what the effect is
        refused for.
    """
    found = _at(community, correction_id, EXAMINED)
    if found.proposed_by is None:
        raise _nothing()
    if actor.person_id is None or actor.person_id == found.proposed_by:
        raise second_person()
    if actor.person_id == found.answerable_id:
        if others(community, {found.proposed_by, actor.person_id}):
            raise Refused(
                "answerable",
                _l("You are answerable for what this is against. Somebody else has to decide."),
                HTTPStatus.FORBIDDEN,
            )
        found.alone = _words(alone, "alone")
    veto(actor, "corrections.manage", found)
    found.made = effects.carry_out(actor, community, found) or {}
    found.state, found.decided_by, found.decided_at = DECIDED, actor.person_id, clock.now()
    found.due_at = None
    if found.consultation_id is not None:
        figures.add(found.consultation_id, FIGURE, -1)
        figures.add(found.consultation_id, "corrections_decided")
        suspending.resume(actor, community, found)
    recorded("correction.decided", actor, found, effect=found.effect, made=found.made)
    db.session.flush()
    return found


def _at(community: Community, correction_id: int, *states: str) -> Correction:
    found = locked(community, correction_id)
    if found.state not in states:
        raise Refused(
            "state",
            _l("This correction stands elsewhere by now. Please look at its page again."),
            HTTPStatus.CONFLICT,
        )
    return found


def _not_proposed(found: Correction) -> None:
    if found.proposed_by is not None:
        raise Refused(
            "proposed",
            _l("A decision is proposed already. Please send it back first."),
            HTTPStatus.CONFLICT,
        )


def _nothing() -> Refused:
    return Refused("not_proposed", _l("Nobody has proposed a decision yet."), HTTPStatus.CONFLICT)


def _words(words: str, code: str = "reason") -> str:
    words = text.plain(words)
    if not words or len(words) > LONGEST:
        raise Refused(code, _l("Please say it in words that everybody can read, at most 4,000."))
    return words
