"""Pages that say what went wrong, what to do, and how to get home."""

import logging
from http import HTTPStatus

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from civic.identities import staying
from civic.kernel import faults, guards, i18n, plugins
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import wants_part

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Answer refusals and failures with a page, never with JSON."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, stale)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(Exception, crashed)


def page(status: int, title: str, sentence: str) -> ResponseReturnValue:
    """Return an error page, or for htmx only its sentence."""
    if wants_part():
        return render_template("errors/_part.html", title=title, sentence=sentence), status
    community = g.get("community")
    asked = status == HTTPStatus.FORBIDDEN and community is not None
    return render_template(
        "errors/error.html",
        status=status,
        title=title,
        sentence=sentence,
        rights_url=url_for("rights.page", community=community.slug) if asked else "",
    ), status


def refused(error: Refused) -> ResponseReturnValue:
    """Show why an act was refused; a visitor is led to sign in where that would help."""
    db.session.rollback()
    if error.status == HTTPStatus.UNAUTHORIZED and request.method == "GET" and not wants_part():
        return redirect(url_for("identities.sign_in", next=request.full_path.rstrip("?")))
    titles = {
        HTTPStatus.NOT_FOUND: _("This page does not exist"),
        HTTPStatus.UNAUTHORIZED: _("Please sign in"),
        HTTPStatus.FORBIDDEN: _("This is not open to you"),
        HTTPStatus.TOO_MANY_REQUESTS: _("That was a lot at once"),
    }
    title = titles.get(error.status, _("This was not done"))
    if error.code == "second_factor":
        title = _("The second factor is missing")
    return page(error.status, title, str(error))


def stale(error: CSRFError) -> ResponseReturnValue:
    """Explain a form that is older than the session."""
    del error
    return page(
        400,
        _("This page is too old"),
        _(
            "The form was opened before you signed in or out. "
            "Please go back, reload it, and send it again."
        ),
    )


def failed(error: HTTPException) -> ResponseReturnValue:
    """Show what a status means; redirects pass as they are."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    g.setdefault("community", None)
    sentences = {
        404: (
            _("This page does not exist"),
            _("The address may have changed. From the home page you find everything."),
        ),
        405: (
            _("This page cannot be opened like that"),
            _("Please go back and use the button there."),
        ),
        413: (
            _("This file is too large"),
            _("A file may have at most 10 MB. Please make it smaller and try again."),
        ),
    }
    title, sentence = sentences.get(
        error.code, (_("This was not done"), _("Please go back and try again."))
    )
    return page(error.code, title, sentence)


def crashed(error: Exception) -> ResponseReturnValue:
    """Log a failure with the blueprint it came from, and show a page with a way home."""
    db.session.rollback()
    if guards.refused(error):
        return refused(staying.gone())
    where = request.blueprint or "civic"
    log.error("error in %s", where, exc_info=error)
    g.setdefault("community", None)
    title = _("Something went wrong here")
    sentence = _(
        "It is our fault, not yours. What you did last may not be kept. "
        "Please try again in a minute."
    )
    plugin = plugins.registry().loaded.get(where)
    if plugin is not None:
        faults.note(where, f"page {request.endpoint}", getattr(g.community, "id", None), error)
        sentence = _(
            "The part “%(title)s” of this site failed; the rest goes on. What you did last may "
            "not be kept. The administrator can see that it failed.",
            title=plugin.title,
        )
    try:
        return page(500, title, sentence)
    except Exception:
        # The frame asks the database who is here; where that is what failed, do without the frame.
        log.exception("no frame for an error in %s", request.blueprint or "civic")
        bare = current_app.jinja_env.get_template("errors/bare.html")
        return bare.render(title=title, sentence=sentence, lang=i18n.language()), 500
