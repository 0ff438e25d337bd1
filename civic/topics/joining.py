"""Join a topic instead of sending one of one's own, and leave it again."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, check
from civic.topics import asking, states, who
from civic.topics.models import Topic, TopicAsker
from civic.topics.services import find


def join(actor: Actor, community: Community, topic_id: int) -> Topic:
    """Join a topic instead of sending one of one's own: the answer comes to oneself too.

    :raises Refused: a reason of `why_not`, or `answered` when there is nothing to wait for.
    """
    if actor.person_id is None or not who.speaks(actor, community.path):
        refusal = who.why_not(actor, community.path)
        if refusal is not None:
            raise refusal
        check(actor, who.HAND_IN, community.path)
        raise Refused(
            "no_permission", _l("Who lives or works here can join."), HTTPStatus.FORBIDDEN
        )
    found = find(community, topic_id, lock=True)
    if found.state not in {*states.OPEN, states.ACCEPTED}:
        raise Refused(
            "answered",
            _l("This topic has been answered; its page says how."),
            HTTPStatus.CONFLICT,
        )
    asking.ask(found, actor.person_id)
    return found


def leave(actor: Actor, community: Community, topic_id: int) -> Topic:
    """Not want to know any more what becomes of a topic that somebody else handed in."""
    found = find(community, topic_id, lock=True)
    mine = db.session.scalar(
        select(TopicAsker).filter_by(topic_id=found.id, person_id=actor.person_id)
    )
    if mine is not None and found.author_id != actor.person_id:
        db.session.delete(mine)
        found.asker_count -= 1
        db.session.flush()
    return found
