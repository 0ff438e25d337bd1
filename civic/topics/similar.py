"""How much two topics have in common: pairs of neighbouring characters, folded (pure).

Chinese has no blanks between words; pairs of characters stand for them, and serve Latin text too.
"""

import unicodedata
from collections.abc import Iterable

#: A title says what a topic is about, a text tells around it.
_TITLE = 0.7
#: Characters from which a title says enough to be looked for in another one.
_TELLING = 3


def folded(text: str) -> str:
    """Return a text without what does not tell topics apart: width, case, blanks, punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if unicodedata.category(char)[0] not in "ZPCS")


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters; a single character stands for itself."""
    bare = folded(text)
    if len(bare) == 1:
        return frozenset(bare)
    return frozenset(bare[n : n + 2] for n in range(len(bare) - 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the pairs of both that they have in common, 0 to 1 (Jaccard)."""
    both = one | other
    return len(one & other) / len(both) if both else 0.0


def score(title: str, text: str, other_title: str, other_text: str) -> float:
    """Return how alike two topics are, 0 to 1; the title weighs most.

    A title that is contained in the other counts as the same: people differ in how much they say.
    """
    mine, theirs = pairs(title), pairs(other_title)
    short, long = sorted((folded(title), folded(other_title)), key=len)
    titles = 1.0 if len(short) >= _TELLING and short in long else likeness(mine, theirs)
    whole = likeness(mine | pairs(text), theirs | pairs(other_text))
    return max(_TITLE * titles + (1 - _TITLE) * whole, whole)


def nearest(
    title: str, text: str, others: Iterable[tuple[int, str, str]], *, at_least: float, most: int
) -> list[int]:
    """Return the ids of the topics that are most alike, the most alike first.

    :param others: id, title and text of each.
    :param at_least: score from which one is shown.
    """
    scored = [(score(title, text, *words), number) for number, *words in others]
    found = sorted((item for item in scored if item[0] >= at_least), key=lambda item: -item[0])
    return [number for _score, number in found[:most]]
