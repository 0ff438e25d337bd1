"""Counting methods: exact, repeatable, each from a published definition.

Every method takes ballots put together by `profiles.collect` and returns a `counts.Count` with
every tied outcome, the order, rounds for display and the ties that a rule decided. Nothing here
knows a request, a database or the time, and nothing is random.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from civic.voting.methods import (
    approval,
    borda,
    dots,
    equal_shares,
    greedy,
    instant_runoff,
    plurality,
    ranked_pairs,
    schulze,
    score,
    single_transferable,
)
from civic.voting.methods.counts import Count, Found
from civic.voting.methods.papers import Number, Paper
from civic.voting.methods.profiles import Profile, collect
from civic.voting.methods.ties import PAPER_ORDER, SHOW_ALL, TieRule, public_lot

__all__ = [
    "COMPLETIONS",
    "METHODS",
    "PAPER_ORDER",
    "SHOW_ALL",
    "Count",
    "Method",
    "Number",
    "Paper",
    "Profile",
    "TieRule",
    "collect",
    "count",
    "count_profile",
    "public_lot",
]

COMPLETIONS = equal_shares.COMPLETIONS


@dataclass(frozen=True)
class Method:
    """Describe a counting method.

    :ivar kinds: kinds of ballots that it counts, the one it is made for first.
    :ivar count: a function of profile, seats, tie rule and completion.
    :ivar several_seats: whether it can fill more than one seat.
    :ivar spends: whether it spends a budget instead of filling seats.
    """

    name: str
    kinds: tuple[str, ...]
    count: Callable[[Profile, int, TieRule, str], Found]
    several_seats: bool = True
    spends: bool = False


def _seats(function: Callable[[Profile, int, TieRule], Found]) -> Callable[..., Found]:
    def counting(profile: Profile, seats: int, rule: TieRule, _completion: str) -> Found:
        return function(profile, seats, rule)

    return counting


def _greedy(profile: Profile, _seats: int, rule: TieRule, _completion: str) -> Found:
    return greedy.count(profile, rule)


def _equal_shares(profile: Profile, _seats: int, rule: TieRule, completion: str) -> Found:
    return equal_shares.count(profile, rule, completion)


RANKING = ("ranking",)
METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        Method("plurality", ("single", "ranking"), _seats(plurality.count)),
        Method("approval", ("approval", "budget"), _seats(approval.count)),
        Method("score", ("score", "dots"), _seats(score.count)),
        Method("borda", RANKING, _seats(borda.count)),
        Method("irv", RANKING, _seats(instant_runoff.count), several_seats=False),
        Method("stv", RANKING, _seats(single_transferable.count)),
        Method("schulze", RANKING, _seats(schulze.count)),
        Method("ranked-pairs", RANKING, _seats(ranked_pairs.count)),
        Method("greedy", ("budget", "approval", "ranking", "score", "dots"), _greedy, spends=True),
        Method("equal-shares", ("budget", "approval"), _equal_shares, spends=True),
        Method("dots", ("dots", "score", "approval", "budget"), _seats(dots.count)),
    )
}


def count(
    name: str,
    kind: str,
    paper: Paper,
    ballots: Iterable[tuple[object, Number]],
    *,
    seats: int = 1,
    tie_rule: TieRule = SHOW_ALL,
    completion: str = "none",
) -> Count:
    """Count ballots by the method of a name.

    :param ballots: contents as `papers.canonical` takes them, each with its number or weight.
    :raises ValueError: where the method does not count such ballots, or not for so many seats.
    """
    method = fitting(name, kind, paper, seats, completion)
    profile = collect(kind, paper, ballots)
    return count_profile(method, profile, seats=seats, tie_rule=tie_rule, completion=completion)


def fitting(name: str, kind: str, paper: Paper, seats: int, completion: str) -> Method:
    """Return the method of a name.

    :raises ValueError: where it does not count such ballots, or not for so many seats.
    """
    method = METHODS.get(name)
    if method is None:
        message = f"“{name}” is not a method; there are {', '.join(METHODS)}"
        raise ValueError(message)
    if kind not in method.kinds:
        message = f"{name} counts ballots of the kind {' or '.join(method.kinds)}, not {kind}"
        raise ValueError(message)
    if seats < 1 or (seats > 1 and not method.several_seats):
        message = f"{name} cannot fill {seats} seats"
        raise ValueError(message)
    if method.spends and not paper.costs:
        message = f"{name} needs the costs of the options and a budget"
        raise ValueError(message)
    if method.spends and seats > 1:
        message = f"{name} spends a budget and fills no seats"
        raise ValueError(message)
    if completion != "none" and name != "equal-shares":
        message = f"{name} has no completions; equal-shares has"
        raise ValueError(message)
    return method


def count_profile(
    method: Method,
    profile: Profile,
    *,
    seats: int = 1,
    tie_rule: TieRule = SHOW_ALL,
    completion: str = "none",
) -> Count:
    """Count ballots that were put together already."""
    found = method.count(profile, seats, tie_rule, completion)
    paper = profile.paper

    def names(places: Iterable[int]) -> tuple[str, ...]:
        return tuple(paper.options[one] for one in places)

    spent = sum((paper.costs[one] for one in found.chosen or ()), 0) if method.spends else None
    return Count(
        method=method.name,
        seats=None if method.spends else seats,
        winners=tuple(names(one) for one in found.outcomes),
        elected=None if found.chosen is None else names(found.chosen),
        order=tuple(names(tier) for tier in found.order),
        rounds=found.rounds,
        ties=found.ties,
        profile=profile,
        complete=found.complete,
        spent=spent,
    )
