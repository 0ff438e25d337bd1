"""One run of the Method of Equal Shares with a fixed endowment for each voter (pure).

Money is whole numbers of a shrinking unit: wherever a payment would be a fraction, the unit is
divided. Ballots that approve the same are one group, and groups that have paid alike share a purse.

A run also says how much larger the endowment may be while every comparison in it comes out the same
way. All amounts are linear in the endowment as long as nothing else changes, so each comparison has
one point at which it would turn; the nearest is the horizon. That is how completions skip
endowments whose outcome is known, and stay exactly at their definition.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from civic.voting.methods.profiles import Profile
from civic.voting.methods.walking import End, Fork

if TYPE_CHECKING:
    from collections.abc import Hashable


@dataclass(frozen=True, eq=False)
class State:
    """Hold what was bought, and what is left in the purses.

    :ivar bought: projects, in the order of purchase.
    :ivar purse: of each group.
    :ivar money: in each purse, in units of 1 / (denominator of the endowment x scale).
    :ivar growth: how much more were in each purse for one more of endowment, in 1 / scale.
    :ivar bounds: for each project not bought, the least it can cost its supporters per money of its
        cost, with how that changes with the endowment; it never becomes less in later rounds.
    :ivar horizon: how much more endowment changes no comparison so far; None where any does.
    """

    bought: tuple[int, ...]
    purse: tuple[int, ...]
    money: tuple[int, ...]
    growth: tuple[int, ...]
    scale: int
    bounds: tuple[tuple[Fraction, Fraction, int], ...]
    horizon: Fraction | None

    def __hash__(self) -> int:
        return hash(frozenset(self.bought))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, State)
            and set(self.bought) == set(other.bought)
            and all(
                self.money[mine] * other.scale == other.money[theirs] * self.scale
                for mine, theirs in zip(self.purse, other.purse, strict=True)
            )
        )


@dataclass(frozen=True)
class _Price:
    """Hold what a project would cost: each richer supporter pays need / heads, the others all."""

    project: int
    need: int
    slope: int
    heads: int
    key: Fraction
    turn: Fraction


def nearer(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    """Return the nearer of two horizons; None is none at all."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


class Shares:
    """Hold a budget vote, prepared for runs with several endowments.

    :ivar voters: the valid ballots, blank ones among them.
    :ivar unit: into how many parts the money is divided so that all costs are whole.
    """

    def __init__(self, profile: Profile) -> None:
        paper = profile.paper
        self.paper = paper
        self.unit = lcm(*(Fraction(one).denominator for one in (*paper.costs, paper.budget)))
        self.costs = [int(cost * self.unit) for cost in paper.costs]
        self.budget = int(paper.budget * self.unit)
        self.voters = Fraction(profile.valid)
        whole = lcm(*(Fraction(weight).denominator for weight in profile.counts.values()), 1)
        # Weights that are fractions are many parts of a voter, who has so many parts of the money.
        self.weights = [int(weight * whole) for weight in profile.counts.values()]
        self.parts = self.voters * whole
        self.supporters: list[list[int]] = [[] for _ in self.costs]
        for group, projects in enumerate(profile.counts):
            for project in projects:
                self.supporters[project].append(group)
        self.votes = [sum(self.weights[one] for one in groups) for groups in self.supporters]
        self.supported = [one for one, votes in enumerate(self.votes) if votes]

    def cost(self, projects: tuple[int, ...]) -> int:
        """Return what projects cost together, in units."""
        return sum(self.costs[one] for one in projects)

    def is_exhaustive(self, projects: tuple[int, ...]) -> bool:
        """Return whether no further project that somebody supports fits into the budget."""
        left = self.budget - self.cost(projects)
        return all(self.costs[one] > left for one in self.supported if one not in projects)


