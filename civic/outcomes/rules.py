"""Read how long things last and what is shown, from `data/outcomes.toml` (pure)."""

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from civic.kernel.periods import Period
from civic.procedures.schema import Text
from civic.procedures.strict import Fault, Table, Wrong

FILE = Path(__file__).parent.parent / "data" / "outcomes.toml"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Hold what follows a decision where its procedure says nothing.

    :ivar smallest: smallest group that is shown apart, and smallest number of ratings shown.
    :ivar reopen: share of "not solved" from which on the tasks begin once more.
    :ivar redo: by when they are done then.
    """

    display: Period
    display_basis: Text
    answer: Period
    answer_basis: Text
    smallest: int
    rating: Period
    reopen: Fraction
    redo: Period
    rating_basis: Text


@cache
def rules() -> Rules:
    """Return the rules that the platform comes with."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> Rules:
    """Read rules from TOML.

    :raises Wrong: with each fault and where it stands.
    """
    faults: list[Fault] = []
    table = Table(tomllib.loads(text), (), faults)
    publicity, shown, rating = (_inner(table, name) for name in ("publicity", "shown", "rating"))
    share = _inner(rating, "reopen")
    num, den = (share.number(name, 1, needed=True) or 1 for name in ("num", "den"))
    if num > den:
        share.wrong("a share is at most the whole", "num")
    found = Rules(
        display=_period(publicity, "display"),
        display_basis=publicity.words("display_basis"),
        answer=_period(publicity, "answer"),
        answer_basis=publicity.words("answer_basis"),
        smallest=shown.number("smallest", 1, needed=True) or 1,
        rating=_period(rating, "period"),
        reopen=Fraction(num, den),
        redo=_period(rating, "redo"),
        rating_basis=rating.words("basis"),
    )
    for one in (share, publicity, shown, rating, table):
        one.end()
    if faults:
        raise Wrong(faults)
    return found


def _inner(table: Table, name: str) -> Table:
    return table.table(name, needed=True) or Table({}, (name,), table.faults)


def _period(table: Table, name: str) -> Period:
    return table.period(name, needed=True) or Period(n=1)
