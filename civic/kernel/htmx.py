"""Pages and their parts: one view serves both."""

from flask import Flask, Response, g, make_response, redirect, render_template
from flask_htmx import HTMX
from werkzeug.wrappers import Response as WerkzeugResponse

htmx = HTMX()


def init_app(app: Flask) -> None:
    """Let an app tell requests for a part of a page from requests for the page."""
    htmx.init_app(app)

    @app.after_request
    def vary(response: Response) -> Response:
        if g.get("partial_possible"):
            response.vary.add("HX-Request")
        return response


def wants_part() -> bool:
    """Tell whether the browser swaps a part of the page it shows."""
    g.partial_possible = True
    return bool(htmx) and not htmx.history_restore_request


def render(page: str, part: str, *, status: int = 200, **context: object) -> Response:
    """Render the part alone for htmx, else the page that includes it."""
    template = part if wants_part() else page
    return make_response(render_template(template, **context), status)


def own(address: str) -> str:
    """Return an address to go on to if it is one of this site, else nothing.

    Browsers read a backslash as a slash and drop tabs and line ends, so that neither may be there.
    """
    here = address.startswith("/") and not address.startswith("//")
    return address if here and address.isprintable() and "\\" not in address else ""


def see_other(url: str) -> WerkzeugResponse:
    """Answer a successful POST: the browser goes on to a page that can be reloaded."""
    return redirect(url, 303)
