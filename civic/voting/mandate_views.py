"""Pages of the office about written mandates, and scans of papers."""

from datetime import timedelta
from pathlib import Path
from typing import IO

from flask import current_app, flash, g, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.identities import services as identities
from civic.identities.weight import of_weight
from civic.kernel import uploads
from civic.kernel.db import db, writes
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.kernel.phones import NotAnIdentifierError, identify
from civic.voting import mandates, paper_forms, scans
from civic.voting.models import Ballot
from civic.voting.sheets import SheetScan
from civic.voting.views import bp, find
from civic.voting.voters import MANAGE


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].instance / "uploads"
    return folder


@bp.get("/<int:ballot_id>/paper/mandates")
@require(MANAGE)
def papers_mandates(ballot_id: int) -> ResponseReturnValue:
    """List the written mandates of a ballot."""
    return _page(find(ballot_id))


def _page(ballot: Ballot, error: str = "", status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "voting/mandates.html",
        ballot=ballot,
        mandates=mandates.listed(ballot),
        scans=scans.of_mandates(ballot),
        form=request.form if error else {},
        error=error,
        until=paper_forms.shown(ballot.closes_at + timedelta(minutes=1)),
        me=g.actor.person_id,
    )
    return page, status


@bp.post("/<int:ballot_id>/paper/mandates")
@require(MANAGE)
def papers_mandate(ballot_id: int) -> ResponseReturnValue:
    """Write down a mandate that was handed in."""
    ballot = find(ballot_id)
    try:
        typed, person_id = paper_forms.words("account", 254), None
        if typed:
            person_id = identities.here(g.community, identify(typed)).id
        mandates.propose(
            g.actor,
            ballot,
            paper_forms.number("number"),
            paper_forms.words("name"),
            person_id=person_id,
            signed_at=paper_forms.moment("signed_at"),
            valid_until=paper_forms.moment("valid_until"),
        )
        db.session.commit()
    except NotAnIdentifierError as problem:
        db.session.rollback()
        return _page(find(ballot_id), str(problem), 422)
    except Refused as refused:
        db.session.rollback()
        return _page(find(ballot_id), str(refused), refused.status)
    flash(_("Proposed. Another person has to confirm it."), "done")
    return see_other(url_for(".papers_mandates", ballot_id=ballot_id))


@bp.post("/<int:ballot_id>/paper/mandates/<int:mandate_id>")
@require(MANAGE)
@of_weight
def papers_mandate_act(ballot_id: int, mandate_id: int) -> ResponseReturnValue:
    """Confirm a mandate, or take it back."""
    ballot = find(ballot_id)
    if "revoke" in request.form:
        mandates.revoke(g.actor, ballot, mandate_id)
    else:
        mandates.confirm(g.actor, ballot, mandate_id)
    db.session.commit()
    flash(_("Done."), "done")
    return see_other(url_for(".papers_mandates", ballot_id=ballot_id))


@bp.post("/<int:ballot_id>/paper/sheets/<int:serial>/scans")
@require(MANAGE)
def papers_scan(ballot_id: int, serial: int) -> ResponseReturnValue:
    """Keep the scan of a sheet."""
    ballot = find(ballot_id)
    _kept(scans.add(g.actor, ballot, serial, _stream(), _folder()))
    return see_other(url_for(".papers_sheet", ballot_id=ballot_id, serial=serial))


@bp.post("/<int:ballot_id>/paper/mandates/<int:mandate_id>/scans")
@require(MANAGE)
def papers_mandate_scan(ballot_id: int, mandate_id: int) -> ResponseReturnValue:
    """Keep the scan of a mandate."""
    ballot = find(ballot_id)
    _kept(scans.add_mandate(g.actor, ballot, mandate_id, _stream(), _folder()))
    return see_other(url_for(".papers_mandates", ballot_id=ballot_id))


def _stream() -> IO[bytes]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refused("no_file", _l("Please choose a file."))
    return sent.stream


def _kept(made: SheetScan) -> None:
    stored = made.stored
    try:
        db.session.commit()
    except Exception:
        (_folder() / stored).unlink(missing_ok=True)
        raise
    flash(_("The scan is kept; each look at it is noted."), "done")


@bp.get("/<int:ballot_id>/paper/scans/<int:scan_id>")
@writes
@require(MANAGE)
def papers_scan_file(ballot_id: int, scan_id: int) -> ResponseReturnValue:
    """Send a scan; the look is noted."""
    found = scans.look(g.actor, find(ballot_id), scan_id)
    db.session.commit()
    response = send_from_directory(_folder(), found.stored_name)
    for key, value in uploads.headers(found).items():
        response.headers[key] = value
    return response


@bp.post("/<int:ballot_id>/paper/scans/<int:scan_id>/delete")
@require(MANAGE)
def papers_scan_delete(ballot_id: int, scan_id: int) -> ResponseReturnValue:
    """Delete a scan once the result is published."""
    ballot = find(ballot_id)
    serial = scans.find(ballot, scan_id).serial
    stored = scans.delete(g.actor, ballot, scan_id)
    db.session.commit()
    (_folder() / stored).unlink(missing_ok=True)
    flash(_("The scan is deleted."), "done")
    if serial is None:
        return see_other(url_for(".papers_mandates", ballot_id=ballot_id))
    return see_other(url_for(".papers_sheet", ballot_id=ballot_id, serial=serial))
