"""What is stored of the topics of a person: given out, and freed of the person."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table
from civic.moderation.models import Decision
from civic.topics import asking
from civic.topics.models import Topic, TopicAppeal, TopicAsker


def _export(person_id: int) -> list[Table]:
    topics = db.session.execute(
        select(Topic, Decision.sealed)
        .outerjoin(Decision, Decision.id == Topic.hidden_by)
        .where(Topic.author_id == person_id)
        .order_by(Topic.id)
    ).all()
    joined = db.session.execute(
        select(Topic.title, TopicAsker.at)
        .join(Topic, Topic.id == TopicAsker.topic_id)
        .where(TopicAsker.person_id == person_id)
        .order_by(TopicAsker.id)
    ).all()
    appeals = db.session.execute(
        select(Topic.title, TopicAppeal.words, TopicAppeal.at)
        .join(Topic, Topic.id == TopicAppeal.topic_id)
        .where(TopicAppeal.person_id == person_id)
        .order_by(TopicAppeal.id)
    ).all()
    title, text, at = _l("Topic"), _l("Text"), _l("When")
    return [
        Table(
            "topics",
            _l("Topics that you handed in"),
            {
                "title": title,
                "text": text,
                "place": _l("Place"),
                "home": _l("Where you live or work"),
                "answer": _l("Answer"),
                "at": at,
            },
            [
                (
                    sealed.get("title", "") if sealed else item.title,
                    sealed.get("words", "") if sealed else item.text,
                    sealed.get("place", "") if sealed else item.place,
                    item.home,
                    item.answer,
                    item.created_at,
                )
                for item, sealed in topics
            ],
        ),
        Table(
            "topics_joined",
            _l("Topics of which you want to know what becomes of them"),
            {"title": title, "at": at},
            [tuple(row) for row in joined],
        ),
        Table(
            "topic_appeals",
            _l("Your appeals against refusals"),
            {"title": title, "text": text, "at": at},
            [tuple(row) for row in appeals],
        ),
    ]


def _forget(person_id: int) -> None:
    """Keep topics, which others joined; take home, appeals and the wish to know from the person."""
    asking.forget_home(person_id)
    db.session.execute(delete(TopicAsker).where(TopicAsker.person_id == person_id))
    freed = update(TopicAppeal).where(TopicAppeal.person_id == person_id)
    db.session.execute(freed.values(person_id=None, words=""))


PART = Part(
    owner="topics",
    title=_l("Topics"),
    stored=(
        Collected(
            _l("Topics that you hand in, and those that you join"),
            _l(
                "A topic is public under your masked name and your building, so that it can be "
                "dealt with. Who joined a topic is shown to nobody; they are sent the answer."
            ),
            _l("as long as the record of the topic"),
        ),
        Collected(
            _l("Why you appeal against a refusal"),
            _l("Only whoever answers the appeal reads it."),
            _l("until you close your account"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Topics that you handed in, under “已注销的用户”"),
            _l("Others have joined them, and they are answered in public."),
        ),
    ),
)
