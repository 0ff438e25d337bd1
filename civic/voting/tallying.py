"""Count the election in a file by a method, and say the result to people or to programs (pure)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from civic.voting import methods
from civic.voting.formats import Election
from civic.voting.methods import Count


def _views(election: Election, method: str) -> Election:
    """Return the election with its ballots read as a method needs them, where they say so much."""
    kinds = methods.METHODS[method].kinds if method in methods.METHODS else ()
    if election.categories and method == "approval":
        # Whom a ballot puts into the best category it approves.
        return replace(election, kind="approval", ballots=_best(election.ballots))
    if election.categories and method == "score":
        scores = _by_category(election.ballots, election.categories)
        return replace(election, kind="score", ballots=scores)
    if election.kind == "budget" and election.paper.most == 1 and "single" in kinds:
        return replace(election, kind="single")
    return election


def _best(ballots: Iterator[tuple[Any, int]]) -> Iterator[tuple[object, int]]:
    for tiers, times in ballots:
        yield tiers[0], times


def _by_category(ballots: Iterator[tuple[Any, int]], size: int) -> Iterator[tuple[object, int]]:
    """Give the last category 0 and each better one a point more; who is in none has 0."""
    for tiers, times in ballots:
        best = size - 1
        yield (
            tuple((name, best - place) for place, tier in enumerate(tiers) for name in tier),
            times,
        )


def count(election: Election, method: str, *, seats: int = 1, completion: str = "none") -> Count:
    """Count an election; ties are decided by the order of its options.

    :raises ValueError: in one line.
    """
    election = _views(election, method)
    return methods.count(
        method,
        election.kind,
        election.paper,
        election.ballots,
        seats=seats,
        tie_rule=methods.PAPER_ORDER,
        completion=completion,
    )


def as_json(counted: Count) -> str:
    """Return a count as one JSON object."""
    return json.dumps(counted.to_json(), ensure_ascii=False, indent=1)


def report(election: Election, counted: Count) -> str:
    """Return a count in lines for people."""
    profile = counted.profile
    read = profile.valid + profile.invalid
    lines = [election.title] if election.title else []
    lines.append(
        f"{counted.method}: {read} ballots read, {profile.valid} valid, {profile.invalid} invalid"
    )
    lines += [
        f"  {one['ballots']} invalid from ballot {one['first']} on: {one['reason']}"
        for one in counted.to_json().get("rejected", ())
    ]

    def full(name: str) -> str:
        title = election.titles.get(name)
        return f"{name} ({title})" if title else name

    for number, winners in enumerate(counted.winners, 1):
        heading = "Result" if len(counted.winners) == 1 else f"Tied outcome {number}"
        lines.append(f"{heading}:")
        lines += [f"  {full(name)}" for name in winners]
    if not counted.winners:
        lines.append("Result: nobody wins")
    if not counted.complete:
        lines.append("There are more tied outcomes than are listed here.")
    if counted.spent is not None:
        lines.append(f"Spent: {_amount(counted.spent)} of {_amount(profile.paper.budget)}")
    if len(counted.winners) > 1 and counted.elected:
        lines.append(f"By the order in the file: {', '.join(counted.elected)}")
    for tie in counted.ties:
        between = ", ".join(tie.between)
        lines.append(f"Tie in round {tie.round} between {between}; by {tie.rule}: {tie.chosen}")
    lines.append("Order: " + "; ".join(" = ".join(tier) for tier in counted.order))
    for shown in counted.rounds:
        counts = shown.get("counts", {})
        figures = ", ".join(f"{name} {_amount(value)}" for name, value in counts.items())
        done = shown.get("option") or shown.get("locked") or shown.get("elected") or ""
        done = done if isinstance(done, str) else ", ".join(done)
        parts = [part for part in (figures, done and f"{shown['action']} {done}") if part]
        lines.append(f"Round {shown['round']}: {'; '.join(parts) or shown['action']}")
    return "\n".join(lines)


def _amount(value: Any) -> str:  # noqa: ANN401 - int or Fraction
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    return f"{value} (≈ {float(value):.4f})"
