"""What must hold for every vote, tried on many made-up ones."""

import random
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic.voting.methods import PAPER_ORDER, Paper, collect, count
from civic.voting.methods.equal_shares import _Count
from civic.voting.methods.pairwise import margins

quick = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
OPTIONS = ("A", "B", "C", "D")
RANKED = ("plurality", "borda", "irv", "stv", "schulze", "ranked-pairs")


@st.composite
def tiers(draw, options=OPTIONS, *, strict: bool = False):
    order = draw(st.permutations(options))[: draw(st.integers(1, len(options)))]
    found: list[tuple[str, ...]] = []
    for option in order:
        if not strict and found and len(found[-1]) < 2 and draw(st.integers(0, 3)) == 0:
            found[-1] += (option,)
        else:
            found.append((option,))
    return tuple(found)


def several(contents):
    return st.lists(st.tuples(contents, st.integers(1, 4)), min_size=1, max_size=6)


VALUES = st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 5), min_size=1).map(
    lambda found: tuple(sorted(found.items()))
)
APPROVALS = st.sets(st.sampled_from(OPTIONS), min_size=1).map(lambda found: tuple(sorted(found)))
COSTS = st.tuples(*[st.integers(0, 9)] * len(OPTIONS))
#: Every method with a strategy for its ballots.
EVERY = [
    *((method, "ranking", tiers()) for method in RANKED),
    ("approval", "approval", APPROVALS),
    ("score", "score", VALUES),
    ("dots", "dots", VALUES),
    ("greedy", "budget", APPROVALS),
    ("greedy", "score", VALUES),
    ("equal-shares", "budget", APPROVALS),
]
PAPER = Paper(OPTIONS, costs=(4, 5, 6, 7), budget=12)
methods = pytest.mark.parametrize(
    ("method", "kind", "contents"), EVERY, ids=[f"{one[0]}-{one[1]}" for one in EVERY]
)


def seats_of(method: str, number: int) -> int:
    return number if method not in {"irv", "greedy", "equal-shares"} else 1


@methods
@quick
@given(data=st.data(), seed=st.integers(), number=st.integers(1, 3))
def test_order_of_arrival_and_bundling_never_matter(method, kind, contents, data, seed, number):
    ballots = data.draw(several(contents))
    one_by_one = [(content, 1) for content, times in ballots for _ in range(times)]
    random.Random(seed).shuffle(one_by_one)
    seats = seats_of(method, number)
    counted = [
        count(method, kind, PAPER, some, seats=seats, tie_rule=PAPER_ORDER).to_json()
        for some in (ballots, one_by_one)
    ]
    assert counted[0] == counted[1]


def renamed(content, names):
    if isinstance(content, str):
        return names[content]
    if isinstance(content, tuple):
        return tuple(renamed(one, names) for one in content)
    return content


@methods
@quick
@given(data=st.data(), order=st.permutations(OPTIONS), number=st.integers(1, 3))
def test_renaming_the_options_renames_the_result(method, kind, contents, data, order, number):
    ballots = data.draw(several(contents))
    names = dict(zip(OPTIONS, order, strict=True))
    costs = dict(zip(OPTIONS, PAPER.costs, strict=True))
    back = {new: old for old, new in names.items()}
    other = Paper(OPTIONS, costs=tuple(costs[back[one]] for one in OPTIONS), budget=PAPER.budget)
    seats = seats_of(method, number)
    before = count(method, kind, PAPER, ballots, seats=seats)
    after = count(
        method, kind, other, [(renamed(one, names), times) for one, times in ballots], seats=seats
    )
    assert {frozenset(names[one] for one in winners) for winners in before.winners} == {
        frozenset(winners) for winners in after.winners
    }


@pytest.mark.parametrize("method", ["irv", "stv", "borda", "plurality"])
@quick
@given(ballots=several(tiers()), number=st.integers(1, 2))
def test_equal_ranks_are_a_mixture_of_strict_orders(method, ballots, number):
    seats = seats_of(method, number)
    strict = []
    for content, times in ballots:
        orders = list(product(*(permutations(tier) for tier in content)))
        for order in orders:
            parts = tuple((one,) for tier in order for one in tier)
            strict.append((parts, Fraction(times, len(orders))))
    assert (
        count(method, "ranking", PAPER, ballots, seats=seats).winners
        == count(method, "ranking", PAPER, strict, seats=seats).winners
    )


