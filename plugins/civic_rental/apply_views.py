"""Pages of an application while it is written: one step after the other, each saved by itself."""

from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, db, see_other
from civic.api import gettext as _
from civic_rental import allocating, applying, handing_in
from civic_rental.allocation_views import allocation_page, known
from civic_rental.application_models import DRAFT, Applicant
from civic_rental.apply_steps import READ, SAVE, STORED, Typed
from civic_rental.applying import GROUNDS, HAND_IN, HOUSEHOLD, STEPS, WISHES, WORK
from civic_rental.draw_pages import applicants, refuse
from civic_rental.manifest import plugin
from civic_rental.pages import done, show
from civic_rental.words import data, said, titles

STEP = "/applications/<int:applicant_id>/<any(household,work,wishes,grounds,submit):step>"
SAVED = "/applications/<int:applicant_id>/<any(household,work,wishes,grounds):step>"


@plugin.post("/allocations/<int:allocation_id>/apply")
@applicants
def apply(allocation_id: int) -> ResponseReturnValue:
    """Begin an application."""
    found = known(allocation_id)
    try:
        made = applying.start(g.actor, found)
    except Refused as refused:
        return refuse(refused, allocation_page, found=found)
    db.session.commit()
    if made.state != DRAFT:
        return see_other(url_for(".application", applicant_id=made.id))
    return see_other(url_for(".step", applicant_id=made.id, step=HOUSEHOLD))


@plugin.get(STEP)
@applicants
def step(applicant_id: int, step: str) -> ResponseReturnValue:
    """Show a step of an application with what is kept of it."""
    found = applying.own(g.actor, g.community, applicant_id)
    if found.state != DRAFT:
        return see_other(url_for(".application", applicant_id=applicant_id))
    return _step(found, step, Typed(STORED[step](found)))


@plugin.post(SAVED)
@applicants
def save(applicant_id: int, step: str) -> ResponseReturnValue:
    """Save a step; where that is refused, all that was typed stands in its fields again."""
    found = applying.own(g.actor, g.community, applicant_id)
    typed = READ[step]()
    if typed.wrong:
        return _step(found, step, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    version = request.form.get("version", 0, type=int)
    try:
        SAVE[step](found, version, typed.meant)
    except Refused as refused:
        db.session.rollback()
        theirs = STORED[step](found) if refused.code == "version" else None
        return _step(found, step, typed, str(refused), refused.status, theirs)
    done(_("Kept."))
    onwards = step if "stay" in request.form else STEPS[STEPS.index(step) + 1]
    return see_other(url_for(".step", applicant_id=applicant_id, step=onwards))


@plugin.post("/applications/<int:applicant_id>/submit")
@applicants
def submit(applicant_id: int) -> ResponseReturnValue:
    """Hand an application in."""
    found = applying.own(g.actor, g.community, applicant_id)
    version = request.form.get("version", 0, type=int)
    try:
        handing_in.submit(g.actor, found, version)
    except Refused as refused:
        db.session.rollback()
        return _step(found, HAND_IN, Typed({}), str(refused), refused.status)
    done(_("It is handed in. Your receipt number is %(number)d.", number=found.number))
    return see_other(url_for(".application", applicant_id=applicant_id))


@plugin.post("/applications/<int:applicant_id>/discard")
@applicants
def discard(applicant_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    found = applying.own(g.actor, g.community, applicant_id)
    allocation_id = found.allocation_id
    try:
        handing_in.discard(found)
    except Refused as refused:
        db.session.rollback()
        return _step(found, HAND_IN, Typed({}), str(refused), refused.status)
    done(_("The draft is gone."))
    return see_other(url_for(".allocation", allocation_id=allocation_id))


def _step(
    found: Applicant,
    step: str,
    typed: Typed,
    error: str = "",
    status: int = HTTPStatus.OK,
    theirs: dict[str, str] | None = None,
) -> ResponseReturnValue:
    return show(
        f"apply_{step}",
        status,
        applicant=found,
        one=found.allocation,
        takes=allocating.takes(found.allocation) and found.state == DRAFT,
        step=step,
        steps=_steps(found, step),
        typed=typed.fields,
        wrong=typed.wrong,
        error=error,
        theirs=_told(found, theirs, typed.fields) if theirs else (),
        workplaces=applying.workplaces(g.community.id) if step in (WORK, HAND_IN) else (),
        claims=[(row["code"], said(row), said(row["ask"])) for row in data("allocation")["claim"]],
        lacks=handing_in.lacks(found) if step == HAND_IN else (),
    )


def _steps(found: Applicant, here: str) -> list[tuple[str, str, bool]]:
    names = {
        HOUSEHOLD: _("Household"),
        WORK: _("Work"),
        WISHES: _("Wishes"),
        GROUNDS: _("What counts"),
        HAND_IN: _("Look again and hand in"),
    }
    return [
        (names[code], url_for(".step", applicant_id=found.id, step=code), code == here)
        for code in STEPS
    ]


def _told(found: Applicant, theirs: dict[str, str], mine: dict[str, str]) -> list[tuple[str, str]]:
    """Return what another window has saved where it is not what was typed, with its name."""
    names = {
        "household": _("How many people will live there"),
        "phone": _("Telephone number"),
        "address": _("Where you live now"),
        "unit": _("For whom you work"),
        "workplace": _("Where you work"),
        "wishes": _("Wishes"),
        "step_free": _("Without steps"),
    }
    for code, words in titles("allocation", "claim").items():
        names |= {f"claim_{code}": words, f"evidence_{code}": words}
    places = {str(row.id): row.name for row in applying.workplaces(found.community_id)}
    said_yes = {"yes": _("Yes")}
    return [
        (names[key], (places if key == "workplace" else said_yes).get(text, text))
        for key, text in theirs.items()
        if text != mine.get(key, "")
    ]
