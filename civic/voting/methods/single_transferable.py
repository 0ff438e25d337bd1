"""Single transferable vote, weighted inclusive Gregory: several seats in proportion.

Definition: the Scottish Local Government Elections Order 2007 (SSI 2007/42, schedule 1, rules 45 to
52), in exact fractions instead of its five decimal places:

- quota (rule 46): valid ballots divided by seats and one, rounded down, and one more;
- whoever reaches the quota is elected at once (47);
- a surplus goes over on all ballots of the elected one, each worth its present value times surplus
  divided by votes, to the next option on it that is neither elected nor excluded, or is lost (48);
  the largest surplus first, and nothing goes over once the seats are filled (49);
- where there is no surplus left, the option with the fewest votes is excluded, and its ballots go
  over at their present value (50, 51);
- as many as there are seats left are elected without further ado (52).

The Order knows no equal ranks. Where a ballot has them it counts as a mixture of all strict orders
that agree with it, in equal parts: at each moment the options of one rank share it.

Ties: of equal surpluses and of equally few votes the last earlier stage decides at which they
differed (49, 51); what was equal always is decided by lot in the Order and by the tie rule here,
and the outcomes are those of all parallel universes.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from civic.voting.methods.counts import Found
from civic.voting.methods.papers import Number, Tiers
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import TieRule
from civic.voting.methods.walking import End, Fork, find

Votes = tuple[Number, ...]
#: Who holds how much of which ballots, by what comes after the holder on them.
Piles = dict[tuple[int, Tiers], Number]


@dataclass(frozen=True)
class State:
    """Hold a stage.

    :ivar left: options that are neither elected nor excluded.
    :ivar elected: groups elected together, in the order of election, those with most votes first.
    :ivar excluded: those that went, the last first.
    :ivar surplus: the elected whose surplus has not gone over yet.
    :ivar piles: what `Piles` holds.
    :ivar before: votes at each earlier stage.
    :ivar lost: votes that no option on their ballots could take.
    """

    left: frozenset[int]
    elected: tuple[tuple[int, ...], ...]
    excluded: tuple[int, ...]
    surplus: frozenset[int]
    piles: frozenset[tuple[tuple[int, Tiers], Number]]
    before: tuple[Votes, ...]
    lost: Number


def move(tiers: Tiers, weight: Number, left: frozenset[int], piles: Piles) -> Number:
    """Give a ballot to the best options on it that are left; return what nobody could take."""
    for place, tier in enumerate(tiers):
        best = [option for option in tier if option in left]
        for option in best:
            others = tuple(other for other in best if other != option)
            rest = ((others,) if others else ()) + tiers[place + 1 :]
            part = weight if len(best) == 1 else Fraction(weight) / len(best)
            piles[option, rest] = piles.get((option, rest), 0) + part
        if best:
            return 0
    return weight


def _earlier(tied: Sequence[int], before: tuple[Votes, ...], *, most: bool) -> tuple[int, ...]:
    """Return whom the last earlier stage at which they differed prefers."""
    for votes in reversed(before):
        best = (max if most else min)(votes[one] for one in tied)
        tied = [one for one in tied if votes[one] == best]
    return tuple(tied)


class _Scottish:
    def __init__(self, profile: Profile, seats: int) -> None:
        self.options = profile.paper.options
        self.seats = seats
        self.quota = int(profile.cast / (seats + 1)) + 1
        left = frozenset(range(len(self.options)))
        piles: Piles = {}
        for tiers, weight in profile.counts.items():
            move(tiers, weight, left, piles)
        self.start: Hashable = State(left, (), (), frozenset(), frozenset(piles.items()), (), 0)

    def _votes(self, state: State) -> list[Number]:
        votes: list[Number] = [0] * len(self.options)
        for (holder, _), weight in state.piles:
            votes[holder] += weight
        return votes

    def _elect(self, state: State, votes: list[Number]) -> tuple[State, list[int]]:
        """Elect who has the quota; where as many are left as seats, elect them all."""
        new = [one for one in sorted(state.left) if votes[one] >= self.quota]
        seats = self.seats - sum(map(len, state.elected)) - len(new)
        if len(state.left) - len(new) <= seats:
            new = sorted(state.left)
        groups = tuple(
            tuple(one for one in new if votes[one] == value)
            for value in sorted({votes[one] for one in new}, reverse=True)
        )
        over = {one for one in new if votes[one] > self.quota}
        return (
            State(
                state.left.difference(new),
                state.elected + groups,
                state.excluded,
                state.surplus | over,
                state.piles,
                state.before,
                state.lost,
            ),
            new,
        )

    def step(self, state: State) -> Fork | End:
        """Elect, and then move one surplus, or exclude one option, or end."""
        votes = self._votes(state)
        state, new = self._elect(state, votes)
        taken = {one for group in state.elected for one in group}
        shown: dict[str, Any] = {
            "quota": self.quota,
            "counts": {self.options[one]: votes[one] for one in sorted(state.left | taken)},
            "exhausted": state.lost,
            "elected": [self.options[one] for one in new],
        }
        if len(taken) >= self.seats or not state.left:
            rest = tuple((one,) for one in (*self._by_votes(state.left, votes), *state.excluded))
            return End(state.elected, self.seats, rest, {"action": "end", **shown})
        if state.surplus:
            largest = max(votes[one] for one in state.surplus)
            tied = [one for one in sorted(state.surplus) if votes[one] == largest]
            return Fork(
                {"action": "transfer", **shown, "surplus": largest - self.quota},
                _earlier(tied, state.before, most=True),
                lambda one: self._transfer(state, one, votes),
            )
        least = min(votes[one] for one in state.left)
        tied = [one for one in sorted(state.left) if votes[one] == least]
        return Fork(
            {"action": "exclude", **shown},
            _earlier(tied, state.before, most=False),
            lambda one: self._exclude(state, one, votes),
            favours=False,
        )

    @staticmethod
    def _by_votes(left: frozenset[int], votes: list[Number]) -> list[int]:
        return sorted(left, key=lambda one: (-votes[one], one))

    def _transfer(self, state: State, giver: int, votes: list[Number]) -> State:
        part = Fraction(votes[giver] - self.quota) / Fraction(votes[giver])
        kept: Piles = {}
        lost = state.lost
        for (holder, rest), weight in state.piles:
            if holder != giver:
                kept[holder, rest] = kept.get((holder, rest), 0) + weight
                continue
            lost += move(rest, weight * part, state.left, kept)
        # What stays with the elected goes nowhere any more: one pile of the quota.
        kept[giver, ()] = self.quota
        return State(
            state.left,
            state.elected,
            state.excluded,
            state.surplus - {giver},
            frozenset(kept.items()),
            (*state.before, tuple(votes)),
            lost,
        )

    def _exclude(self, state: State, gone: int, votes: list[Number]) -> State:
        left = state.left - {gone}
        kept: Piles = {}
        lost = state.lost
        for (holder, rest), weight in state.piles:
            if holder != gone:
                kept[holder, rest] = kept.get((holder, rest), 0) + weight
            else:
                lost += move(rest, weight, left, kept)
        return State(
            left,
            state.elected,
            (gone, *state.excluded),
            state.surplus,
            frozenset(kept.items()),
            (*state.before, tuple(votes)),
            lost,
        )


def count(profile: Profile, seats: int, rule: TieRule) -> Found:
    """Count rankings for several seats, or one."""
    if not profile.counts:
        return Found((), None, (), (), ())
    return find(_Scottish(profile, seats), rule, profile)
