"""Appeal against the refusal of a topic: to somebody else, within a window, once."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.kernel import clock, holidays, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, check, veto
from civic.topics import acts, asking, deciding, scales, services, states, telling, who
from civic.topics.models import Topic, TopicAppeal, TopicStep

LONGEST = 1000


def appeal(actor: Actor, community: Community, topic_id: int, words: str) -> TopicAppeal:
    """Object to a refusal, as its author or as one who joined.

    :raises Refused: 404 for others; `closed`, `late` or `appealed` where it is not possible any
        more; `empty` without words.
    """
    kept = text.plain(words).strip()
    if not kept or len(kept) > LONGEST:
        raise Refused("empty", _l("Please say why the topic should be looked at again."))
    topic = services.find(community, topic_id, lock=True)
    if not asking.asks(actor.person_id, topic.id):
        raise Refused("no_topic", _l("There is no such topic here."), HTTPStatus.NOT_FOUND)
    if topic.state != states.REFUSED:
        raise Refused("closed", _l("This topic is not refused."), HTTPStatus.CONFLICT)
    now = clock.now()
    if topic.appeal_until is not None and now >= topic.appeal_until:
        raise Refused(
            "late",
            _l("The time in which one can appeal is over. You can hand the topic in anew."),
            HTTPStatus.CONFLICT,
        )
    step = refusal_of(topic)
    if of_step(step.id) is not None:
        raise Refused(
            "appealed", _l("Somebody has appealed against this already."), HTTPStatus.CONFLICT
        )
    assert topic.refused_by is not None  # noqa: S101 - the database sees to it
    made = TopicAppeal(
        topic_id=topic.id,
        step_id=step.id,
        refused_by=topic.refused_by,
        person_id=actor.person_id,
        words=kept,
        at=now,
        due=scales.due(now, scales.clocks().appeal_answer, holidays.load()),
    )
    db.session.add(made)
    services.add_step(topic, states.APPEAL)
    return made


def answer(
    actor: Actor, community: Community, topic_id: int, *, upheld: bool, words: str
) -> TopicAppeal:
    """Answer an appeal: the topic goes back to screening, or stays refused, with words.

    :raises Refused: `second_person` where the actor refused it, `no_appeal` where none waits.
    """
    check(actor, who.MANAGE, community.path)
    kept = text.plain(words).strip()
    if not kept or len(kept) > acts.LONGEST:
        raise Refused("words", _l("Please say why, in words that whoever asked understands."))
    topic = services.find(community, topic_id, lock=True)
    found = None
    if topic.state == states.REFUSED:
        found = of_step(refusal_of(topic).id)
    if found is None or found.answered_at is not None:
        raise Refused("no_appeal", _l("No appeal waits here."), HTTPStatus.CONFLICT)
    if actor.person_id in {found.refused_by, found.person_id, topic.author_id}:
        raise Refused(
            "second_person",
            _l("You refused this topic yourself, or it is yours; somebody else has to answer."),
            HTTPStatus.FORBIDDEN,
        )
    veto(actor, who.MANAGE, topic)
    act = states.UPHOLD if upheld else states.KEEP
    found.outcome = "upheld" if upheld else "kept"
    found.answered_by, found.answered_at = actor.person_id, clock.now()
    office = actor.office_at(community.path)
    if upheld:
        deciding.reopen(topic, act)
        topic.reason, topic.refused_by, topic.appeal_until = "", None, None
    else:
        topic.answer, topic.answered_at, topic.answer_office = kept, clock.now(), office
    services.add_step(topic, act, post=office, by_id=actor.person_id, words=kept)
    services.record(actor, community, f"topic.{act}", topic)
    if upheld:
        telling.moved(community, topic)
    else:
        telling.answered(community, topic)
    return found


def open_to(actor: Actor, topic: Topic) -> bool:
    """Tell whether somebody can still appeal: asked by the page of a refused topic."""
    if topic.state != states.REFUSED or not asking.asks(actor.person_id, topic.id):
        return False
    if topic.appeal_until is not None and clock.now() >= topic.appeal_until:
        return False
    return of_step(refusal_of(topic).id) is None


def refusal_of(topic: Topic) -> TopicStep:
    """Return the refusal that holds now."""
    query = select(TopicStep).filter_by(topic_id=topic.id, act=states.REFUSE)
    return db.session.scalars(query.order_by(TopicStep.id.desc()).limit(1)).one()


def of_step(step_id: int) -> TopicAppeal | None:
    """Return the appeal against a refusal, or None."""
    return db.session.scalar(select(TopicAppeal).filter_by(step_id=step_id))
