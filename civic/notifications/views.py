"""Pages of the inbox, of what is mailed, and the one behind the link of each mail."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities.models import Person
from civic.kernel import mail
from civic.kernel.db import db
from civic.kernel.htmx import own, see_other
from civic.kernel.tell import telling
from civic.notifications import choosing, forms, services, stopping

bp = Blueprint("notifications", __name__)


def _to_sign_in(endpoint: str) -> ResponseReturnValue:
    return redirect(url_for("identities.sign_in", next=url_for(endpoint)))


@bp.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Show what somebody was told, the newest first."""
    if g.actor.person_id is None:
        return _to_sign_in(".inbox")
    before = request.args.get("before", type=int)
    page = services.inbox(g.actor, before=before)
    older = url_for(".inbox", before=page.older) if page.older else ""
    newer = url_for(".inbox") if before else ""
    return render_template(
        "notifications/inbox.html",
        page=page,
        older_url=older,
        newer_url=newer,
        unread=g.actor.carried.get("unread", 0),
    )


@bp.post("/inbox/<int:item_id>/open")
def open_item(item_id: int) -> ResponseReturnValue:
    """Mark a message as read and go to what it is about."""
    if g.actor.person_id is None:
        return _to_sign_in(".inbox")
    address = services.open_item(g.actor, item_id)
    db.session.commit()
    if address is None:
        flash(_("This is no longer available to you."), "info")
    return see_other(own(address or "") or url_for(".inbox"))


@bp.post("/inbox/read")
def read_all() -> ResponseReturnValue:
    """Mark all messages as read that were there when the page was shown."""
    if g.actor.person_id is None:
        return _to_sign_in(".inbox")
    services.read_all(g.actor.person_id, up_to=request.form.get("newest", 0, type=int))
    db.session.commit()
    return see_other(url_for(".inbox"))


@bp.get("/me/mail")
def preferences() -> ResponseReturnValue:
    """Show what is mailed to somebody, to be chosen."""
    if g.actor.person_id is None:
        return _to_sign_in(".preferences")
    return _preferences(_form(g.actor.person_id))


def _form(person_id: int) -> forms.PreferencesForm:
    person = db.session.get_one(Person, person_id)
    return forms.preferences(telling().kinds, choosing.choices(person_id), person.language)


def _preferences(form: forms.PreferencesForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "notifications/preferences.html",
        form=form,
        fields=[form[forms.name_of(code)] for code in telling().kinds],
        ready=mail.ready(),
        address=choosing.proven_address(g.actor.person_id),
    )
    return page, status


@bp.post("/me/mail")
def choose() -> ResponseReturnValue:
    """Keep what somebody chose."""
    if g.actor.person_id is None:
        return _to_sign_in(".preferences")
    form = _form(g.actor.person_id)
    if not form.validate_on_submit():
        return _preferences(form, 422)
    wanted = {code: form[forms.name_of(code)].data for code in telling().kinds}
    choosing.choose(g.actor.person_id, wanted)
    choosing.speak(g.actor.person_id, form.language.data)
    db.session.commit()
    flash(_("Your choice is kept."), "done")
    return see_other(url_for(".preferences"))


@bp.get("/mail/stop/<token>")
def stop_page(token: str) -> ResponseReturnValue:
    """Ask whoever followed the link of a mail what is to stop."""
    _person_id, kind = stopping.read(token)
    return render_template("notifications/stop.html", kind=telling().kinds.get(kind), stopped=False)


@bp.post("/mail/stop/<token>")
def stop(token: str) -> ResponseReturnValue:
    """Stop mail of a kind, or all; mail programs send this by themselves (RFC 8058)."""
    person_id, kind = stopping.read(token)
    stopping.stop(person_id, stopping.ALL if request.form.get("what") == "all" else kind)
    db.session.commit()
    return render_template("notifications/stop.html", kind=telling().kinds.get(kind), stopped=True)
