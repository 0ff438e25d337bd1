"""Scans of papers: kept where the ballot allows it, looked at with a trace, deleted in the end."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import IO

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.kernel import audit, clock, uploads
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import mandates, papers
from civic.voting.models import Ballot
from civic.voting.sheets import Sheet, SheetScan

EACH = 2


def add(actor: Actor, ballot: Ballot, serial: int, stream: IO[bytes], folder: Path) -> SheetScan:
    """Keep the scan of a sheet, under its serial number and no other name.

    :raises Refused: `no_scans` for a secret ballot whose procedure does not ask for them,
        `too_many`, `no_serial`, or a reason of `uploads`.
    """
    work, sheet = papers.work(ballot), papers.find(ballot, serial, lock=True)
    if work is None or not work.scans:
        raise Refused(
            "no_scans",
            _l("Papers of a secret vote are not scanned: handwriting tells whose it is."),
            HTTPStatus.CONFLICT,
        )
    made = SheetScan(ballot_id=ballot.id, serial=sheet.serial)
    return _keep(actor, ballot, made, stream, folder)


def add_mandate(
    actor: Actor, ballot: Ballot, mandate_id: int, stream: IO[bytes], folder: Path
) -> SheetScan:
    """Keep the scan of a written mandate; of a vote it shows nothing.

    :raises Refused: `too_many`, `no_mandate`, or a reason of `uploads`.
    """
    mandate = mandates.find(ballot, mandate_id)
    made = SheetScan(ballot_id=ballot.id, mandate_id=mandate.id)
    return _keep(actor, ballot, made, stream, folder)


def _keep(
    actor: Actor, ballot: Ballot, made: SheetScan, stream: IO[bytes], folder: Path
) -> SheetScan:
    same = {"serial": made.serial, "mandate_id": made.mandate_id}
    count = select(func.count()).select_from(SheetScan).filter_by(ballot_id=ballot.id, **same)
    if (db.session.scalar(count) or 0) >= EACH:
        raise Refused("too_many", _l("A sheet has at most %(most)d scans."), values={"most": EACH})
    stored = uploads.store(stream, f"{made.serial or made.mandate_id:06d}", folder)
    made.name, made.stored, made.media_type = stored.name, stored.stored_name, stored.media_type
    made.size, made.sha256, made.is_image = stored.size, stored.sha256, stored.is_image
    assert actor.person_id is not None  # noqa: S101 - views ask for a permission
    made.added_by, made.added_at = actor.person_id, clock.now()
    try:
        db.session.add(made)
        db.session.flush()
    except Exception:
        (folder / stored.stored_name).unlink(missing_ok=True)
        raise
    _log(actor, ballot, "ballot.scan_added", made)
    return made


def _log(actor: Actor, ballot: Ballot, act: str, scan: SheetScan) -> None:
    audit.append(
        act,
        person_id=actor.person_id,
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data={"serial": scan.serial, "mandate": scan.mandate_id, "sha256": scan.sha256},
    )


def of(sheet: Sheet) -> Sequence[SheetScan]:
    """Return the scans of a sheet."""
    query = select(SheetScan).filter_by(ballot_id=sheet.ballot_id, serial=sheet.serial)
    return db.session.scalars(query.order_by(SheetScan.id)).all()


def of_mandates(ballot: Ballot) -> dict[int, list[SheetScan]]:
    """Return the scans of the mandates of a ballot, by mandate."""
    query = select(SheetScan).where(
        SheetScan.ballot_id == ballot.id, SheetScan.mandate_id.is_not(None)
    )
    found: dict[int, list[SheetScan]] = {}
    for scan in db.session.scalars(query.order_by(SheetScan.id)):
        found.setdefault(scan.mandate_id or 0, []).append(scan)
    return found


def find(ballot: Ballot, scan_id: int) -> SheetScan:
    """Return a scan of a ballot.

    :raises Refused: `no_file`, the same for one of another ballot.
    """
    found = db.session.scalar(select(SheetScan).filter_by(ballot_id=ballot.id, id=scan_id))
    if found is None:
        raise Refused("no_file", _l("There is no such file here."), HTTPStatus.NOT_FOUND)
    return found


def look(actor: Actor, ballot: Ballot, scan_id: int) -> uploads.Stored:
    """Return a scan to whoever looks at it, which is noted."""
    found = find(ballot, scan_id)
    _log(actor, ballot, "ballot.scan_seen", found)
    return uploads.Stored(
        name=found.name,
        stored_name=found.stored,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        is_image=found.is_image,
    )


def delete(actor: Actor, ballot: Ballot, scan_id: int) -> str:
    """Delete a scan once the ballot is counted; return the name under which it is stored.

    :raises Refused: `running` before that, or `no_file`.
    """
    found = find(ballot, scan_id)
    if ballot.published_at is None:
        raise Refused(
            "running",
            _l("Scans are kept until the result is published and objections are over."),
            HTTPStatus.CONFLICT,
        )
    _log(actor, ballot, "ballot.scan_deleted", found)
    db.session.delete(found)
    db.session.flush()
    return found.stored
