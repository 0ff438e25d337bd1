"""The administrator's page: first steps, what is missing, plugins and where they are on."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.admin import checklist, missing
from civic.communities import services as communities
from civic.communities.kinds import SUBDISTRICT
from civic.communities.models import Community
from civic.kernel import audit, permissions, plugins
from civic.kernel.db import db
from civic.kernel.htmx import see_other

bp = Blueprint("admin", __name__)


@bp.get("/admin/")
def index() -> ResponseReturnValue:
    """Show the first steps, what is missing, and the plugins of the communities."""
    mine = [
        community
        for community in communities.homes(with_plugins=True)
        if permissions.allowed(g.actor, "admin.manage", community.path)
    ]
    if not mine:
        permissions.check(g.actor, "admin.manage", ())
    found = plugins.registry()
    return render_template(
        "admin/index.html",
        communities=mine,
        loaded=found.loaded,
        failed=found.failed,
        keep=_keep(mine),
        **_lacking(mine),
    )


def _keep(mine: Sequence[Community]) -> list[tuple[str, str, str]]:
    """Return the pages on which things are built and kept; tables are for a whole street."""
    home = mine[0].slug
    found = [
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


@bp.post("/c/<community>/desk/plugins/<name>/<any(on, off):state>")
@permissions.require("admin.manage")
def switch(name: str, state: str) -> ResponseReturnValue:
    """Switch a plugin on or off in a community."""
    if name not in plugins.registry().loaded:
        abort(HTTPStatus.NOT_FOUND)
    communities.switch(g.community.id, name, on=state == "on")
    post = g.actor.posts_at(g.community.path)[0]
    audit.append(
        f"plugin.{state}",
        person_id=g.actor.person_id,
        post=post.title,
        subject=f"plugin:{name}",
        community_id=g.community.id,
    )
    db.session.commit()
    flash(_("Done."), "done")
    return see_other(url_for("admin.index"))