class Run:
    """Buy projects with a fixed endowment, as a process in steps.

    :ivar endowment: of each part of a voter, in units.
    """

    def __init__(self, shares: Shares, endowment: Fraction) -> None:
        self.shares = shares
        self.horizon: Fraction | None = None
        self.endowment = endowment
        bounds = tuple(
            sorted((Fraction(1, shares.votes[one]), Fraction(0), one) for one in shares.supported)
        )
        groups = len(shares.weights)
        self.start: Hashable = State(
            (), (0,) * groups, (endowment.numerator,), (1,), 1, bounds, None
        )

    def _price(self, state: State, project: int) -> tuple[_Price | None, Fraction | None]:
        """Return what a project costs its supporters, if they have it, and the horizon of that."""
        shares, denominator = self.shares, self.endowment.denominator
        heads: dict[int, int] = {}
        for group in shares.supporters[project]:
            purse = state.purse[group]
            heads[purse] = heads.get(purse, 0) + shares.weights[group]
        money, growth = state.money, state.growth
        cost = shares.costs[project] * denominator * state.scale
        lacking = cost - sum(money[purse] * count for purse, count in heads.items())
        if lacking > 0:
            grows = sum(growth[purse] * count for purse, count in heads.items())
            return None, Fraction(lacking, denominator * grows) if grows else None
        need, slope, payers = cost, 0, shares.votes[project]
        poor = []
        for purse in sorted(heads, key=money.__getitem__):
            if need <= money[purse] * payers:
                break
            poor.append(purse)
            need -= money[purse] * heads[purse]
            slope -= growth[purse] * heads[purse]
            payers -= heads[purse]
        horizon = None
        for purse in poor:
            closing = growth[purse] * payers - slope
            if closing > 0:
                gap = Fraction(need - money[purse] * payers, denominator * closing)
                horizon = nearer(horizon, gap)
        if not cost:
            return _Price(project, 0, 0, payers, Fraction(0), Fraction(0)), horizon
        key = Fraction(need, payers * cost)
        turn = Fraction(slope * denominator, payers * cost)
        return _Price(project, need, slope, payers, key, turn), horizon

    def step(self, state: State) -> Fork | End:
        """Buy one of the projects that cost their supporters least for what they bring."""
        best: list[_Price] = []
        bounds: list[tuple[Fraction, Fraction, int]] = []
        horizon = state.horizon
        for place, known in enumerate(state.bounds):
            if best and known[0] > best[0].key:
                bounds.extend(state.bounds[place:])
                break
            price, limit = self._price(state, known[2])
            horizon = nearer(horizon, limit)
            if price is None:
                continue
            bounds.append((price.key, price.turn, price.project))
            if not best or price.key < best[0].key:
                best = [price]
            elif price.key == best[0].key:
                best.append(price)
        if not best:
            done = tuple(sorted(state.bought))
            self.horizon = horizon
            return End((done,), len(done))
        for key, turn, _ in bounds:
            if turn < best[0].turn:
                horizon = nearer(horizon, (key - best[0].key) / (best[0].turn - turn))
            elif turn > best[0].turn and key == best[0].key:
                horizon = Fraction(0)
        prices = {price.project: price for price in best}
        return Fork(
            {"action": "select", "price": best[0].key},
            tuple(sorted(prices)),
            lambda one: self._buy(state, prices[one], tuple(sorted(bounds)), horizon),
        )

    def _buy(
        self,
        state: State,
        price: _Price,
        bounds: tuple[tuple[Fraction, Fraction, int], ...],
        horizon: Fraction | None,
    ) -> State:
        finer = price.heads // gcd(price.need, price.slope, price.heads)
        pays, grows = price.need * finer // price.heads, price.slope * finer // price.heads
        money = [amount * finer for amount in state.money]
        growth = [amount * finer for amount in state.growth]
        purse = list(state.purse)
        after: dict[int, int] = {}
        for group in self.shares.supporters[price.project]:
            old = purse[group]
            if old not in after:
                after[old] = len(money)
                rich = money[old] >= pays
                money.append(money[old] - pays if rich else 0)
                growth.append(growth[old] - grows if rich else 0)
            purse[group] = after[old]
        return State(
            (*state.bought, price.project),
            tuple(purse),
            tuple(money),
            tuple(growth),
            state.scale * finer,
            tuple(one for one in bounds if one[2] != price.project),
            horizon,
        )
