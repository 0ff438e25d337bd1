"""Pages of clerks: papers are typed twice, compared, decided; calls and help at the counter."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.kernel.qr import square
from civic.voting import (
    assisting,
    duplicates,
    entries,
    kinds,
    pages,
    paper_forms,
    paper_lists,
    papers,
    readings,
    scans,
    services,
)
from civic.voting.models import Ballot
from civic.voting.sheets import COUNTED, DIFFERS, INVALID, TYPED, Sheet
from civic.voting.views import bp, find
from civic.voting.voters import MANAGE

#: Refused for good: shown as a page of its own, not beside the form.
_FINAL = {"closed", "not_open"}


def _serial(sheet: Sheet) -> str:
    return f"{sheet.serial:06d}"


def told(sheet: Sheet) -> tuple[str, str]:
    """Return what came of an entry, in a sentence, and how it is shown."""
    serial = _serial(sheet)
    if sheet.state == TYPED:
        return _("%(serial)s is typed once. Another person types it, too.", serial=serial), "done"
    if sheet.state == COUNTED:
        return _(
            "%(serial)s counts. Receipt %(code)s", serial=serial, code=paper_lists.code_of(sheet)
        ), "done"
    if sheet.state == INVALID:
        why = entries.REASONS[sheet.reason]
        return _("%(serial)s is invalid: %(why)s.", serial=serial, why=why), "done"
    if sheet.state == DIFFERS:
        return _(
            "%(serial)s was read differently before. A third person decides.", serial=serial
        ), "error"
    why = duplicates.WHY.get(sheet.reason, "")
    return _("%(serial)s does not count. %(why)s", serial=serial, why=why), "error"


def _form(
    template: str,
    ballot: Ballot,
    *,
    error: str = "",
    status: int = 200,
    **values: object,
) -> ResponseReturnValue:
    filled = pages.sent(request.form) if error else None
    page = render_template(
        template,
        ballot=ballot,
        lines=pages.paper(ballot, filled) if ballot.fingerprint else [],
        how=pages.how(ballot) if ballot.fingerprint else "",
        reasons=[(code, words) for code, words in entries.REASONS.items() if code != entries.LATE],
        abstains=filled is not None and filled.abstains,
        form=request.form if error else {},
        error=error,
        **values,
    )
    return page, status


@bp.get("/<int:ballot_id>/paper/enter")
@require(MANAGE)
def papers_enter(ballot_id: int) -> ResponseReturnValue:
    """Ask for what stands on a paper: serial, right, marks."""
    return _enter_page(find(ballot_id))


def _enter_page(ballot: Ballot, error: str = "", status: int = 200) -> ResponseReturnValue:
    return _form(
        "voting/sheet_enter.html",
        ballot,
        error=error,
        status=status,
        last=paper_lists.last_of(ballot, g.actor.person_id),
        shown=paper_forms.shown,
        now=clock.now(),
    )


@bp.post("/<int:ballot_id>/paper/enter")
@require(MANAGE)
def papers_type(ballot_id: int) -> ResponseReturnValue:
    """Take what one clerk typed from a paper."""
    ballot = find(ballot_id)
    try:
        sheet = entries.enter(g.actor, ballot, paper_forms.entry())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in _FINAL:
            raise
        return _enter_page(find(ballot_id), str(refused), refused.status)
    services.settle(ballot)
    words, how = told(sheet)
    flash(words, how)
    return see_other(url_for(".papers_enter", ballot_id=ballot_id))


@bp.get("/<int:ballot_id>/paper/sheets/<int:serial>")
@require(MANAGE)
def papers_sheet(ballot_id: int, serial: int) -> ResponseReturnValue:
    """Show one sheet: what it became, or two readings side by side."""
    ballot = find(ballot_id)
    return _sheet_page(ballot, papers.find(ballot, serial))


def _sheet_page(
    ballot: Ballot, sheet: Sheet, error: str = "", status: int = 200
) -> ResponseReturnValue:
    third = sheet.state == DIFFERS and g.actor.person_id not in {sheet.first_by, sheet.second_by}
    work = papers.work(ballot)
    return _form(
        "voting/sheet.html",
        ballot,
        error=error,
        status=status,
        sheet=sheet,
        third=third,
        readings=readings.side_by_side(ballot, sheet) if third else [],
        sentence=told(sheet)[0] if sheet.state != "issued" else "",
        scans=scans.of(sheet),
        may_scan=work is not None and work.scans,
        channel=kinds.CHANNELS[sheet.channel],
        shown=paper_forms.shown,
    )


@bp.post("/<int:ballot_id>/paper/sheets/<int:serial>/decide")
@require(MANAGE)
def papers_decide(ballot_id: int, serial: int) -> ResponseReturnValue:
    """Decide what a paper says that two people read differently."""
    ballot = find(ballot_id)
    try:
        papers.find(ballot, serial)
        given = paper_forms.entry(serial)
        sheet = entries.decide(g.actor, ballot, given, paper_forms.words("reason", 200))
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in _FINAL | {"no_serial"}:
            raise
        ballot = find(ballot_id)
        return _sheet_page(ballot, papers.find(ballot, serial), str(refused), refused.status)
    services.settle(ballot)
    words, how = told(sheet)
    flash(words, how)
    return see_other(url_for(".papers_sheet", ballot_id=ballot_id, serial=serial))


@bp.get("/<int:ballot_id>/paper/sheets/<int:serial>/receipt")
@require(MANAGE)
def papers_receipt(ballot_id: int, serial: int) -> str:
    """Show the receipt of a paper as a slip to hand over."""
    ballot = find(ballot_id)
    sheet = papers.find(ballot, serial)
    code = paper_lists.code_of(sheet)
    if not code:
        raise Refused("no_receipt", _l("This sheet has no receipt, since it does not count."))
    address = url_for(".check", ballot_id=ballot_id, code=code, _external=True)
    return render_template(
        "voting/sheet_slip.html",
        ballot=ballot,
        sheet=sheet,
        code=code,
        address=address,
        square=square(address),
        channel=kinds.CHANNELS[sheet.channel],
    )


@bp.get("/<int:ballot_id>/paper/assist")
@require(MANAGE)
def papers_assist(ballot_id: int) -> ResponseReturnValue:
    """Ask what somebody on the telephone or at the counter says."""
    return _form("voting/sheet_assist.html", find(ballot_id), channels=_channels())


def _channels() -> list[tuple[str, object]]:
    return [(code, kinds.CHANNELS[code]) for code in assisting.CHANNELS]


@bp.post("/<int:ballot_id>/paper/assist")
@require(MANAGE)
def papers_assisted(ballot_id: int) -> ResponseReturnValue:
    """Enter a vote for the holder of a right, who is told of it."""
    ballot = find(ballot_id)
    try:
        sheet = assisting.enter(
            g.actor,
            ballot,
            paper_forms.words("channel"),
            paper_forms.number("number"),
            pages.sent(request.form),
            witness=paper_forms.words("witness_one"),
            reason=paper_forms.words("reason", 200),
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in _FINAL:
            raise
        return _form(
            "voting/sheet_assist.html",
            find(ballot_id),
            error=str(refused),
            status=refused.status,
            channels=_channels(),
        )
    services.settle(ballot)
    words, how = told(sheet)
    flash(words, how)
    return see_other(url_for(".papers_sheet", ballot_id=ballot_id, serial=sheet.serial))
