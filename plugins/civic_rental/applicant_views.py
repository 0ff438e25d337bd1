"""Pages of one's own application: receipt, rank and why, offer, a review by a person."""

from http import HTTPStatus

from flask import g, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, clock, see_other
from civic.api import gettext as _
from civic_rental import appeals, applying, conducting, freezing, handing_in, offering, reasons
from civic_rental.allocation_models import PUBLISHED, Draw
from civic_rental.allot_forms import PleaForm
from civic_rental.application_models import DRAFT, SUBMITTED, Applicant
from civic_rental.applying import HOUSEHOLD
from civic_rental.draw_pages import applicants, refuse
from civic_rental.manifest import plugin
from civic_rental.pages import done, show
from civic_rental.words import titles


@plugin.get("/applications/<int:applicant_id>/")
@applicants
def application(applicant_id: int) -> ResponseReturnValue:
    """Show one's own application, and what became of it."""
    found = applying.own(g.actor, g.community, applicant_id)
    if found.state == DRAFT:
        return see_other(url_for(".step", applicant_id=applicant_id, step=HOUSEHOLD))
    return _page(applicant_id, PleaForm(formdata=None))


def _page(
    applicant_id: int, form: PleaForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = applying.own(g.actor, g.community, applicant_id)
    drawn = _shown(found)
    place = offering.claim_of(found)
    return show(
        "application",
        status,
        applicant=found,
        one=found.allocation,
        claims=titles("allocation", "claim"),
        listed=freezing.last_of(found.allocation),
        drawn=drawn,
        reason=reasons.reason(drawn, found.number or 0) if drawn else None,
        place=place,
        offered=place is not None
        and place.state == "offered"
        and place.until is not None
        and place.until > clock.now(),
        let=offering.letting(found),
        reviews=appeals.mine(found),
        form=form if drawn is not None else None,
        withdraws=found.state == SUBMITTED,
        error=error,
    )


def _shown(found: Applicant) -> Draw | None:
    """Return the draw that counts, once it is published."""
    draws = conducting.draws(found.allocation)
    if found.allocation.state == PUBLISHED or found.allocation.offers_at is not None:
        return next((drawn for drawn, shown in draws if shown is not None), None)
    return None


@plugin.post("/applications/<int:applicant_id>/withdraw")
@applicants
def withdraw(applicant_id: int) -> ResponseReturnValue:
    """Withdraw an application."""
    found = applying.own(g.actor, g.community, applicant_id)
    try:
        handing_in.withdraw(g.actor, found)
    except Refused as refused:
        form = PleaForm(formdata=None)
        return refuse(refused, _page, applicant_id=applicant_id, form=form)
    done(_("It is withdrawn."))
    return see_other(url_for(".application", applicant_id=applicant_id))


@plugin.post("/applications/<int:applicant_id>/accept")
@applicants
def accept(applicant_id: int) -> ResponseReturnValue:
    """Take the home that is offered."""
    found = applying.own(g.actor, g.community, applicant_id)
    try:
        offering.accept(g.actor, found)
    except Refused as refused:
        form = PleaForm(formdata=None)
        return refuse(refused, _page, applicant_id=applicant_id, form=form)
    done(_("The home is yours. The office calls you about the contract."))
    return see_other(url_for(".application", applicant_id=applicant_id))


@plugin.post("/applications/<int:applicant_id>/decline")
@applicants
def decline(applicant_id: int) -> ResponseReturnValue:
    """Leave the home that is offered to the next in line."""
    found = applying.own(g.actor, g.community, applicant_id)
    try:
        offering.decline(g.actor, found)
    except Refused as refused:
        form = PleaForm(formdata=None)
        return refuse(refused, _page, applicant_id=applicant_id, form=form)
    done(_("The home goes to the next in line."))
    return see_other(url_for(".application", applicant_id=applicant_id))


@plugin.post("/applications/<int:applicant_id>/review")
@applicants
def ask_review(applicant_id: int) -> ResponseReturnValue:
    """Ask that a person looks at one's own rank."""
    found = applying.own(g.actor, g.community, applicant_id)
    form = PleaForm()
    if not form.validate_on_submit():
        return _page(applicant_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        appeals.ask_review(g.actor, found, (form.text.data or "").strip())
    except Refused as refused:
        return refuse(refused, _page, applicant_id=applicant_id, form=form)
    done(_("Somebody of the office looks at it. The answer will stand on this page."))
    return see_other(url_for(".application", applicant_id=applicant_id))
