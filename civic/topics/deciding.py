"""Decide on topics: weigh them, choose the lane, and close each with an answer."""

from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations import figures, starting
from civic.consultations import services as consultations
from civic.consultations.models import Consultation
from civic.kernel import clock, holidays, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.topics import acts, asking, scales, services, states, telling
from civic.topics.models import Topic, TopicAsker

#: Number that the page of a case shows, kept in its row.
FIGURE = "topics"


@dataclass(frozen=True, kw_only=True)
class Weight:
    """Hold what triage found: how urgent, whom it reaches, who may decide, which lane, and why."""

    urgency: int
    reach: int
    authority: int
    lane: str
    words: str
    entry_id: int | None = None


def triage(actor: Actor, community: Community, topic_id: int, weight: Weight) -> Topic:
    """Weigh a topic; its place on the desk follows, and everybody may read why.

    :raises Refused: for a level that no scale has, a missing reason, or a topic that is closed.
    """
    for name, scale in scales.scales().items():
        if getattr(weight, name) not in scale.levels:
            raise Refused("level", _l("Please choose a level on each scale."))
    if weight.lane not in scales.lanes():
        raise Refused("lane", _l("Please choose who is to deal with it."))
    words = acts.words_of(weight.words)
    acts.check_entry(community, weight.entry_id)
    topic = acts.begin(actor, community, topic_id, states.TRIAGE)
    topic.urgency, topic.reach, topic.authority = weight.urgency, weight.reach, weight.authority
    topic.lane = weight.lane
    topic.rank = scales.rank(weight.urgency, weight.reach, weight.authority)
    topic.state = states.after(states.TRIAGE, topic.state)
    acts.done(actor, community, topic, states.TRIAGE, weight.lane, words, weight.entry_id)
    telling.moved(community, topic)
    return topic


def change_lane(actor: Actor, community: Community, topic_id: int, lane: str, words: str) -> Topic:
    """Give a topic to somebody else to deal with, with a reason that everybody may read.

    :raises Refused: without a reason, for the same lane, or where it may not change any more.
    """
    if lane not in scales.lanes():
        raise Refused("lane", _l("Please choose who is to deal with it."))
    words = acts.words_of(words)
    topic = acts.begin(actor, community, topic_id, states.LANE)
    if topic.lane == lane:
        raise Refused("same_lane", _l("It is in this lane already."), HTTPStatus.CONFLICT)
    topic.lane = lane
    reopen(topic, states.LANE)
    acts.done(actor, community, topic, states.LANE, lane, words)
    telling.moved(community, topic)
    return topic


def accept(
    actor: Actor, community: Community, topic_id: int, words: str, consultation_id: int | None
) -> Topic:
    """Take a topic into consultation: into a case that is there, or into a new draft of one.

    :param consultation_id: the case it joins; none to begin one.
    :raises Refused: without an answer, in another lane, or for a case that is not here.
    """
    words = acts.words_of(words)
    topic = acts.begin(actor, community, topic_id, states.ACCEPT)
    case = (
        _begun(actor, community, topic)
        if consultation_id is None
        else consultations.find(actor, community, consultation_id)
    )
    if case.community_id != community.id:
        raise consultations_missing()
    topic.consultation_id = case.id
    figures.add(case.id, FIGURE)
    acts.close(actor, community, topic, states.ACCEPT, words, str(case.id))
    return topic


def hand_over(
    actor: Actor, community: Community, topic_id: int, words: str, *, channel: str, to: str
) -> Topic:
    """Hand a topic over to an office, or to the channel that the law has for it.

    :param to: which office; the channel's name where it is left out.
    :raises Refused: without an answer or an office, or in another lane.
    """
    if channel not in scales.channels():
        raise Refused("channel", _l("Please choose where it is handed over to."))
    words = acts.words_of(words)
    whither = " ".join(text.plain(to).split())[: services.LONGEST_TITLE]
    if not whither and channel == "office":
        raise Refused("to", _l("Please say to which office."))
    topic = acts.begin(actor, community, topic_id, states.HAND_OVER)
    topic.channel, topic.handed_to = channel, whither or scales.channels()[channel].zh
    acts.close(actor, community, topic, states.HAND_OVER, words, channel)
    return topic


