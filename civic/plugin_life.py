"""From installing a plugin to taking it away: what `civic plugins` does to a site."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app

from civic.communities import services as communities
from civic.communities import switching
from civic.communities.models import Community
from civic.holds import services as holds
from civic.kernel import absent, audit, clock, migrate, plugin_states, plugins, purging
from civic.kernel.db import db, reading
from civic.kernel.errors import Misconfigured
from civic.kernel.plugin_states import FAILED, LOADED, OURS, State

log = logging.getLogger(__name__)

#: Who acts, in the audit, where somebody types a command; as for all commands.
COMMAND = "command"


@dataclass
class Removed:
    """Say what became of a plugin that was taken away.

    :ivar folder: where its data were written.
    :ivar off: communities in which it was switched off.
    :ivar package: what is to be uninstalled; empty for a bundled plugin and one that is gone.
    """

    folder: Path
    off: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    package: str = ""


def known(name: str) -> State:
    """Return how a plugin stands.

    :raises Misconfigured: where nothing is known of it.
    """
    with reading():  # migrations ask on a connection of their own: nothing may be left open
        found = plugin_states.state(name)
    if found is None:
        message = f"There is no plugin called {name} here. `civic plugins list` names them all."
        raise Misconfigured(message)
    return found


def where_on(state: State) -> Sequence[Community]:
    """Return the communities in which a plugin is on."""
    return [home for home in communities.homes(with_plugins=True) if home.id in state.on]


def admit(name: str) -> bool:
    """Let a plugin that is marked absent be loaded from the next start on.

    :returns: whether it was marked.
    :raises Misconfigured: when no installed package holds it.
    """
    if name not in plugin_states.distributions() and name not in plugins.registry().loaded:
        message = (
            f"No package with a plugin called {name} is installed. Install it into the environment "
            f"of this site (its documentation names the package, often: pip install civic-{name}), "
            f"then run `civic plugins install {name}` again."
        )
        raise Misconfigured(message)
    marked = absent.unmark(name)
    db.session.commit()
    return marked


def install(name: str) -> None:
    """Make the tables of a plugin.

    :raises Misconfigured: when it could not be loaded, or its migrations fail.
    """
    state = known(name)
    if state.state == FAILED:
        message = f"The plugin {name} could not be loaded: {state.reason}. {state.todo}"
        raise Misconfigured(message)
    if name in {owner.name for owner in migrate.owners()}:
        migrate.upgrade(name)
    audit.append("plugin.installed", actor=COMMAND, subject=f"plugin:{name}", data=_version(state))
    db.session.commit()


def switch(name: str, slug: str, *, on: bool) -> Community:
    """Switch a plugin on or off in a community, as the administrator's page does.

    :raises Misconfigured: for a plugin that is not in service.
    :raises Refused: for a community that does not exist, or that the plugin cannot prepare.
    """
    state = known(name)
    if on and state.state != LOADED:
        message = f"The plugin {name} is not in service: {state.reason} {state.todo}"
        raise Misconfigured(message)
    community = communities.find(slug)
    switching.switch(community, name, on=on)
    db.session.commit()
    return community


def remove(name: str) -> Removed:
    """Take a plugin away: switch it off, write its data out, drop its tables, and do without it.

    What was done before something failed stays done; running it again goes on from there.
    """
    state = known(name)
    instance = Path(current_app.config["SETTINGS"].instance)
    done = Removed(instance / "removed" / f"{name}-{clock.local(clock.now()):%Y%m%d-%H%M%S}")
    for community in where_on(state):
        switching.switch(community, name, on=False)
        done.off.append(community.slug)
    db.session.commit()
    purging.export(name, done.folder)
    with db.engine.connect() as connection:
        done.tables = purging.owned(connection, name)
        connection.rollback()
    if name in {owner.name for owner in migrate.owners()}:
        try:
            migrate.downgrade(name, "base")
        except Exception:
            # Its own way down does not work; all its tables go the other way.
            log.exception("the migrations of plugin %s do not lead back", name)
    holds.forget_plugin(name)
    purging.purge(name)
    if state.package:
        absent.mark(name)
        done.package = state.package if state.package != OURS else ""
    else:
        absent.unmark(name)
    audit.append("plugin.removed", actor=COMMAND, subject=f"plugin:{name}", data=_version(state))
    db.session.commit()
    return done


def purge(name: str) -> Removed:
    """Take away what a plugin has left that is not in service any more.

    :raises Misconfigured: for one that is.
    """
    if known(name).state == LOADED:
        message = f"The plugin {name} is in service. To take it away: civic plugins remove {name}"
        raise Misconfigured(message)
    return remove(name)


def _version(state: State) -> dict[str, str]:
    return {"version": state.version} if state.version else {}
