"""Pages for everybody, also without an account: board, check, result, bundle and program."""

from tempfile import TemporaryFile

from flask import flash, g, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel import clock, public_notes
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed
from civic.kernel.qr import square
from civic.voting import (
    belonging,
    bundles,
    combining,
    jury_pages,
    pages,
    promises,
    standings,
    verifying,
    voters,
)
from civic.voting import board as entries
from civic.voting.views import bp, find


@bp.get("/<int:ballot_id>/board")
def board(ballot_id: int) -> str:
    """Show the receipts in order of acceptance, and the hash that anybody may note."""
    ballot = find(ballot_id)
    before = identifier(request.args.get("before", ""))
    shown = entries.page(ballot.id, before)
    return render_template(
        "voting/board.html",
        ballot=ballot,
        entries=shown,
        checked=entries.checked(ballot.id),
        after=standings.after(ballot),
        older=shown[-1].number if len(shown) == entries.PER_PAGE else None,
    )


@bp.get("/<int:ballot_id>/check")
def check(ballot_id: int) -> str:
    """Tell whether a receipt is on the board, to whoever holds it."""
    ballot = find(ballot_id)
    typed = request.args.get("code", "")
    return render_template(
        "voting/check.html",
        ballot=ballot,
        typed=typed,
        found=entries.find(ballot.id, typed) if typed else None,
        after=standings.after(ballot),
        checked=entries.checked(ballot.id),
    )


@bp.post("/<int:ballot_id>/check")
def mark(ballot_id: int) -> ResponseReturnValue:
    """Count a receipt as looked up."""
    ballot = find(ballot_id)
    typed = request.form.get("code", "")
    try:
        found = entries.mark(ballot.id, typed)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "error")
        return see_other(url_for(".check", ballot_id=ballot_id, code=typed[:60]))
    flash(_("Thank you. It is counted as checked; by whom is not kept."), "done")
    return see_other(url_for(".check", ballot_id=ballot_id, code=found.code))


@bp.get("/<int:ballot_id>/result")
def result(ballot_id: int) -> ResponseReturnValue:
    """Show the result with its figures, and how to check it."""
    ballot = find(ballot_id)
    shown = pages.state(ballot) == pages.DONE
    return render_template(
        "voting/result.html",
        ballot=ballot,
        state=pages.state(ballot),
        result=pages.result(ballot) if shown else None,
        checked=entries.checked(ballot.id),
        voter=voters.voter(g.actor, ballot, g.community.path),
        procedure=promises.procedure(ballot),
        bundle=bundles.name(ballot),
        jury=jury_pages.jury(combining.combined(ballot)) if shown else None,
        about=belonging.of(ballot),
        standing=public_notes.of("count", ballot.id, g.community.slug),
        may_manage=allowed(g.actor, voters.MANAGE, g.community.path),
    )


@bp.get("/<int:ballot_id>/result/print")
def result_print(ballot_id: int) -> ResponseReturnValue:
    """Show the result as it hangs on the board; before there is one, lead to its page."""
    ballot = find(ballot_id)
    address = url_for(".result", ballot_id=ballot_id, _external=True)
    if pages.state(ballot) != pages.DONE:
        return see_other(address)
    return render_template(
        "voting/result_print.html",
        ballot=ballot,
        result=pages.result(ballot),
        procedure=promises.procedure(ballot),
        address=address,
        square=square(address),
        now=clock.now(),
    )


@bp.get("/<int:ballot_id>/bundle.jsonl")
def bundle(ballot_id: int) -> ResponseReturnValue:
    """Send all that one needs to check the count."""
    ballot = find(ballot_id)
    # A file, not a stream: no slow reader holds the database's log open.
    lines = bundles.lines(ballot)
    file = TemporaryFile()  # noqa: SIM115 - closed when it is sent
    file.writelines(line.encode() for line in lines)
    file.seek(0)
    return send_file(
        file,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=bundles.name(ballot),
    )


@bp.get("/verify.py")
def program() -> ResponseReturnValue:
    """Send the program that checks a bundle; it stands alone."""
    return send_file(
        verifying.path(),
        mimetype="text/x-python",
        as_attachment=True,
        download_name="verify.py",
    )
