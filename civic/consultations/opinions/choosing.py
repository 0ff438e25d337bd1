"""Choose the statements that stand for a group, and those that most people share (pure).

Polis: repness.clj. The choice of the best agreed one depends on the order, so statements are taken
in the order of their ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from civic.consultations.opinions.statistics import (
    SIGNIFICANT,
    Side,
    Tally,
    one_proportion,
    share,
    sides,
)
from civic.consultations.opinions.votes import Id

MOST = 5
AGREE, DISAGREE = "agree", "disagree"
#: Share of passes from which a statement is uncertain, and answers that it takes.
UNCERTAIN, UNCERTAIN_SEEN = 0.3, 5


@dataclass(frozen=True)
class Representative:
    """Be a statement that stands for a group, by one of its answers."""

    id: Id
    answer: str
    seen: int
    figures: Side


@dataclass(frozen=True)
class Shared:
    """Be a statement that most people answer alike."""

    id: Id
    answer: str
    count: int
    seen: int
    share: float
    test: float


@dataclass(frozen=True)
class _Found:
    id: Id
    tally: Tally
    agree: Side
    disagree: Side

    def chosen(self, answer: str = "") -> Representative:
        if not answer:
            answer = AGREE if self.agree.ratio_test > self.disagree.ratio_test else DISAGREE
        figures = self.agree if answer == AGREE else self.disagree
        return Representative(self.id, answer, self.tally.seen, figures)


def representative(
    group: Mapping[Id, Tally], others: Mapping[Id, Tally]
) -> tuple[Representative, ...]:
    """Return the statements that stand for a group, those it agrees with first.

    :param group: answers of the group to each statement, in the order of their ids.
    :param others: answers of all other groups together.
    """
    rows = [_Found(name, tally, *sides(tally, others[name])) for name, tally in group.items()]
    best = _best_agreed(rows)
    enough = [row.chosen() for row in rows if row.agree.sufficient or row.disagree.sufficient]
    if not enough:
        if best is not None:
            return (best.chosen(AGREE),)
        answered = [row for row in rows if row.tally.seen]
        if not answered:
            return ()
        top = max(answered, key=lambda row: max(row.agree.ratio_test, row.disagree.ratio_test))
        return (top.chosen(),)
    enough.sort(key=lambda item: -item.figures.weight)
    first = [best.chosen(AGREE)] if best is not None else []
    answer = first + [item for item in enough if best is None or item.id != best.id]
    return tuple(sorted(answer[:MOST], key=lambda item: item.answer != AGREE))


def _best_agreed(rows: list[_Found]) -> _Found | None:
    best: _Found | None = None
    for row in rows:
        if not (row.tally.agrees or row.tally.disagrees):
            continue
        own = row.agree
        if best is None:
            better = own.test > SIGNIFICANT or (own.ratio > 1 and own.share > 0.5)  # noqa: PLR2004
        elif best.agree.ratio > 1:
            better = own.weight > best.agree.weight
        else:
            better = own.share * own.test > best.agree.share * best.agree.test
        if better:
            best = row
    return best


def consensus(everybody: Mapping[Id, Tally]) -> tuple[Shared, ...]:
    """Return what most people agree with, then what most disagree with; the clearest first."""
    found: list[Shared] = []
    for answer in (AGREE, DISAGREE):
        rows = []
        for name, tally in everybody.items():
            count = tally.agrees if answer == AGREE else tally.disagrees
            row = Shared(
                name,
                answer,
                count,
                tally.seen,
                share(count, tally.seen),
                one_proportion(count, tally.seen),
            )
            if row.share > 0.5 and row.test > SIGNIFICANT:  # noqa: PLR2004 - more than half
                rows.append(row)
        rows.sort(key=lambda row: -row.share * row.test)
        found += rows[:MOST]
    return tuple(found)


def uncertain(everybody: Mapping[Id, Tally]) -> tuple[Id, ...]:
    """Return the statements that many pass on, the most passed on first."""
    shares = {
        name: share(tally.passes, tally.seen)
        for name, tally in everybody.items()
        if tally.seen >= UNCERTAIN_SEEN and tally.passes >= UNCERTAIN * tally.seen
    }
    return tuple(sorted(shares, key=lambda name: -shares[name])[:MOST])
