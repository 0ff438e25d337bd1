"""Fill seats from options in tiers, the best first (pure).

Tiers that fit are elected whole; where the last does not, each choice from it is a tied outcome.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, islice
from math import comb
from typing import Any

from civic.voting.methods.counts import MOST_OUTCOMES, Found
from civic.voting.methods.papers import Number
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import Tie, TieRule

Tiers = Sequence[tuple[int, ...]]


def by_value(values: Sequence[Number]) -> tuple[tuple[int, ...], ...]:
    """Return the options in tiers, the greatest value first."""
    return tuple(
        tuple(option for option, value in enumerate(values) if value == step)
        for step in sorted(set(values), reverse=True)
    )


def split(tiers: Tiers, seats: int) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Return who is elected for certain, the tier of which not all fit, and the seats left for it.

    Seats are left where there are fewer options than seats, too.
    """
    sure: tuple[int, ...] = ()
    for tier in tiers:
        left = seats - len(sure)
        if len(tier) > left:
            return tuple(sorted(sure)), tier if left else (), left
        sure += tier
    return tuple(sorted(sure)), (), seats - len(sure)


def outcomes(tiers: Tiers, seats: int) -> tuple[tuple[tuple[int, ...], ...], bool]:
    """Return every tied outcome, or the first `MOST_OUTCOMES`, and whether those are all."""
    sure, tied, left = split(tiers, seats)
    if not tied:
        return (sure,), True
    several = islice(combinations(sorted(tied), left), MOST_OUTCOMES)
    found = tuple(tuple(sorted(sure + one)) for one in several)
    return found, comb(len(tied), left) <= MOST_OUTCOMES


def pick(
    tiers: Tiers, seats: int, rule: TieRule, options: Sequence[str], number: int
) -> tuple[tuple[int, ...], tuple[Tie, ...]]:
    """Return the outcome that a rule picks, and the ties it decided; `show-all` picks nothing."""
    sure, tied, left = split(tiers, seats)
    if not tied:
        return sure, ()
    names = tuple(options[one] for one in sorted(tied))
    if not rule.decides:
        return (), (Tie(number, names, rule.name, None),)
    places = rule.places(options)
    waiting = sorted(tied)
    ties = []
    for _ in range(left):
        best = min(waiting, key=lambda one: places[one])
        between = tuple(options[one] for one in waiting)
        ties.append(Tie(number, between, rule.name, options[best]))
        waiting.remove(best)
        sure += (best,)
    return tuple(sorted(sure)), tuple(ties)


def fill(
    tiers: Tiers,
    seats: int,
    rule: TieRule,
    profile: Profile,
    rounds: Sequence[Mapping[str, Any]],
    electable: Tiers | None = None,
) -> Found:
    """Return what a method finds whose result is an order in tiers.

    :param electable: the tiers that may win, where those without a single vote may not.
    """
    elected_from = tiers if electable is None else electable
    if not profile.counts or not elected_from:
        return Found((), None, tuple(tiers) if profile.counts else (), tuple(rounds), ())
    every, complete = outcomes(elected_from, seats)
    chosen, ties = pick(elected_from, seats, rule, profile.paper.options, max(1, len(rounds)))
    return Found(every, chosen or None, tuple(tiers), tuple(rounds), ties, complete)


def fill_by_value(
    values: Sequence[Number],
    seats: int,
    rule: TieRule,
    profile: Profile,
    *,
    unsupported: bool = False,
) -> Found:
    """Return what a method finds that compares one sum for each option.

    :param unsupported: whether options without any support may win.
    """
    tiers = by_value(values)
    names = profile.paper.options
    shown = {
        "round": 1,
        "action": "count",
        "counts": {names[one]: values[one] for tier in tiers for one in tier},
    }
    electable = tiers if unsupported else [tier for tier in tiers if values[tier[0]] > 0]
    return fill(tiers, seats, rule, profile, [shown], electable)
