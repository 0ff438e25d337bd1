"""What the pages of the plugin have in common."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, g, render_template
from flask.typing import ResponseReturnValue

from civic.api import Refused, allowed, db

Page = Callable[..., ResponseReturnValue]


def may(code: str) -> bool:
    """Tell whether whoever looks has a permission of this plugin here."""
    return allowed(g.actor, f"rental.{code}", g.community.path)


def show(template: str, status: int = HTTPStatus.OK, **values: object) -> ResponseReturnValue:
    """Return a page of the plugin."""
    return render_template(f"rental/{template}.html", **values), status


def done(message: str) -> None:
    """Keep what was done, and say so on the next page."""
    db.session.commit()
    flash(message)


def refuse(refused: Refused, page: Page, **values: object) -> ResponseReturnValue:
    """Undo what was begun, and show the page again with the sentence; what was typed stays."""
    db.session.rollback()
    return page(error=str(refused), status=refused.status, **values)
