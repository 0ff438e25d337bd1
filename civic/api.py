"""All that a plugin imports of Civic: what is listed in `__all__`, and nothing else.

The contract has a version of its own, apart from the releases of the site. Within a major version
names and arguments are added and none is taken away; what will go warns for two minor versions and
a year at least, and says in which version it goes. 1.0 is provisional until the four bundled
plugins live on it.

Isolation is of faults, not of malice: a plugin is ordinary Python in the process of the site.
"""

from flask_babel import gettext, lazy_gettext, lazy_pgettext, ngettext, pgettext

from civic import holds
from civic.communities.kinds import PlaceKind
from civic.communities.models import Community
from civic.communities.services import above
from civic.consultations.moving import StageEntered
from civic.consultations.plugged import CaseAt, look_at_case
from civic.identities.giving import Holder, end_standing, give_standing, holders
from civic.identities.kinds import StandingKind
from civic.identities.looks import looked, looked_at
from civic.identities.models import Organisation, Person
from civic.identities.outdoors import place_at, places_at
from civic.identities.units import acting_for, liaisons, unit_at, units_at
from civic.kernel import clock, files, guards, moments, money, periods, sheets
from civic.kernel.choices import listed as choices
from civic.kernel.db import Model, Owned, db, one_of, reads, writes
from civic.kernel.due import Due
from civic.kernel.errors import Refused
from civic.kernel.events import Event, publish
from civic.kernel.exchange import Exporter, Importer, ImportPlan
from civic.kernel.holidays import load as days_off
from civic.kernel.hookspecs import API_VERSION as VERSION
from civic.kernel.hookspecs import hookimpl
from civic.kernel.htmx import render, see_other, wants_part
from civic.kernel.i18n import moment
from civic.kernel.numbers import identifier
from civic.kernel.objecting import Objection, StageMove
from civic.kernel.once import once_a_request
from civic.kernel.own_data import Collected, Kept, Part, PersonalData, Table
from civic.kernel.permissions import (
    Actor,
    Permission,
    allowed,
    check,
    public,
    require,
    visible,
)
from civic.kernel.plugin import NavItem, Plugin
from civic.kernel.qr import square
from civic.kernel.stage import Stage
from civic.kernel.tell import Delivery, Recipient
from civic.kernel.tell import Kind as MessageKind
from civic.kernel.text import excerpt, plain, spoken
from civic.notices.handing_in import hand_in_notice
from civic.notices.plugged import AudienceTerm
from civic.procedures.loading import site_jurisdiction
from civic.procedures.plugged import MeetingRules, meeting_rules, meeting_rules_from
from civic.topics.plugged import HandedIn, hand_in_topic

__all__ = [
    "VERSION",
    "Actor",
    "AudienceTerm",
    "CaseAt",
    "Collected",
    "Community",
    "Delivery",
    "Due",
    "Event",
    "Exporter",
    "HandedIn",
    "Holder",
    "ImportPlan",
    "Importer",
    "Kept",
    "MeetingRules",
    "MessageKind",
    "Model",
    "NavItem",
    "Objection",
    "Organisation",
    "Owned",
    "Part",
    "Permission",
    "Person",
    "PersonalData",
    "PlaceKind",
    "Plugin",
    "Recipient",
    "Refused",
    "Stage",
    "StageEntered",
    "StageMove",
    "StandingKind",
    "Table",
    "above",
    "acting_for",
    "allowed",
    "check",
    "choices",
    "clock",
    "days_off",
    "db",
    "end_standing",
    "excerpt",
    "files",
    "gettext",
    "give_standing",
    "guards",
    "hand_in_notice",
    "hand_in_topic",
    "holders",
    "holds",
    "hookimpl",
    "identifier",
    "lazy_gettext",
    "lazy_pgettext",
    "liaisons",
    "look_at_case",
    "looked",
    "looked_at",
    "meeting_rules",
    "meeting_rules_from",
    "moment",
    "moments",
    "money",
    "ngettext",
    "once_a_request",
    "one_of",
    "periods",
    "pgettext",
    "place_at",
    "places_at",
    "plain",
    "public",
    "publish",
    "reads",
    "render",
    "require",
    "see_other",
    "sheets",
    "site_jurisdiction",
    "spoken",
    "square",
    "unit_at",
    "units_at",
    "visible",
    "wants_part",
    "writes",
]