@pytest.mark.parametrize("method", ["schulze", "ranked-pairs"])
@quick
@given(ballots=several(tiers()))
def test_who_beats_everybody_wins(method, ballots):
    found = margins(collect("ranking", PAPER, ballots))
    for one, row in enumerate(found):
        if all(value > 0 for other, value in enumerate(row) if other != one):
            assert count(method, "ranking", PAPER, ballots).winners == ((OPTIONS[one],),)


AGREEING = {
    "plurality": lambda one: ((one,),),
    "borda": lambda one: ((one,),),
    "approval": lambda one: (one,),
    "score": lambda one: ((one, 5),),
    "dots": lambda one: ((one, 5),),
}
adding = [one for one in EVERY if one[0] in AGREEING]


@pytest.mark.parametrize(("method", "kind", "contents"), adding, ids=[one[0] for one in adding])
@quick
@given(data=st.data())
def test_an_agreeing_ballot_never_hurts(method, kind, contents, data):
    ballots = data.draw(several(contents))
    for (winner,) in count(method, kind, PAPER, ballots).winners:
        more = [*ballots, (AGREEING[method](winner), 1)]
        assert (winner,) in count(method, kind, PAPER, more).winners


@pytest.mark.parametrize("method", ["schulze", "ranked-pairs"])
@quick
@given(ballots=several(tiers()), place=st.integers(0, 5))
def test_being_raised_never_hurts(method, ballots, place):
    """With methods that elect who beats everybody one more ballot can hurt; a better rank not."""
    for (winner,) in count(method, "ranking", PAPER, ballots).winners:
        content, times = ballots[place % len(ballots)]
        rest = tuple(tuple(one for one in tier if one != winner) for tier in content)
        raised = ((winner,), *(tier for tier in rest if tier))
        changed = [*ballots]
        changed[place % len(ballots)] = (raised, times)
        assert (winner,) in count(method, "ranking", PAPER, changed).winners


COMPLETED = ["none", "add1", "add1u", "exhaustive", "add1-comparison"]


@pytest.mark.parametrize("completion", COMPLETED)
@quick
@given(ballots=several(APPROVALS), costs=COSTS, budget=st.integers(0, 30))
def test_a_budget_is_never_exceeded(completion, ballots, costs, budget):
    paper = Paper(OPTIONS, costs=costs, budget=budget)
    found = count("equal-shares", "budget", paper, ballots, completion=completion)
    supported = {one for content, _ in ballots for one in content}
    for winners in found.winners:
        spent = sum(costs[OPTIONS.index(one)] for one in winners)
        assert spent <= budget
        assert set(winners) <= supported
        if completion in {"add1u", "exhaustive"}:
            assert all(
                spent + costs[OPTIONS.index(one)] > budget for one in supported - set(winners)
            )
    assert count("greedy", "budget", paper, ballots).spent <= budget


@pytest.mark.parametrize("until_exhaustive", [True, False])
@settings(quick, max_examples=80)
@given(
    ballots=several(APPROVALS),
    costs=st.tuples(*[st.integers(1, 200)] * len(OPTIONS)),
    budget=st.integers(10, 400),
)
def test_skipped_endowments_would_have_changed_nothing(until_exhaustive, ballots, costs, budget):
    """Rising one unit at a time, as the definition says, ends at the same outcome."""
    profile = collect("budget", Paper(OPTIONS, costs=costs, budget=budget), ballots)
    counting = _Count(profile, PAPER_ORDER)

    def outcome(endowment):
        return counting.run(endowment)[3].tiers[0]

    endowment = counting.endowment
    while True:
        now = outcome(endowment)
        if until_exhaustive and counting.shares.is_exhaustive(now):
            break
        following = outcome(endowment + 1)
        if counting.shares.cost(following) > budget:
            break
        if set(now) >= set(counting.shares.supported):
            break
        endowment += 1
    assert outcome(counting.rise(until_exhaustive=until_exhaustive)) == now


def test_weights_may_be_fractions():
    """Halved ballots, as of two who own one home together, count as the whole one does."""
    whole = [(("A", "B"), 2), (("C",), 1)]
    halves = [(content, Fraction(times, 2)) for content, times in whole for _ in range(2)]
    for completion in COMPLETED:
        results = [
            count("equal-shares", "budget", PAPER, some, completion=completion).winners
            for some in (whole, halves)
        ]
        assert results[0] == results[1]
