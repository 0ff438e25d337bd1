"""Procedures in the words of their pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.kernel import clock
from civic.kernel.periods import Holidays
from civic.procedures import bundles, dates, services, terms
from civic.procedures.dates import Due
from civic.procedures.models import ProcedureVersion
from civic.procedures.phrases import day, length, say
from civic.procedures.schema import Procedure
from civic.procedures.words import Line, describe

CONFIRMED, UNCONFIRMED, NOT_NEEDED = "confirmed", "unconfirmed", "not_needed"
SHORT = {
    terms.STATUTORY: _l("Binding by law"),
    terms.SELF_GOVERNANCE: _l("Self-governance"),
    terms.ADVISORY: _l("Advice"),
    terms.MIRROR: _l("Copy of an official result"),
}
DUES = {
    "topics": _l("Topics are handed in by"),
    "notice": _l("The notice hangs by"),
    "told": _l("Told by: %(whom)s"),
    "result": _l("The result is shown by"),
    "display": _l("It is shown at least until"),
    "objections": _l("Objections of that day are answered by"),
}


@dataclass(frozen=True)
class Row:
    """Be a version as a row of a list, in words."""

    title: str
    url: str
    about: str
    number: int
    binding: str
    state: str
    ended: str
    review: str
    review_late: bool
    adopted_by: str


def row(version: ProcedureVersion) -> Row:
    """Return a version as a row of a list; its confirmation must have been loaded."""
    procedure = services.procedure_of(version)
    today = services.today()
    ended = version.valid_to is not None and version.valid_to < today
    late = version.review_on is not None and version.review_on < today
    return Row(
        title=say(procedure.title),
        url=url_for("procedures.show", code=version.code, number=version.number),
        about=say(procedure.about),
        number=version.number,
        # Of the past it is said what it was, and not what it would be today.
        binding=str(SHORT[procedure.binding if ended else services.binding_of(version)]),
        state=state(version, procedure),
        ended=day(version.valid_to) if ended and version.valid_to else "",
        review=day(version.review_on) if version.review_on else "",
        review_late=late,
        adopted_by=version.adopted_by,
    )


def state(version: ProcedureVersion, procedure: Procedure) -> str:
    """Return in one code whether the legal officer has confirmed a version, or need not."""
    if version.confirmation is not None:
        return CONFIRMED
    return UNCONFIRMED if procedure.binding == terms.STATUTORY else NOT_NEEDED


def sheet(version: ProcedureVersion) -> dict[str, Any]:
    """Return what the page of a version shows."""
    procedure = services.procedure_of(version)
    shown = row(version)
    return {
        "row": shown,
        "lines": describe(
            procedure, confirmed=version.confirmation is not None or bool(shown.ended)
        ),
        "source": _source(version),
        "loaded_at": version.loaded_at,
        "fingerprint": version.fingerprint,
        "confirmation": version.confirmation,
    }


def _source(version: ProcedureVersion) -> str:
    if version.source == bundles.CORE:
        return _("It came with the platform, as version %(number)s there.", number=version.bundled)
    if version.adopted_by:
        return _("Adopted by: %(body)s.", body=version.adopted_by)
    return _(
        "It came with the plugin “%(name)s”, as version %(number)s there.",
        name=version.source,
        number=version.bundled,
    )


@dataclass(frozen=True)
class Change:
    """Be one thing that a version says differently from the one before."""

    title: str
    gone: list[str]
    come: list[str]


def changes(old: Sequence[Line], new: Sequence[Line]) -> list[Change]:
    """Return what changed from one reading of a procedure to another, by subject."""
    before, after = ({line.code: line for line in lines} for lines in (old, new))
    found = []
    for code in dict.fromkeys([*after, *before]):
        was = before[code].texts if code in before else []
        now = after[code].texts if code in after else []
        change = Change(
            (after.get(code) or before[code]).title,
            [text for text in was if text not in now],
            [text for text in now if text not in was],
        )
        if change.gone or change.come:
            found.append(change)
    return found


def history(versions: Sequence[ProcedureVersion]) -> list[dict[str, Any]]:
    """Return the versions of a procedure, the newest first, and what each changed."""
    # What depends on whether it is confirmed is no difference between the texts.
    readings = [describe(services.procedure_of(one), confirmed=True) for one in versions]
    return [
        {
            "row": row(version),
            "loaded_at": version.loaded_at,
            "confirmation": version.confirmation,
            "changes": changes(readings[place + 1], readings[place])
            if place + 1 < len(versions)
            else [],
            "first": place + 1 == len(versions),
        }
        for place, version in enumerate(versions)
    ]


def calendar(procedure: Procedure, on: date, holidays: Holidays) -> list[dict[str, str]]:
    """Return the legal dates around a vote on a day, or why one cannot be reckoned."""
    begins = datetime.combine(on, time(), clock.ZONE)
    return around(procedure, begins, begins + timedelta(days=1, microseconds=-1), holidays)


def around(
    procedure: Procedure, begins: datetime, ends: datetime, holidays: Holidays
) -> list[dict[str, str]]:
    """Return the legal dates around a vote between two moments; the result is shown in time."""
    found = [
        *dates.before(procedure, begins, holidays),
        *dates.after_close(procedure, ends, holidays),
    ]
    closes = clock.local(ends).date()
    shown = next((due.day for due in found if due.code == "result" and due.day), closes)
    hangs = datetime.combine(shown, time(), clock.ZONE)
    found += [
        *dates.after_result(procedure, hangs, holidays),
        *dates.after_objection(procedure, hangs, holidays),
    ]
    return [_due(due) for due in found]


def _due(due: Due) -> dict[str, str]:
    title = str(DUES[due.code])
    return {
        "title": title % {"whom": say(due.whom)} if due.whom else title,
        "day": day(due.day) if due.day else "",
        "length": length(due.period),
        "missing": str(due.missing or ""),
    }


def rows(versions: Iterable[ProcedureVersion]) -> list[Row]:
    """Return versions as rows of a list."""
    return [row(version) for version in versions]
