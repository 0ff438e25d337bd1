"""Kinds of nodes and what may stand below what (domain.md §2)."""

SUBDISTRICT = "subdistrict"
COMMUNITY = "community"
FUNCTIONAL = "functional_community"
GRID = "grid"
ESTATE = "estate"
BUILDING = "building"
GATE = "building_gate"

#: Kind of a node, and the kinds of the nodes it may stand below.
PARENTS: dict[str, frozenset[str]] = {
    SUBDISTRICT: frozenset(),
    COMMUNITY: frozenset({SUBDISTRICT}),
    FUNCTIONAL: frozenset({SUBDISTRICT, COMMUNITY}),
    GRID: frozenset({COMMUNITY, FUNCTIONAL}),
    ESTATE: frozenset({COMMUNITY, GRID}),
    BUILDING: frozenset({COMMUNITY, FUNCTIONAL, GRID, ESTATE}),
    GATE: frozenset({BUILDING}),
}
#: Kinds that have a home page of their own.
HOMES = frozenset({SUBDISTRICT, COMMUNITY, FUNCTIONAL})
