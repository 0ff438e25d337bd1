"""Make golden files of ranked, approval and score votes with pref_voting, outside the project.

python rankings.py FOLDER
"""

import json
import random
import sys
from collections import Counter
from itertools import permutations, product
from math import factorial, prod
from pathlib import Path

from pref_voting import (
    grade_methods,
    iterative_methods,
    margin_based_methods,
    proportional_methods,
    scoring_methods,
)
from pref_voting.grade_profiles import GradeProfile
from pref_voting.profiles_with_ties import ProfileWithTies

RNG = random.Random(20261125)


def ranking(size, style):
    order = RNG.sample(range(size), size)
    if style != "complete":
        order = order[: RNG.randint(1, size)]
    tiers = []
    for option in order:
        if style == "ties" and tiers and RNG.random() < 0.35:
            tiers[-1].append(option)
        else:
            tiers.append([option])
    return [sorted(tier) for tier in tiers]


def votes(size, style, voters):
    found = {}
    for _ in range(voters):
        key = json.dumps(ranking(size, style))
        found[key] = found.get(key, 0) + 1
    return [[count, json.loads(key)] for key, count in sorted(found.items())]


def profile(size, ballots):
    rankings = [
        {one: place for place, tier in enumerate(tiers, 1) for one in tier} for _, tiers in ballots
    ]
    made = ProfileWithTies(
        rankings, rcounts=[count for count, _ in ballots], candidates=list(range(size))
    )
    made.use_extended_strict_preference()
    return made


def plurality(size, ballots):
    tops = [0] * size
    for count, tiers in ballots:
        tops[tiers[0][0]] += count
    made = profile(size, ballots)
    scores = made.plurality_scores()
    assert all(scores.get(one, 0) == tops[one] for one in range(size))
    best = max(scores.values())
    return sorted(one for one in range(size) if scores.get(one, 0) == best)


def singles(size, ballots, style):
    made = profile(size, ballots)
    expected = {
        "borda": scoring_methods.borda_for_profile_with_ties(made),
        "irv": iterative_methods.split_irv_put(made),
        "schulze": margin_based_methods.beat_path(made),
    }
    # The oracle tries all orders of equal margins, those of ties both ways, which may be 12!.
    levels = Counter(
        made.margin(one, other)
        for one, other in permutations(range(size), 2)
        if made.margin(one, other) >= 0
    )
    if prod(factorial(count) for count in levels.values()) <= 1000:
        expected["ranked-pairs"] = margin_based_methods.ranked_pairs(made)
    if style != "ties":
        expected["plurality"] = plurality(size, ballots)
    return {name: [int(one) for one in found] for name, found in expected.items()}


class Script:
    """Stand in for chance: choose as the script says, and note how many could be chosen."""

    def __init__(self, script):
        self.script, self.asked = script, []

    def choice(self, several):
        place = len(self.asked)
        self.asked.append(len(several))
        return several[self.script[place] if place < len(self.script) else 0]


def strict(ballots):
    """Give out ballots with equal ranks as parts of strict ones; exact for ranks of two."""
    found = {}
    for count, tiers in ballots:
        orders = list(product(*(list(permutations(tier)) for tier in tiers)))
        for order in orders:
            key = tuple(one for tier in order for one in tier)
            found[key] = found.get(key, 0) + count / len(orders)
    return [[count, [[one] for one in order]] for order, count in sorted(found.items())]


def stv(size, ballots, seats):
    outcomes, waiting = set(), [[]]
    made = profile(size, strict(ballots))
    while waiting:
        script = Script(waiting.pop())
        found = proportional_methods.stv_scottish(made, num_seats=seats, decimals=15, rng=script)
        outcomes.add(tuple(sorted(int(one) for one in found)))
        for place in range(len(script.script), len(script.asked)):
            taken = script.script + [0] * (place - len(script.script))
            waiting += [[*taken, other] for other in range(1, script.asked[place])]
    return sorted(outcomes)


def grades(size, voters, highest):
    ballots = [[RNG.randint(0, highest) for _ in range(size)] for _ in range(voters)]
    made = GradeProfile(
        [dict(enumerate(ballot)) for ballot in ballots],
        list(range(highest + 1)),
        candidates=list(range(size)),
    )
    method = grade_methods.approval if highest == 1 else grade_methods.score_voting
    found = method(made) if highest == 1 else method(made, evaluation_method="sum")
    return {"options": size, "ballots": ballots, "winners": [int(one) for one in found]}


def main(folder):
    ranked, transferred, graded = [], [], []
    for style, times in (("complete", 300), ("truncated", 150), ("ties", 150)):
        for _ in range(times):
            size = RNG.choice([2, 3, 3, 4, 4, 4])
            ballots = votes(size, style, RNG.choice([1, 2, 3, 4, 5, 6, 8, 10, 12]))
            ranked.append(
                {"options": size, "ballots": ballots, "winners": singles(size, ballots, style)}
            )
    for _ in range(20):
        ballots = votes(5, "truncated", RNG.randint(20, 40))
        ranked.append(
            {"options": 5, "ballots": ballots, "winners": singles(5, ballots, "truncated")}
        )
    for style, times in (("complete", 200), ("truncated", 200), ("ties", 100)):
        wanted = len(transferred) + times
        while len(transferred) < wanted:
            size, seats = RNG.randint(3, 6), RNG.randint(1, 3)
            ballots = votes(size, style, RNG.choice([3, 4, 5, 6, 8, 10, 15, 30]))
            if any(len(tier) > 2 for _, tiers in ballots for tier in tiers):
                continue
            outcomes = stv(size, ballots, seats)
            transferred.append(
                {"options": size, "ballots": ballots, "seats": seats, "outcomes": outcomes}
            )
    for highest, times in ((1, 200), (3, 100), (5, 100)):
        for _ in range(times):
            found = grades(RNG.randint(2, 6), RNG.randint(1, 12), highest)
            graded.append({"highest": highest, **found})
    for name, cases in (("ranked", ranked), ("stv", transferred), ("graded", graded)):
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        Path(folder, f"{name}.json").write_text(f"[\n{lines}\n]\n", "utf-8")


main(sys.argv[1])
