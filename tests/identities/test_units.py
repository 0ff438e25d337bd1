"""Units as plugins find them, and who acts for them now."""

from datetime import timedelta

import pytest

from civic.identities.units import acting_for, liaisons, unit_at, units_at
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests.factories import World, organisation, person, scalars, standing


def test_units_below_a_place_and_no_others(world: World) -> None:
    here = organisation(world.gate, "近处")
    organisation(world.jingji.node, "别处")
    ended = organisation(world.gate, "旧单位")
    ended.valid_to = clock.now()
    db.session.commit()
    assert [unit.name for unit in units_at(world.erlong)] == ["近处"]
    assert sorted(unit.name for unit in units_at(world.street)) == ["别处", "近处"]
    assert unit_at(world.erlong, here.id) == here
    with pytest.raises(Refused) as refused:
        unit_at(world.jingji, here.id)
    assert refused.value.code == "no_organisation"
    db.session.commit()


def test_somebody_acts_for_a_unit_while_their_standing_is_in_force(world: World) -> None:
    unit, other = organisation(world.gate, "银行"), organisation(world.gate, "医院")
    now, before = person("赵敏"), person("钱伟")
    standing(now, world.gate, "resident_unit").organisation_id = unit.id
    gone = standing(before, world.gate, "resident_unit")
    gone.organisation_id, gone.valid_to = unit.id, clock.now() - timedelta(days=1)
    db.session.commit()
    assert scalars(acting_for(now.id)) == [unit.id]
    assert scalars(acting_for(before.id)) == []
    assert scalars(acting_for(None)) == []
    assert scalars(liaisons([unit.id])) == [now.id]
    assert scalars(liaisons([other.id])) == []
