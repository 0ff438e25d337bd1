"""Pages of bodies."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from civic_party import bodies
from civic_party.manifest import plugin
from civic_party.words import titles


@plugin.get("/")
def index() -> ResponseReturnValue:
    """Show the bodies of the community."""
    return render_template(
        "party/index.html", bodies=bodies.listed(g.community), kinds=titles("bodies", "kind")
    )
