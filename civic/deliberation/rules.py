"""Read how long texts are and by when is answered, from `data/deliberation.toml` (pure)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from civic.kernel.periods import Period
from civic.procedures.bundles import SHIPPED
from civic.procedures.schema import Text
from civic.procedures.strict import Fault, Table, Wrong

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
    editions: int
    dots: int
    most_dots: int
    wall_title: int
    wall_item: int
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
    faults: list[Fault] = []
    table = Table(tomllib.loads(text), (), faults)
    arguments, questions, walls = (_inner(table, n) for n in ("arguments", "questions", "walls"))
    procedure = walls.text("procedure", needed=True, pattern="[a-z][a-z0-9_]*")
    found = Rules(
        argument_title=_number(arguments, "title"),
        argument_words=_number(arguments, "words"),
        arguments_each=_number(arguments, "per_person"),
        question_words=_number(questions, "words"),
        questions_each=_number(questions, "per_person"),
        answer=questions.period("answer", needed=True) or Period(n=1),
        answer_basis=questions.words("answer_basis"),
        answer_words=_number(questions, "answer_words"),
        editions=_number(questions, "editions"),
        dots=_dots(walls, procedure),
        most_dots=_number(walls, "most_dots"),
        wall_title=_number(walls, "title"),
        wall_item=_number(walls, "item"),
        fewest_items=_number(walls, "fewest_items"),
        most_items=_number(walls, "most_items"),
        walls_each=_number(walls, "per_case"),
    )
    for one in (arguments, questions, walls, table):
        one.end()
    if faults:
        raise Wrong(faults)
    return found


def _inner(table: Table, name: str) -> Table:
    return table.table(name, needed=True) or Table({}, (name,), table.faults)


def _number(table: Table, name: str) -> int:
    return table.number(name, 1, needed=True) or 1


def _dots(walls: Table, procedure: str) -> int:
    """Return how many dots a procedure gives to each."""
    file = SHIPPED / f"{procedure}.toml"
    if not procedure or not file.is_file():
        walls.wrong("there is no such procedure", "procedure")
        return 1
    ballot = tomllib.loads(file.read_text("utf-8")).get("ballot", {})
    return _number(Table(ballot, ("walls", "procedure", "ballot"), walls.faults), "dots")
