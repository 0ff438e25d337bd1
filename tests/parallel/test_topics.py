"""Topics that are sent, and decided on, at one moment."""

from sqlalchemy import select

from civic.kernel.db import db
from civic.topics import deciding, services
from civic.topics.models import Topic, TopicAsker, TopicStep
from tests.parallel.acts import MANY, count, newcomer, release, same_person, statuses
from tests.parallel.conftest import Street

PAGE = "/c/erlonglu/topics/"


def test_a_topic_sent_many_times_is_kept_once(street: Street):
    author = newcomer(street)
    form = {"to": f"{PAGE}new", "title": "井盖松了", "node": 0, "form_key": "same", "anyway": 1}
    answers = same_person(street, author, f"{PAGE}new", [form] * MANY)
    assert statuses(answers) == {303: MANY}
    [topic] = db.session.scalars(select(Topic).filter_by(author_id=author.id)).all()
    assert topic.asker_count == count(select(TopicAsker).filter_by(topic_id=topic.id)) == 1


def test_two_clerks_decide_the_same_topic_once(street: Street):
    world = street.world
    draft = services.Draft(title="楼道堆物", text="")
    resident = world.actor("resident")
    topic = services.hand_in(resident, world.erlong, draft, form_key="two clerks")
    weight = deciding.Weight(urgency=1, reach=1, authority=1, lane="residents", words="小事")
    deciding.triage(world.actor("officer"), world.erlong, topic.id, weight)
    db.session.commit()
    desk = f"/c/erlonglu/desk/topics/{topic.id}"
    sent = {
        "refuse": {"refuse-reason": "not_here", "refuse-words": "不属于"},
        "leave": {"leave-words": "请自己商量"},
    }
    acts = []
    for clerk, act in ((world.deputy, "refuse"), (world.secretary, "leave")) * 4:
        visitor = street.signed_in(clerk)
        token = {"csrf_token": visitor.hidden(desk)["csrf_token"]}
        acts.append(
            lambda wait, visitor=visitor, act=act, token=token: visitor.post(
                f"{desk}/{act}", token | sent[act], wait
            )
        )
    assert statuses(release(acts)) == {303: 1, 409: 7}
    closing = select(TopicStep).filter_by(topic_id=topic.id)
    assert count(closing.where(TopicStep.act.in_(("refuse", "leave")))) == 1
