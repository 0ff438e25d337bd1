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
from civic.voting import papers
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
    count = select(func.count()).select_from(SheetScan)
    if (db.session.scalar(count.filter_by(ballot_id=ballot.id, serial=serial)) or 0) >= EACH:
        raise Refused("too_many", _l("A sheet has at most %(most)d scans."), values={"most": EACH})
    stored = uploads.store(stream, f"{sheet.serial:06d}", folder)
    made = SheetScan(
        ballot_id=ballot.id,
        serial=sheet.serial,
        name=stored.name,
        stored=stored.stored_name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        is_image=stored.is_image,
        added_by=actor.person_id,
        added_at=clock.now(),
    )
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
        data={"serial": scan.serial, "sha256": scan.sha256},
    )


def of(sheet: Sheet) -> Sequence[SheetScan]:
    """Return the scans of a sheet."""
    query = select(SheetScan).filter_by(ballot_id=sheet.ballot_id, serial=sheet.serial)
    return db.session.scalars(query.order_by(SheetScan.id)).all()


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
