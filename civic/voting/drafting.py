"""Draft a ballot: what is asked and how it is counted; two people open it."""

from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.identities.kinds import AUDIENCES
from civic.kernel import text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import kinds
from civic.voting.models import Ballot, BallotOption

MOST_OPTIONS = 40
#: Of a cost in yuan.
DIGITS = 9
#: The limit that one asks for, by kind.
NUMBERS = {
    kinds.APPROVAL: "max",
    kinds.SCORE: "high",
    kinds.RANKING: "max",
    kinds.DOTS: "dots",
    kinds.BUDGET: "total",
}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Hold what a ballot shall be.

    :ivar options: lines of the paper; of projects with their cost, as `路灯 | 60000`.
    :ivar number: the limit of its kind; 0 for the usual one.
    """

    question: str
    kind: str
    method: str
    secrecy: str
    opens_at: datetime
    closes_at: datetime
    options: list[str]
    audience: list[str] = field(default_factory=list)
    shows: str = kinds.AT_CLOSE
    tie: str = kinds.SHOW_ALL
    number: int = 0
    rehearsal: bool = False


def create(community: Community, draft: Draft) -> Ballot:
    """Keep a draft that only the office sees; it is formal, so that two people open it.

    :raises Refused: `audience`, `dates`, `options`, `method`, `cost` or `number`.
    """
    _check(draft)
    name = NUMBERS.get(draft.kind)
    made = Ballot(
        community_id=community.id,
        question=text.plain(draft.question),
        audience=draft.audience,
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        kind=draft.kind,
        method=draft.method or kinds.KINDS[draft.kind].methods[0],
        limits={name: draft.number} if name and draft.number else {},
        secrecy=draft.secrecy,
        shows=draft.shows,
        tie=draft.tie,
        changeable=draft.secrecy == kinds.SEALED,
        formal=True,
        rehearsal=draft.rehearsal,
        options=_options(draft),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _check(draft: Draft) -> None:
    if not draft.audience or not set(draft.audience) <= AUDIENCES.keys():
        raise Refused("audience", _l("Please choose who is asked."))
    if draft.opens_at >= draft.closes_at:
        raise Refused("dates", _l("The vote has to close after it opens."))
    if draft.method and draft.method not in kinds.KINDS[draft.kind].methods:
        raise Refused("method", _l("This kind of ballot is not counted in that way."))
    fewest = 1 if draft.kind == kinds.ITEMS else 2
    if not fewest <= len(draft.options) <= MOST_OPTIONS:
        raise Refused("options", _l("Please give 2 to 40 options, one a line."))
    if len({text.key(option) for option in draft.options}) < len(draft.options):
        raise Refused("options", _l("Two options say the same. Please make them differ."))
    if draft.number < 0 or (draft.kind == kinds.BUDGET and not draft.number):
        raise Refused("number", _l("Please say how much there is to give out."))


def _options(draft: Draft) -> list[BallotOption]:
    found = []
    for position, line in enumerate(draft.options):
        words, _bar, cost = line.partition("|")
        cost = cost.strip()
        if draft.kind == kinds.BUDGET and not (cost.isdecimal() and len(cost) <= DIGITS):
            raise Refused("cost", _l("Please give each project its cost, as: 路灯 | 60000"))
        price = int(cost) if draft.kind == kinds.BUDGET else 0
        words = words if draft.kind == kinds.BUDGET else line
        found.append(BallotOption(position=position, text=text.plain(words), cost=price))
    return found
