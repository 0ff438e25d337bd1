"""Kinds of nodes and what may stand below what, kinds of bodies and of dated events (domain.md §2).

Three trees that do not coincide share one table: the administrative one, areas of property
management, and the organisation of the party. Links say which node of one covers which of another.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

SUBDISTRICT = "subdistrict"
COMMUNITY = "community"
FUNCTIONAL = "functional_community"
GRID = "grid"
MICRO_GRID = "micro_grid"
ESTATE = "estate"
BUILDING = "building"
GATE = "building_gate"
PROPERTY_AREA = "property_area"
PARTY_COMMITTEE = "party_working_committee"
COMMUNITY_PARTY = "community_party_committee"
GENERAL_BRANCH = "general_branch"
BRANCH = "party_branch"
PARTY_GROUP = "party_group"
#: A root apart from every street, for data of elsewhere; nobody lives or works there.
COLLECTION = "collection"


@dataclass(frozen=True)
class PlaceKind:
    """Declare a kind of place of a plugin, as bays, signs or rooms.

    It can be added where the plugin is on; where it is off or gone, what stands there stays, is
    named a former kind once nobody knows it, and can be renamed and ended.

    :ivar code: its name in the plugin; it is kept as `plugin.code`.
    :ivar below: kinds of the core, or codes of the same plugin, right below which it may stand.
    :ivar headings: names of its column in the spreadsheet of places, in all languages; without any
        it has none.
    :ivar inhabited: whether people live or work there, so that standings can be held at it.
    """

    code: str
    title: LazyString | str
    below: tuple[str, ...]
    headings: tuple[str, ...] = ()
    inhabited: bool = False


#: Kind of a node, and the kinds of the nodes it may stand below.
PARENTS: dict[str, frozenset[str]] = {
    SUBDISTRICT: frozenset(),
    COMMUNITY: frozenset({SUBDISTRICT}),
    FUNCTIONAL: frozenset({SUBDISTRICT, COMMUNITY}),
    GRID: frozenset({COMMUNITY, FUNCTIONAL}),
    MICRO_GRID: frozenset({GRID}),
    ESTATE: frozenset({COMMUNITY, GRID, MICRO_GRID}),
    BUILDING: frozenset({COMMUNITY, FUNCTIONAL, GRID, MICRO_GRID, ESTATE}),
    GATE: frozenset({BUILDING}),
    PROPERTY_AREA: frozenset({SUBDISTRICT}),
    PARTY_COMMITTEE: frozenset({SUBDISTRICT}),
    COMMUNITY_PARTY: frozenset({PARTY_COMMITTEE}),
    GENERAL_BRANCH: frozenset({PARTY_COMMITTEE, COMMUNITY_PARTY}),
    BRANCH: frozenset({PARTY_COMMITTEE, COMMUNITY_PARTY, GENERAL_BRANCH}),
    PARTY_GROUP: frozenset({BRANCH}),
    COLLECTION: frozenset(),
}
TITLES: dict[str, LazyString] = {
    SUBDISTRICT: _l("Street"),
    COMMUNITY: _l("Community"),
    FUNCTIONAL: _l("Functional community"),
    GRID: _l("Grid"),
    MICRO_GRID: _l("Micro-grid"),
    ESTATE: _l("Estate"),
    BUILDING: _l("Building"),
    GATE: _l("Building gate"),
    PROPERTY_AREA: _l("Property area"),
    PARTY_COMMITTEE: _l("Party working committee"),
    COMMUNITY_PARTY: _l("Community party committee"),
    GENERAL_BRANCH: _l("General branch"),
    BRANCH: _l("Party branch"),
    PARTY_GROUP: _l("Party group"),
    COLLECTION: _l("Collection"),
}
#: Kinds that have a home page of their own.
HOMES = frozenset({SUBDISTRICT, COMMUNITY, FUNCTIONAL, COLLECTION})
PROPERTY = frozenset({PROPERTY_AREA})
PARTY = frozenset({PARTY_COMMITTEE, COMMUNITY_PARTY, GENERAL_BRANCH, BRANCH, PARTY_GROUP})
#: Kinds at which people live and work, and which a spreadsheet of places may name.
PLACES = frozenset({COMMUNITY, FUNCTIONAL, GRID, MICRO_GRID, ESTATE, BUILDING, GATE})

#: What a link says of its source: that it covers the target, or that it serves it.
COVERS = "covers"
SERVES = "serves"
LINKS: dict[str, LazyString] = {COVERS: _l("covers"), SERVES: _l("serves")}

RESIDENTS_COMMITTEE = "residents_committee"
BODIES: dict[str, LazyString] = {
    RESIDENTS_COMMITTEE: _l("Residents' committee"),
    "mediation_committee": _l("People's mediation committee"),
    "security_committee": _l("Public security committee"),
    "health_committee": _l("Public health committee"),
    "supervision_committee": _l("Supervision of the residents' committee"),
    "deliberation_hall": _l("Deliberation hall"),
    "owners_committee": _l("Owners' committee"),
    "property_mgmt_committee": _l("Property management committee"),
    "community_party_committee": _l("Community party committee"),
    "service_station": _l("Community service station"),
    "subdistrict_office": _l("Office of the street"),
    "working_group": _l("Working group"),
    "other": _l("Other body"),
}

FOUNDED, RENAMED, MOVED, ENDED = "founded", "renamed", "moved", "ended"
SPLIT, MERGED = "split", "merged"
EVENTS: dict[str, LazyString] = {
    FOUNDED: _l("founded"),
    RENAMED: _l("renamed"),
    MOVED: _l("moved"),
    ENDED: _l("ended"),
    SPLIT: _l("split"),
    MERGED: _l("merged"),
}
