"""Topics that a plugin brings in: once, owed an answer, and told to whoever raised them."""

import pytest
from civic_kinds import called
from sqlalchemy import select

from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.topics import deciding
from civic.topics.models import Topic, TopicAsker
from tests.factories import scalars
from tests.plugged.conftest import off


def test_a_call_becomes_a_topic_once_and_its_answer_is_read(world):
    first = called(world.erlong, "C1", "路灯不亮", world.resident.id)
    again = called(world.erlong, "C1", "路灯不亮")
    db.session.commit()
    assert first.id == again.id
    assert (first.state, first.answer) == ("handed_in", "")
    [topic] = scalars(select(Topic))
    assert (topic.source, topic.author_id, topic.asker_count) == ("kinds.calls", None, 1)
    assert scalars(select(TopicAsker.person_id)) == [world.resident.id]
    assert scalars(select(AuditEntry.actor).filter_by(act="topic.imported")) == ["kinds"]
    deputy = world.actor("deputy")
    weight = deciding.Weight(urgency=3, reach=1, authority=1, lane="government", words="夜里看不见")
    deciding.triage(deputy, world.erlong, topic.id, weight)
    deciding.hand_over(deputy, world.erlong, topic.id, "已转。", channel="hotline", to="")
    db.session.commit()
    told = called(world.erlong, "C1", "路灯不亮")
    assert (told.state, told.answer) == ("handed_over", "已转。")
    assert told.url == f"/c/erlonglu/topics/{topic.id}/"


def test_where_the_plugin_is_off_nothing_comes_in(world):
    for community in (world.jingji, world.erlong):
        if community is world.erlong:
            off(world)
        with pytest.raises(Refused) as refused:
            called(community, "C2", "路灯不亮")
        assert refused.value.code == "source"
        db.session.rollback()
