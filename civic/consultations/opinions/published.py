"""Make of a map what everybody may see: it names nobody, and shows no group too small (pure)."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from civic.consultations.opinions.analysis import Opinions
from civic.consultations.opinions.groups import SMALLEST
from civic.consultations.opinions.statistics import Tally, share
from civic.consultations.opinions.votes import Id

#: Fields of the map from side to side: people stand in fields, not at points of their own.
FIELDS = 24


def fields(found: Opinions) -> dict[Id, tuple[int, int]]:
    """Return the field in which each person stands, counted from the corner at the top left."""
    if not len(found.people):
        return {}
    lowest, highest = found.positions.min(axis=0), found.positions.max(axis=0)
    width = float((highest - lowest).max()) or 1.0
    # One measure for both directions, with the shorter one in the middle.
    start = (lowest + highest - width) / 2
    at = np.round((found.positions - start) / width * FIELDS).astype(int).tolist()
    return {
        name: (column, FIELDS - row) for name, (column, row) in zip(found.people, at, strict=True)
    }


def published(found: Opinions, *, seen: int, most: int) -> dict[str, Any]:
    """Return what everybody may see.

    :param seen: answers of each group from which a statement is said to unite them.
    :param most: statements that unite them, at most.
    """
    shown = {group.label: group for group in found.groups if len(group.members) >= SMALLEST}
    everybody = found.tallies
    places = fields(found)
    dots = Counter((label, *places[one]) for label, group in shown.items() for one in group.members)
    others = {
        label: [other.tallies for other in shown.values() if other.label != label]
        for label in shown
    }
    groups = [
        {
            "label": label,
            "people": len(group.members),
            "representative": [
                {
                    "id": item.id,
                    "side": item.answer,
                    "count": item.figures.count,
                    "seen": item.seen,
                    **_others(others[label], item.id, item.answer),
                }
                for item in group.representative
            ],
        }
        for label, group in shown.items()
    ]
    tallies = {label: group.tallies for label, group in shown.items()}
    return {
        "answered": len(found.people) + found.left_out,
        "left_out": found.left_out,
        "groups": groups,
        "dots": [[*place, number] for place, number in sorted(dots.items())],
        "unites": _unites(found, tallies, seen)[:most] if len(shown) > 1 else [],
        "consensus": [
            {"id": item.id, "side": item.answer, "count": item.count, "seen": item.seen}
            for item in found.consensus
        ],
        "uncertain": [
            {"id": name, "passes": everybody[name].passes, "seen": everybody[name].seen}
            for name in found.uncertain
        ],
    }


def _others(groups: list[Mapping[Id, Tally]], name: Id, answer: str) -> dict[str, int]:
    all_of_them = sum((tallies[name] for tallies in groups), Tally())
    count = all_of_them.agrees if answer == "agree" else all_of_them.disagrees
    return {"others": count, "others_seen": all_of_them.seen}


def _unites(
    found: Opinions, groups: Mapping[str, Mapping[Id, Tally]], seen: int
) -> list[dict[str, Any]]:
    """Return the statements with which most of every group agree, the most agreed with first."""
    rows = [
        {
            "id": name,
            "gic": round(gic, 4),
            "groups": {label: [of[name].agrees, of[name].seen] for label, of in groups.items()},
        }
        for name, gic in found.across.items()
        if all(
            of[name].seen >= seen and share(of[name].agrees, of[name].seen) > 0.5  # noqa: PLR2004 - more than half
            for of in groups.values()
        )
    ]
    return sorted(rows, key=lambda row: -row["gic"])
