"""Jurisdictions, and the overlays that change a procedure in them (pure)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from civic.procedures import terms
from civic.procedures.lines import Key
from civic.procedures.schema import Procedure, Text
from civic.procedures.strict import Fault, Table, Wrong

FILE = Path(__file__).parent.parent / "data" / "jurisdictions.toml"
OVERLAYS = "overlays"
#: What stays what it is wherever it is in force.
FIXED = frozenset({"id", "version", "unit", "jurisdiction", OVERLAYS})


@dataclass(frozen=True)
class Limit:
    """Say that votes of a unit can only be something there, and which rule says so."""

    unit: str
    bindings: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class Jurisdiction:
    """Be an area with rules of its own; its code begins with that of the one around it."""

    code: str
    title: Text
    limits: tuple[Limit, ...] = ()


@cache
def jurisdictions() -> Mapping[str, Jurisdiction]:
    """Return the jurisdictions that are known, by code."""
    faults: list[Fault] = []
    found = {}
    for code, data in tomllib.loads(FILE.read_text("utf-8")).items():
        table = Table(data, (code,), faults)
        title = table.words("title")
        limits = table.each("limits", lambda item, key: _limit(item, key, faults))
        table.end()
        found[code] = Jurisdiction(code, title, limits)
    if faults:
        raise Wrong(faults)
    return found


def _limit(item: object, key: Key, faults: list[Fault]) -> Limit:
    table = Table(item, key, faults)
    found = Limit(
        table.choice("unit", terms.UNITS),
        table.each("bindings", lambda one, _key: str(one), least=1),
        table.text("basis", needed=True),
    )
    table.end()
    return found


def around(code: str) -> list[str]:
    """Return the codes of a jurisdiction and those around it, the outermost first."""
    parts = code.split("-")
    return ["-".join(parts[:length]) for length in range(1, len(parts) + 1)]


def limits(code: str) -> list[Limit]:
    """Return the limits that hold in a jurisdiction, its own and those around it."""
    known = jurisdictions()
    return [limit for one in around(code) if one in known for limit in known[one].limits]


def within_limits(procedure: Procedure, code: str) -> str:
    """Return why a procedure cannot be used in a jurisdiction, or nothing."""
    for limit in limits(code):
        if procedure.unit == limit.unit and procedure.binding not in limit.bindings:
            can = " or ".join(limit.bindings)
            return f"in {code}, votes by {limit.unit} can only be {can} ({limit.basis})"
    return ""


def overlaid(data: Mapping[str, Any], code: str) -> dict[str, Any] | None:
    """Return the data of a procedure as they hold in a jurisdiction, without the overlays.

    The overlays of the jurisdictions around it come first. Tables are merged, all else replaced.

    :returns: None where the procedure does not hold there at all.
    """
    within = around(code)
    if data.get("jurisdiction") not in within:
        return None
    found: dict[str, Any] = {name: value for name, value in data.items() if name != OVERLAYS}
    for one in within:
        layer = data.get(OVERLAYS, {}).get(one)
        if layer is not None:
            found = _merged(found, layer) | {"jurisdiction": one}
    return found


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(base)
    for name, value in over.items():
        both = isinstance(value, Mapping) and isinstance(found.get(name), Mapping)
        # An alternative of a bar is a whole: half of one and half of another is none.
        whole = name in {"quorum", "petition", "pass"}
        found[name] = _merged(found[name], value) if both and not whole else value
    return found


def check_overlays(data: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong with overlays before they are merged."""
    faults: list[Fault] = []
    layers = data.get(OVERLAYS, {})
    table = Table(layers, (OVERLAYS,), faults)
    for code, layer in table.data.items():
        if code not in jurisdictions():
            known = ", ".join(sorted(jurisdictions()))
            table.wrong(f"unknown jurisdiction; known are: {known}", code)
        elif code == data.get("jurisdiction") or data.get("jurisdiction") not in around(code):
            table.wrong(f"it does not lie within {data.get('jurisdiction')}", code)
        inner = Table(layer, (OVERLAYS, code), faults)
        for name in sorted(FIXED & inner.data.keys()):
            inner.wrong(f"`{name}` is the same everywhere", name)
    return faults