def leave_to_residents(actor: Actor, community: Community, topic_id: int, words: str) -> Topic:
    """Leave a topic to residents themselves, and say how they are helped.

    :raises Refused: without an answer, or in another lane.
    """
    words = acts.words_of(words)
    topic = acts.begin(actor, community, topic_id, states.LEAVE)
    acts.close(actor, community, topic, states.LEAVE, words)
    return topic


def refuse(actor: Actor, community: Community, topic_id: int, reason: str, words: str) -> Topic:
    """Refuse a topic with a reason of the list, in words; it can be appealed to somebody else.

    :raises Refused: for a reason that is not listed, or without words.
    """
    if reason not in scales.reasons():
        raise Refused("reason", _l("Please choose a reason from the list."))
    words = acts.words_of(words)
    topic = acts.begin(actor, community, topic_id, states.REFUSE)
    topic.reason, topic.refused_by = reason, actor.person_id
    topic.appeal_until = acts.appeal_until()
    acts.close(actor, community, topic, states.REFUSE, words, reason)
    return topic


def merge(actor: Actor, community: Community, topic_id: int, into: int, words: str) -> Topic:
    """Merge a topic into another one of the community: whoever asked here is answered there too.

    :raises Refused: for itself, for one that is not open there, or without words.
    """
    words = acts.words_of(words)
    if into == topic_id:
        raise Refused("into", _l("Please choose another topic."))
    # In the order of their ids, so that two who merge crosswise do not wait for each other.
    for number in sorted((topic_id, into)):
        services.find(community, number, lock=True)
    topic = acts.begin(actor, community, topic_id, states.MERGE)
    target = services.find(community, into, lock=True)
    if target.state not in {*states.OPEN, states.ACCEPTED}:
        raise Refused("into", _l("That topic is closed; please choose one that is open."))
    topic.merged_into = target.id
    joined = select(TopicAsker.person_id).filter_by(topic_id=topic.id)
    for person_id in db.session.scalars(joined.order_by(TopicAsker.person_id)).all():
        asking.ask(target, person_id)
    acts.close(actor, community, topic, states.MERGE, words, str(target.id))
    return topic


def withdraw(actor: Actor, community: Community, topic_id: int) -> Topic:
    """Take back a topic of one's own that nobody has decided on; those who joined are told.

    :raises Refused: 404 for one of somebody else; `closed` for one that is decided.
    """
    topic = services.find(community, topic_id, lock=True)
    if actor.person_id is None or topic.author_id != actor.person_id:
        raise Refused("no_topic", _l("There is no such topic here."), HTTPStatus.NOT_FOUND)
    acts.possible(topic, states.WITHDRAW)
    topic.state = states.after(states.WITHDRAW, topic.state)
    topic.answer, topic.answered_at = states.WITHDRAWN, clock.now()
    topic.answer_office, topic.answer_due = "", None
    services.add_step(topic, states.WITHDRAW)
    telling.moved(community, topic)
    return topic


def reopen(topic: Topic, act: str) -> None:
    """Put a topic back into screening; a new answer is owed from now on."""
    if topic.state not in states.OPEN:
        # Reckoned first: what is asked of the database writes what has changed so far.
        due = holidays.end_of(clock.now(), scales.clocks().first_answer)
        topic.answer, topic.answered_at, topic.answer_office = "", None, ""
        topic.answer_due = due
    topic.state = states.after(act, topic.state)


def _begun(actor: Actor, community: Community, topic: Topic) -> Consultation:
    """Begin a case that goes its way by stages, as a draft that only the office sees."""
    rules = scales.case()
    beginning = starting.Beginning(
        code=rules["process"],
        procedure=rules["procedure"],
        title=topic.title,
        background=topic.text or topic.title,
        audience=list(rules["audience"]),
    )
    return starting.begin(actor, community, beginning)


def consultations_missing() -> Refused:
    """Return what is said of a case that is not one of the community's."""
    return Refused(
        "no_consultation", _l("There is no such consultation here."), HTTPStatus.NOT_FOUND
    )
