"""Rules of the three lists, as data: kinds, limits, lines, and how a project moves (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from civic_party.fitting import Kind, Limits
from civic_party.words import data, said

FILE = "lists"
#: Who moves a project: the side that leads it, staff, and the side in need.
LEAD, OFFICE, NEED = "lead", "office", "need"
PARTIES = frozenset({LEAD, OFFICE, NEED})
#: What a move asks to be written.
REPORT, REASON, RATING = "report", "reason", "rating"
WORDS = frozenset({"", REPORT, REASON, RATING})


@dataclass(frozen=True)
class Move:
    """Be a move of a project.

    :ivar by: who may make it.
    :ivar words: what has to be written with it.
    """

    act: str
    sources: frozenset[str]
    to: str
    by: frozenset[str]
    words: str


@dataclass(frozen=True)
class Rules:
    """Hold the rules of the lists.

    :ivar uses: states of a project in which it keeps the hours of its resources.
    :ivar lines: line of projects by the kind of the need.
    """

    limits: Limits
    kinds: Mapping[str, Kind]
    lines: Mapping[str, str]
    states: tuple[str, ...]
    uses: frozenset[str]
    moves: Mapping[str, Move]
    at_once: int
    answer_days: int
    unchecked: int
    longest_days: int
    most: int
    most_yuan: int
    longest_walk: int

    @property
    def first(self) -> str:
        """Return the state in which a project begins."""
        return self.states[0]


def read(raw: Mapping[str, Any]) -> Rules:
    """Return rules from their file.

    :raises KeyError: for one that lacks something.
    :raises ValueError: for numbers, kinds, lines or moves that cannot be meant.
    """
    limits = Limits(_count(raw, "walk"), _count(raw, "least"))
    kinds = {row["code"]: _kind(row) for row in raw["kind"]}
    if strange := {code for kind in kinds.values() for code in kind.serves} - kinds.keys():
        message = f"kinds stand for kinds that are not there: {sorted(strange)}"
        raise ValueError(message)
    lines = {kind: row["code"] for row in raw["line"] for kind in row["kinds"]}
    if lines.keys() != kinds.keys():
        message = f"each kind has one line, not {sorted(lines)}"
        raise ValueError(message)
    if len(raw["day"]) != 7:  # noqa: PLR2004 - days of a week
        message = "a week has seven days"
        raise ValueError(message)
    states = tuple(row["code"] for row in raw["state"])
    moves = {row["act"]: _move(row, states) for row in raw["move"]}
    _reached(states, moves)
    return Rules(
        limits=limits,
        kinds=kinds,
        lines=lines,
        states=states,
        uses=frozenset(row["code"] for row in raw["state"] if row["uses"]),
        moves=moves,
        at_once=_count(raw, "at_once"),
        answer_days=_count(raw, "answer_days"),
        unchecked=_count(raw, "unchecked"),
        longest_days=_count(raw, "longest_days"),
        most=_count(raw, "most"),
        most_yuan=_count(raw, "most_yuan"),
        longest_walk=_count(raw, "longest_walk"),
    )


def _count(raw: Mapping[str, Any], key: str) -> int:
    number = raw[key]
    if type(number) is not int or number < 1:
        message = f"{key} is a whole number of at least 1, not {number!r}"
        raise ValueError(message)
    return number


def _kind(row: Mapping[str, Any]) -> Kind:
    flags = {key: row[key] for key in ("timed", "placed", "counted", "exclusive")}
    if any(type(flag) is not bool for flag in flags.values()):
        message = f"what counts for {row['code']} is said by true or false"
        raise ValueError(message)
    return Kind(row["code"], **flags, serves=frozenset(row.get("serves", ())))


def _move(row: Mapping[str, Any], states: tuple[str, ...]) -> Move:
    sources, by = frozenset(row["from"]), frozenset(row["by"])
    if not sources or not by or (sources | {row["to"]}) - set(states):
        message = f"move {row['act']} goes from and to states that are there, by somebody"
        raise ValueError(message)
    if by - PARTIES or row["words"] not in WORDS:
        message = f"move {row['act']} is made by {sorted(PARTIES)} and asks for {sorted(WORDS)}"
        raise ValueError(message)
    return Move(row["act"], sources, row["to"], by, row["words"])


def _reached(states: tuple[str, ...], moves: Mapping[str, Move]) -> None:
    """Raise `ValueError` for a state that no project comes to, or where there is no end."""
    reached = {states[0]}
    for _step in states:
        reached |= {move.to for move in moves.values() if move.sources & reached}
    if lost := set(states) - reached:
        message = f"no move leads to {sorted(lost)}"
        raise ValueError(message)
    if all(any(state in move.sources for move in moves.values()) for state in states):
        message = "every project has an end"
        raise ValueError(message)


@cache
def rules() -> Rules:
    """Return the rules that hold."""
    return read(data(FILE))


@cache
def _rows(table: str) -> Mapping[str, Mapping[str, Any]]:
    key = "act" if table == "move" else "code"
    return {row[key]: row for row in data(FILE)[table]}


def titles(table: str) -> dict[str, str]:
    """Return the words of a table of the file by their codes, in its order."""
    return {code: said(row) for code, row in _rows(table).items()}


def title(table: str, code: str) -> str:
    """Return the words of one entry; its code where the file no longer has it."""
    row = _rows(table).get(code)
    return said(row) if row is not None else code


def unit(kind: str) -> str:
    """Return what is counted of a kind, as `people`."""
    row = _rows("kind")[kind]
    return said({"zh": row["zh_unit"], "en": row["en_unit"], "code": ""})


def amount(number: int, kind: str) -> str:
    """Return a number with what is counted."""
    locale_unit = unit(kind)
    space = "" if locale_unit and not locale_unit.isascii() else " "
    return f"{number}{space}{locale_unit}".strip()


def day(number: int) -> str:
    """Return the name of a day of the week, 0 for Monday."""
    return said(data(FILE)["day"][number])
