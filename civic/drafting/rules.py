"""Read how long texts are and how long things last, from `data/drafting.toml` (pure)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from civic.kernel.periods import Period
from civic.procedures.schema import Text
from civic.procedures.strict import reading

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
    with reading(text) as table:
        written, comments, answers = map(table.section, ("text", "comments", "answers"))
        return Rules(
            title=written.count("title"),
            body=written.count("body"),
            paragraphs=written.count("paragraphs"),
            words=comments.count("words"),
            wording=comments.count("wording"),
            cluster=comments.count("cluster"),
            period=comments.length("period"),
            period_basis=comments.words("period_basis"),
            reason=answers.count("reason"),
            answer=answers.length("period"),
            answer_basis=answers.words("basis"),
        )
