"""Make the golden file of budget votes with pabutools, outside the project.

python budgets.py FOLDER
"""

import json
import random
import sys
from pathlib import Path

from pabutools.election import (
    Additive_Cardinal_Sat,
    ApprovalBallot,
    ApprovalProfile,
    CardinalBallot,
    CardinalProfile,
    Cost_Sat,
    Instance,
    Project,
)
from pabutools.rules import (
    BudgetAllocation,
    exhaustion_by_budget_increase,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
)

RNG = random.Random(20261125)
PLAIN = {"sat_class": Cost_Sat}


def outcome(projects):
    return sorted(int(project.name[1:]) for project in projects)


def outcomes(several):
    return sorted({tuple(outcome(one)) for one in several})


def supported(found, votes):
    """Leave out what nobody chose, which the oracle takes at the end where it fits."""
    return [one for one in found if votes[one]]


def made():
    size = RNG.randint(2, 7)
    costs = [RNG.choice([1, 2, 2, 3, 4, 5, 6, 10]) * RNG.choice([1, 1, 5]) for _ in range(size)]
    ballots = [
        sorted(RNG.sample(range(size), RNG.randint(0, min(size, 4))))
        for _ in range(RNG.randint(1, 9))
    ]
    if not any(ballots):
        ballots[0] = [0]
    return costs, ballots, max(1, int(sum(costs) * RNG.choice([0.3, 0.5, 0.7, 0.9, 1.1])))


def equal_shares(instance, profile, **options):
    return method_of_equal_shares(instance, profile, **PLAIN, **options)


def filled(instance, profile, start):
    return greedy_utilitarian_welfare(
        instance, profile, **PLAIN, initial_budget_allocation=BudgetAllocation(start)
    )


def case():
    costs, ballots, budget = made()
    projects = [Project(f"p{number}", cost) for number, cost in enumerate(costs)]
    instance = Instance(projects, budget_limit=budget)
    profile = ApprovalProfile(
        [ApprovalBallot([projects[one] for one in ballot]) for ballot in ballots], instance=instance
    )
    votes = [sum(one in ballot for ballot in ballots) for one in range(len(costs))]
    plain = equal_shares(instance, profile)
    add1 = equal_shares(instance, profile, voter_budget_increment=1)
    rising = exhaustion_by_budget_increase(
        instance,
        profile,
        method_of_equal_shares,
        {"sat_class": Cost_Sat},
        exhaustive_stop=False,
        budget_step=len(ballots),
        budget_bound=budget + 400 * len(ballots),
    )
    greedy = greedy_utilitarian_welfare(instance, profile, **PLAIN)
    tied = greedy_utilitarian_welfare(instance, profile, **PLAIN, resoluteness=False)
    points = [{one: RNG.randint(1, 5) for one in ballot} for ballot in ballots]
    # The oracle divides by cost, so that points times cost are points.
    cardinal = CardinalProfile(
        [
            CardinalBallot({projects[one]: value * costs[one] for one, value in ballot.items()})
            for ballot in points
        ],
        instance=instance,
    )
    by_points = greedy_utilitarian_welfare(instance, cardinal, sat_class=Additive_Cardinal_Sat)
    return {
        "costs": costs,
        "budget": budget,
        "ballots": ballots,
        "points": [list(ballot.items()) for ballot in points],
        "none": outcome(plain),
        "none_tied": outcomes(equal_shares(instance, profile, resoluteness=False)),
        "add1": outcome(add1),
        "add1u": supported(outcome(filled(instance, profile, add1)), votes),
        "exhaustive": supported(outcome(filled(instance, profile, plain)), votes),
        "rising": outcome(rising),
        "greedy": supported(outcome(greedy), votes),
        "greedy_tied": sorted({tuple(supported(one, votes)) for one in outcomes(tied)}),
        "greedy_points": supported(outcome(by_points), votes),
    }


def main(folder):
    lines = ",\n".join(json.dumps(case(), separators=(",", ":")) for _ in range(400))
    Path(folder, "budgets.json").write_text(f"[\n{lines}\n]\n", "utf-8")


main(sys.argv[1])
