"""Pages of an application while it is written: one step after the other, each saved by itself."""

from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, db, money, require, see_other
from civic.api import gettext as _
from civic_incubator import calls, drafts, questions, registry
from civic_incubator.manifest import plugin
from civic_incubator.models import Application
from civic_incubator.pages import check_seen, done, known_call, show
from civic_incubator.steps import (
    ANSWERS,
    BUDGET,
    HAND_IN,
    PARTNERS,
    READ,
    SAVE,
    STEPS,
    STORED,
    Typed,
)
from civic_incubator.words import said, titles

#: Empty lines of a budget that are offered below those that are filled in.
BLANK = 3


@plugin.post("/calls/<int:call_id>/apply")
@require("incubator.propose")
def apply(call_id: int) -> ResponseReturnValue:
    """Begin an application."""
    found = known_call(call_id)
    chosen = request.form.get("organisation", type=int) or 0
    made = drafts.start(g.actor, found, registry.organisation(g.community, chosen))
    done(_("The application is begun. Each step is kept when you go on."))
    return see_other(url_for(".step", application_id=made.id, step=PARTNERS))


@plugin.get("/applications/<int:application_id>/<any(partners,answers,budget,submit):step>")
@require("incubator.propose")
def step(application_id: int, step: str) -> ResponseReturnValue:
    """Show a step of an application with what is kept of it."""
    found = drafts.application(g.community, application_id)
    drafts.check_editable(g.actor, found)
    return _step(found, step, Typed(STORED[step](found)))


@plugin.post("/applications/<int:application_id>/<any(partners,answers,budget):step>")
@require("incubator.propose")
def save(application_id: int, step: str) -> ResponseReturnValue:
    """Save a step; where that is refused, all that was typed stands in its fields again."""
    found = drafts.application(g.community, application_id)
    typed = READ[step](found)
    if not registry.speaks_for(g.actor, found.organisation_id):
        drafts.check_editable(g.actor, found)
    if typed.wrong:
        return _step(found, step, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    version = request.form.get("version", 0, type=int)
    try:
        SAVE[step](g.actor, found, version, typed.meant)
    except Refused as refused:
        db.session.rollback()
        theirs = STORED[step](found) if refused.code == "version" else None
        return _step(found, step, typed, str(refused), refused.status, theirs)
    done(_("Kept."))
    onwards = step if "stay" in request.form else STEPS[STEPS.index(step) + 1]
    return see_other(url_for(".step", application_id=application_id, step=onwards))


@plugin.post("/applications/<int:application_id>/submit")
@require("incubator.propose")
def submit(application_id: int) -> ResponseReturnValue:
    """Hand an application in."""
    found = drafts.application(g.community, application_id)
    version = request.form.get("version", 0, type=int)
    try:
        drafts.submit(g.actor, found, version)
    except Refused as refused:
        db.session.rollback()
        check_seen(found)
        return _step(found, HAND_IN, Typed({}), str(refused), refused.status)
    done(_("It is handed in as No. %(number)d, and stays as it is.", number=found.number))
    return see_other(url_for(".application", application_id=application_id))


def _step(
    found: Application,
    step: str,
    typed: Typed,
    error: str = "",
    status: int = HTTPStatus.OK,
    theirs: dict[str, str] | None = None,
) -> ResponseReturnValue:
    return show(
        f"step_{step}",
        status,
        application=found,
        call=found.call,
        takes=calls.takes(found.call),
        step=step,
        steps=_steps(found, step),
        typed=typed.fields,
        wrong=typed.wrong,
        error=error,
        theirs=_told(found, step, theirs, typed.fields) if theirs else (),
        partners=drafts.partners(found.call),
        rows=[(row, said(row)) for row in found.call.form],
        said=said,
        limit=questions.limit,
        required=questions.required,
        kinds=titles("budget", "line"),
        lines=range(1, min(_count(typed.fields) + BLANK, drafts.MOST_LINES) + 1),
        lacks=drafts.lacks(found) if step == HAND_IN else (),
        money=money.shown,
    )


def _steps(found: Application, here: str) -> list[tuple[str, str, bool]]:
    names = {
        PARTNERS: _("Project and partners"),
        ANSWERS: _("Questions"),
        BUDGET: _("Budget"),
        HAND_IN: _("Look again and hand in"),
    }
    return [
        (names[code], url_for(".step", application_id=found.id, step=code), code == here)
        for code in STEPS
    ]


def _told(
    found: Application, step: str, theirs: dict[str, str], mine: dict[str, str]
) -> list[tuple[str, str]]:
    """Return what somebody else has saved where it is not what was typed, with its name."""
    names = {"title": _("Name of the project"), "worker": _("Social worker"), "agency": _("Agency")}
    names |= {row["code"]: said(row) for row in found.call.form} | {"partner": _("Community")}
    if step == BUDGET:
        kinds = titles("budget", "line")
        return [
            (kinds[line.kind], f"{line.text} · {money.shown(line.fen)}") for line in found.lines
        ]
    partner = found.partner.name if found.partner is not None else "–"
    return [
        (names[key], partner if key == "partner" else text)
        for key, text in theirs.items()
        if text != mine.get(key, "") and key in names
    ]


def _count(fields: dict[str, str]) -> int:
    """Return how many lines of a budget were typed."""
    numbers = [int(key.removeprefix("fen_")) for key in fields if key.startswith("fen_")]
    return max((n for n in numbers if fields[f"fen_{n}"] or fields[f"text_{n}"]), default=0)
