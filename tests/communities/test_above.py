"""Communities above one in which a plugin is on."""

from civic.communities import services
from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests.factories import World


def _on(world: World, *places: object) -> None:
    rows = [Activation(community_id=one.id, plugin="party", on=True) for one in places]
    db.session.add_all(rows)
    db.session.commit()
    db.session.expire_all()


def test_the_street_is_named_where_the_plugin_is_on_there(world: World) -> None:
    erlong, street = world.erlong, world.street
    assert services.above(erlong, "party") == []
    _on(world, erlong)
    assert services.above(erlong, "party") == []
    _on(world, street)
    assert services.above(erlong, "party") == [street]
    assert services.above(erlong, "rental") == []
    assert services.above(street, "party") == []
