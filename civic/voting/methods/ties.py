"""Rules that decide a tie, fixed before a vote opens (pure).

A rule is an order of preference among the options of the paper. In a tie for a place it favours the
option that comes first in that order; in a tie for exclusion it lets the last one go. Nothing here
is random: who knows the rule and what was published can draw again.

- `show-all`: decides nothing. All tied outcomes are the result.
- `paper-order`: prefers what stands higher on the paper, as Belenios does for STV.
- `lot`: prefers by the SHA-256 of a seed and the option's name. The seed is the SHA-256 of a
  commitment published before the opening and of the closing root, which nobody knows before the
  close: neither who committed nor who voted last can choose the lot alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Tie:
    """Hold one tie for the record.

    :ivar round: in which round of the count.
    :ivar between: names of what was tied, in the order of the paper.
    :ivar rule: name of the rule.
    :ivar chosen: what it picked: who won the place, or who was excluded; None by `show-all`.
    """

    round: int
    between: tuple[str, ...]
    rule: str
    chosen: str | None


@dataclass(frozen=True)
class TieRule:
    """Prefer options in a fixed order.

    :ivar name: `show-all`, `paper-order` or `lot`.
    :ivar seed: of a lot.
    """

    name: str
    seed: bytes = b""

    @property
    def decides(self) -> bool:
        """Return whether this picks one outcome of several."""
        return self.name != "show-all"

    def places(self, options: Sequence[str]) -> tuple[int, ...]:
        """Return for each option its place in the order of preference, the first being 0."""
        if self.name != "lot":
            return tuple(range(len(options)))
        drawn = [sha256(self.seed + option.encode()).digest() for option in options]
        order = sorted(range(len(options)), key=lambda one: (drawn[one], one))
        found = [0] * len(options)
        for place, option in enumerate(order):
            found[option] = place
        return tuple(found)


SHOW_ALL = TieRule("show-all")
PAPER_ORDER = TieRule("paper-order")


def public_lot(commitment: bytes, closing_root: bytes) -> TieRule:
    """Return the rule that draws by what was published before the opening and at the close."""
    return TieRule("lot", sha256(commitment + closing_root).digest())
