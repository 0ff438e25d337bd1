"""Read how long texts are and how long things last, from `data/drafting.toml` (pure)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from civic.kernel.periods import Period
from civic.procedures.schema import Text
from civic.procedures.strict import Fault, Table, Wrong

FILE = Path(__file__).parent.parent / "data" / "drafting.toml"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Hold limits in characters, and periods where nothing else says them.

    :ivar paragraphs: how many a text may have.
    :ivar period: how long comments are heard.
    :ivar answer: by when they are answered, once comments are over.
    """

    title: int
    body: int
    paragraphs: int
    words: int
    wording: int
    cluster: int
    period: Period
    period_basis: Text
    reason: int
    answer: Period
    answer_basis: Text


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
    written, comments, answers = (
        table.table(name, needed=True) or Table({}, (name,), faults)
        for name in ("text", "comments", "answers")
    )
    found = Rules(
        title=_number(written, "title"),
        body=_number(written, "body"),
        paragraphs=_number(written, "paragraphs"),
        words=_number(comments, "words"),
        wording=_number(comments, "wording"),
        cluster=_number(comments, "cluster"),
        period=_period(comments, "period"),
        period_basis=comments.words("period_basis"),
        reason=_number(answers, "reason"),
        answer=_period(answers, "period"),
        answer_basis=answers.words("basis"),
    )
    for one in (written, comments, answers, table):
        one.end()
    if faults:
        raise Wrong(faults)
    return found


def _number(table: Table, name: str) -> int:
    return table.number(name, 1, needed=True) or 1


def _period(table: Table, name: str) -> Period:
    return table.period(name, needed=True) or Period(n=1)
