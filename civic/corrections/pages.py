"""Corrections in the words of their pages."""

from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _

from civic.corrections import targets
from civic.corrections.models import DECIDED, GATHERING, REFUSED, Correction, Recount
from civic.corrections.phrases import BASES, NOTES, STATES, VERDICTS
from civic.corrections.rules import rules
from civic.identities.names import GONE
from civic.kernel import clock, i18n
from civic.kernel.db import db
from civic.procedures.phrases import say
from civic.voting.models import Ballot

#: Kinds of badges by state.
BADGES = {GATHERING: "act", DECIDED: "done", REFUSED: "stop"}


def row(found: Correction) -> dict[str, Any]:
    """Return a correction as a row of a list."""
    return {
        "id": found.id,
        "title": found.title,
        "kind": say(rules().kinds[found.kind].title),
        "target": say(rules().targets[found.target]),
        "state": STATES[found.state],
        "badge": BADGES.get(found.state, ""),
        "at": found.raised_at,
        "effect": say(rules().effects[found.effect]) if found.decided_at and found.effect else "",
    }


def over(found: Correction) -> bool:
    """Tell whether the time for signatures is over, though nobody has noted it yet."""
    until = found.gather_until
    return found.state == GATHERING and until is not None and clock.now() >= until


def sheet(found: Correction) -> dict[str, Any]:
    """Return what the page of a correction shows; its raiser must have been loaded."""
    gone = found.raiser.closed_at is not None
    return row(found) | {
        "author": found.post or (GONE if gone else found.raiser.public_name),
        "words": found.words,
        "hidden": found.hidden_by is not None,
        "version": found.version,
        "fingerprint": found.fingerprint,
        "url": targets.url(g.community.slug, found.target, found.subject_id),
        "refusal": say(rules().refusals[found.refusal]) if found.refusal else "",
        "admission": found.admission,
        "suspends": found.suspends,
        "findings": found.findings,
        "decided": _decided(found) if found.decided_at else None,
        "petition": petition(found) if found.gather_until else None,
        "timeline": timeline(found),
        "due_at": found.due_at,
    }


def _decided(found: Correction) -> dict[str, Any]:
    assert found.effect is not None  # noqa: S101 - the database says so
    kind, words = NOTES[found.effect]
    return {
        "kind": kind,
        "words": words,
        "note": found.note,
        "reason": found.reason,
        "at": found.decided_at,
        "alone": found.alone,
        "made": found.made,
        "ballot": db.session.get(Ballot, found.made["ballot"]) if "ballot" in found.made else None,
    }


def petition(found: Correction) -> dict[str, Any]:
    """Return how far a petition is: signatures, and how many are enough, by whose they are."""
    return {
        "lines": [
            {
                "name": BASES[of],
                "signed": found.signed[of],
                "needed": share.needed(found.bases[of]),
                "base": found.bases[of],
            }
            for of, share in rules().petition.items()
            if found.bases[of]
        ],
        "until": found.gather_until,
    }


def recount(found: Correction) -> dict[str, Any] | None:
    """Return how votes were counted again, or None where they were not."""
    done = db.session.get(Recount, found.id)
    if done is None:
        return None
    return {
        "equal": done.equal,
        "verdict": VERDICTS[done.verdict],
        "bundle": done.bundle,
        "counted_by": done.counted_by,
        "counted_at": done.counted_at,
        "confirmed_at": done.confirmed_at,
        "ballot_id": done.ballot_id,
        "cast": done.result["cast"],
    }


def timeline(found: Correction) -> list[dict[str, Any]]:
    """Return what happened, by date, and what is still to come by when."""
    items: list[dict[str, Any]] = []

    def add(at: datetime | None, title: str, text: str = "") -> None:
        if at is not None:
            items.append({"title": title, "at": at, "text": text, "state": "past"})

    add(found.raised_at, _("Raised"), found.post)
    add(found.supported_at, _("Signed by enough"))
    if found.state == REFUSED:
        add(found.admitted_at, _("Not taken up"))
    else:
        rests = found.suspends
        add(found.admitted_at, _("Taken up"), _("The matter rests meanwhile.") if rests else "")
    add(found.examined_at, _("Examined"))
    add(found.decided_at, _("Decided by two people"))
    if found.due_at is not None:
        when = i18n.deadline(found.due_at)
        items.append(
            {"title": _("The next step is due"), "when": when, "text": "", "state": "later"}
        )
    return items
