"""What comes of a case, in the words of its pages."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.consultations.models import Consultation
from civic.identities.names import GONE
from civic.outcomes import carrying_out, participating, rating
from civic.outcomes.models import Rating, RatingRound, Resolution, ResolutionObjection, Task
from civic.outcomes.rules import rules
from civic.outcomes.words import VERDICTS


def percent(share: Fraction) -> int:
    """Return a share in whole hundredths, rounded down: what is not done is never shown as done."""
    return int(share * 100)


def sheet(found: Resolution, now: datetime) -> dict[str, Any]:
    """Return a resolution as its page shows it."""
    return {
        "edition": found.edition,
        "title": found.title,
        "body": found.body,
        "outcome": found.outcome,
        "participation": participating.lines(found.participation),
        "came": [name for name, came in found.invited.get("named", []) if came],
        "stayed_away": [name for name, came in found.invited.get("named", []) if not came],
        "contact": found.contact,
        "office": found.office,
        "published_at": found.published_at,
        "until": found.display_until,
        "open": found.display_until is not None and now < found.display_until,
    }


def objections(found: Sequence[ResolutionObjection], now: datetime) -> list[dict[str, Any]]:
    """Return objections as a list shows them; their authors must have been loaded."""
    return [
        {
            "id": one.id,
            "author": GONE if one.person.closed_at is not None else one.person.public_name,
            "words": one.words,
            "hidden": one.hidden_by is not None,
            "at": one.at,
            "due_at": one.due_at,
            "late": one.answered_at is None and one.due_at <= now,
            "answer": one.answer,
            "office": one.answer_office,
            "answered_at": one.answered_at,
            "alone": one.alone,
            "written_by": one.written_by,
        }
        for one in found
    ]


def tasks(case: Consultation, now: datetime) -> dict[str, Any]:
    """Return the tasks of a case with what was reported of each, and how far all are.

    Those of a resolution that a later vote overtook are shown, last, and are not reckoned with.
    """
    every, found = carrying_out.tasks(case.id), carrying_out.in_force(case)
    said = carrying_out.steps(case.id) if every else {}
    old = [one for one in every if one not in found]
    # What is not done comes first, the earliest due before the others.
    shown = sorted(found, key=lambda one: (one.done_at is not None, one.due_at, one.id))
    weight = sum(one.weight for one in found)
    done = sum(one.weight * one.progress for one in found)
    return {
        "overall": percent(carrying_out.overall(weight, done)),
        "late": sum(carrying_out.late(one, now) for one in found),
        "rows": [
            task(one, now) | {"steps": said.get(one.id, []), "overtaken": one in old}
            for one in [*shown, *old]
        ],
        "in_force": bool(found),
        "done": bool(found) and all(one.done_at is not None for one in found),
    }


def task(one: Task, now: datetime) -> dict[str, Any]:
    """Return a task as a list shows it."""
    late = carrying_out.late(one, now)
    if one.done_at is not None:
        state, badge = _("Done"), "done"
    elif late:
        state, badge = _("Overdue"), "stop"
    else:
        state, badge = _("In work"), "act"
    return {
        "id": one.id,
        "title": one.title,
        "body": one.body,
        "helpers": one.helpers,
        "weight": one.weight,
        "progress": one.progress,
        "due_at": one.due_at,
        "done_at": one.done_at,
        "late": late,
        "again": one.again,
        "state": state,
        "badge": badge,
    }


def rounds(found: RatingRound, now: datetime) -> dict[str, Any]:
    """Return a round of ratings; numbers only once it has ended and enough have rated."""
    counts = found.figures if found.ended_at else {}
    everybody = sum(counts.values())
    enough = everybody >= rules().smallest
    return {
        "second": found.second,
        "opens_at": found.opens_at,
        "until": found.until,
        "running": rating.running(found, now),
        "ended": found.ended_at is not None,
        "over": found.ended_at is None and found.until <= now,
        "reopened": found.reopened,
        "enough": enough,
        "least": rules().smallest,
        "all": everybody if enough else 0,
        "rows": [
            {"label": words, "count": counts[code], "kind": ""} for code, words in VERDICTS.items()
        ]
        if enough
        else [],
    }


def said(found: Sequence[Rating]) -> list[dict[str, Any]]:
    """Return words of ratings, without whose they are and in no order that tells it."""
    shown = [one for one in found if one.words or one.hidden_by]
    return [
        {
            "id": one.id,
            "verdict": VERDICTS[one.verdict],
            "words": one.words,
            "hidden": one.hidden_by is not None,
        }
        for one in sorted(shown, key=lambda one: (one.verdict, one.words))
    ]


def address(page: str, slug: str, case_id: int) -> str:
    """Return the address of a page of what comes of a case."""
    return url_for(f"outcomes.{page}", community=slug, consultation_id=case_id)
