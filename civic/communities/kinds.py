"""Kinds of nodes and what may stand below what (domain.md §2)."""

SUBDISTRICT = "subdistrict"
COMMUNITY = "community"
FUNCTIONAL = "functional_community"
GRID = "grid"
ESTATE = "estate"
BUILDING = "building"
GATE = "building_gate"
#: A root apart from every street, for data of elsewhere; nobody lives or works there.
COLLECTION = "collection"

#: Kind of a node, and the kinds of the nodes it may stand below.
PARENTS: dict[str, frozenset[str]] = {
    SUBDISTRICT: frozenset(),
    COMMUNITY: frozenset({SUBDISTRICT}),
    FUNCTIONAL: frozenset({SUBDISTRICT, COMMUNITY}),
    GRID: frozenset({COMMUNITY, FUNCTIONAL}),
    ESTATE: frozenset({COMMUNITY, GRID}),
    BUILDING: frozenset({COMMUNITY, FUNCTIONAL, GRID, ESTATE}),
    GATE: frozenset({BUILDING}),
    COLLECTION: frozenset(),
}
#: Kinds that have a home page of their own.
HOMES = frozenset({SUBDISTRICT, COMMUNITY, FUNCTIONAL, COLLECTION})
