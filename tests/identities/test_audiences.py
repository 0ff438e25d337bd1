"""Who is asked: the statement that finds them and the check of one person say the same."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic.communities.models import Node
from civic.identities.actors import actor_for
from civic.identities.audiences import fitting_group, people_of
from civic.identities.kinds import STANDINGS
from civic.identities.models import Person, Standing
from civic.kernel import clock
from civic.kernel.db import db
from tests import factories
from tests.factories import World, actor, build_world, person

GROUPS = sorted({group for kind in STANDINGS.values() for group in kind.groups})
HELD = st.tuples(
    st.integers(0, 3),  # whose
    st.integers(0, 6),  # where
    st.sampled_from(sorted(STANDINGS)),
    st.integers(0, 4),  # level
    st.sampled_from([(-9, None), (-9, 9), (-9, -1), (1, None), (-1, 1), (-2, -1)]),  # days
)


@pytest.fixture
def world(app: Flask) -> World:
    return build_world()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    held=st.lists(HELD, max_size=8, unique_by=lambda one: (one[0], one[1], one[2], one[4][0])),
    audience=st.lists(st.sampled_from(GROUPS), max_size=3),
    at=st.integers(-1, 6),
)
def test_the_statement_finds_exactly_those_who_fit(world: World, held, audience, at) -> None:
    nodes = db.session.query(Node).order_by(Node.id).limit(7).all()
    people = [person(str(number)) for number in range(4)]
    day = timedelta(days=1)
    now = clock.now()
    for who, where, kind, level, (start, end) in held:
        db.session.add(
            Standing(
                person_id=people[who].id,
                kind=kind,
                node_id=nodes[where].id,
                level=level,
                source="test",
                valid_from=now + start * day,
                valid_to=None if end is None else now + end * day,
            )
        )
    db.session.flush()
    path = nodes[at].path if at >= 0 else ()
    found = list(db.session.scalars(people_of(audience, path)))
    expected = {
        one.id
        for one in db.session.query(Person)
        if fitting_group(actor_for(one.id), audience, path) is not None
    }
    assert set(found) == expected
    assert len(found) == len(set(found))
    db.session.rollback()


def test_a_person_without_a_session_is_the_same_actor(world: World) -> None:
    for who in world.people.values():
        assert actor_for(who.id) == actor(who)
    assert actor_for(10**6) is None
    factories.closed(world.resident)
    db.session.flush()
    assert actor_for(world.resident.id) is None
