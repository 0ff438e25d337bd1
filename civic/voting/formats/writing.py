"""Write votes in the formats of PrefLib and Pabulib, for whoever wants to count them again (pure).

Ballots are written by what they say and never in the order in which they came.
"""

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from civic.voting.formats import pabulib
from civic.voting.methods.papers import Number
from civic.voting.methods.profiles import Profile


def _line(text: str) -> str:
    """Return a text in one line, as names in these formats are."""
    return " ".join(text.split())


def _decimal(value: Number) -> str:
    """Return a number as a decimal, exactly.

    :raises ValueError: where it has none.
    """
    exact = Fraction(value)
    found = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(found) != exact:
        message = f"{exact} has no exact decimal"
        raise ValueError(message)
    return f"{found:f}"


def _times(weight: Number) -> int:
    if weight != int(weight):
        message = f"a ballot of the weight {weight} is not a number of ballots"
        raise ValueError(message)
    return int(weight)


def ranking_type(profile: Profile) -> str:
    """Return the type of PrefLib that rankings have: soc, soi, toc or toi."""
    size = len(profile.paper.options)
    complete = all(sum(map(len, tiers)) == size for tiers in profile.counts)
    strict = all(len(tier) == 1 for tiers in profile.counts for tier in tiers)
    return ("so" if strict else "to") + ("c" if complete else "i")


def preflib(profile: Profile, title: str) -> str:
    """Return rankings in the format of PrefLib, of the type that `ranking_type` says.

    Abstentions and invalid ballots have no line in it.

    :raises ValueError: for other ballots than rankings, or weights that are fractions.
    """
    if profile.kind != "ranking":
        message = f"PrefLib has rankings, not ballots of the kind {profile.kind}"
        raise ValueError(message)
    options = profile.paper.options
    orders = sorted((-_times(weight), tiers) for tiers, weight in profile.counts.items())
    head = {
        "TITLE": _line(title),
        "DATA TYPE": ranking_type(profile),
        "NUMBER ALTERNATIVES": len(options),
        "NUMBER VOTERS": sum(-less for less, _ in orders),
        "NUMBER UNIQUE ORDERS": len(orders),
        **{f"ALTERNATIVE NAME {place}": _line(name) for place, name in enumerate(options, 1)},
    }
    lines = [f"# {key}: {value}" for key, value in head.items()]
    for less, tiers in orders:
        places = (
            str(tier[0] + 1) if len(tier) == 1 else f"{{{','.join(str(one + 1) for one in tier)}}}"
            for tier in tiers
        )
        lines.append(f"{-less}: {','.join(places)}")
    return "\n".join(lines) + "\n"


def pabulib_file(
    profile: Profile,
    title: str,
    titles: Mapping[str, str],
    selected: frozenset[str],
    rule: str,
) -> str:
    """Return a budget vote in the format of Pabulib; abstentions are votes for nothing.

    :param titles: names of projects by their ids, which are the options.
    :param rule: name of the method, as `greedy` or `equalshares/add1`.
    :raises ValueError: for ballots that Pabulib does not know, or weights that are fractions.
    """
    kinds = {
        kind: vote_type for vote_type, kind in pabulib.KINDS.items() if vote_type != "choose-1"
    }
    vote_type = kinds.get("budget" if profile.kind == "approval" else profile.kind)
    if vote_type is None:
        message = f"Pabulib does not know ballots of the kind {profile.kind}"
        raise ValueError(message)
    paper = profile.paper
    if any("," in name for name in paper.options):
        message = "the id of a project cannot hold a comma"
        raise ValueError(message)
    pointed = profile.kind in {"dots", "score"}
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\n")
    table.writerow(["META"])
    table.writerow(["key", "value"])
    meta: dict[str, object] = {
        "description": _line(title),
        "num_projects": len(paper.options),
        "num_votes": _times(profile.valid),
        "budget": _decimal(paper.budget),
        "vote_type": vote_type,
        "rule": rule,
        "min_length": paper.fewest or None,
        "max_length": paper.most,
        "max_sum_points": paper.dots if pointed else None,
        "max_points": paper.highest if pointed else None,
        "max_sum_cost": None if paper.most_cost is None else _decimal(paper.most_cost),
    }
    table.writerows([key, value] for key, value in meta.items() if value is not None)
    table.writerow(["PROJECTS"])
    table.writerow(["project_id", "cost", "name", "selected"])
    for name, cost in zip(paper.options, paper.costs, strict=True):
        table.writerow([name, _decimal(cost), _line(titles.get(name, "")), int(name in selected)])
    table.writerow(["VOTES"])
    table.writerow(["voter_id", "vote", *(["points"] if pointed else [])])
    number = 0
    contents = [*profile.counts.items(), *([((), profile.abstained)] if profile.abstained else [])]
    for content, weight in contents:
        places = [one for tier in content for one in tier] if profile.kind == "ranking" else content
        names = [paper.options[one[0] if pointed else one] for one in places]
        points = [",".join(str(value) for _, value in content)] if pointed else []
        for _ in range(_times(weight)):
            number += 1
            table.writerow([number, ",".join(names), *points])
    return out.getvalue()
