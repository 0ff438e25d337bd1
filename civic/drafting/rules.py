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
    :ivar note: what is different in a version.
    :ivar clusters: how many a case may have; `at_once` comments are gathered at a time.
    :ivar period: how long comments are heard.
    :ivar answer: by when they are answered, once comments are over.
    """

    title: int
    body: int
    paragraphs: int
    note: int
    words: int
    wording: int
    cluster: int
    clusters: int
    at_once: int
    period: Period
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
            note=written.count("note"),
            words=comments.count("words"),
            wording=comments.count("wording"),
            cluster=comments.count("cluster"),
            clusters=comments.count("clusters"),
            at_once=comments.count("at_once"),
            period=comments.length("period"),
            reason=answers.count("reason"),
            answer=answers.length("period"),
            answer_basis=answers.words("basis"),
        )
