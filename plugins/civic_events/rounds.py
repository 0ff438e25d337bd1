"""Fixtures of a league in which each team meets each other once, and its standings (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
WIN, DRAW = 3, 1


def fixtures(teams: Sequence[T]) -> list[list[tuple[T, T]]]:
    """Return the rounds in which each of the teams meets each other once, at home by turns.

    The first stays in its place and all others go round it; with an odd number one has a day off.
    """
    around: list[T | None] = [*teams, None] if len(teams) % 2 else [*teams]
    half = len(around) // 2
    rounds = []
    for number in range(len(around) - 1):
        pairs = zip(around[:half], reversed(around[half:]), strict=True)
        met = []
        for place, (one, other) in enumerate(pairs):
            if one is None or other is None:
                continue
            turned = number % 2 if place == 0 else place % 2
            met.append((other, one) if turned else (one, other))
        rounds.append(met)
        around = [around[0], around[-1], *around[1:-1]]
    return rounds


@dataclass(frozen=True)
class Result:
    """Be what came of one fixture."""

    home: int
    away: int
    home_score: int
    away_score: int


@dataclass(frozen=True)
class Standing:
    """Be where a team stands.

    :ivar place: the same for teams that nothing tells apart.
    """

    team: int
    played: int
    won: int
    drawn: int
    lost: int
    scored: int
    conceded: int
    points: int
    place: int = 0

    @property
    def key(self) -> tuple[int, int, int]:
        """Return what standings go by: points, then difference, then what was scored."""
        return self.points, self.scored - self.conceded, self.scored


def standings(teams: Iterable[int], results: Sequence[Result]) -> list[Standing]:
    """Return the teams, the one with the most points first."""
    rows = [_of(team, results) for team in teams]
    rows.sort(key=lambda row: (*(-part for part in row.key), row.team))
    placed: list[Standing] = []
    for number, row in enumerate(rows, 1):
        same = placed and placed[-1].key == row.key
        place = placed[-1].place if same else number
        placed.append(Standing(**{**vars(row), "place": place}))
    return placed


def _of(team: int, results: Sequence[Result]) -> Standing:
    pairs = [(each.home_score, each.away_score) for each in results if each.home == team]
    pairs += [(each.away_score, each.home_score) for each in results if each.away == team]
    won = sum(own > other for own, other in pairs)
    drawn = sum(own == other for own, other in pairs)
    return Standing(
        team=team,
        played=len(pairs),
        won=won,
        drawn=drawn,
        lost=len(pairs) - won - drawn,
        scored=sum(own for own, _other in pairs),
        conceded=sum(other for _own, other in pairs),
        points=WIN * won + DRAW * drawn,
    )
