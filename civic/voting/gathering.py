"""Read the choices of a sealed box once: the root over them, and how often each was made."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sqlalchemy import select

from civic.kernel.db import db
from civic.voting import canonical
from civic.voting.box import Paper
from civic.voting.models import Ballot

#: How many choices are held at a time: as many as the root folds at once.
CHUNK = 4096


@dataclass
class Gathered:
    """Be what lies in a box.

    :ivar root: over all choices, in the order of their keys.
    :ivar heads: how many chose what, by the choice in canonical JSON.
    :ivar area: the same in square centimetres, where that is a measure.
    """

    root: str = ""
    heads: dict[str, int] = field(default_factory=dict)
    area: dict[str, int] | None = None


def papers(ballot_id: int) -> Iterator[list[Any]]:
    """Yield lists of counted choices in the order of their keys: key, choice, heads and area."""
    query = (
        select(Paper.key, Paper.choice, Paper.heads, Paper.area_cm2)
        .where(Paper.ballot_id == ballot_id)
        .order_by(Paper.key)
    )
    # The connection, and not the session, which would look at each row for objects.
    found = db.session.connection().execute(query, execution_options={"yield_per": CHUNK})
    for rows in found.partitions():
        yield list(rows)


def gather(ballot: Ballot) -> Gathered:
    """Return the root over all choices of a sealed box and their sums, holding few at a time."""
    heads: Counter[str] = Counter()
    area: Counter[str] | None = (
        Counter() if "area_cm2" in ballot.rules["roll"]["measures"] else None
    )

    def leaves() -> Iterator[list[bytes]]:
        for rows in papers(ballot.id):
            _keys, choices, each, sizes = zip(*rows, strict=True)
            for (choice, weight), times in Counter(zip(choices, each, strict=True)).items():
                heads[choice] += weight * times
            if area is not None:
                for choice, size in zip(choices, sizes, strict=True):
                    area[choice] += size or 0
            yield canonical.leaves(rows)

    root = canonical.root(chain.from_iterable(leaves()))
    return Gathered(root, dict(heads), None if area is None else dict(area))
