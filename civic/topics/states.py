"""Where a topic may stand, and which act leads from where to where (pure)."""

from dataclasses import dataclass

HANDED_IN = "handed_in"
SCREENING = "screening"
ACCEPTED = "accepted"
HANDED_OVER = "handed_over"
RESIDENTS = "residents"
REFUSED = "refused"
MERGED = "merged"
WITHDRAWN = "withdrawn"
#: In the order in which lists offer them.
STATES = (
    HANDED_IN,
    SCREENING,
    ACCEPTED,
    HANDED_OVER,
    RESIDENTS,
    REFUSED,
    MERGED,
    WITHDRAWN,
)
OPEN = frozenset({HANDED_IN, SCREENING})
CLOSED = frozenset(STATES) - OPEN

GOVERNMENT = "government"
CONSULTATION = "consultation"
BY_RESIDENTS = "residents"
LANES = (GOVERNMENT, CONSULTATION, BY_RESIDENTS)

TRIAGE = "triage"
LANE = "lane"
ACCEPT = "accept"
HAND_OVER = "hand_over"
LEAVE = "leave"
REFUSE = "refuse"
MERGE = "merge"
WITHDRAW = "withdraw"
APPEAL = "appeal"
UPHOLD = "uphold"
KEEP = "keep"


@dataclass(frozen=True)
class Act:
    """Be one act on a topic.

    :ivar sources: states in which it is possible.
    :ivar target: state after it; none where it changes no state.
    :ivar lane: the lane in which it is possible; none where it does not matter.
    """

    sources: frozenset[str]
    target: str | None
    lane: str | None = None


SCREENED = frozenset({SCREENING})
ACTS: dict[str, Act] = {
    TRIAGE: Act(OPEN, SCREENING),
    # What went to an office or to residents can come back: lanes change, with a reason.
    LANE: Act(SCREENED | {HANDED_OVER, RESIDENTS}, SCREENING),
    ACCEPT: Act(SCREENED, ACCEPTED, CONSULTATION),
    HAND_OVER: Act(SCREENED, HANDED_OVER, GOVERNMENT),
    LEAVE: Act(SCREENED, RESIDENTS, BY_RESIDENTS),
    REFUSE: Act(SCREENED, REFUSED),
    MERGE: Act(OPEN, MERGED),
    WITHDRAW: Act(OPEN, WITHDRAWN),
    APPEAL: Act(frozenset({REFUSED}), None),
    UPHOLD: Act(frozenset({REFUSED}), SCREENING),
    KEEP: Act(frozenset({REFUSED}), None),
}


def possible(act: str, state: str, lane: str | None) -> bool:
    """Tell whether an act is possible where a topic stands."""
    rule = ACTS[act]
    return state in rule.sources and (rule.lane is None or rule.lane == lane)


def after(act: str, state: str) -> str:
    """Return where a topic stands after an act."""
    return ACTS[act].target or state
