"""Find the lines on which the keys of a TOML text stand, which `tomllib` does not tell (pure)."""

import re
from typing import TypeAlias

#: The way to a value: names of keys, and numbers of elements.
Key: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\n]*")


def index(text: str) -> dict[Key, int]:
    """Return the line of each key and element of a text that `tomllib` has accepted."""
    scanner = _Scanner(text)
    scanner.run()
    return scanner.lines


def line_of(lines: dict[Key, int], key: Key) -> int:
    """Return the line of a key, or of the nearest one above it; 1 where there is none."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Key, int] = {}
        self.tables: dict[Key, int] = {}

    def run(self) -> None:
        here: Key = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                here = self._header()
            else:
                self._pair(here)
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()

    def _note(self, key: Key) -> None:
        line = self.text.count("\n", 0, self.at) + 1
        for length in range(1, len(key) + 1):
            self.lines.setdefault(key[:length], line)

    def _header(self) -> Key:
        """Read the head of a table, or of one more table of an array."""
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        here: Key = ()
        names = self._names()
        for name in names[:-1]:
            here += (name,)
            if here in self.tables:
                here += (self.tables[here],)
        here += (names[-1],)
        if double:
            self.tables[here] = self.tables.get(here, -1) + 1
            here += (self.tables[here],)
        self._note(here)
        self.at += 2 if double else 1
        return here

    def _names(self) -> list[str]:
        names = []
        while True:
            self._skip(_SPACE)
            quoted = self.text[self.at] in "\"'"
            found = self._skip(_QUOTED if quoted else _BARE_KEY)
            names.append(found[1:-1] if quoted else found)
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def _pair(self, here: Key) -> None:
        start = self.at
        key = here + tuple(self._names())
        end, self.at = self.at, start
        self._note(key)
        self.at = end + 1  # past the sign of equality
        self._skip(_SPACE)
        self._value(key)

    def _value(self, key: Key) -> None:
        self._note(key)
        sign = self.text[self.at]
        if sign == "[":
            self._several(key, "]")
        elif sign == "{":
            self._several(key, "}")
        elif sign in "\"'":
            self._skip(_QUOTED)
        else:
            self._skip(_PLAIN)

    def _several(self, key: Key, end: str) -> None:
        """Read the elements of an array, or the pairs of an inline table."""
        self.at += 1
        number = 0
        self._skip(_BLANK)
        while self.text[self.at] != end:
            if end == "]":
                self._value((*key, number))
            else:
                self._pair(key)
            number += 1
            self._skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1
                self._skip(_BLANK)
        self.at += 1
