"""Decide whether an act may move a case now: one pure function behind pages, service and clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from civic.processes import terms
from civic.processes.schema import Move, Process


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Say where a case stands, as far as moves ask.

    :ivar back: stage from which it was suspended.
    :ivar due_at: until when the stage lasts at least; None where it has no length.
    :ivar made: acts that the case has made.
    :ivar verdict: what its vote came to, or nothing yet.
    """

    stage: str
    back: str = ""
    due_at: datetime | None = None
    made: Collection[str] = ()
    verdict: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Say whether a move is made, and if not, by which rule.

    :ivar code: empty where nothing forbids it; else `out_of_order`, `not_yours`, `once`,
        `too_early`, `verdict`, `reason` or `missing`.
    :ivar missing: conditions that do not hold.
    """

    code: str = ""
    move: Move | None = None
    to: str = ""
    missing: tuple[str, ...] = ()


def decide(
    process: Process,
    standing: Standing,
    act: str,
    *,
    groups: Collection[str],
    unmet: Collection[str],
    now: datetime,
    reason: str = "",
    by_clock: bool = False,
) -> Answer:
    """Return whether an act is in order, the gravest refusal first.

    :param groups: groups and posts of whoever acts.
    :param unmet: conditions that do not hold now.
    :param by_clock: whether nobody acts but time.
    """
    move = process.find(standing.stage, act)
    if move is None:
        return Answer(code="out_of_order")
    to = standing.back if move.to == terms.BACK else move.to
    if not to:
        return Answer(code="out_of_order", move=move)
    code = ""
    if by_clock and not move.clock:
        code = "out_of_order"
    elif not by_clock and move.who.isdisjoint(groups):
        code = "not_yours"
    elif move.once and act in standing.made:
        code = "once"
    elif standing.due_at is not None and now < standing.due_at and not move.early:
        code = "too_early"
    elif move.verdict and move.verdict != standing.verdict:
        code = "verdict"
    elif move.reason and not reason.strip():
        code = "reason"
    missing = tuple(need for need in move.needs if need in unmet)
    if not code and missing:
        code = "missing"
    return Answer(code=code, move=move, to=to, missing=missing)
