"""Ballots put together by what they say, abstentions and invalid ones apart (pure).

An abstention took part and agreed to nothing; an invalid ballot is listed with its reason, never
dropped in silence (domain.md §3.5). Ballots are taken one at a time and forgotten, so that memory
grows with the number of different contents only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from civic.voting.methods.papers import Invalid, Number, Paper, canonical


@dataclass(frozen=True)
class Rejected:
    """Hold invalid ballots of the same content.

    :ivar first: which ballot of all was the first of them, from 1.
    :ivar ballots: how many there are.
    :ivar code: why, a code of `papers.REASONS`.
    """

    first: int
    ballots: Number
    code: str


@dataclass(frozen=True)
class Profile:
    """Hold the ballots of a vote.

    :ivar counts: how many ballots say what, by canonical content, in an order that does not depend
        on that of arrival; blank ones are not among them.
    :ivar abstained: how many are blank.
    """

    paper: Paper
    kind: str
    counts: Mapping[Any, Number]
    abstained: Number
    rejected: tuple[Rejected, ...]

    @property
    def cast(self) -> Number:
        """Return how many valid ballots choose something."""
        return sum(self.counts.values())

    @property
    def valid(self) -> Number:
        """Return how many ballots are valid, abstentions among them."""
        return self.cast + self.abstained

    @property
    def invalid(self) -> Number:
        """Return how many are not."""
        return sum(one.ballots for one in self.rejected)


def _look(kind: str, paper: Paper, content: object) -> Any:  # noqa: ANN401 - content or Invalid
    try:
        return canonical(kind, paper, content)
    except Invalid as invalid:
        return invalid


def collect(kind: str, paper: Paper, ballots: Iterable[tuple[object, Number]]) -> Profile:
    """Put ballots together.

    :param ballots: contents as `papers.canonical` takes them, each with how many ballots say so, or
        its weight.
    :raises ValueError: for a weight that is not positive.
    """
    known: dict[object, Any] = {}
    counts: dict[Any, Number] = {}
    refused: dict[str, Rejected] = {}
    number = 1
    for content, weight in ballots:
        if weight <= 0:
            message = f"ballot {number} has the weight {weight}"
            raise ValueError(message)
        try:
            # What was seen before needs no second look.
            found = known[content]
        except KeyError:
            found = known[content] = _look(kind, paper, content)
        except TypeError:  # lists and mappings cannot be looked up
            found = _look(kind, paper, content)
        if isinstance(found, Invalid):
            name = repr(content)
            before = refused.get(name, Rejected(number, 0, found.code))
            refused[name] = Rejected(before.first, before.ballots + weight, found.code)
        else:
            counts[found] = counts.get(found, 0) + weight
        number += int(weight) if weight >= 1 else 1
    abstained = counts.pop(None, 0)
    ordered = {content: counts[content] for content in sorted(counts)}
    return Profile(paper, kind, ordered, abstained, tuple(refused.values()))
