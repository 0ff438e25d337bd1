"""Results of a ballot of one of several options (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Line:
    """Hold one option's count; the share is of the votes for an option, abstentions apart."""

    text: str
    count: int
    share: Fraction


@dataclass(frozen=True)
class Result:
    """Hold a counted ballot.

    :ivar lines: options in the order of the paper.
    :ivar took_part: people who voted, abstentions included.
    :ivar abstained: of these, how many chose no option.
    :ivar leaders: every option that has the most votes; several in a tie, none without a vote.
    """

    lines: Sequence[Line]
    took_part: int
    abstained: int
    leaders: Sequence[str]

    @property
    def base(self) -> int:
        """Return what percentages are of: the votes for an option."""
        return self.took_part - self.abstained


def count(options: Mapping[int, str], counts: Mapping[int | None, int]) -> Result:
    """Count a ballot.

    :param options: texts by id, in the order of the paper.
    :param counts: votes by option id; those of None abstained.
    :raises ValueError: for votes of an option that is not on the paper.
    """
    if strangers := counts.keys() - options.keys() - {None}:
        message = f"votes for options that are not on the paper: {strangers}"
        raise ValueError(message)
    base = sum(number for option, number in counts.items() if option is not None)
    lines = [
        Line(text, counts.get(key, 0), Fraction(counts.get(key, 0), base or 1))
        for key, text in options.items()
    ]
    most = max((line.count for line in lines), default=0)
    leaders = [line.text for line in lines if most and line.count == most]
    abstained = counts.get(None, 0)
    return Result(lines, base + abstained, abstained, leaders)
