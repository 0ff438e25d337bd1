"""All that a plugin imports of Civic: what is listed in `__all__`, and nothing else.

The contract has a version of its own, apart from the releases of the site. Within a major version
names and arguments are added and none is taken away; what will go warns for two minor versions and
a year at least, and says in which version it goes. 1.0 is provisional until the four bundled
plugins live on it.

Isolation is of faults, not of malice: a plugin is ordinary Python in the process of the site.
"""

from flask_babel import gettext, lazy_gettext, ngettext

from civic.communities.models import Community
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import Model, Owned, db, one_of
from civic.kernel.due import Due
from civic.kernel.errors import Refused
from civic.kernel.events import Event, publish
from civic.kernel.hookspecs import API_VERSION as VERSION
from civic.kernel.hookspecs import hookimpl
from civic.kernel.htmx import render, see_other, wants_part
from civic.kernel.own_data import Collected, Kept, Part, Table
from civic.kernel.permissions import Actor, Permission, allowed, check, require, visible
from civic.kernel.plugin import NavItem, Plugin
from civic.kernel.tell import Delivery, Recipient
from civic.kernel.text import excerpt, plain

__all__ = [
    "VERSION",
    "Actor",
    "Collected",
    "Community",
    "Delivery",
    "Due",
    "Event",
    "Kept",
    "Model",
    "NavItem",
    "Owned",
    "Part",
    "Permission",
    "Person",
    "Plugin",
    "Recipient",
    "Refused",
    "Table",
    "allowed",
    "check",
    "clock",
    "db",
    "excerpt",
    "gettext",
    "hookimpl",
    "lazy_gettext",
    "ngettext",
    "one_of",
    "plain",
    "publish",
    "render",
    "require",
    "see_other",
    "visible",
    "wants_part",
]
