"""Read how long things last and what is shown, from `data/outcomes.toml` (pure)."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from civic.kernel.periods import Period
from civic.procedures.strict import reading

FILE = Path(__file__).parent.parent / "data" / "outcomes.toml"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Hold what follows a decision where its procedure says nothing.

    :ivar smallest: smallest group that is shown apart, and smallest number of ratings shown.
    :ivar reopen: share of "not solved" from which on the tasks begin once more.
    :ivar redo: by when they are done then.
    """

    display: Period
    answer: Period
    smallest: int
    rating: Period
    reopen: Fraction
    redo: Period


@cache
def rules() -> Rules:
    """Return the rules that the platform comes with."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> Rules:
    """Read rules from TOML.

    :raises Wrong: with each fault and where it stands.
    """
    with reading(text) as table:
        publicity, shown, rating = map(table.section, ("publicity", "shown", "rating"))
        return Rules(
            display=publicity.length("display"),
            answer=publicity.length("answer"),
            smallest=shown.count("smallest"),
            rating=rating.length("period"),
            reopen=rating.share("reopen"),
            redo=rating.length("redo"),
        )
