"""Hand topics in, find those that say the same, and join one instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from civic.communities.kinds import BUILDING, FUNCTIONAL
from civic.communities.models import Community, Node
from civic.identities.models import Person
from civic.kernel import audit, clock, holidays, plugins, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, veto
from civic.topics import asking, scales, similar, states, who
from civic.topics.models import Topic, TopicStep

#: Source of what staff write down for somebody who came, or called.
COUNTER = "counter"
HOUR = timedelta(hours=1)
LONGEST_TITLE, LONGEST, LONGEST_PLACE = 80, 2000, 80
#: Places that the form offers; who means another one says so in words.
MOST_PLACES = 300


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Hold what somebody hands in.

    :ivar node_id: the place in the tree, where one was chosen.
    """

    title: str
    text: str
    place: str = ""
    node_id: int | None = None


def places(community: Community) -> Sequence[Node]:
    """Return the buildings of a community, which the form offers as places."""
    query = (
        select(Node)
        .where(Node.ids.startswith(community.node.ids), Node.valid_to.is_(None))
        .where(Node.kind.in_((BUILDING, FUNCTIONAL)))
        .order_by(Node.ids)
        .limit(MOST_PLACES)
    )
    return db.session.scalars(query).all()


def duplicates(community: Community, title: str, words: str) -> Sequence[Topic]:
    """Return open topics of a community that say nearly the same, the most alike first."""
    rules = scales.duplicates()
    newest = (
        select(Topic.id, Topic.title, func.substr(Topic.text, 1, 400))
        .where(Topic.community_id == community.id, Topic.hidden_by.is_(None))
        .where(Topic.state.in_((*states.OPEN, states.ACCEPTED)))
        .order_by(Topic.id.desc())
        .limit(rules["looked_at"])
    )
    rows = [(row[0], row[1], row[2]) for row in db.session.execute(newest)]
    ids = similar.nearest(title, words, rows, at_least=rules["from"], most=rules["shown"])
    if not ids:
        return []
    found = {row.id: row for row in db.session.scalars(select(Topic).where(Topic.id.in_(ids)))}
    return [found[number] for number in ids]


def hand_in(actor: Actor, community: Community, draft: Draft, *, form_key: str) -> Topic:
    """Hand a topic in, in public under one's masked name; staff do it for somebody else.

    :param form_key: random key of the form; the same one again returns the topic it made.
    :raises Refused: a reason of `why_not`, `empty`, `too_long`, `too_many` or `no_place`.
    """
    refusal = who.why_not(actor, community.path)
    if refusal is not None:
        raise refusal
    veto(actor, who.HAND_IN, community)
    fields = checked(community, draft)
    person_id = actor.person_id
    assert person_id is not None  # noqa: S101 - visitors have been refused
    # The person's row is the lock under which an hour's topics are counted.
    db.session.execute(select(Person.id).filter_by(id=person_id).with_for_update(key_share=True))
    own = who.speaks(actor, community.path)
    twin = _twin(community, person_id, form_key, own=own)
    if twin is not None:
        return twin
    if own:
        _limit(person_id)
        made = keep(community, fields, author_id=person_id, form_key=form_key)
        who.byline(actor, made, community.path)
        asking.ask(made, person_id)
    else:
        made = keep(community, fields, source=COUNTER, source_ref=f"{person_id}:{form_key}")
    title = "" if own else actor.office_at(community.path)
    add_step(made, "handed_in", post=title, by_id=None if own else person_id)
    if not own:
        record(actor, community, "topic.taken_down", made)
    return made


def keep(
    community: Community,
    draft: Draft,
    *,
    author_id: int | None = None,
    form_key: str = "",
    source: str | None = None,
    source_ref: str | None = None,
) -> Topic:
    """Keep a topic that has been checked; from now on an answer is owed."""
    now = clock.now()
    due = scales.due(now, scales.clocks().first_answer, holidays.load())
    made = Topic(
        community_id=community.id,
        title=draft.title,
        text=draft.text,
        html=str(plugins.registry().render_text(community.id, draft.text)),
        place=draft.place,
        node_id=draft.node_id,
        author_id=author_id,
        source=source,
        source_ref=source_ref,
        form_key=form_key,
        created_at=now,
        state=states.HANDED_IN,
        answer_due=due,
    )
    db.session.add(made)
    db.session.flush()
    return made


def checked(community: Community, draft: Draft) -> Draft:
    """Return what was written as it is kept.

    :raises Refused: `empty`, `too_long` or `no_place`.
    """
    title = " ".join(text.plain(draft.title).split())
    words, place = text.plain(draft.text), " ".join(text.plain(draft.place).split())
    if not title:
        raise Refused("empty", _l("Please say in one sentence what it is about."))
    if len(title) > LONGEST_TITLE or len(words) > LONGEST or len(place) > LONGEST_PLACE:
        raise Refused("too_long", _l("This is too long. Please shorten it."))
    if draft.node_id is not None and draft.node_id not in {node.id for node in places(community)}:
        raise Refused("no_place", _l("Please choose a place from the list."))
    return Draft(title=title, text=words, place=place, node_id=draft.node_id)


def find(community: Community, topic_id: int, *, lock: bool = False) -> Topic:
    """Return a topic of a community.

    :param lock: whether it is to be changed; its row is then held until the transaction ends.
    :raises Refused: 404.
    """
    query = select(Topic).filter_by(id=topic_id, community_id=community.id)
    if lock:
        query = query.with_for_update(of=Topic).execution_options(populate_existing=True)
    else:
        query = query.options(
            joinedload(Topic.author),
            joinedload(Topic.node),
            joinedload(Topic.decision),
            joinedload(Topic.consultation),
        )
    found = db.session.scalar(query)
    if found is None:
        raise Refused("no_topic", _l("There is no such topic here."), HTTPStatus.NOT_FOUND)
    return found


def add_step(
    topic: Topic,
    act: str,
    *,
    post: str = "",
    by_id: int | None = None,
    code: str = "",
    words: str = "",
    entry_id: int | None = None,
) -> TopicStep:
    """Write down what happened to a topic, for everybody to read."""
    made = TopicStep(
        topic_id=topic.id,
        act=act,
        at=clock.now(),
        post=post,
        by_id=by_id,
        code=code,
        words=words,
        entry_id=entry_id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def record(actor: Actor, community: Community, act: str, topic: Topic, **data: object) -> None:
    """Keep an official act on a topic in the audit; never a word of what residents wrote."""
    audit.done(act, actor, community, f"topic:{topic.id}", data)


def _twin(community: Community, person_id: int, form_key: str, *, own: bool) -> Topic | None:
    query = select(Topic).filter_by(author_id=person_id, form_key=form_key)
    if not own:
        query = select(Topic).filter_by(
            community_id=community.id, source=COUNTER, source_ref=f"{person_id}:{form_key}"
        )
    return db.session.scalar(query)


def _limit(person_id: int) -> None:
    most = current_app.config["SETTINGS"].topics_per_hour
    recent = select(func.count()).where(
        Topic.author_id == person_id, Topic.created_at > clock.now() - HOUR
    )
    if (db.session.scalar(recent) or 0) >= most:
        raise Refused(
            "too_many",
            _l(
                "You have handed in %(most)d topics within an hour. "
                "Please come back a little later; what you wrote is still here."
            ),
            HTTPStatus.TOO_MANY_REQUESTS,
            {"most": most},
        )
