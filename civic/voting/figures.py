"""Figures of a roll at the close: how many rights there were, and how many were used."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from civic.communities.models import Community
from civic.identities.audiences import people_of
from civic.identities.models import Person, Standing
from civic.kernel.db import db
from civic.voting import kinds
from civic.voting.box import UsedRight
from civic.voting.models import Ballot
from civic.voting.rolls import VotingRight


def asked(ballot: Ballot, *, at: datetime | None = None) -> Any:  # noqa: ANN401 - a statement that selects ids
    """Return the statement that selects the adults of a ballot's audience.

    :param at: when; now, unless said otherwise.
    """
    community = db.session.get_one(Community, ballot.community_id)
    people = people_of(ballot.audience, community.path, at=at)
    return people.join(Person, Person.id == Standing.person_id).where(Person.adult)


def people(ballot: Ballot, *, at: datetime | None = None) -> int:
    """Return how many adults belong to the audience of a ballot.

    :param at: when; now, unless said otherwise.
    """
    query = select(func.count()).select_from(asked(ballot, at=at).subquery())
    return db.session.scalar(query) or 0


def of_roll(ballot: Ballot) -> dict[str, Any]:
    """Return the figures of a ballot's roll.

    Where no list names each right, whoever had one at the close counts, and whoever used one that
    nothing takes back: in a detached ballot those may have lost their standing since.
    """
    if ballot.rehearsal and ballot.roll_id is None:
        rights = heads = kinds.TEST_VOTERS
        area = ballot.rules["roll"].get("area_cm2")
    elif ballot.roll_id is None:
        group = asked(ballot, at=ballot.closes_at)
        gone = (
            select(func.count())
            .select_from(UsedRight)
            .where(
                UsedRight.ballot_id == ballot.id,
                or_(UsedRight.person_id.is_(None), UsedRight.person_id.not_in(group)),
            )
        )
        rights = people(ballot, at=ballot.closes_at) + (db.session.scalar(gone) or 0)
        heads, area = rights, None
    else:
        query = select(
            func.count(), func.sum(VotingRight.heads), func.sum(VotingRight.area_cm2)
        ).where(VotingRight.roll_id == ballot.roll_id, VotingRight.struck_by.is_(None))
        count, heads_, area_ = db.session.execute(query).one()
        rights, heads = count, int(heads_ or 0)
        area = int(area_ or 0) if "area_cm2" in ballot.rules["roll"]["measures"] else None
    return {"rights": rights, "used": ballot.turnout, "heads": heads, "area_cm2": area}
