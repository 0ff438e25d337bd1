"""The states of a conversion, read from data and checked when loaded (pure but for reading)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from civic.api import periods
from civic_rental.words import data

#: Who can be named in a move: permissions of this plugin.
PARTIES = ("keep", "lead")
#: What can be asked for besides records; `gates` answers each.
GATES = ("partners", "opinions", "conditions", "building", "homes", "cases")
#: Where a refusal in the joint review leads.
REVIEW, STOPPED, LISTED, SUSPENDED, CLOSED = (
    "joint_review",
    "stopped",
    "listed",
    "suspended",
    "closed",
)


@dataclass(frozen=True)
class Move:
    """Lead from one state to another.

    :ivar by: permission that it takes.
    :ivar reason: whether words are needed.
    :ivar back: whether it leads back; like a move with a reason it asks for no record.
    """

    to: str
    by: str
    reason: bool
    back: bool

    @property
    def forward(self) -> bool:
        """Tell whether all that the state asks for has to be there."""
        return not self.reason and not self.back


@dataclass(frozen=True)
class State:
    """Be one state.

    :ivar words: its name, in `zh` and `en`.
    :ivar needs: codes of records; those that are `fresh` were recorded since it came here.
    :ivar gates: what else has to hold.
    """

    code: str
    words: Mapping[str, Any]
    needs: tuple[str, ...]
    fresh: tuple[str, ...]
    gates: tuple[str, ...]
    moves: tuple[Move, ...]

    def move(self, to: str) -> Move | None:
        """Return the move to another state, where there is one."""
        return next((move for move in self.moves if move.to == to), None)

    @property
    def records(self) -> tuple[str, ...]:
        """Return all records it asks for."""
        return (*self.needs, *self.fresh)


@dataclass(frozen=True)
class Office:
    """Be an office that gives its opinion.

    :ivar by: posts of the core and standings of the plugin that speak for it here.
    """

    code: str
    words: Mapping[str, Any]
    by: frozenset[str]


@dataclass(frozen=True)
class Way:
    """Hold all states in the order of the file, the records, and the offices of the review.

    :ivar review: by when the offices are asked to answer.
    :ivar inspection: after what time homes are inspected again.
    :ivar decided: kinds of stages of a named case at which it has come to its decision.
    :ivar filed: kinds that do not tell what was decided.
    """

    first: str
    states: Mapping[str, State]
    records: Mapping[str, Mapping[str, Any]]
    offices: Mapping[str, Office]
    review: periods.Period
    inspection: periods.Period
    decided: frozenset[str]
    filed: frozenset[str]


def _state(row: Mapping[str, Any], records: Iterable[str]) -> State:
    where = f"state {row.get('code')!r}"
    needs, fresh = tuple(row.get("needs", ())), tuple(row.get("fresh", ()))
    gates = tuple(row.get("gates", ()))
    if unknown := {*needs, *fresh} - set(records):
        message = f"{where} asks for {sorted(unknown)}, which are no records"
        raise ValueError(message)
    if unknown := set(gates) - set(GATES):
        message = f"{where} asks for {sorted(unknown)}, which nothing checks"
        raise ValueError(message)
    moves = []
    for each in row["moves"]:
        if each.get("by") not in PARTIES:
            message = f"{where}: the move to {each['to']!r} does not say who makes it"
            raise ValueError(message)
        reason, back = bool(each.get("reason")), bool(each.get("back"))
        moves.append(Move(each["to"], each["by"], reason, back))
    return State(row["code"], row, needs, fresh, gates, tuple(moves))


def _reached(first: Iterable[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    ahead = list(first)
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead += ways.get(code, ())
    return found


def _unique(rows: Iterable[Mapping[str, Any]], what: str) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if row["code"] in found:
            message = f"two {what} are called {row['code']!r}"
            raise ValueError(message)
        found[row["code"]] = row
    return found


def parse(table: Mapping[str, Any]) -> Way:
    """Read a way.

    :raises ValueError: for one with a state that cannot be reached, has no way to its end, leads
        nowhere, or asks for what nobody records or checks; and for an office without its words.
    """
    records = _unique(table["record"], "records")
    rows = _unique(table["state"], "states")
    states = {code: _state(row, records) for code, row in rows.items()}
    onwards = {code: [move.to for move in state.moves] for code, state in states.items()}
    for code, targets in onwards.items():
        if unknown := set(targets) - states.keys():
            message = f"state {code!r} leads to {sorted(unknown)}: no such state"
            raise ValueError(message)
    if table["first"] not in states or CLOSED not in states or REVIEW not in states:
        message = (
            f"the way begins with {table['first']!r}, is reviewed and closed: a state is missing"
        )
        raise ValueError(message)
    # A refusal leads there by itself.
    ways = onwards | {REVIEW: [*onwards[REVIEW], STOPPED]}
    if lost := states.keys() - _reached([table["first"]], ways):
        message = f"states {sorted(lost)} are never reached"
        raise ValueError(message)
    stuck = [code for code in states if CLOSED not in _reached([code], ways)]
    if stuck:
        message = f"states {sorted(stuck)} have no way to an end"
        raise ValueError(message)
    offices = {
        code: Office(code, row, frozenset(row.get("by", ())))
        for code, row in _unique(table["office"], "offices").items()
    }
    if not offices or any(not row.words.get("zh") for row in offices.values()):
        message = "a joint review is given by offices that have names"
        raise ValueError(message)
    cases = _unique(table["case"], "kinds of stages of cases")
    return Way(
        table["first"],
        states,
        records,
        offices,
        periods.Period.parse(table["review"]),
        periods.Period.parse(table["inspection"]),
        frozenset(code for code, row in cases.items() if row.get("decided")),
        frozenset(code for code, row in cases.items() if row.get("filed")),
    )


@cache
def way() -> Way:
    """Return the way of conversions."""
    return parse(data("conversion"))


#: Read once when the plugin is loaded: a wrong file stops it there, with a sentence.
CODES = tuple(way().states)
