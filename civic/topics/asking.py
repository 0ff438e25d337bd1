"""Who wants to know what becomes of a topic: its author, and all who joined."""

from sqlalchemy import select, update

from civic.kernel import clock
from civic.kernel.db import db
from civic.topics.models import Topic, TopicAsker


def ask(topic: Topic, person_id: int) -> None:
    """Let somebody be answered too, once; the topic's row is held."""
    there = select(TopicAsker.id).filter_by(topic_id=topic.id, person_id=person_id)
    if db.session.scalar(there) is None:
        db.session.add(TopicAsker(topic_id=topic.id, person_id=person_id, at=clock.now()))
        topic.asker_count += 1
        db.session.flush()


def asks(person_id: int | None, topic_id: int) -> bool:
    """Tell whether somebody wants to know what becomes of a topic."""
    if person_id is None:
        return False
    query = select(TopicAsker.id).filter_by(topic_id=topic_id, person_id=person_id)
    return db.session.scalar(query) is not None


def forget_home(person_id: int) -> None:
    """Take the building from the topics of somebody who leaves."""
    db.session.execute(update(Topic).where(Topic.author_id == person_id).values(home=""))
