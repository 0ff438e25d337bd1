"""Topics for tests."""

from collections.abc import Callable

import pytest
from flask import Flask

from civic.kernel.db import db
from civic.procedures import loading
from civic.topics import deciding, services
from civic.topics.models import Topic
from tests.factories import World


@pytest.fixture
def hand_in(world: World) -> Callable[..., Topic]:
    """A function that lets somebody hand a topic in."""

    def hand_in(title: str = "6号楼前停车位不够", role: str = "resident", **more: str) -> Topic:
        draft = services.Draft(title=title, text=more.get("text", "晚上没地方停车。"))
        key = more.get("form_key", f"{role}-{title}")
        made = services.hand_in(world.actor(role), world.erlong, draft, form_key=key)
        db.session.commit()
        return made

    return hand_in


@pytest.fixture
def weigh(world: World) -> Callable[..., Topic]:
    """A function that lets the deputy weigh a topic."""

    def weigh(topic: Topic, lane: str = "consultation", **levels: int) -> Topic:
        found = {"urgency": 2, "reach": 2, "authority": 2} | levels
        weight = deciding.Weight(**found, lane=lane, words="影响整栋楼。")
        done = deciding.triage(world.actor("deputy"), world.erlong, topic.id, weight)
        db.session.commit()
        return done

    return weigh


@pytest.fixture
def in_force(app: Flask) -> None:
    """Load the procedures: a case that a topic becomes is voted on by one of them."""
    loading.sync()
    db.session.commit()
