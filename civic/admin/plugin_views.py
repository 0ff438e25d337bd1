"""Plugins: which are here, where they are on, what failed in them, how they are set."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import Form

from civic.communities import services as communities
from civic.communities import switching
from civic.communities.models import Community
from civic.kernel import (
    clock,
    i18n,
    permissions,
    plugin_settings,
    plugin_states,
    plugins,
    undelivered,
)
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.faults import PluginFault
from civic.kernel.htmx import see_other
from civic.kernel.plugin import Plugin

bp = Blueprint("plugins", __name__)

#: For how long the page shows what failed.
SHOWN = timedelta(days=30)
#: What stands below the plugins that are in service.
NOT_HERE = (plugin_states.ABSENT, plugin_states.VANISHED)
#: Languages of the library's own sentences in forms.
SENTENCES = {"zh-Hans": ["zh"], "en": ["en"]}


@dataclass(frozen=True)
class Place:
    """Be a plugin in one community: what was chosen there, and what failed."""

    community: Community
    chosen: Activation | None
    faults: list[PluginFault]

    @property
    def on(self) -> bool:
        """Tell whether it is on there."""
        return self.chosen is not None and self.chosen.on


@dataclass(frozen=True)
class Line:
    """Be one loaded plugin with all its places.

    :ivar version: of its distribution, where it has one.
    :ivar outdated: what it uses and will go, in words.
    :ivar faults: what failed outside of any community.
    """

    plugin: Plugin
    version: str
    outdated: list[str]
    places: list[Place]
    faults: list[PluginFault] = field(default_factory=list)


def mine() -> list[Community]:
    """Return the communities that the actor administers, with what they chose about plugins.

    :raises Refused: where there is none.
    """
    found = [
        community
        for community in communities.homes(with_plugins=True)
        if permissions.allowed(g.actor, "admin.manage", community.path)
    ]
    if not found:
        permissions.check(g.actor, "admin.manage", ())
    return found


@bp.get("/admin/plugins/")
def index() -> str:
    """Show the plugins, where each is on, what failed in it, and which could not be loaded."""
    places = mine()
    found = plugins.registry()
    return render_template(
        "admin/plugins.html",
        lines=_lines(found, places),
        failed=found.failed,
        left=[each for each in plugin_states.states() if each.state in NOT_HERE],
        undelivered=[each for each in undelivered.troubles() if each.given_up],
        slow=found.slow,
        shown=SHOWN.days,
    )


def _lines(found: plugins.Plugins, places: Sequence[Community]) -> list[Line]:
    faults = _faults(places)
    chosen = {
        (row.plugin, row.community_id): row
        for row in db.session.scalars(
            select(Activation).where(Activation.community_id.in_([place.id for place in places]))
        )
    }
    return [
        Line(
            plugin=plugin,
            version=found.versions.get(name, ""),
            outdated=found.outdated.get(name, []),
            places=[
                Place(place, chosen.get((name, place.id)), faults[name, place.id])
                for place in places
            ],
            faults=faults[name, None],
        )
        for name, plugin in found.loaded.items()
    ]


def _faults(places: Iterable[Community]) -> dict[tuple[str, int | None], list[PluginFault]]:
    here = PluginFault.community_id.in_([place.id for place in places])
    query = (
        select(PluginFault)
        .where(here | PluginFault.community_id.is_(None))
        .where(PluginFault.last_at > clock.now() - SHOWN)
        .order_by(PluginFault.last_at.desc())
    )
    found: dict[tuple[str, int | None], list[PluginFault]] = defaultdict(list)
    for row in db.session.scalars(query):
        found[row.plugin, row.community_id].append(row)
    return found


@bp.post("/c/<community>/desk/plugins/<name>/<any(on, off, resume):state>")
@permissions.require("admin.manage")
def switch(name: str, state: str) -> ResponseReturnValue:
    """Switch a plugin on or off in a community, or let a paused one go on."""
    if name not in plugins.registry().loaded:
        abort(HTTPStatus.NOT_FOUND)
    try:
        if state == "resume":
            switching.resume(g.community, name, g.actor)
        else:
            switching.switch(g.community, name, on=state == "on", actor=g.actor)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "error")
    else:
        flash(_("Done."), "done")
    return see_other(url_for(".index") + f"#plugin-{name}")


def _form(name: str) -> tuple[Plugin, Form]:
    """Return a plugin with its form as it is set in the community of the page."""
    plugin = plugins.registry().loaded.get(name)
    if plugin is None or plugin.settings is None:
        abort(HTTPStatus.NOT_FOUND)
    values = plugin_settings.values(plugin, g.community)
    sent = request.form if request.method == "POST" else None
    return plugin, plugin.settings(sent, data=values, meta={"locales": SENTENCES[i18n.language()]})


@bp.get("/c/<community>/desk/plugins/<name>/settings")
@permissions.require("admin.manage")
def settings(name: str) -> ResponseReturnValue:
    """Show the settings of a plugin in a community."""
    return _settings_page(*_form(name))


def _settings_page(plugin: Plugin, form: Form, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "admin/plugin_settings.html",
        plugin=plugin,
        form=form,
        fields=list(plugin_settings.fields(form).values()),
        on=plugin.name in g.community.plugins,
    )
    return page, status


@bp.post("/c/<community>/desk/plugins/<name>/settings")
@permissions.require("admin.manage")
def save(name: str) -> ResponseReturnValue:
    """Keep the settings of a plugin in a community."""
    plugin, form = _form(name)
    if not form.validate():
        return _settings_page(plugin, form, 422)
    values = {key: item.data for key, item in plugin_settings.fields(form).items()}
    switching.save(g.community, name, values, g.actor)
    db.session.commit()
    flash(_("The settings are kept."), "done")
    return see_other(url_for(".index") + f"#plugin-{name}")
