"""Write the data of a rule as TOML, as people change it, and show what differs (pure)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAYS = frozenset({"valid_from", "valid_to", "review_on"})


def toml(data: Mapping[str, Any]) -> str:
    """Return data as TOML that reads back to the same."""
    lines = list(_table(data, ()))
    return "\n".join(lines).strip() + "\n"


def _table(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    inner = {name: value for name, value in data.items() if _long(value)}
    if path:
        yield ""
        yield f"[{'.'.join(map(_key, path))}]"
    for name, value in data.items():
        if name not in inner and value is not None:
            yield f"{_key(name)} = {_value(value, name)}"
    for name, value in inner.items():
        yield from _table(value, (*path, name))


def _long(value: object) -> bool:
    return isinstance(value, dict) and any(isinstance(one, dict | list) for one in value.values())


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any, name: str = "") -> str:  # noqa: ANN401 - JSON values
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return "{" + inner + "}"
    return str(value) if name in DAYS and _DAY.fullmatch(value) else _text(value)


@dataclass(frozen=True)
class Line:
    """Be a line of a text: `same`, `gone` or `come`."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Line]:
    """Return the lines of two texts in order, with what went and what came."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for act, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            found += [Line("same", text) for text in old[a:b]]
            continue
        found += [Line("gone", text) for text in old[a:b]]
        found += [Line("come", text) for text in new[c:d]]
    return found
