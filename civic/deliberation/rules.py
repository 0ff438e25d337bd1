"""Read how long texts are and by when is answered, from `data/deliberation.toml` (pure)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from civic.kernel.periods import Period
from civic.procedures.bundles import SHIPPED
from civic.procedures.schema import Text
from civic.procedures.strict import Table, reading

FILE = Path(__file__).parent.parent / "data" / "deliberation.toml"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Hold the bounds of arguments, questions and walls; lengths in characters.

    :ivar arguments_each: arguments of one person in one case; `questions_each` likewise.
    :ivar answer: by when the office answers a question.
    :ivar editions: how often an answer is worded, the first included.
    :ivar dots: how many dots one person has unless the office says otherwise.
    """

    argument_title: int
    argument_words: int
    arguments_each: int
    question_words: int
    questions_each: int
    answer: Period
    answer_basis: Text
    answer_words: int
    answer_reason: int
    editions: int
    dots: int
    most_dots: int
    wall_title: int
    wall_item: int
    wall_reason: int
    fewest_items: int
    most_items: int
    walls_each: int


@cache
def rules() -> Rules:
    """Return the rules that the platform comes with."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> Rules:
    """Read rules from TOML.

    :raises Wrong: with each fault and where it stands.
    """
    with reading(text) as table:
        arguments, questions, walls = map(table.section, ("arguments", "questions", "walls"))
        return Rules(
            argument_title=arguments.count("title"),
            argument_words=arguments.count("words"),
            arguments_each=arguments.count("per_person"),
            question_words=questions.count("words"),
            questions_each=questions.count("per_person"),
            answer=questions.length("answer"),
            answer_basis=questions.words("answer_basis"),
            answer_words=questions.count("answer_words"),
            answer_reason=questions.count("answer_reason"),
            editions=questions.count("editions"),
            dots=_dots(walls),
            most_dots=walls.count("most_dots"),
            wall_title=walls.count("title"),
            wall_item=walls.count("item"),
            wall_reason=walls.count("reason"),
            fewest_items=walls.count("fewest_items"),
            most_items=walls.count("most_items"),
            walls_each=walls.count("per_case"),
        )


def _dots(walls: Table) -> int:
    """Return how many dots the named procedure gives to each."""
    procedure = walls.text("procedure", needed=True, pattern="[a-z][a-z0-9_]*")
    file = SHIPPED / f"{procedure}.toml"
    if not procedure or not file.is_file():
        walls.wrong("there is no such procedure", "procedure")
        return 1
    ballot = tomllib.loads(file.read_text("utf-8")).get("ballot", {})
    return Table(ballot, ("walls", "procedure", "ballot"), walls.faults).count("dots")
