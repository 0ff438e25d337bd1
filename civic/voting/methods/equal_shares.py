"""Method of Equal Shares: voters have equal parts of the budget, and pay for projects together.

Definition: Peters, Pierczyński and Skowron, "Proportional participatory budgeting with additive
utilities", NeurIPS 2021, for approvals with the cost of a project as its use, as towns compute it
(equalshares.net). Each valid ballot gets budget / ballots. A project is affordable where its
supporters together have its cost; they share it equally, and who has less than that share gives all
they have. The project is bought that has the most supporters in effect: its cost divided by the
largest payment of one supporter; until none is affordable.

Completions, as money is left over:

- `none`: it stays unspent;
- `add1`: the endowment rises by one whole unit of money at a time and all is computed anew, until
  the outcome leaves no room for a further project that somebody supports, or the next one would
  cost more than the budget (the iterated method of pabutools);
- `add1u`: after `add1`, what is left buys projects by votes, skipping what does not fit;
- `exhaustive`: without `add1`, what is left buys projects by votes ("Exh1" of the paper);
- `add1-comparison`: the endowment rises on, whether or not there is room, until the next outcome
  would cost more than the budget; the result is compared with that of the greedy budget, and gives
  way to it where more ballots have more of their projects in that one than the other way round (the
  rule that Pabulib calls `equalshares/add1-comparison`, used in Wieliczka in 2023).

Ties: projects with the same effective support are tied; the tie rule prefers the first in its
order. Outcomes are those of all parallel universes of the last run. Which endowment that has is
found along the tie rule, as no definition says what completing several outcomes at once would be.
"""

from fractions import Fraction
from math import ceil
from typing import Any

from civic.voting.methods import approval, greedy
from civic.voting.methods.counts import Found
from civic.voting.methods.filling import by_value
from civic.voting.methods.profiles import Profile
from civic.voting.methods.shares import Run, Shares
from civic.voting.methods.ties import PAPER_ORDER, Tie, TieRule
from civic.voting.methods.walking import End, universes, walk

COMPLETIONS = ("none", "add1", "add1u", "exhaustive", "add1-comparison")


class _Count:
    def __init__(self, profile: Profile, rule: TieRule) -> None:
        self.profile = profile
        self.rule = rule
        self.options = profile.paper.options
        self.shares = Shares(profile)
        self.endowment = Fraction(self.shares.budget) / self.shares.parts

    def run(self, endowment: Fraction) -> tuple[Run, list[dict[str, Any]], list[Tie], End]:
        run = Run(self.shares, endowment)
        return run, *walk(run, self.rule, self.options)

    def rise(self, *, until_exhaustive: bool) -> Fraction:
        """Return the last endowment of `add1`, skipping those that change nothing."""
        shares = self.shares
        endowment = self.endowment
        # One more of money for each voter.
        step = Fraction(shares.unit) * shares.voters / shares.parts
        last = endowment
        while True:
            run, _, _, end = self.run(endowment)
            (bought,) = end.tiers
            if shares.cost(bought) > shares.budget:
                return last
            if until_exhaustive and shares.is_exhaustive(bought):
                return endowment
            if run.horizon is None:
                return endowment
            steps = max(1, ceil(run.horizon / step))
            last = endowment + (steps - 1) * step
            endowment += steps * step


def prefers_greedy(profile: Profile, shared: tuple[int, ...], greedily: tuple[int, ...]) -> bool:
    """Return whether more ballots have more of their projects in the greedy outcome."""
    balance: Any = 0
    for projects, weight in profile.counts.items():
        more = len(set(projects) & set(greedily)) - len(set(projects) & set(shared))
        balance += weight * ((more > 0) - (more < 0))
    return bool(balance > 0)


def count(profile: Profile, rule: TieRule, completion: str = "none") -> Found:
    """Choose projects by equal shares.

    :raises ValueError: for an unknown completion.
    """
    if completion not in COMPLETIONS:
        message = f"“{completion}” is not a completion; there are {', '.join(COMPLETIONS)}"
        raise ValueError(message)
    order = by_value(approval.approvals(profile))
    if not profile.counts:
        return Found((), None, order, (), ())
    # `show-all` shows the path of the paper's order, and completes along it.
    counting = _Count(profile, rule if rule.decides else PAPER_ORDER)
    endowment = counting.endowment
    if completion.startswith("add1"):
        endowment = counting.rise(until_exhaustive=completion != "add1-comparison")
    run, rounds, ties, end = counting.run(endowment)
    rounds = [{**one, "endowment": endowment / counting.shares.unit} for one in rounds]
    outcomes, complete = universes(run) if ties else (end.tiers, True)
    bought = end.tiers[0]
    if completion in {"add1u", "exhaustive"}:
        filled = {one: _fill(profile, one, counting.rule) for one in {bought, *outcomes}}
        own = filled[bought]
        rounds += [{**one, "round": len(rounds) + place} for place, one in enumerate(own.rounds, 1)]
        ties += [
            Tie(tie.round + len(rounds) - len(own.rounds), tie.between, tie.rule, tie.chosen)
            for tie in own.ties
        ]
        complete = complete and all(one.complete for one in filled.values())
        outcomes = tuple(sorted({one for found in filled.values() for one in found.outcomes}))
        bought = own.chosen or bought
    if completion == "add1-comparison":
        greedily = greedy.count(profile, counting.rule).chosen or ()
        away = prefers_greedy(profile, bought, greedily)
        rounds.append(
            {
                "round": len(rounds) + 1,
                "action": "compare",
                "stands": "greedy" if away else "equal-shares",
            }
        )
        if away:
            outcomes, bought = (greedily,), greedily
    # An outcome of another universe that overspends is none.
    outcomes = tuple(
        one for one in outcomes if one and counting.shares.cost(one) <= counting.shares.budget
    )
    chosen = bought if rule.decides or len(outcomes) <= 1 else ()
    if not rule.decides:
        ties = [Tie(tie.round, tie.between, rule.name, None) for tie in ties]
    return Found(outcomes, chosen or None, order, tuple(rounds), tuple(ties), complete)


def _fill(profile: Profile, bought: tuple[int, ...], rule: TieRule) -> Found:
    return greedy.complete(profile, frozenset(bought), rule)
