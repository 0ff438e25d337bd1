"""Switch plugins on and off in a community, set them, and let paused ones go on: official acts."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from civic.communities.models import Community
from civic.kernel import activations, audit, plugin_settings, plugins
from civic.kernel.activations import Activation
from civic.kernel.calling import HookFailed
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.faults import PluginFault
from civic.kernel.permissions import VISITOR, Actor


def switch(community: Community, name: str, *, on: bool, actor: Actor = VISITOR) -> bool:
    """Switch a plugin on or off; its data and settings stay. Return whether anything changed.

    :param actor: who does it; nobody where a command does.
    :raises Refused: `no_plugin` where none of this name is loaded and it is to be on,
        `plugin_enabled` where it could not prepare the community: it stays off then.
    """
    found = plugins.registry()
    if on and name not in found.loaded:
        message = _l("No plugin of this name is loaded here.")
        raise Refused("no_plugin", message, HTTPStatus.NOT_FOUND)
    row = _row(community, name)
    if row.on is on:
        return False
    row.on, row.paused_at, row.paused_hook = on, None, ""
    db.session.flush()
    activations.changed(community)
    try:
        if on:
            found.plugin_enabled(name, community, actor)
        else:
            found.plugin_disabled(name, community, actor)
    except HookFailed as failed:
        if on:
            message = _l(
                "The plugin could not prepare this community, so it stays off. The log of the "
                "server says why."
            )
            raise Refused("plugin_enabled", message, HTTPStatus.CONFLICT) from failed
    _record("on" if on else "off", community, name, actor)
    return True


def resume(community: Community, name: str, actor: Actor) -> None:
    """Let a paused plugin show its parts again, and begin counting its faults anew."""
    row = _row(community, name)
    db.session.execute(delete(PluginFault).filter_by(plugin=name, community_id=community.id))
    if row.paused_at is not None:
        hook = row.paused_hook
        row.paused_at, row.paused_hook = None, ""
        activations.changed(community)
        _record("resumed", community, name, actor, {"hook": hook})


def save(community: Community, name: str, values: Mapping[str, Any], actor: Actor) -> None:
    """Keep the settings of a plugin in a community.

    :raises KeyError: for a setting that the plugin's form does not have.
    """
    plugin = plugins.registry().loaded[name]
    if plugin.settings is None:
        raise KeyError(name)
    row = _row(community, name)
    before = plugin_settings.read(plugin.settings, row.settings)
    row.settings = row.settings | plugin_settings.written(plugin.settings, values)
    after = plugin_settings.read(plugin.settings, row.settings)
    changed = sorted(key for key in after if after[key] != before[key])
    activations.changed(community)
    _record("settings", community, name, actor, {"changed": changed})


def _row(community: Community, name: str) -> Activation:
    row = db.session.get(Activation, (community.id, name))
    if row is None:
        row = Activation(community_id=community.id, plugin=name, on=False, settings={})
        db.session.add(row)
        db.session.flush()
    return row


def _record(
    what: str,
    community: Community,
    name: str,
    actor: Actor,
    data: dict[str, Any] | None = None,
) -> None:
    audit.append(
        f"plugin.{what}",
        person_id=actor.person_id,
        actor="" if actor.person_id else "command",
        post=actor.office_at(community.path),
        subject=f"plugin:{name}",
        community_id=community.id,
        data=data,
    )
