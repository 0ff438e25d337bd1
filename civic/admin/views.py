"""The administrator's page: communities, their plugins, and plugins that did not load."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities import services as communities
from civic.kernel import audit, permissions, plugins
from civic.kernel.db import db
from civic.kernel.htmx import see_other

bp = Blueprint("admin", __name__)


@bp.get("/admin/")
def index() -> ResponseReturnValue:
    """Show the communities that this administrator looks after, and the plugins."""
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
        whole=any(permissions.allowed(g.actor, "admin.manage", each.path[:1]) for each in mine),
    )


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
