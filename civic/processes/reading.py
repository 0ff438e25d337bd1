"""Make a process of data, strictly: each fault by itself, and none is guessed away (pure)."""

from collections.abc import Iterable, Mapping
from typing import Any

from civic.procedures.lines import Key
from civic.procedures.strict import Fault, Table, Wrong
from civic.processes import graph, terms
from civic.processes.schema import Length, Move, Process, Stage

NAME = r"[a-z][a-z0-9_]*"
ID = rf"([a-z][a-z0-9]*\.)?{NAME}"


def read(data: Mapping[str, Any]) -> Process:
    """Make a process of data.

    :raises Wrong: with all that does not do.
    """
    faults: list[Fault] = []
    table = Table(data, (), faults)
    stages = table.each("stages", lambda item, key: _stage(item, key, faults), least=1)
    on_line = tuple(stage.code for stage in stages if not stage.beside and not stage.final)
    found = Process(
        id=table.text("id", needed=True, pattern=ID),
        version=table.number("version", 1, needed=True) or 1,
        title=table.words("title"),
        about=table.words("about"),
        basis=table.each("basis", lambda item, key: _text(item, key, faults), least=1),
        stages=stages,
        moves=table.each("moves", lambda item, key: _move(item, key, faults, on_line), least=1),
    )
    table.end()
    if not faults:
        faults += graph.faults(found)
    if faults:
        raise Wrong(faults)
    return found


def _text(item: object, key: Key, faults: list[Fault]) -> str:
    if isinstance(item, str) and item.strip():
        return item
    faults.append(Fault(key, "a text is needed here"))
    return ""


def _words(table: Table, name: str, known: Iterable[str] | None, *, least: int = 0) -> list[str]:
    """Read an array of words, each of which must be known."""

    def one(item: object, key: Key) -> str:
        word = _text(item, key, table.faults)
        if word and known is not None and word not in known:
            choices = ", ".join(sorted(known))
            table.faults.append(Fault(key, f"{word!r} is not one of: {choices}"))
        return word

    return list(table.each(name, one, least=least))


def _stage(item: object, key: Key, faults: list[Fault]) -> Stage:
    table = Table(item, key, faults)
    found = Stage(
        code=table.text("code", needed=True, pattern=NAME),
        kind=table.choice("kind", terms.KINDS),
        title=table.words("title"),
        can=frozenset(_words(table, "can", terms.CAN)),
        length=_length(table.table("lasts")),
        procedures=tuple(_words(table, "procedures", None)),
    )
    if (found.kind == terms.VOTING) != bool(found.procedures):
        table.wrong(
            "`procedures` belong to stages of kind 'voting', and they need them", "procedures"
        )
    table.end()
    return found


def length_of(data: Mapping[str, Any]) -> Length | None:
    """Return what the data of one stage, read before, say of its length."""
    return _length(Table(data, (), []).table("lasts"))


def _length(table: Table | None) -> Length | None:
    if table is None:
        return None
    key = table.choice("key", terms.PERIODS, default="") if table.has("key") else ""
    period, basis = table.period("period"), table.text("basis")
    if not key and period is None:
        table.wrong("a `key` of the procedure's periods or a `period` is needed")
    if (period is None) != (not basis):
        table.wrong("a `period` and its `basis` belong together", "basis" if basis else "period")
    table.end()
    return Length(key=key, period=period, basis=basis)


def _move(item: object, key: Key, faults: list[Fault], on_line: tuple[str, ...]) -> Move:
    table = Table(item, key, faults)
    origins = _words(table, "from", None, least=1)
    if terms.EVERYWHERE in origins:
        others = [code for code in origins if code != terms.EVERYWHERE]
        origins = [*on_line, *others]
    found = Move(
        act=table.text("act", needed=True, pattern=NAME),
        title=table.words("title"),
        origins=tuple(dict.fromkeys(origins)),
        to=table.text("to", needed=True),
        who=frozenset(_words(table, "who", terms.WHO, least=1)),
        needs=tuple(_words(table, "needs", terms.CONDITIONS)),
        second=table.flag("second"),
        reason=table.flag("reason"),
        clock=table.flag("clock"),
        early=table.flag("early"),
        verdict=table.choice("verdict", terms.VERDICTS, default="") if table.has("verdict") else "",
        once=table.flag("once"),
    )
    table.end()
    if found.clock and (found.second or found.reason or found.verdict):
        table.wrong("the clock gives no reason, no verdict, and is no second person", "clock")
    return found
