"""What voters are told of ballots: one is announced, and one is counted, with its hash."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from civic.communities.models import Community
from civic.kernel import i18n
from civic.kernel.db import db
from civic.kernel.tell import Kind, News, tell
from civic.voting import figures, kinds
from civic.voting.box import UsedRight
from civic.voting.models import Ballot
from civic.voting.rolls import RightHolder, VotingRight

CLOSED = Kind(
    code="ballots.closed",
    title=_l("The count of a ballot in which you voted"),
    sentence=lambda values: _(
        "Counted: %(question)s. Keep this hash; with it anybody can check the count: %(hash)s",
        question=values["question"],
        hash=values["hash"],
    ),
    address=lambda values: f"/c/{values['community']}/ballots/{values['id']}/result",
    rhythm="daily",
)
OPENED = Kind(
    code="ballots.opened",
    title=_l("A ballot in which you may vote"),
    sentence=lambda values: _(
        "A vote is announced: %(question)s. It begins %(opens)s and closes %(closes)s.",
        question=values["question"],
        opens=i18n.moment(datetime.fromisoformat(values["opens"])),
        closes=i18n.moment(datetime.fromisoformat(values["closes"])),
    ),
    address=lambda values: f"/c/{values['community']}/ballots/{values['id']}/",
    rhythm="daily",
)
ENTERED = Kind(
    code="ballots.entered",
    title=_l("A vote that the office entered for you"),
    sentence=lambda values: _(
        "A vote was entered for no. %(number)s, %(channel)s: %(question)s. If you did not ask for "
        "it, tell the office before the close.",
        number=values["number"],
        channel=kinds.CHANNELS[values["channel"]],
        question=values["question"],
    ),
    address=lambda values: f"/c/{values['community']}/ballots/{values['id']}/",
    rhythm="at_once",
)
STRUCK = Kind(
    code="ballots.struck",
    title=_l("A vote of yours that was not counted"),
    sentence=lambda values: _(
        "Your vote was struck at the count, because at the close you did not belong any more to "
        "those who are asked: %(question)s. If that is wrong, tell the office.",
        question=values["question"],
    ),
    address=lambda values: f"/c/{values['community']}/ballots/{values['id']}/result",
    rhythm="daily",
)
KINDS = (OPENED, CLOSED, ENTERED, STRUCK)


def opened(ballot: Ballot) -> None:
    """Tell everybody who may vote that a ballot is announced; not of a rehearsal."""
    if ballot.rehearsal:
        return
    community = db.session.get_one(Community, ballot.community_id)
    people: Select[int]
    if ballot.roll_id is None:
        people = figures.asked(ballot)
    else:
        people = (
            select(RightHolder.person_id)
            .join(VotingRight, VotingRight.id == RightHolder.right_id)
            .where(VotingRight.roll_id == ballot.roll_id, VotingRight.struck_by.is_(None))
            .distinct()
        )
    tell(
        News(
            kind=OPENED.code,
            subject=f"ballot:{ballot.id}",
            people=people,
            community_id=community.id,
            values={
                "community": community.slug,
                "id": ballot.id,
                "question": ballot.question,
                "opens": ballot.opens_at.isoformat(),
                "closes": ballot.closes_at.isoformat(),
            },
        )
    )


def closed(ballot: Ballot) -> None:
    """Tell everybody who voted that a ballot is counted; not of a rehearsal."""
    if ballot.rehearsal:
        return
    community = db.session.get_one(Community, ballot.community_id)
    voters: Select[int] = select(UsedRight.person_id).where(  # type: ignore[assignment]
        UsedRight.ballot_id == ballot.id, UsedRight.person_id.is_not(None)
    )
    tell(
        News(
            kind=CLOSED.code,
            subject=f"ballot:{ballot.id}",
            people=voters,
            community_id=community.id,
            values={
                "community": community.slug,
                "id": ballot.id,
                "question": ballot.question,
                "hash": ballot.closing_hash,
            },
        )
    )


def entered(ballot: Ballot, channel: str, number: int, holders: Sequence[int]) -> None:
    """Tell the holders of a right that a vote was entered for them; not what was chosen."""
    if ballot.rehearsal or not holders:
        return
    community = db.session.get_one(Community, ballot.community_id)
    tell(
        News(
            kind=ENTERED.code,
            subject=f"ballot:{ballot.id}",
            people=holders,
            community_id=community.id,
            values={
                "community": community.slug,
                "id": ballot.id,
                "question": ballot.question,
                "number": number,
                "channel": channel,
            },
        )
    )


def struck(ballot: Ballot, people: Sequence[int]) -> None:
    """Tell those whose votes were struck at the count that they were, and why."""
    if not people:
        return
    community = db.session.get_one(Community, ballot.community_id)
    tell(
        News(
            kind=STRUCK.code,
            subject=f"ballot:{ballot.id}",
            people=people,
            community_id=community.id,
            values={"community": community.slug, "id": ballot.id, "question": ballot.question},
        )
    )
