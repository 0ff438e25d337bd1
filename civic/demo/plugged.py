"""Let the plugins play in the demonstration: each that can is switched on, and fills its part."""

import logging
from functools import partial

from civic.communities import switching
from civic.communities.models import Community
from civic.demo.script import Calendar
from civic.demo.street import Street
from civic.kernel import faults, plugins
from civic.kernel.db import db
from civic.kernel.plugin import Plugin
from civic.kernel.stage import Stage

log = logging.getLogger(__name__)


def play(street: Street, calendar: Calendar) -> None:
    """Switch on and fill each plugin that has something to show; one that fails stays off."""
    stage = Stage(street.actor, calendar.moment)
    for name, plugin in plugins.registry().loaded.items():
        if plugin.demonstrate is None:
            continue
        for home in street.homes.values():
            _one(name, partial(_filled, plugin, home, stage), home)


def _filled(plugin: Plugin, home: Community, stage: Stage) -> None:
    switching.switch(home, plugin.name, on=True)
    assert plugin.demonstrate is not None  # noqa: S101 - asked before
    plugin.demonstrate(home, stage)
    db.session.flush()


def _one(name: str, fill: partial[None], home: Community) -> None:
    try:
        with db.session.begin_nested():
            fill()
    except Exception as error:
        log.exception("plugin %s could not play in the demonstration of %s", name, home.slug)
        faults.note(name, "demonstrate", home.id, error)
