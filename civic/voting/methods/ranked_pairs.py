"""Ranked pairs: majorities are locked in from the largest down, unless they would close a circle.

Definition: Tideman, "Independence of clones as a criterion for voting rules", Social Choice and
Welfare 4 (1987), by margins. Unranked options share the last rank. An option that no locked
majority beats wins; several seats are filled as with Schulze, in the order that the locked
majorities give.

Ties: majorities of the same margin may be locked in any order. Where that matters the outcomes are
those of all orders, in parallel universes (Brill and Fischer, "The price of neutrality for the
ranked pairs method", AAAI 2012), and the tie rule prefers the majority of the option that comes
first in its order, then that against the one that does. At the end several options may be left that
no majority separates: they are tied too.
"""

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from civic.voting.methods import pairwise
from civic.voting.methods.counts import Found
from civic.voting.methods.profiles import Profile
from civic.voting.methods.schulze import unbeaten_first
from civic.voting.methods.ties import TieRule
from civic.voting.methods.walking import End, Fork, find

if TYPE_CHECKING:
    from civic.voting.methods.papers import Number

Pair = tuple[int, int]
#: Whom each option beats by what is locked, directly or along others.
Beaten = tuple[frozenset[int], ...]
#: That, and which majorities are not decided yet, from the largest down.
State = tuple[Beaten, tuple[frozenset[Pair], ...]]


def lock(beaten: Beaten, pair: Pair) -> Beaten:
    """Return what is beaten once a majority is locked in as well."""
    winner, loser = pair
    more = beaten[loser] | {loser}
    return tuple(
        whom | more if one == winner or winner in whom else whom for one, whom in enumerate(beaten)
    )


def lock_all(beaten: Beaten, pairs: Iterable[Pair]) -> Beaten | None:
    """Return what is beaten once all are locked, or None where they close a circle."""
    for winner, loser in sorted(pairs):
        if winner in beaten[loser]:
            return None
        beaten = lock(beaten, (winner, loser))
    return beaten


class _Locking:
    def __init__(self, profile: Profile, seats: int, margin: pairwise.Matrix) -> None:
        self.options = profile.paper.options
        self.seats = seats
        self.margin = margin
        levels: dict[Number, set[Pair]] = {}
        for one, row in enumerate(margin):
            for other, value in enumerate(row):
                if value > 0:
                    levels.setdefault(value, set()).add((one, other))
        nothing: Beaten = tuple(frozenset() for _ in self.options)
        self.start: Hashable = (
            nothing,
            tuple(frozenset(levels[value]) for value in sorted(levels, reverse=True)),
        )

    def step(self, state: State) -> Fork | End:
        """Lock all of the largest majorities where they agree, or else one of them."""
        beaten, levels = state
        if not levels:
            size = range(len(self.options))
            beats = [[other in beaten[one] for other in size] for one in size]
            return End(unbeaten_first(beats), self.seats)
        level, rest = levels[0], levels[1:]
        winner, loser = next(iter(level))
        shown = {"margin": self.margin[winner][loser]}
        together = lock_all(beaten, level)
        if together is not None:
            locked = [
                f"{self.options[one]} > {self.options[other]}" for one, other in sorted(level)
            ]
            return Fork(
                {"action": "lock", **shown, "locked": locked},
                (None,),
                lambda _: (together, rest),
                key="",
            )
        # Against what is locked already, or said by it: decided without choosing.
        open_ = frozenset(
            (one, other)
            for one, other in level
            if one not in beaten[other] and other not in beaten[one]
        )
        if not open_:
            return Fork({"action": "skip", **shown}, (None,), lambda _: (beaten, rest), key="")
        return Fork(
            {"action": "lock", **shown},
            tuple(sorted(open_)),
            lambda pair: (lock(beaten, pair), (*filter(None, (open_ - {pair},)), *rest)),
            key="locked",
        )


def count(profile: Profile, seats: int, rule: TieRule) -> Found:
    """Count rankings by locking majorities in."""
    if not profile.counts:
        return Found((), None, (), (), ())
    return find(_Locking(profile, seats, pairwise.margins(profile)), rule, profile)
