"""Analyse the answers of a consultation, one round after the other (pure; docs/opinions.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np

from civic.consultations.opinions import choosing, groups, plane
from civic.consultations.opinions.choosing import Representative, Shared
from civic.consultations.opinions.groups import Kept
from civic.consultations.opinions.statistics import Tally, across_groups
from civic.consultations.opinions.votes import Floats, Id, Votes, taken_in

#: People below which there is no map: too few to speak of groups, and to hide among.
FEWEST_PEOPLE = 20


@dataclass(frozen=True)
class State:
    """Hold what the next round goes on from.

    :ivar taken_in: who is on the map.
    """

    taken_in: tuple[Id, ...] = ()
    kept: Kept = field(default_factory=Kept)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "taken_in": list(self.taken_in),
            "groups": {label: list(members) for label, members in self.kept.groups.items()},
            "centres": {str(k): rows for k, rows in self.kept.centres.items()},
            "k": self.kept.k,
            "rival": self.kept.rival,
            "wins": self.kept.wins,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "State":
        """Return a state that was stored."""
        named = {label: tuple(members) for label, members in stored["groups"].items()}
        centres = {int(k): rows for k, rows in stored["centres"].items()}
        kept = Kept(named, centres, stored["k"], stored["rival"], stored["wins"])
        return cls(tuple(stored["taken_in"]), kept)


@dataclass(frozen=True)
class Group:
    """Be people whose answers are alike, and what stands for them."""

    label: str
    members: tuple[Id, ...]
    tallies: Mapping[Id, Tally]
    representative: tuple[Representative, ...]


@dataclass(frozen=True)
class Opinions:
    """Hold what was found.

    :ivar people: who is on the map.
    :ivar positions: where they stand, a row for each.
    :ivar left_out: how many answered, but too little to be on it.
    :ivar groups: none where there is no map.
    :ivar tallies: answers of everybody to each statement.
    :ivar across: how much all groups agree with each statement; nothing without groups.
    """

    people: tuple[Id, ...]
    positions: Floats
    left_out: int
    groups: tuple[Group, ...]
    consensus: tuple[Shared, ...]
    uncertain: tuple[Id, ...]
    tallies: Mapping[Id, Tally]
    across: Mapping[Id, float]
    extremities: Mapping[Id, float]
    seed: int
    state: State


def seed_of(consultation: str, number: int) -> int:
    """Return what the draws of a round begin with: always the same for it."""
    return int.from_bytes(sha256(f"{consultation}\n{number}".encode()).digest()[:4])


def analyse(votes: Votes, *, seed: int, before: State | None = None) -> Opinions:
    """Find groups, what stands for them, and what unites them."""
    before = before or State()
    people = taken_in(votes, before.taken_in)
    mine = votes.only(people)
    everybody = tallies(votes)
    flat = plane.plane(mine.matrix, seed)
    positions = plane.people(flat, mine.matrix)
    found: tuple[Group, ...] = ()
    kept = before.kept
    if len(people) >= FEWEST_PEOPLE:
        _, kept = groups.divide(people, positions, seed, before.kept)
        found = _described(mine, kept.groups)
    extremities = dict(zip(votes.statements, plane.extremities(flat).tolist(), strict=True))
    return Opinions(
        people=people,
        positions=positions,
        left_out=len(votes.people) - len(people),
        groups=found,
        consensus=choosing.consensus(everybody),
        uncertain=choosing.uncertain(everybody),
        tallies=everybody,
        across={
            name: across_groups([group.tallies[name] for group in found])
            for name in (votes.statements if found else ())
        },
        extremities=extremities,
        seed=seed,
        state=State(people, kept),
    )


def tallies(votes: Votes) -> dict[Id, Tally]:
    """Count the answers to each statement."""
    counts = [(votes.matrix == choice).sum(axis=0).tolist() for choice in (1, -1, 0)]
    rows = zip(votes.statements, *counts, strict=True)
    return {name: Tally(agrees, disagrees, passes) for name, agrees, disagrees, passes in rows}


def _described(votes: Votes, named: Mapping[str, tuple[Id, ...]]) -> tuple[Group, ...]:
    counted = {label: tallies(votes.only(members)) for label, members in named.items()}
    found = []
    for label, members in named.items():
        others = {
            name: sum((counted[other][name] for other in named if other != label), Tally())
            for name in votes.statements
        }
        chosen = choosing.representative(counted[label], others) if len(named) > 1 else ()
        found.append(Group(label, members, counted[label], chosen))
    return tuple(found)


def as_json(found: Opinions) -> dict[str, Any]:
    """Return what was found as `civic opinions --json` prints it."""
    return {
        "people": len(found.people),
        "k": len(found.groups),
        "groups": [
            {
                "label": group.label,
                "members": list(group.members),
                "representative": [
                    {
                        "id": item.id,
                        "side": item.answer,
                        "count": item.figures.count,
                        "seen": item.seen,
                        "p": _short(item.figures.share),
                        "p_test": _short(item.figures.test),
                        "ratio": _short(item.figures.ratio),
                        "ratio_test": _short(item.figures.ratio_test),
                    }
                    for item in group.representative
                ],
            }
            for group in found.groups
        ],
        "consensus": [
            {
                "id": item.id,
                "side": item.answer,
                "count": item.count,
                "seen": item.seen,
                "p": _short(item.share),
                "p_test": _short(item.test),
            }
            for item in found.consensus
        ],
        "statements": [
            {
                "id": name,
                "agree": tally.agrees,
                "disagree": tally.disagrees,
                "pass": tally.passes,
                "gic": _short(found.across[name]) if name in found.across else None,
            }
            for name, tally in found.tallies.items()
        ],
        "left_out": found.left_out,
        "seed": found.seed,
    }


def _short(value: float) -> float:
    return round(float(np.float64(value)), 6)
