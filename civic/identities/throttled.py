"""Pages that are slowed after many wrong attempts."""

from flask import Response, current_app, render_template
from flask_wtf import FlaskForm

from civic.kernel.throttle import Throttle, Wait


def throttle() -> Throttle:
    """Return the counts of failures of this app."""
    found: Throttle = current_app.extensions["civic_throttle"]
    return found


def minutes(wait: Wait) -> int:
    """Return after how many whole minutes the next attempt may be made."""
    return max(1, -(-wait.seconds // 60))


def wait_page(template: str, form: FlaskForm, wait: Wait, **context: object) -> Response:
    """Show a form again with the time after which it may be sent."""
    page = render_template(template, form=form, wait_minutes=minutes(wait), **context)
    return Response(page, 429, {"Retry-After": str(wait.seconds)})
