"""Load bundles into the site: by command, and whenever its tables are made or brought up to date.

Loading is not confirming. It changes nothing that is there, and twice is once.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic.kernel import audit, clock, plugins
from civic.kernel.db import db
from civic.kernel.errors import Misconfigured
from civic.procedures import bundles, overlays, snapshots
from civic.procedures.bundles import Draft, Problem, Source
from civic.procedures.models import ProcedureVersion

log = logging.getLogger(__name__)

#: Where a plugin keeps its bundle, by convention.
FOLDER = "procedures"


@dataclass
class Loaded:
    """Say what loading came to, in names and numbers of versions.

    :ivar added: versions that are new here.
    :ivar same: what was here already.
    :ivar kept: where the site has a version of its own, which a bundle does not replace.
    :ivar elsewhere: what does not hold in this jurisdiction.
    :ivar refused: plugins whose bundle does not do, with the reason.
    """

    added: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Adoption:
    """Say which body has adopted a version, and when."""

    by: str = ""
    on: date | None = None


def sources() -> list[Source]:
    """Return the bundles that are here: the core's, and that of each plugin that has one."""
    found = [Source(bundles.CORE, bundles.SHIPPED)]
    for name, plugin in sorted(plugins.registry().loaded.items()):
        folder = plugin.folder / FOLDER
        if folder.is_dir():
            found.append(Source(name, folder))
    return found


def site_jurisdiction() -> str:
    """Return the jurisdiction of this site.

    :raises Misconfigured: where nobody knows it.
    """
    code: str = current_app.config["SETTINGS"].jurisdiction
    if code not in overlays.jurisdictions():
        known = ", ".join(sorted(overlays.jurisdictions()))
        message = f"CIVIC_JURISDICTION is {code!r}; known are: {known}."
        raise Misconfigured(message)
    return code


def sync() -> Loaded:
    """Bring the bundles that are here into the tables; the caller commits.

    A plugin's bundle that does not do is left out and named; nothing else suffers from it.

    :raises Misconfigured: with a line for each fault of the core's own; nothing was loaded then.
    """
    done = Loaded()
    site_jurisdiction()
    for source in sources():
        try:
            drafts = _read(source)
            _load([(source.name, draft) for draft in drafts], Adoption(), done)
        except Misconfigured as wrong:
            if source.name == bundles.CORE:
                raise
            log.warning("procedures of the plugin %s are not loaded: %s", source.name, wrong)
            done.refused.append(f"{source.name}: {wrong}")
    return done


def _read(source: Source) -> list[Draft]:
    drafts, problems = bundles.load(source)
    if problems:
        raise Misconfigured(bundles.lines(problems))
    return drafts


def load_files(files: Iterable[Path], adoption: Adoption) -> Loaded:
    """Load single files, as a body of this street has adopted them; the caller commits.

    :raises Misconfigured: with a line for each fault; nothing was loaded then.
    """
    done = Loaded()
    drafts: list[tuple[str, Draft]] = []
    problems: list[Problem] = []
    for file in files:
        draft, faults = bundles.check(file)
        problems += faults
        if draft is not None:
            drafts.append((file.name, draft))
    if problems:
        raise Misconfigured(bundles.lines(problems))
    _load(drafts, adoption, done)
    return done


def load_drafts(drafts: Iterable[tuple[str, Draft]], adoption: Adoption) -> Loaded:
    """Load versions that are read already, as a body has adopted them; the caller commits.

    :param drafts: each with the name of where it comes from.
    :raises Misconfigured: with a line for each fault; nothing was loaded then.
    """
    done = Loaded()
    _load(drafts, adoption, done)
    return done


def _load(drafts: Iterable[tuple[str, Draft]], adoption: Adoption, done: Loaded) -> None:
    code = site_jurisdiction()
    newest = _newest()
    rows = []
    found = Loaded()
    for source, draft in drafts:
        resolved = draft.resolve(code)
        if resolved is None:
            found.elsewhere.append(str(draft.data["id"]))
            continue
        procedure, data = resolved
        row = _row(source, data, procedure.version, adoption)
        row.valid_from, row.valid_to = procedure.valid_from, procedure.valid_to
        row.review_on = procedure.review_on
        if _is_new(row, newest.get(row.code), found):
            rows.append(row)
    if rows:
        _add(rows, adoption)
    done.added += [f"{row.code} {row.number}" for row in rows]
    done.same += found.same
    done.kept += found.kept
    done.elsewhere += found.elsewhere


def _add(rows: Sequence[ProcedureVersion], adoption: Adoption) -> None:
    try:
        with db.session.begin_nested():
            db.session.add_all(rows)
    except IntegrityError as error:
        message = "Somebody else is loading procedures at this moment. Please try again."
        raise Misconfigured(message) from error
    audit.append(
        "procedures.loaded",
        actor="command",
        subject="procedures",
        data={
            "versions": {f"{row.code}/{row.number}": row.fingerprint for row in rows},
            "adopted_by": adoption.by,
        },
    )


def _newest() -> Mapping[str, ProcedureVersion]:
    last = select(ProcedureVersion.code, func.max(ProcedureVersion.number).label("number"))
    newest = last.group_by(ProcedureVersion.code).subquery()
    query = select(ProcedureVersion).join(
        newest,
        (ProcedureVersion.code == newest.c.code) & (ProcedureVersion.number == newest.c.number),
    )
    return {version.code: version for version in db.session.scalars(query)}


def _row(source: str, data: dict[str, Any], bundled: int, adoption: Adoption) -> ProcedureVersion:
    return ProcedureVersion(
        code=data["id"],
        number=1,
        jurisdiction=data["jurisdiction"],
        source=source,
        bundled=bundled,
        adopted_by=adoption.by,
        adopted_on=adoption.on,
        data=data,
        fingerprint=snapshots.fingerprint(data),
        loaded_at=clock.now(),
    )


def _is_new(row: ProcedureVersion, before: ProcedureVersion | None, done: Loaded) -> bool:
    """Give a version its number, and tell whether it is one that is not here yet.

    :raises Misconfigured: where a bundle says something else under the same number.
    """
    if before is None:
        return True
    row.number = before.number + 1
    if before.fingerprint == row.fingerprint and row.adopted_by in {"", before.adopted_by}:
        done.same.append(f"{before.code} {before.number}")
        return False
    if row.adopted_by:
        return True
    if before.source != row.source:
        done.kept.append(f"{before.code} {before.number}")
        return False
    if before.bundled >= row.bundled and before.jurisdiction == row.jurisdiction:
        message = (
            f"{row.code} is here as version {before.bundled} of {before.source} with other words. "
            f"A changed procedure needs a higher `version` than {before.bundled}."
        )
        raise Misconfigured(message)
    return True
