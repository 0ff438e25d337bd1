"""Read the limits of meetings and what carries a motion, from `data/halls.toml` (pure)."""

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from civic.halls.counting import Majority
from civic.kernel.periods import Period
from civic.procedures.lines import Key
from civic.procedures.schema import Text
from civic.procedures.strict import Fault, Table, reading

FILE = Path(__file__).parent.parent / "data" / "halls.toml"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Hold what applies to a meeting where its office says nothing else.

    :ivar seconds: how long somebody has the floor; `most_seconds` is the most an office can give.
    :ivar each: how often on one item; `most_each` is the most an office can give.
    :ivar deepest: how many motions may hang on each other below a main motion.
    :ivar fewest_parts: into how many parts a motion is divided at least; `most_parts` at most.
    :ivar majorities: what carries a motion, by code; the first one is the default.
    :ivar sign: by when the chair signs the minutes of a meeting that is over.
    """

    seconds: int
    each: int
    most_seconds: int
    most_each: int
    turns_basis: Text
    deepest: int
    fewest_parts: int
    most_parts: int
    motions_basis: Text
    majorities: dict[str, tuple[Majority, Text]]
    sign: Period
    sign_basis: Text


@cache
def rules() -> Rules:
    """Return the rules that the platform comes with."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> Rules:
    """Read rules from TOML.

    :raises Wrong: with each fault and where it stands.
    """
    with reading(text) as table:
        turns, motions, minutes = map(table.section, ("turns", "motions", "minutes"))
        listed = table.each("majority", partial(_majority, table.faults), least=1)
        if len(dict(listed)) < len(listed):
            table.wrong("two majorities have the same code", "majority")
        found = Rules(
            seconds=turns.count("seconds"),
            each=turns.count("each"),
            most_seconds=turns.count("most_seconds"),
            most_each=turns.count("most_each"),
            turns_basis=turns.words("basis"),
            deepest=motions.count("deepest"),
            fewest_parts=motions.count("fewest_parts"),
            most_parts=motions.count("most_parts"),
            motions_basis=motions.words("basis"),
            majorities=dict(listed),
            sign=minutes.length("sign"),
            sign_basis=minutes.words("basis"),
        )
        for table_of, least, most in (
            (turns, "seconds", "most_seconds"),
            (turns, "each", "most_each"),
            (motions, "fewest_parts", "most_parts"),
        ):
            if getattr(found, least) > getattr(found, most):
                table_of.wrong(f"more than `{most}`", least)
        return found


def _majority(faults: list[Fault], data: object, key: Key) -> tuple[str, tuple[Majority, Text]]:
    one = Table(data, key, faults)
    num, den = one.count("num"), one.count("den")
    if num > den:
        one.wrong("a share is at most the whole", "num")
    found = Majority(num=num, den=den, more=one.flag("more")), one.words("title")
    code = one.text("code", needed=True)
    one.end()
    return code, found
