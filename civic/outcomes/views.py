"""Pages on which everybody reads what comes of a case, objects, follows, and rates."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations.here import case_of
from civic.consultations.models import Consultation
from civic.kernel import clock, public_notes
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed, require
from civic.kernel.qr import square
from civic.outcomes import (
    following,
    objecting,
    pages,
    participating,
    rated,
    rating,
    resolutions,
)
from civic.outcomes.forms import ObjectForm, RateForm
from civic.outcomes.models import Resolution
from civic.outcomes.resolutions import MANAGE

TAKE_PART = "outcomes.take_part"
bp = Blueprint(
    "outcomes", __name__, url_prefix="/c/<community>/consultations/<int:consultation_id>/outcome"
)


def _editions(case: Consultation) -> tuple[Resolution, list[Resolution]]:
    """Return the edition that is asked for, the newest unless one is, and all of them."""
    found = resolutions.published(case.id)
    wanted = identifier(request.args.get("edition", ""))
    one = next((each for each in found if wanted in {None, each.edition}), None)
    if one is None:
        raise resolutions.missing()
    return one, found


@bp.get("/resolution")
def resolution(consultation_id: int) -> ResponseReturnValue:
    """Show the resolution with who took part, and the objections to it."""
    return _resolution_page(case_of(consultation_id), ObjectForm(formdata=None))


def _resolution_page(
    case: Consultation, form: ObjectForm, status: int = 200
) -> ResponseReturnValue:
    one, editions = _editions(case)
    now = clock.now()
    listed = objecting.listed(case.id, identifier(request.args.get("before", "")))
    sheet = pages.sheet(one, now)
    newest, heard = one is editions[0], objecting.heard(case, now) is one
    sheet["open"] = heard
    mine = any(
        (each.resolution_id, each.person_id) == (one.id, g.actor.person_id) for each in listed
    )
    objects = heard and not mine
    page = render_template(
        "outcomes/resolution.html",
        case=case,
        sheet=sheet,
        newest=newest,
        overtaken=newest and resolutions.standing(case) is None,
        editions=[(each.edition, each.published_at) for each in editions],
        objections=pages.objections(listed, now),
        older=listed[-1].id if len(listed) == objecting.PER_PAGE else 0,
        form=form,
        may_object=objects and allowed(g.actor, TAKE_PART, g.community.path),
        may_manage=allowed(g.actor, MANAGE, g.community.path),
        may_hide=allowed(g.actor, "consultations.moderate", g.community.path),
        standing=public_notes.of("resolution", one.id, g.community.slug),
        hears=following.hears(g.actor.person_id, case.id),
    )
    return page, status


@bp.post("/resolution")
@require(TAKE_PART)
def object_(consultation_id: int) -> ResponseReturnValue:
    """Object to the resolution."""
    form = ObjectForm()
    try:
        made = objecting.object_(
            g.actor,
            g.community,
            consultation_id,
            words=form.words.data or "",
            form_key=form.form_key.data or "",
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code != "words":
            raise
        form.words.errors = [str(refused)]
        return _resolution_page(case_of(consultation_id), form, 422)
    flash(_("Your objection is kept. You get an answer by the date beside it."), "done")
    return see_other(
        url_for(".resolution", consultation_id=consultation_id) + f"#objection-{made.id}"
    )


@bp.get("/resolution/print")
def paper(consultation_id: int) -> str:
    """Show the resolution as it hangs on the board."""
    case = case_of(consultation_id)
    one, _all = _editions(case)
    address = url_for(".resolution", consultation_id=case.id, _external=True)
    return render_template(
        "outcomes/print.html",
        case=case,
        sheet=pages.sheet(one, clock.now()),
        address=address,
        square=square(address),
        now=clock.now(),
    )


@bp.get("/tasks")
def tasks(consultation_id: int) -> str:
    """Show how far the work is, what shows it, and what is late."""
    case = case_of(consultation_id)
    return render_template(
        "outcomes/tasks.html",
        case=case,
        work=pages.tasks(case, clock.now()),
        may_manage=allowed(g.actor, MANAGE, g.community.path),
        hears=following.hears(g.actor.person_id, case.id),
    )


@bp.post("/follow")
@require(TAKE_PART)
def follow(consultation_id: int) -> ResponseReturnValue:
    """Follow a case, or hear nothing more of it."""
    case = case_of(consultation_id)
    wants = request.form.get("wants") == "yes"
    following.choose(g.actor, case.id, wants=wants)
    db.session.commit()
    flash(
        _("You are told what comes of it.") if wants else _("You hear nothing more of it."), "done"
    )
    back = "tasks" if request.form.get("back") == "tasks" else "resolution"
    return see_other(url_for(f".{back}", consultation_id=consultation_id))


@bp.get("/rating")
def rate_page(consultation_id: int) -> ResponseReturnValue:
    """Show how it was rated, and the form of who may rate now."""
    return _rating_page(case_of(consultation_id), None)


def _rating_page(
    case: Consultation, sent: RateForm | None, status: int = 200
) -> ResponseReturnValue:
    last = rating.latest(case.id)
    if last is None:
        raise resolutions.missing()
    now = clock.now()
    found = pages.rounds(last, now)
    mine = rated.mine(g.actor.person_id, last)
    form = sent or RateForm(formdata=None)
    if sent is None and mine is not None:
        form.verdict.data, form.words.data = mine.verdict, mine.words
    took_part = participating.took_part(g.actor.person_id, case.id)
    page = render_template(
        "outcomes/rating.html",
        case=case,
        round=found,
        mine=mine,
        form=form,
        may_rate=found["running"] and took_part and allowed(g.actor, TAKE_PART, g.community.path),
        said=pages.said(rated.said(last)) if found["enough"] else [],
        may_hide=allowed(g.actor, "consultations.moderate", g.community.path),
    )
    return page, status


@bp.post("/rating")
@require(TAKE_PART)
def rate(consultation_id: int) -> ResponseReturnValue:
    """Rate, or change one's rating."""
    form = RateForm()
    try:
        rating.rate(
            g.actor,
            g.community,
            consultation_id,
            verdict=form.verdict.data or "",
            words=form.words.data or "",
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"verdict", "words"}:
            raise
        (form.verdict if refused.code == "verdict" else form.words).errors = [str(refused)]
        return _rating_page(case_of(consultation_id), form, 422)
    flash(_("Your rating is kept. You can change it until the end."), "done")
    return see_other(url_for(".rate_page", consultation_id=consultation_id))
