"""Pages of what one signs in with."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities import contacts, login, services
from civic.identities.security_forms import ContactCodeForm, ContactForm
from civic.identities.throttled import throttle, wait_page
from civic.identities.views import bp
from civic.identities.weight import of_weight
from civic.kernel import mail
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.throttle import Wait

#: Where the session keeps to which address a code was sent.
PROVING = "proving"


@bp.get("/me/contacts")
def my_contacts() -> ResponseReturnValue:
    """Show what one signs in with, and the form for more."""
    return _contacts(ContactForm())


def _contacts(form: ContactForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "identities/contacts.html",
        form=form,
        contacts=services.contacts(login.me()),
        mails=mail.ready(),
    )
    return page, status


@bp.post("/me/contacts")
@of_weight
def add_contact() -> ResponseReturnValue:
    """Add a number, or send a code to a mail address, which is added when the code comes back."""
    me = login.me()
    form = ContactForm()
    if not form.validate_on_submit():
        return _contacts(form, 422)
    wanted = form.who.value
    admitted = throttle().admit(f"send:{wanted.value}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        found = services.contacts(me)
        return wait_page(
            "identities/contacts.html", form, admitted, contacts=found, mails=mail.ready()
        )
    with admitted:
        pass  # each one counts, right or wrong: nobody fills another's mailbox
    mailed = wanted.kind == "email" and mail.ready()
    try:
        if mailed:
            contacts.send_code(me, wanted.value)
        else:
            contacts.add_unproven(me, wanted)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.who.errors = [str(refused)]
        return _contacts(form, refused.status)
    if mailed:
        session[PROVING] = wanted.value
        return see_other(url_for("identities.contact_code"))
    flash(_("Added. Your community office can prove it for you at the desk."), "done")
    return see_other(url_for("identities.my_contacts"))


@bp.get("/me/contacts/code")
def contact_code() -> ResponseReturnValue:
    """Ask for the code that was sent to an address."""
    login.me()
    if PROVING not in session:
        return redirect(url_for("identities.my_contacts"))
    return render_template(
        "identities/contact_code.html", form=ContactCodeForm(), address=session[PROVING]
    )


@bp.post("/me/contacts/code")
def prove_contact() -> ResponseReturnValue:
    """Take the code that was sent to an address, slower after many failures."""
    me = login.me()
    value = session.get(PROVING)
    if value is None:
        return see_other(url_for("identities.my_contacts"))
    form = ContactCodeForm()
    template = "identities/contact_code.html"
    if not form.validate_on_submit():
        return render_template(template, form=form, address=value), 422
    admitted = throttle().admit(f"prove:{me}:{value}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        return wait_page(template, form, admitted, address=value)
    try:
        with admitted:
            contacts.prove(me, value, form.code.data or "")
            db.session.commit()
            admitted.succeeded()
    except Refused as refused:
        db.session.rollback()
        form.code.errors = [str(refused)]
        return render_template(template, form=form, address=value), refused.status
    session.pop(PROVING)
    flash(_("Proven. You can sign in with this address."), "done")
    return see_other(url_for("identities.my_contacts"))


@bp.post("/me/contacts/<int:contact_id>/remove")
@of_weight
def remove_contact(contact_id: int) -> ResponseReturnValue:
    """No longer sign in with a number or address."""
    contacts.remove(login.me(), contact_id)
    db.session.commit()
    flash(_("Removed."), "done")
    return see_other(url_for("identities.my_contacts"))
