"""Pages on which everybody reads corrections, raises one, and signs."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.corrections import entitled, listing, news, pages, services, targets
from civic.corrections.forms import RaiseForm
from civic.corrections.models import GATHERING, RAISED
from civic.corrections.services import MANAGE, RAISE
from civic.corrections.targets import Target
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed, require
from civic.kernel.qr import square

bp = Blueprint("corrections", __name__, url_prefix="/c/<community>/corrections")


@bp.get("/")
def index() -> str:
    """List the corrections of this community."""
    found = listing.listed(g.community, identifier(request.args.get("before", "")))
    return render_template(
        "corrections/index.html",
        rows=[pages.row(one) for one in found],
        older=found[-1].id if len(found) == listing.PER_PAGE else 0,
    )


def _find(target: str, subject_id: int) -> Target:
    return targets.find(g.community, target, subject_id)


@bp.get("/new/<target>/<int:subject_id>")
@require(RAISE)
def new(target: str, subject_id: int) -> ResponseReturnValue:
    """Show the form for what is wrong."""
    found = _find(target, subject_id)
    return _new_page(found, RaiseForm(formdata=None).ask(target))


def _new_page(found: Target, form: RaiseForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "corrections/new.html",
        target=found,
        url=targets.url(g.community.slug, found.kind, found.id),
        form=form,
        office=services.direct(g.actor, g.community),
    )
    return page, status


@bp.post("/new/<target>/<int:subject_id>")
@require(RAISE)
def create(target: str, subject_id: int) -> ResponseReturnValue:
    """Raise a correction and go on to its page."""
    found = _find(target, subject_id)
    form = RaiseForm().ask(target)
    try:
        made = services.raise_(
            g.actor,
            g.community,
            found,
            kind=form.kind.data or "",
            words=form.words.data or "",
            form_key=(form.form_key.data or "")[:64],
            as_post=bool(form.as_post.data),
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        field = {"kind": form.kind, "not_direct": form.as_post}.get(refused.code, form.words)
        field.errors = [str(refused)]
        return _new_page(_find(target, subject_id), form, 422)
    gathers = made.state == GATHERING
    flash(
        _("It is raised. Now it needs signatures.") if gathers else _("It is raised."),
        "done",
    )
    return see_other(url_for(".show", correction_id=made.id))


@bp.get("/<int:correction_id>/")
def show(correction_id: int) -> str:
    """Show a correction with its signatures, its steps and what was decided."""
    found = services.find(g.community, correction_id)
    gathers = found.state == GATHERING and not pages.over(found)
    signed = gathers and listing.has_signed(g.actor.person_id, found.id)
    ballot = entitled.ballot_of(found.target, found.subject_id) if gathers else None
    may_sign = gathers and not signed and entitled.signer(g.actor, g.community, ballot) is not None
    return render_template(
        "corrections/show.html",
        sheet=pages.sheet(found),
        recount=pages.recount(found),
        gathers=gathers,
        signed=signed,
        may_sign=may_sign,
        over=pages.over(found),
        may_manage=allowed(g.actor, MANAGE, g.community.path),
        may_hide=allowed(g.actor, "consultations.moderate", g.community.path),
    )


@bp.post("/<int:correction_id>/sign")
@require(RAISE)
def sign(correction_id: int) -> ResponseReturnValue:
    """Sign a petition."""
    found = services.sign(g.actor, g.community, correction_id)
    if found.state == RAISED:
        news.moved(g.community, found, g.actor.person_id)
    db.session.commit()
    flash(_("You have signed. Your name is shown to nobody."), "done")
    return see_other(url_for(".show", correction_id=correction_id))


@bp.get("/<int:correction_id>/print")
def paper(correction_id: int) -> str:
    """Show the public note as it hangs on the board."""
    found = services.find(g.community, correction_id)
    if found.decided_at is None:
        raise services.missing()
    address = url_for(".show", correction_id=correction_id, _external=True)
    return render_template(
        "corrections/print.html",
        sheet=pages.sheet(found),
        recount=pages.recount(found),
        address=address,
        square=square(address),
        now=clock.now(),
    )
