"""The administrator's page: first steps, what is missing, and the ways to all that is kept."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.admin import checklist, missing, plugin_views
from civic.communities.kinds import SUBDISTRICT
from civic.communities.models import Community
from civic.kernel import activations, plugins

bp = Blueprint("admin", __name__)


@bp.get("/admin/")
def index() -> ResponseReturnValue:
    """Show the first steps, what is missing, and the communities."""
    mine = plugin_views.mine()
    return render_template(
        "admin/index.html",
        communities=mine,
        failed=list(plugins.registry().failed),
        paused=sorted(
            {name for each in mine for name in activations.on(each) - activations.presenting(each)}
        ),
        keep=_keep(mine),
        **_lacking(mine),
    )


def _keep(mine: Sequence[Community]) -> list[tuple[str, str, str]]:
    """Return the pages on which things are built and kept; tables are for a whole street."""
    home = mine[0].slug
    found = [
        (url_for("plugins.index"), _("Plugins"), "plus"),
        (url_for("trees.index"), _("Places, bodies and communities"), "tree"),
        (url_for("posts.index", community=home), _("Posts and appointments"), "people"),
        (url_for("desk.list_codes", community=home), _("Invitation codes"), "key"),
        (url_for("processing.index"), _("Register of processing"), "shield"),
    ]
    if any(each.kind == SUBDISTRICT for each in mine):
        found += [
            (url_for("imports.index"), _("Import a table"), "download"),
            (url_for("holidays.index"), _("Days off"), "calendar"),
        ]
    return found


def _lacking(mine: Sequence[Community]) -> dict[str, Any]:
    """Return the first steps and what is missing, of the street that somebody looks after."""
    street = next((home for home in mine if home.kind == SUBDISTRICT), None)
    if street is None:
        return {"street": None, "steps": [], "missing": []}
    steps = missing.steps(street)
    # A street without a place lacks everything; its first steps say so in an order.
    lacks = missing.lacks(street, current_app.config["SETTINGS"]) if steps.places else []
    return {
        "street": street,
        "steps": [] if steps.all else checklist.first_steps(steps, street),
        "missing": checklist.items(lacks, street, mine),
    }
