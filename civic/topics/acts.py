"""What each decision on a topic does: hold, check, close with an answer, write down."""

from datetime import datetime, timedelta
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.identities.kinds import STAFF
from civic.kernel import clock, holidays, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, check, veto
from civic.topics import scales, services, states, telling, who
from civic.topics.models import Catalogue, CatalogueEntry, Topic

LONGEST = 2000


def appeal_until() -> datetime:
    """Return when the window of an appeal ends.

    Where the days off are not known, the calendar alone counts: it may only be too short by days
    off, never by a day.
    """
    window = scales.clocks().appeal_window
    end = holidays.end_of(clock.now(), window)
    return end or clock.now() + timedelta(days=window.n + 1)


def begin(actor: Actor, community: Community, topic_id: int, act: str) -> Topic:
    """Hold a topic that the actor may decide on now.

    :raises Refused: `own` for a topic of one's own, `closed` where the act is not possible.
    """
    check(actor, who.MANAGE, community.path)
    topic = services.find(community, topic_id, lock=True)
    if topic.author_id is not None and topic.author_id == actor.person_id:
        raise Refused(
            "own", _l("This is your own topic; a colleague decides on it."), HTTPStatus.FORBIDDEN
        )
    possible(topic, act)
    veto(actor, who.MANAGE, topic)
    return topic


def possible(topic: Topic, act: str) -> None:
    """Refuse an act that its state or lane does not allow.

    :raises Refused: `closed`, `wrong_lane`.
    """
    rule = states.ACTS[act]
    if topic.state not in rule.sources:
        raise Refused(
            "closed",
            _l("Somebody has decided on this topic meanwhile. Its page says what was decided."),
            HTTPStatus.CONFLICT,
        )
    if not states.possible(act, topic.state, topic.lane):
        raise Refused(
            "wrong_lane",
            _l("This belongs to another lane. Please change the lane first, with a reason."),
            HTTPStatus.CONFLICT,
        )


def close(
    actor: Actor, community: Community, topic: Topic, act: str, words: str, code: str = ""
) -> None:
    """Close a topic with an answer; there is no way to close one without."""
    office = office_of(actor, community)
    topic.state = states.after(act, topic.state)
    topic.answer, topic.answered_at, topic.answer_office = words, clock.now(), office
    topic.answer_due = None
    done(actor, community, topic, act, code, words)
    telling.answered(community, topic)


def done(
    actor: Actor,
    community: Community,
    topic: Topic,
    act: str,
    code: str,
    words: str,
    entry_id: int | None = None,
) -> None:
    """Write an act down for everybody, and keep it in the audit."""
    services.add_step(
        topic,
        act,
        post=office_of(actor, community),
        by_id=actor.person_id,
        code=code,
        words=words,
        entry_id=entry_id,
    )
    services.record(actor, community, f"topic.{act}", topic, code=code)


def office_of(actor: Actor, community: Community) -> str:
    """Return the post in whose name somebody acts here."""
    posts = actor.posts_at(community.path)
    return next((post.title for post in posts if STAFF in post.groups), "")


def words_of(words: str) -> str:
    """Return words as they are kept.

    :raises Refused: `words` where there are none, or too many.
    """
    kept = text.plain(words).strip()
    if not kept:
        raise Refused("words", _l("Please say why, in words that whoever asked understands."))
    if len(kept) > LONGEST:
        raise Refused("words", _l("This is too long. Please shorten it."))
    return kept


def check_entry(community: Community, entry_id: int | None) -> None:
    """Refuse an entry that no published catalogue here has.

    :raises Refused: `entry`.
    """
    if entry_id is None:
        return
    query = (
        select(CatalogueEntry.id)
        .join(Catalogue, Catalogue.id == CatalogueEntry.catalogue_id)
        .where(CatalogueEntry.id == entry_id, Catalogue.published_at.is_not(None))
        .where(Catalogue.community_id.in_(community.path))
    )
    if db.session.scalar(query) is None:
        raise Refused("entry", _l("Please choose an entry of the catalogue."))
