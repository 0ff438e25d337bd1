"""Pages of places and of reports about them."""

from http import HTTPStatus

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, allowed, db, require, see_other
from civic.api import gettext as _
from civic_facility import listing, services
from civic_facility.forms import YES, AnswerForm, HandledForm, ReportForm, StateForm
from civic_facility.kinds import DEFECTS, HANDLED, KINDS, REMOVED, REPORTED, STATES
from civic_facility.manifest import plugin
from civic_facility.models import Defect, Place

WAITING = 20
LONGEST_SEARCH = 40


def may(code: str) -> bool:
    """Tell whether whoever looks has a permission of this plugin here."""
    return allowed(g.actor, f"facility.{code}", g.community.path)


def _filter() -> listing.Filter:
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    return listing.Filter(
        kind if kind in KINDS else "",
        state if state in {*STATES, listing.DEFECTIVE} else "",
        request.args.get("q", "").strip()[:LONGEST_SEARCH],
    )


@plugin.get("/")
def index() -> ResponseReturnValue:
    """Show the places, a page at a time, and what waits for whoever looks."""
    which = _filter()
    page = listing.page(g.community, which, request.args.get("after", type=int))
    ids = [g.community.id]
    return render_template(
        "facility/index.html",
        which=which,
        page=page,
        kinds=KINDS,
        states=STATES | {listing.DEFECTIVE: _("With a report")},
        waiting=services.waiting(ids, WAITING) if may("handle") else (),
        to_answer=services.to_answer(ids, g.actor.person_id, WAITING),
        keeps=may("keep"),
        handles=may("handle"),
    )


@plugin.get("/places/<int:place_id>")
def place(place_id: int) -> ResponseReturnValue:
    """Show a place, and what was reported about it."""
    return _place(services.place(g.community, place_id), ReportForm())


def _place(
    found: Place, form: ReportForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    page = render_template(
        "facility/place.html",
        place=found,
        title=f"{KINDS[found.kind]} {found.number}",
        state=STATES[found.state],
        history=services.history(found),
        states=DEFECTS,
        form=form,
        error=error,
        may_report=may("report") and found.state != REMOVED,
        handles=may("handle"),
        state_form=StateForm(state=found.state) if may("keep") else None,
    )
    return page, status


@plugin.post("/places/<int:place_id>")
@require("facility.report")
def report(place_id: int) -> ResponseReturnValue:
    """Note a defect."""
    found = services.place(g.community, place_id)
    form = ReportForm()
    if not form.validate_on_submit():
        return _place(found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    most = plugin.setting(g.community, "most_open")
    try:
        made = services.report(g.actor, found, (form.text.data or "").strip(), most=most)
    except Refused as refused:
        db.session.rollback()
        return _place(services.place(g.community, place_id), form, str(refused), refused.status)
    db.session.commit()
    flash(_("Thank you. Staff will look at it, and you will be asked whether it is solved."))
    return see_other(url_for(".defect", defect_id=made.id))


@plugin.post("/places/<int:place_id>/state")
@require("facility.keep")
def state(place_id: int) -> ResponseReturnValue:
    """Say whether a place is in use."""
    form = StateForm()
    if form.validate_on_submit():
        services.set_state(g.actor, services.place(g.community, place_id), form.state.data)
        db.session.commit()
        flash(_("The state is kept."))
    return see_other(url_for(".place", place_id=place_id))


@plugin.get("/reports/<int:defect_id>")
def defect(defect_id: int) -> ResponseReturnValue:
    """Show a report to whoever made it, and to staff."""
    return _defect(_known(defect_id))


def _known(defect_id: int) -> Defect:
    found = services.defect(g.community, defect_id)
    mine = g.actor.person_id is not None and g.actor.person_id == found.person_id
    if not mine and not may("handle"):
        message = _("Only staff and whoever made a report can read it.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    return found


def _defect(
    found: Defect,
    *,
    handled: HandledForm | None = None,
    answer: AnswerForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    asked = found.person_id == g.actor.person_id and found.state == HANDLED
    page = render_template(
        "facility/defect.html",
        defect=found,
        place=found.place,
        title=f"{KINDS[found.place.kind]} {found.place.number}",
        state=DEFECTS[found.state],
        error=error,
        handled=(handled or HandledForm()) if may("handle") and found.state == REPORTED else None,
        answer=(answer or AnswerForm()) if asked else None,
    )
    return page, status


@plugin.post("/reports/<int:defect_id>/handled")
@require("facility.handle")
def handle(defect_id: int) -> ResponseReturnValue:
    """Say what was done."""
    found = _known(defect_id)
    form = HandledForm()
    if not form.validate_on_submit():
        return _defect(found, handled=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        services.handle(g.actor, found, (form.note.data or "").strip())
    except Refused as refused:
        db.session.rollback()
        return _defect(_known(defect_id), error=str(refused), status=refused.status)
    db.session.commit()
    flash(_("Kept. Whoever reported it is asked whether it is solved."))
    return see_other(url_for(".defect", defect_id=defect_id))


@plugin.post("/reports/<int:defect_id>/answer")
@require("facility.report")
def answer(defect_id: int) -> ResponseReturnValue:
    """Take the reporter's word on whether it is solved."""
    found = _known(defect_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _defect(found, answer=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    solved = form.solved.data == YES
    try:
        services.answer(g.actor, found, solved=solved, text=(form.text.data or "").strip())
    except Refused as refused:
        db.session.rollback()
        return _defect(_known(defect_id), error=str(refused), status=refused.status)
    db.session.commit()
    if solved:
        flash(_("Thank you. The report is closed as solved."))
    elif found.state == REPORTED:
        flash(_("It is reported anew; staff see that it was not solved."))
    else:
        flash(_("It is closed as not solved. Please call the community office about it."), "info")
    return see_other(url_for(".defect", defect_id=defect_id))
