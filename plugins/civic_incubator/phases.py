"""The phases of a call, read from data and checked when they are loaded (pure but for reading)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from civic_incubator.words import data

STAFF, APPLICANT, REVIEWER, EVERYONE = "staff", "applicant", "reviewer", "everyone"
#: Who can be named in a phase; `TIME` moves, and does nothing else.
PARTIES, TIME = frozenset({STAFF, APPLICANT, REVIEWER, EVERYONE}), "time"
ACTS = ("see", "edit", "review")


@dataclass(frozen=True)
class Move:
    """Lead from one phase to another.

    :ivar by: parties that make it; `time` where it happens by itself.
    """

    to: str
    by: frozenset[str]


@dataclass(frozen=True)
class Phase:
    """Be one phase of a call.

    :ivar words: its name, in `zh` and `en`.
    :ivar end: whether a call that has come here has come to its end.
    """

    code: str
    words: Mapping[str, Any]
    end: bool
    see: frozenset[str]
    edit: frozenset[str]
    review: frozenset[str]
    moves: tuple[Move, ...]

    def move(self, to: str) -> Move | None:
        """Return the move to another phase, where there is one."""
        return next((move for move in self.moves if move.to == to), None)


@dataclass(frozen=True)
class Workflow:
    """Be the phases of a kind of call, in the order of the file."""

    code: str
    first: str
    phases: Mapping[str, Phase]

    def may(self, phase: str, act: str, parties: Iterable[str]) -> bool:
        """Tell whether one of the parties may see, edit or review applications in a phase."""
        named: frozenset[str] = getattr(self.phases[phase], act)
        return not named.isdisjoint({*parties, EVERYONE})


def _phase(row: Mapping[str, Any], workflow: str) -> Phase:
    where = f"phase {row.get('code')!r} of {workflow!r}"
    sides = {}
    for act in ACTS:
        if act not in row:
            message = f"{where} does not say who may {act}"
            raise ValueError(message)
        sides[act] = frozenset(row[act])
        if unknown := sides[act] - PARTIES:
            message = f"{where} names {sorted(unknown)}, who are no party"
            raise ValueError(message)
    moves = []
    for move in row["moves"]:
        by = frozenset(move.get("by", ()))
        if not by or by - PARTIES - {TIME}:
            message = f"{where}: the move to {move['to']!r} does not say who makes it"
            raise ValueError(message)
        moves.append(Move(move["to"], by))
    return Phase(row["code"], row, bool(row.get("end")), moves=tuple(moves), **sides)


def _closure(start: Iterable[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    """Return all that can be reached."""
    found: set[str] = set()
    ahead = list(start)
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead += ways.get(code, ())
    return found


def parse(row: Mapping[str, Any]) -> Workflow:
    """Read a workflow.

    :raises ValueError: for one in which a phase cannot be reached, has no way to an end, leads to
        nowhere or names a party that does not exist.
    """
    code = row["code"]
    phases = [_phase(each, code) for each in row["phase"]]
    found = {phase.code: phase for phase in phases}
    if len(found) < len(phases):
        message = f"workflow {code!r} has two phases of one code"
        raise ValueError(message)
    onwards = {phase.code: [move.to for move in phase.moves] for phase in phases}
    for phase in phases:
        if unknown := set(onwards[phase.code]) - found.keys():
            message = f"phase {phase.code!r} of {code!r} leads to {sorted(unknown)}: no such phase"
            raise ValueError(message)
        if phase.end and phase.moves:
            message = f"phase {phase.code!r} of {code!r} is an end and leads on"
            raise ValueError(message)
    if row["first"] not in found:
        message = f"workflow {code!r} begins with {row['first']!r}: no such phase"
        raise ValueError(message)
    if lost := found.keys() - _closure([row["first"]], onwards):
        message = f"phases {sorted(lost)} of {code!r} are never reached"
        raise ValueError(message)
    back: dict[str, list[str]] = {name: [] for name in found}
    for name, targets in onwards.items():
        for target in targets:
            back[target].append(name)
    ends = [phase.code for phase in phases if phase.end]
    if stuck := found.keys() - _closure(ends, back):
        message = f"phases {sorted(stuck)} of {code!r} have no way to an end"
        raise ValueError(message)
    return Workflow(code, row["first"], found)


@cache
def workflows() -> dict[str, Workflow]:
    """Return all workflows by their codes."""
    return {row["code"]: parse(row) for row in data("phases")["workflow"]}


#: Read once when the plugin is loaded: a wrong file stops it there, with a sentence.
CODES = tuple(dict.fromkeys(code for flow in workflows().values() for code in flow.phases))
