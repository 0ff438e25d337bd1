"""Words of the states of the lists."""

from civic.api import lazy_gettext as _l
from civic.api import lazy_pgettext
from civic_party import joint_models as joint
from civic_party import list_models as lists

STATES = {
    lists.CHECKING: _l("Waits to be checked"),
    lists.RETURNED: _l("Sent back, to be changed"),
    lists.PUBLIC: lazy_pgettext("lists", "On the list"),
    lists.MATCHED: _l("In a project"),
    lists.MET: _l("The need is met"),
    lists.WITHDRAWN: lazy_pgettext("lists", "Withdrawn"),
    lists.EXPIRED: lazy_pgettext("lists", "Expired"),
}
#: Looks of the states, besides their words.
LOOKS = {
    lists.CHECKING: "warn",
    lists.RETURNED: "stop",
    lists.PUBLIC: "act",
    lists.MATCHED: "done",
    lists.MET: "done",
}
MATCH_STATES = {
    joint.PROPOSED: _l("Waits for both sides"),
    joint.ACCEPTED: _l("Accepted by both sides"),
    joint.DECLINED: lazy_pgettext("lists", "Declined"),
    joint.LAPSED: lazy_pgettext("lists", "Lapsed"),
}
MATCH_LOOKS = {joint.PROPOSED: "warn", joint.ACCEPTED: "done", joint.DECLINED: "stop"}
PROJECT_LOOKS = {"planned": "warn", "running": "act", "finished": "warn", "rated": "done"}
LEADS = {
    joint.NEED: _l("The side in need"),
    joint.RESOURCE: _l("The side with the resource"),
    joint.OFFICE: _l("The community office"),
}
SIDES = {joint.NEED: _l("Side in need"), joint.RESOURCE: _l("Side with the resource")}
LISTS = {
    "needs": lazy_pgettext("lists", "Needs"),
    "resources": lazy_pgettext("lists", "Resources"),
    "projects": lazy_pgettext("lists", "Joint projects"),
}
