"""Buildings that plugins choose among."""

import pytest

from civic.identities.outdoors import place_at, places_at
from civic.kernel.errors import Refused


def test_buildings_are_offered_and_neither_gates_nor_grids(world):
    found = places_at(world.erlong)
    names = list(found.values())
    assert found[world.erlong.id] == world.erlong.name
    assert world.gate.parent_id in found
    assert world.gate.id not in found
    assert not any("网格" in name for name in names)
    assert place_at(world.erlong, world.gate.parent_id) == world.gate.parent_id
    for elsewhere in (world.gate.id, world.jingji.id, 0):
        with pytest.raises(Refused) as refused:
            place_at(world.erlong, elsewhere)
        assert refused.value.code == "no_place"


def test_a_street_offers_those_of_its_communities(world):
    assert world.gate.parent_id in places_at(world.street)
