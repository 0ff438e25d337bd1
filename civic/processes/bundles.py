"""Read files of processes, with line and reason for each fault (pure)."""

import re
import tomllib
from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from civic.kernel.errors import Misconfigured
from civic.procedures import bundles as procedures
from civic.procedures.bundles import Problem, lines
from civic.procedures.lines import index, line_of
from civic.procedures.strict import Fault, Wrong, dotted
from civic.processes.reading import read
from civic.processes.schema import Process

#: The processes that come with the platform.
SHIPPED = Path(__file__).parent.parent / "data" / "processes"
_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")


class Template(NamedTuple):
    """Be a process, and the data of which a case keeps a copy."""

    process: Process
    data: dict[str, Any]


def check(file: Path, known: Container[str] | None = None) -> tuple[Template | None, list[Problem]]:
    """Read one file.

    :param known: procedures that its votes may name; any unless given.
    :returns: what it holds, unless there are problems.
    """
    try:
        text = file.read_text("utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(file, 1, f"the file cannot be read: {error}")]
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        return None, [Problem(file, line, _PLACE.sub("", str(error)))]
    faults: list[Fault] = []
    found = None
    try:
        found = read(data)
    except Wrong as wrong:
        faults += wrong.faults
    if found is not None:
        faults += _named(found, file, known)
    at = index(text)
    problems = [Problem(file, line_of(at, fault.key), _said(fault)) for fault in faults]
    if found is None or problems:
        return None, sorted(dict.fromkeys(problems), key=lambda each: each.line)
    return Template(found, data), []


def _said(fault: Fault) -> str:
    return f"{dotted(fault.key)}: {fault.reason}" if fault.key else fault.reason


def _named(found: Process, file: Path, known: Container[str] | None) -> list[Fault]:
    faults = []
    if found.id.rpartition(".")[2] != file.stem:
        faults.append(Fault(("id",), f"the file is called {file.name}, not {found.id}.toml"))
    for number, stage in enumerate(found.stages):
        for place, code in enumerate(stage.procedures):
            if known is not None and code not in known:
                key = ("stages", number, "procedures", place)
                faults.append(Fault(key, f"there is no procedure {code!r}"))
    return faults


def load(folder: Path, known: Container[str] | None = None) -> list[Template]:
    """Read all files of a folder, by name.

    :raises Misconfigured: with a line for each fault.
    """
    found: list[Template] = []
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.toml")):
        template, faults = check(file, known)
        problems += faults
        if template is not None:
            found.append(template)
    if problems:
        raise Misconfigured(lines(problems))
    return found


@cache
def shipped() -> dict[str, Template]:
    """Return the processes that come with the platform, by id."""
    names = frozenset(file.stem for file in procedures.SHIPPED.glob("*.toml"))
    return {template.process.id: template for template in load(SHIPPED, names)}
