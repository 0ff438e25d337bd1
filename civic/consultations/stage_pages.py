"""Where a case with a process stands, as its page says it without asking the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for

from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.consultations.move_options import Option
from civic.consultations.stage_rows import StageEntry
from civic.kernel import i18n
from civic.kernel.i18n import gettext as _
from civic.kernel.permissions import Actor
from civic.procedures.phrases import length, say
from civic.procedures.schema import Text
from civic.procedures.snapshots import load_snapshot
from civic.processes import reading, terms
from civic.processes.schema import Process

#: Stages shown before the present one and after it: a phone has room for four.
BEFORE, AFTER = 1, 2
#: Of each vote there is one way on; the others are shown where a case has come to them.
APART = frozenset({terms.REJECTED, terms.INQUORATE, *terms.BESIDE})


def words(kept: Mapping[str, str]) -> str:
    """Return words of a case's own copy in the language of the page."""
    return Text(zh=kept.get("zh", ""), en=kept.get("en", "")).words(i18n.language())


def on_line(case: Consultation) -> list[dict[str, Any]]:
    """Return the stages of a case in order; of those apart only the one at which it stands.

    One beside the line stands after the stage from which the case came there.
    """
    every = case.process["data"]["stages"]
    found = [one for one in every if one["kind"] not in APART]
    present = stages.here(case)
    if present and present["kind"] in APART:
        came_from = present.get("back")
        codes = [one["code"] for one in found]
        place = codes.index(came_from) + 1 if came_from in codes else _next(every, present, found)
        found.insert(place, present)
    return found


def _next(every: list[dict[str, Any]], present: dict[str, Any], found: list[dict[str, Any]]) -> int:
    """Return the place of what stands behind a stage in the data."""
    before = every[: every.index(present)]
    return sum(1 for one in found if one in before)


def _place(case: Consultation, line: list[dict[str, Any]]) -> int:
    return next((n for n, one in enumerate(line) if one["code"] == case.stage), 0)


def line(case: Consultation) -> list[dict[str, str]]:
    """Return the present stage with what lies around it."""
    every = on_line(case)
    place = _place(case, every)
    first = max(0, min(place - BEFORE, len(every) - 1 - BEFORE - AFTER))
    shown = every[first : max(place + AFTER, first + BEFORE + AFTER) + 1]
    return [
        {
            "name": words(one["title"]),
            "state": "done" if number < place else "current" if number == place else "later",
            "when": _when(case) if number == place else "",
        }
        for number, one in enumerate(shown, first)
    ]


def _when(case: Consultation) -> str:
    ends = stages.until(case)
    if ends is not None:
        return _("until %(day)s at least", day=i18n.last_day(ends))
    return _("since %(day)s", day=i18n.day(case.stage_since)) if case.stage_since else ""


def way(case: Consultation) -> dict[str, str] | None:
    """Say by which process a case goes and how far it is; None for one that goes by its dates."""
    if case.stage is None:
        return None
    every = on_line(case)
    return {
        "text": _(
            "Step %(step)d of %(steps)d by “%(process)s”.",
            step=_place(case, every) + 1,
            steps=len(every),
            process=words(case.process["data"]["title"]),
        ),
        "url": url_for("ways.show", consultation_id=case.id),
    }


def left(case: Consultation, now: datetime) -> str:
    """Say how long the present stage lasts at least."""
    ends = stages.until(case)
    return i18n.remaining(ends) if ends is not None and ends > now else ""


def dates(case: Consultation, now: datetime) -> list[dict[str, object]]:
    """Return the dates of the present stage."""
    title = here(case)
    found: list[dict[str, object]] = []
    if case.stage_since is not None:
        found.append({"title": title, "at": case.stage_since, "state": "past", "text": ""})
    ends = stages.until(case)
    if ends is not None:
        state = "past" if ends <= now else "later"
        name = _("“%(stage)s” lasts until then at least", stage=title)
        when = i18n.last_day(ends)
        found.append({"title": name, "when": when, "state": state, "text": ""})
    return found


def here(case: Consultation) -> str:
    """Return the name of the present stage."""
    present = stages.here(case)
    return words(present["title"]) if present else case.stage or ""


def whole(case: Consultation) -> list[dict[str, str]]:
    """Return every stage of the line, for the page that shows the whole way."""
    every = on_line(case)
    place = _place(case, every)
    return [
        {
            "title": words(one["title"]),
            "state": "past" if number < place else "now" if number == place else "later",
            "when": _when(case) if number == place else _lasts(case, one),
            "text": "",
        }
        for number, one in enumerate(every)
    ]


def _lasts(case: Consultation, one: Mapping[str, Any]) -> str:
    kept = case.process.get("procedure")
    found = reading.length_of(one)
    if found is None:
        return ""
    own = getattr(load_snapshot(kept).procedure.times, found.key) if kept and found.key else None
    period = own or found.period
    return _("at least %(length)s", length=length(period)) if period else ""


def done(process: Process, entry: StageEntry) -> dict[str, object]:
    """Return what was done, for the history."""
    origin, to = process.by_code.get(entry.origin), process.by_code.get(entry.stage)
    move = process.find(entry.origin, entry.act)
    return {
        "title": say(move.title) if move else entry.act,
        "at": entry.at,
        "post": entry.post or _("by the clock"),
        "origin": say(origin.title) if origin else entry.origin,
        "to": say(to.title) if to else entry.stage,
        "reason": entry.reason,
        "two": entry.confirmed_by is not None,
    }


def act(option: Option, actor: Actor) -> dict[str, object]:
    """Return an act that can be done next, with what it still lacks."""
    held = option.proposal
    return {
        "code": option.move.act,
        "title": say(option.move.title),
        "to": say(option.to.title),
        "lacks": option.lacks,
        "beside": option.to.beside,
        "second": option.move.second,
        "needs_reason": option.move.reason,
        "proposed": held is not None,
        "proposed_at": held.at if held else None,
        "proposed_post": held.post if held else "",
        "reason": held.reason if held else "",
        "mine": held is not None and held.by == actor.person_id,
    }
