"""Who took part in a case: said something, or used a right; what they chose is never asked."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select, union

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.consultations.models import Consultation, Participant
from civic.consultations.stage_rows import CaseBallot
from civic.identities import known
from civic.identities.models import Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.outcomes.rules import rules
from civic.topics.models import Topic, TopicAsker
from civic.voting import kinds
from civic.voting.box import UsedRight
from civic.voting.models import Ballot


def people(case_id: int) -> Select[Any]:
    """Select the ids of the people who took part in a case."""
    spoke = select(Participant.person_id.label("person_id")).where(
        Participant.consultation_id == case_id, Participant.person_id.is_not(None)
    )
    own = select(Consultation.ballot_id).where(
        Consultation.id == case_id, Consultation.ballot_id.is_not(None)
    )
    linked = select(CaseBallot.ballot_id).where(CaseBallot.consultation_id == case_id)
    voted = select(UsedRight.person_id).where(
        UsedRight.ballot_id.in_(own.union_all(linked)),
        UsedRight.person_id.is_not(None),
        UsedRight.rehearsal.is_(False),
    )
    both = union(spoke, voted).subquery()
    return select(both.c.person_id)


def askers(case_id: int) -> Select[Any]:
    """Select the ids of the people whose topics, or topics they joined, led to a case."""
    return (
        select(TopicAsker.person_id.label("person_id"))
        .join(Topic, Topic.id == TopicAsker.topic_id)
        .where(Topic.consultation_id == case_id)
    )


def took_part(person_id: int | None, case_id: int) -> bool:
    """Tell whether somebody took part in a case."""
    if person_id is None:
        return False
    mine = people(case_id).subquery()
    return db.session.scalar(select(mine.c[0]).where(mine.c[0] == person_id)) is not None


def figures(community: Community, case: Consultation, ballot: Ballot | None) -> dict[str, Any]:
    """Return how many took part, in numbers alone: all, by standing, by channel of the vote.

    :param ballot: the vote that decided it, where there was one.

    Private standings are not told. Groups smaller than what is shown are put together as `""`.
    """
    took = people(case.id).subquery()
    now = clock.now()
    rows = db.session.execute(
        select(Standing.kind, func.count(Standing.person_id.distinct()))
        .join(Node, Node.id == Standing.node_id)
        .where(
            Standing.person_id.in_(select(took.c[0])),
            Standing.valid_from <= now,
            or_(Standing.valid_to.is_(None), Standing.valid_to > now),
            within([community.path]),
        )
        .group_by(Standing.kind)
        .order_by(Standing.kind)
    ).all()
    closing = ballot.closing if ballot is not None else {}
    return {
        "people": db.session.scalar(select(func.count()).select_from(took)) or 0,
        "standings": _large({kind: n for kind, n in rows if not known.standings()[kind].private}),
        "channels": _large(dict((closing or {}).get("channels", {}))),
    }


def _large(numbers: dict[str, int]) -> dict[str, int]:
    least = rules().smallest
    shown = {code: number for code, number in numbers.items() if number >= least}
    rest = sum(number for number in numbers.values() if number < least)
    return shown | ({"": rest} if rest >= least else {})


def lines(kept: dict[str, Any]) -> list[tuple[str, int]]:
    """Return kept figures in words."""
    if not kept:
        return []
    known_standings = known.standings()
    found = [(_("People who took part"), kept["people"])]
    found += [
        (str(known_standings[code].title) if code else _("Others"), number)
        for code, number in kept["standings"].items()
    ]
    found += [
        (
            _("Votes: %(channel)s", channel=kinds.CHANNELS[code])
            if code
            else _("Votes: other ways"),
            number,
        )
        for code, number in kept["channels"].items()
    ]
    return [(name, number) for name, number in found if number]
