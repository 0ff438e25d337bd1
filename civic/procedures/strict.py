"""Read tables of data strictly: each fault is kept with the way to it, and none is guessed away."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from civic.kernel.periods import Period
from civic.procedures.lines import Key
from civic.procedures.schema import Text

T = TypeVar("T")
LANGUAGES = ("zh", "en")
_SHORT = 60


class Fault(NamedTuple):
    """Be something that is wrong with data: where, and why."""

    key: Key
    reason: str


@dataclass(eq=False)
class Wrong(Exception):  # noqa: N818 - data are wrong, not the program
    """Say what is wrong with data; no procedure was made of them."""

    faults: list[Fault]

    def __str__(self) -> str:
        """Return the faults as one line each."""
        return "\n".join(f"{dotted(fault.key)}: {fault.reason}" for fault in self.faults)


def dotted(key: Key) -> str:
    """Write the way to a value as people do: `quorum.any[1].heads`."""
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


class Table:
    """Take values out of a table by name; whatever is left at the end is a fault."""

    def __init__(self, data: object, key: Key, faults: list[Fault]) -> None:
        """Look at a value that should be a table."""
        self.key, self.faults = key, faults
        self.taken: set[str] = set()
        self.inside: list[Table] = []
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            self.wrong(f"a table is needed here, not {_shown(data)}")

    def wrong(self, reason: str, *names: str | int) -> None:
        """Keep a fault of this table, or of a value in it."""
        self.faults.append(Fault((*self.key, *names), reason))

    def has(self, name: str) -> bool:
        """Tell whether a value is there."""
        return name in self.data

    def take(self, name: str, *, needed: bool = False) -> Any:  # noqa: ANN401 - data of any kind
        """Return a value, or None and a fault where it is needed and missing."""
        self.taken.add(name)
        if needed and name not in self.data:
            self.wrong(f"`{name}` is missing")
        return self.data.get(name)

    def end(self) -> None:
        """Refuse the keys that nobody asked for."""
        for name in self.data:
            if name not in self.taken:
                known = ", ".join(sorted(self.taken))
                self.wrong(f"unknown key `{name}`; known here are: {known}", name)

    def text(self, name: str, *, needed: bool = False, pattern: str = "") -> str:
        """Return a line of text."""
        found = self.take(name, needed=needed)
        if found is None:
            return ""
        if not isinstance(found, str) or not found.strip():
            self.wrong(f"a text is needed here, not {_shown(found)}", name)
            return ""
        if pattern and not re.fullmatch(pattern, found):
            self.wrong(f"{_shown(found)} does not look like {pattern}", name)
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return whether something is so."""
        found = self.take(name)
        if found is None:
            return default
        if not isinstance(found, bool):
            self.wrong(f"true or false is needed here, not {_shown(found)}", name)
        return bool(found)

    def number(self, name: str, least: int, *, needed: bool = False) -> int | None:
        """Return a whole number that is not below `least`."""
        found = self.take(name, needed=needed)
        if found is None:
            return None
        if type(found) is not int or found < least:
            self.wrong(
                f"a whole number of at least {least} is needed here, not {_shown(found)}", name
            )
            return least
        return found

    def choice(self, name: str, known: Iterable[str], *, default: str | None = None) -> str:
        """Return one of the known words; needed unless there is a default."""
        found = self.take(name, needed=default is None)
        words = sorted(known)
        if found is None:
            return default or words[0]
        if not isinstance(found, str) or found not in words:
            self.wrong(f"{_shown(found)} is not one of: {', '.join(words)}", name)
            return words[0]
        return found

    def day(self, name: str) -> date | None:
        """Return a day, written as 2026-01-31."""
        found = self.take(name)
        if found is None:
            return None
        try:
            return date.fromisoformat(found)
        except (TypeError, ValueError):
            self.wrong(f"a day as 2026-01-31 is needed here, not {_shown(found)}", name)
            return None

    def period(self, name: str, *, needed: bool = False) -> Period | None:
        """Return a length of time, written as {n = 15, kind = "calendar"}."""
        found = self.take(name, needed=needed)
        if found is None:
            return None
        try:
            return Period.parse(found)
        except ValueError as error:
            self.wrong(str(error), name)
            return None

    def table(self, name: str, *, needed: bool = False) -> "Table | None":
        """Return a table within this one."""
        found = self.take(name, needed=needed)
        return None if found is None else Table(found, (*self.key, name), self.faults)

    def section(self, name: str) -> "Table":
        """Return a table within this one that is needed, and that `reading` ends with it."""
        found = self.table(name, needed=True) or Table({}, (*self.key, name), self.faults)
        self.inside.append(found)
        return found

    def count(self, name: str) -> int:
        """Return a whole number of at least one that is needed."""
        return self.number(name, 1, needed=True) or 1

    def length(self, name: str) -> Period:
        """Return a length of time that is needed."""
        return self.period(name, needed=True) or Period(n=1)

    def share(self, name: str) -> Fraction:
        """Return a share of a whole that is needed, written as {num = 1, den = 2}."""
        found = self.section(name)
        num, den = found.count("num"), found.count("den")
        if num > den:
            found.wrong("a share is at most the whole", "num")
        return Fraction(num, den)

    def each(self, name: str, read: Callable[[object, Key], T], *, least: int = 0) -> tuple[T, ...]:
        """Return the elements of an array, each as `read` makes it."""
        found = self.take(name, needed=least > 0)
        if found is None:
            return ()
        if not isinstance(found, list):
            self.wrong(f"an array is needed here, not {_shown(found)}", name)
            return ()
        if len(found) < least:
            self.wrong(f"`{name}` must not be empty", name)
        return tuple(read(item, (*self.key, name, number)) for number, item in enumerate(found))

    def words(self, name: str) -> Text:
        """Return words in both languages."""
        found = self.take(name, needed=True)
        return Text("", "") if found is None else self.words_of(found, (*self.key, name))

    def words_of(self, data: object, key: Key) -> Text:
        """Read words in both languages, written as {zh = "…", en = "…"}."""
        table = Table(data, key, self.faults)
        zh, en = (table.text(language, needed=True) for language in LANGUAGES)
        table.end()
        return Text(zh, en)


@contextmanager
def reading(text: str) -> Iterator[Table]:
    """Read a file of rules from TOML; what nobody asked for is a fault when the block ends.

    :raises Wrong: with each fault and where it stands.
    """
    faults: list[Fault] = []
    table = Table(tomllib.loads(text), (), faults)
    yield table
    _end(table)
    if faults:
        raise Wrong(faults)


def _end(table: Table) -> None:
    for one in table.inside:
        _end(one)
    table.end()


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
