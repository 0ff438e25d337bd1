"""What a meeting comes to on its topics: with enough units there, by agreement or by a vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import select

from civic.api import Actor, MeetingRules, Refused, clock, db, meeting_rules_from, plain
from civic.api import lazy_gettext as _l
from civic_party import flow, noting, roll, seats, topics
from civic_party.meeting_models import (
    ACCEPTED,
    CONSENSUS,
    NO_DECISION,
    VOTE,
    WAYS,
    Decision,
    Meeting,
)
from civic_party.record_models import UNDONE, Action

LONGEST = 2000
ALL = "all"


@dataclass(frozen=True)
class Votes:
    """Be how many units voted for, against, and not."""

    agree: int
    against: int
    abstained: int

    @property
    def total(self) -> int:
        """Return how many took part."""
        return self.agree + self.against + self.abstained


def carries(votes: Votes, quorum: roll.Quorum, rules: MeetingRules) -> bool:
    """Tell whether a vote carries, by the rules of the meeting; never without quorum (pure)."""
    base = quorum.seats if rules.of == ALL else quorum.attending
    return quorum.met and rules.majority.met(votes.agree, base)


def of(meeting_id: int) -> dict[int, Decision]:
    """Return the decisions of a meeting by the ids of their topics."""
    ids = [topic.id for topic in topics.of(meeting_id, ACCEPTED)]
    found = db.session.scalars(select(Decision).where(Decision.topic_id.in_(ids)))
    return {row.topic_id: row for row in found}


def decide(
    actor: Actor,
    which: Meeting,
    topic_id: int,
    *,
    words: str,
    way: str,
    votes: Votes | None = None,
) -> Decision:
    """Note what the meeting came to on a topic; it can be put right until the draft goes out.

    :param votes: where there was a vote: each unit that attends is counted once.
    :raises Refused: `moved_on`, `no_quorum`, `words`, `way`, `votes`, `has_tasks` where a decision
        that has tasks would no longer carry, 404.
    """
    which = seats.held(which)
    if which.state not in {flow.OPEN, flow.DRAFTING}:
        message = _l("Decisions are noted while the meeting is held and its minutes are drafted.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    topic = topics.topic(which, topic_id)
    if topic.state != ACCEPTED:
        raise Refused("no_topic", _l("This topic is not on the agenda."), HTTPStatus.CONFLICT)
    words = plain(words)
    if not words or len(words) > LONGEST:
        raise Refused("words", _l("Please write what was decided, in at most 2,000 letters."))
    if way not in WAYS:
        raise Refused("way", _l("Please choose how it was decided."))
    quorum = roll.quorum(which)
    if way != NO_DECISION and not quorum.met:
        message = _l(
            "Only %(here)d of %(seats)d units attend, and %(needed)d are needed. Nothing can be "
            "decided; the topic goes to the next meeting."
        )
        values: dict[str, object] = {
            "here": quorum.attending,
            "seats": quorum.seats,
            "needed": quorum.needed,
        }
        raise Refused("no_quorum", message, HTTPStatus.CONFLICT, values)
    if way == VOTE:
        _counted(votes, quorum)
    counted = votes if way == VOTE else None
    rules = meeting_rules_from(which.rules)
    found = db.session.get(Decision, topic.id) or Decision(topic_id=topic.id)
    found.words, found.way = words, way
    found.votes_for = counted.agree if counted else None
    found.votes_against = counted.against if counted else None
    found.abstained = counted.abstained if counted else None
    found.passed = way == CONSENSUS or (counted is not None and carries(counted, quorum, rules))
    if not found.passed and _has_tasks(topic.id):
        message = _l("Tasks rest on this decision. Please take them out first.")
        raise Refused("has_tasks", message, HTTPStatus.CONFLICT)
    found.noted_by, found.noted_at = actor.person_id, clock.now()
    db.session.add(found)
    db.session.flush()
    noting.on_meeting(actor, which, "decision_noted", {"topic": topic.id, "passed": found.passed})
    return found


def _counted(votes: Votes | None, quorum: roll.Quorum) -> None:
    if votes is None or min(votes.agree, votes.against, votes.abstained) < 0:
        raise Refused("votes", _l("Please write how many voted for, against, and not."))
    if votes.total != quorum.attending:
        message = _l(
            "%(units)d units attend, and %(votes)d votes are written down. Each counts once."
        )
        values: dict[str, object] = {"units": quorum.attending, "votes": votes.total}
        raise Refused("votes", message, values=values)


def _has_tasks(topic_id: int) -> bool:
    query = select(Action.id).where(Action.topic_id == topic_id, Action.state.in_(UNDONE))
    return db.session.scalar(query.limit(1)) is not None


def undecided(meeting_id: int) -> Sequence[str]:
    """Return the titles of the topics of a meeting on which nothing is noted."""
    noted = of(meeting_id)
    return [row.title for row in topics.of(meeting_id, ACCEPTED) if row.id not in noted]
