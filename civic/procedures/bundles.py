"""Bundles: folders of procedure files, read with line and reason for each fault (pure)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from civic.procedures import overlays
from civic.procedures.lines import Key, index, line_of
from civic.procedures.reading import read
from civic.procedures.schema import Procedure
from civic.procedures.strict import Fault, Wrong, dotted

#: The bundle that comes with the platform.
SHIPPED = Path(__file__).parent.parent / "data" / "procedures"
CORE = "civic"
_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")


class Problem(NamedTuple):
    """Be a fault of a file, with its line."""

    file: Path
    line: int
    reason: str

    def __str__(self) -> str:
        """Write it as compilers do."""
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True)
class Source:
    """Be where procedures come from: a folder of a name; that of a plugin prefixes its ids."""

    name: str
    folder: Path


@dataclass(frozen=True)
class Draft:
    """Be the data of one file, overlays included, and where they stand.

    :ivar data: with days as texts, so that they can be kept as JSON.
    """

    file: Path
    data: Mapping[str, Any]
    lines: Mapping[Key, int] = field(repr=False)

    def resolve(self, code: str) -> tuple[Procedure, dict[str, Any]] | None:
        """Return the procedure as it holds in a jurisdiction, and its data; None where it does not.

        :raises Wrong: when it does not do there.
        """
        data = overlays.overlaid(self.data, code)
        if data is None:
            return None
        found = read(data)
        refused = overlays.within_limits(found, code)
        if refused:
            raise Wrong([Fault((overlays.OVERLAYS, code, "binding"), refused)])
        return found, data


def check(file: Path, prefix: str | None = None) -> tuple[Draft | None, list[Problem]]:
    """Read one file, for its own jurisdiction and for each that is known within.

    :param prefix: name of the plugin that its id begins with, empty for the core's; None for any.
    :returns: its data, unless there are problems.
    """
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(file, 1, f"the file cannot be read: {error}")]
    return check_text(text, file, prefix)


def check_text(
    text: str, file: Path, prefix: str | None = None
) -> tuple[Draft | None, list[Problem]]:
    """Read what a file says, or would say.

    :param file: the name under which it is spoken of; its id is that name.
    """
    try:
        data = _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        return None, [Problem(file, line, _PLACE.sub("", str(error)))]
    draft = Draft(file, data, index(text))
    faults = _faults(draft, prefix)
    problems = {
        Problem(file, line_of(dict(draft.lines), fault.key), _said(fault)): None for fault in faults
    }
    return (None if problems else draft), sorted(problems, key=lambda each: each.line)


def _said(fault: Fault) -> str:
    return f"{dotted(fault.key)}: {fault.reason}" if fault.key else fault.reason


def _faults(draft: Draft, prefix: str | None) -> list[Fault]:
    home = str(draft.data.get("jurisdiction", ""))
    faults = [*_named(draft, prefix), *overlays.check_overlays(draft.data)]
    known = overlays.jurisdictions()
    if home and home not in known:
        faults.append(Fault(("jurisdiction",), f"unknown; known are: {', '.join(sorted(known))}"))
    if faults:
        # Overlays that do not do are not merged, but the rest is looked at all the same.
        return [*faults, *_of(Draft(draft.file, _bare(draft.data), draft.lines), home)]
    found = _of(draft, home)
    for code in known:
        if not found and code != home and home in overlays.around(code):
            found += _of(draft, code)
    return found


def _named(draft: Draft, prefix: str | None) -> list[Fault]:
    """Return what is wrong with the id of a draft, given the name of its file and its source."""
    name = draft.data.get("id")
    if not isinstance(name, str):
        return []
    before, _dot, last = name.rpartition(".")
    found = []
    if last != draft.file.stem:
        found.append(Fault(("id",), f"the file is called {draft.file.name}, not {last}.toml"))
    if prefix is not None and before != prefix:
        wanted = f"begins with `{prefix}.`" if prefix else "has no point in it"
        found.append(Fault(("id",), f"an id of this bundle {wanted}"))
    return found


def _bare(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != overlays.OVERLAYS}


def _of(draft: Draft, code: str) -> list[Fault]:
    """Return the faults of a draft in a jurisdiction, at the overlay where they stand there."""
    try:
        if draft.resolve(code) is None:
            read(_bare(draft.data))
    except Wrong as wrong:
        return [_placed(draft, fault, code) for fault in wrong.faults]
    return []


def _placed(draft: Draft, fault: Fault, code: str) -> Fault:
    for one in reversed(overlays.around(code)):
        key = (overlays.OVERLAYS, one, *fault.key)
        if fault.key and key[:3] in draft.lines:
            return Fault(key, fault.reason)
    return fault


def _plain(value: Any) -> Any:  # noqa: ANN401 - data of any kind
    """Return data as JSON can hold them: days become texts."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def load(source: Source) -> tuple[list[Draft], list[Problem]]:
    """Read all files of a source, by name."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    prefix = "" if source.name == CORE else source.name
    for file in sorted(source.folder.glob("*.toml")):
        draft, found = check(file, prefix)
        problems += found
        if draft is not None:
            drafts.append(draft)
    return drafts, problems


def lines(problems: Sequence[Problem]) -> str:
    """Write problems one below the other."""
    return "\n".join(map(str, problems))
