"""Ballot papers: what may stand on a ballot of each kind, and what makes one invalid (pure).

A valid ballot has one canonical content, of numbers of options instead of their names, so that
ballots that say the same are one entry however they were written:

- `single`: the option;
- `approval`, `budget`: the options in order;
- `score`, `dots`: (option, value) in the order of options, zeros left out;
- `ranking`: tiers from the best down, each of the options in order; who is not ranked is in none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

Number = int | Fraction
Tiers = tuple[tuple[int, ...], ...]

REASONS = {
    "malformed": "it does not have the form of this kind of ballot",
    "unknown_option": "it names an option that is not on the paper",
    "repeated": "it names an option twice",
    "several": "it names several options where one is asked for",
    "too_few": "it names fewer options than the paper asks for",
    "too_many": "it names more options than the paper allows",
    "equal_ranks": "it ranks options equally, which the paper does not allow",
    "not_whole": "it gives a value that is not a whole number",
    "out_of_range": "it gives a value outside the limits of the paper",
    "too_many_dots": "it gives more dots than the paper allows",
    "too_few_dots": "it gives fewer dots than the paper asks for",
    "too_costly": "the options it names cost more than the paper allows",
    "too_cheap": "the options it names cost less than the paper asks for",
}


class Invalid(Exception):  # noqa: N818 - a finding about a ballot, not an error of the program
    """Say by a code of `REASONS` why a ballot is invalid."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code])
        self.code = code


@dataclass(frozen=True)
class Paper:
    """Hold what is printed on the paper: the options in their order, and the limits.

    :ivar fewest: how many options a ballot that is not blank names at least.
    :ivar most: and at most.
    :ivar lowest: least value of a score, or of dots on one option.
    :ivar highest: greatest such value.
    :ivar dots: how many dots a ballot may give altogether.
    :ivar fewest_dots: how many it must give where it gives any.
    :ivar equal_ranks: whether options may share a rank.
    :ivar places: for points by rank, how many the first place gets; None for the most that a ballot
        may rank, or else the most that one did.
    :ivar costs: of each option, for budgets.
    :ivar budget: what may be spent.
    :ivar most_cost: what the options of one ballot may cost together.
    :ivar least_cost: what they must cost.
    """

    options: tuple[str, ...]
    fewest: int = 0
    most: int | None = None
    lowest: int = 0
    highest: int | None = None
    dots: int | None = None
    fewest_dots: int = 0
    equal_ranks: bool = True
    places: int | None = None
    costs: tuple[Number, ...] = ()
    budget: Number = 0
    most_cost: Number | None = None
    least_cost: Number | None = None
    number: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        number = {name: place for place, name in enumerate(self.options)}
        if len(number) < len(self.options):
            message = "two options have the same name"
            raise ValueError(message)
        if self.costs and len(self.costs) != len(self.options):
            message = "some options have a cost and others have none"
            raise ValueError(message)
        if any(cost < 0 for cost in self.costs) or self.budget < 0:
            message = "a cost is negative"
            raise ValueError(message)
        object.__setattr__(self, "number", number)


def _numbers(paper: Paper, names: object) -> tuple[int, ...]:
    if not isinstance(names, tuple | list | set | frozenset):
        raise Invalid("malformed")
    found = []
    for name in names:
        place = paper.number.get(name) if isinstance(name, str) else None
        if place is None:
            raise Invalid("unknown_option")
        found.append(place)
    return tuple(found)


def _bounded(paper: Paper, count: int) -> None:
    if count and count < paper.fewest:
        raise Invalid("too_few")
    if paper.most is not None and count > paper.most:
        raise Invalid("too_many")


def _single(paper: Paper, content: object) -> object:
    if isinstance(content, str):
        content = (content,)
    found = _numbers(paper, content)
    if len(found) > 1:
        raise Invalid("several")
    return found[0] if found else None


def _approval(paper: Paper, content: object) -> object:
    found = sorted(_numbers(paper, content))
    if any(one == other for one, other in pairwise(found)):
        raise Invalid("repeated")
    _bounded(paper, len(found))
    if found and paper.costs and (paper.most_cost is not None or paper.least_cost is not None):
        cost = sum(paper.costs[one] for one in found)
        if paper.most_cost is not None and cost > paper.most_cost:
            raise Invalid("too_costly")
        if paper.least_cost is not None and cost < paper.least_cost:
            raise Invalid("too_cheap")
    return tuple(found) or None


def _values(paper: Paper, content: object) -> tuple[tuple[int, int], ...]:
    pairs: Any = content.items() if isinstance(content, Mapping) else content
    if not isinstance(content, Mapping | tuple | list) or any(
        not isinstance(pair, tuple | list) or len(pair) != 2  # noqa: PLR2004 - a pair
        for pair in pairs
    ):
        raise Invalid("malformed")
    places = _numbers(paper, tuple(name for name, _ in pairs))
    if len(set(places)) < len(places):
        raise Invalid("repeated")
    found = []
    for place, (_, value) in zip(places, pairs, strict=True):
        if not isinstance(value, int) or isinstance(value, bool):
            raise Invalid("not_whole")
        if value < paper.lowest or (paper.highest is not None and value > paper.highest):
            raise Invalid("out_of_range")
        if value:
            found.append((place, value))
    _bounded(paper, len(found))
    return tuple(sorted(found))


def _score(paper: Paper, content: object) -> object:
    return _values(paper, content) or None


def _dots(paper: Paper, content: object) -> object:
    found = _values(paper, content)
    given = sum(value for _, value in found)
    if any(value < 0 for _, value in found):
        raise Invalid("out_of_range")
    if paper.dots is not None and given > paper.dots:
        raise Invalid("too_many_dots")
    if found and given < paper.fewest_dots:
        raise Invalid("too_few_dots")
    return found or None


def _ranking(paper: Paper, content: object) -> object:
    if not isinstance(content, tuple | list):
        raise Invalid("malformed")
    tiers = [
        tuple(sorted(_numbers(paper, (tier,) if isinstance(tier, str) else tier)))
        for tier in content
    ]
    ranked = [one for tier in tiers for one in tier]
    if len(set(ranked)) < len(ranked):
        raise Invalid("repeated")
    if not paper.equal_ranks and any(len(tier) > 1 for tier in tiers):
        raise Invalid("equal_ranks")
    _bounded(paper, len(ranked))
    return tuple(tier for tier in tiers if tier) or None


KINDS: Mapping[str, Callable[[Paper, object], object]] = {
    "single": _single,
    "approval": _approval,
    "score": _score,
    "ranking": _ranking,
    "dots": _dots,
    "budget": _approval,
}


def canonical(kind: str, paper: Paper, content: object) -> Any:  # noqa: ANN401 - see the module
    """Return the canonical content of a ballot, or None where it is blank, an abstention.

    :param kind: one of `KINDS`.
    :param content: names of options: one or none for `single`; a collection for `approval` and
        `budget`; values by name, or pairs, for `score` and `dots`; for `ranking` a sequence of
        names and of collections of names that share a rank.
    :raises Invalid: by a code of `REASONS`.
    """
    return None if content is None else KINDS[kind](paper, content)
