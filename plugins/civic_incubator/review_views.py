"""Pages of reviewers: first their conflicts, then their marks."""

from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, db, plain, public, require, see_other
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_incubator import calls, drafts, panel, seating
from civic_incubator.forms import LONG, RequestForm
from civic_incubator.manifest import plugin
from civic_incubator.models import Application, Call
from civic_incubator.pages import check_seen, done, known_call, refuse, show
from civic_incubator.review_models import Seat
from civic_incubator.words import said

NOT_APPLICABLE = "na"


def seat_of(which: Call) -> Seat:
    """Return the seat of whoever looks.

    :raises Refused: 403 for those who have none.
    """
    found = seating.own_seat(g.actor, which)
    if found is None:
        message = _l("Only people on the panel of this call score its projects.")
        raise Refused("no_seat", message, HTTPStatus.FORBIDDEN)
    return found


@plugin.post("/calls/<int:call_id>/assess")
@require("incubator.assess")
def assess(call_id: int) -> ResponseReturnValue:
    """Let a resident take a seat."""
    found = known_call(call_id)
    if RequestForm().validate_on_submit():
        seating.take_part(g.actor, found)
        done(_("Thank you. First say whether you are involved in one of them."))
    return see_other(url_for(".review", call_id=call_id))


@plugin.get("/calls/<int:call_id>/review")
def review(call_id: int) -> ResponseReturnValue:
    """Show a reviewer what is left to be done."""
    return _review(call_id, {}, {})


def _review(
    call_id: int,
    said_of: dict[int, str],
    reasons: dict[int, str],
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found = known_call(call_id)
    seat = seat_of(found)
    declared = panel.declarations(seat)
    for key, row in declared.items():
        said_of.setdefault(key, "yes" if row.conflicted else "no")
        reasons.setdefault(key, row.reason)
    wanted = panel.reviewed(found)
    return show(
        "review",
        status,
        call=found,
        seat=seat,
        applications=wanted,
        declared=declared,
        complete=bool(wanted) and all(one.id in declared for one in wanted),
        given=panel.given(seat),
        said_of=said_of,
        reasons=reasons,
        open=found.phase == calls.REVIEW,
        most=LONG,
        error=error,
    )


@plugin.post("/calls/<int:call_id>/declare")
@public("whoever has a seat on the panel declares; the service asks for the seat")
def declare(call_id: int) -> ResponseReturnValue:
    """Keep in which applications a reviewer is involved."""
    found = known_call(call_id)
    seat = seat_of(found)
    said_of, reasons, words = {}, {}, []
    for one in panel.reviewed(found):
        said_of[one.id] = request.form.get(f"involved_{one.id}", "")
        reasons[one.id] = plain(request.form.get(f"reason_{one.id}", ""))[:LONG]
        if said_of[one.id] in {"yes", "no"}:
            words.append(panel.Word(one.id, said_of[one.id] == "yes", reasons[one.id]))
    try:
        panel.declare(g.actor, seat, words)
    except Refused as refused:
        return refuse(refused, _review, call_id=call_id, said_of=said_of, reasons=reasons)
    done(_("Kept. You can score the others now."))
    return see_other(url_for(".review", call_id=call_id))


@plugin.get("/applications/<int:application_id>/score")
def score_form(application_id: int) -> ResponseReturnValue:
    """Show a reviewer the sheet of an application, ready to be printed."""
    found = drafts.application(g.community, application_id)
    seat = seat_of(found.call)
    check_seen(found)
    panel.may_mark(seat, found)
    kept = panel.given(seat).get(found.id)
    marks = {
        code: NOT_APPLICABLE if mark is None else str(mark)
        for code, mark in (kept.marks if kept else {}).items()
    }
    return _score(found, marks, kept.comment if kept else "")


def _score(
    found: Application,
    marks: dict[str, str],
    comment: str,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    return show(
        "score",
        status,
        application=found,
        call=found.call,
        criteria=[(row["code"], said(row), row["weight"]) for row in found.call.criteria],
        choices=[str(mark) for mark in range(found.call.most_marks + 1)],
        marks=marks,
        comment=comment,
        most=LONG,
        error=error,
    )


@plugin.post("/applications/<int:application_id>/score")
@public("whoever has a seat on the panel scores; the service asks for the seat and the declaration")
def score(application_id: int) -> ResponseReturnValue:
    """Keep the marks of a reviewer."""
    found = drafts.application(g.community, application_id)
    seat = seat_of(found.call)
    typed = {row["code"]: request.form.get(row["code"], "") for row in found.call.criteria}
    comment = plain(request.form.get("comment", ""))
    marks = {
        code: None if word == NOT_APPLICABLE else int(word)
        for code, word in typed.items()
        if word == NOT_APPLICABLE or (word.isdecimal() and len(word) < 4)  # noqa: PLR2004
    }
    try:
        _short(comment)
        panel.mark(seat, found, marks, comment)
    except Refused as refused:
        db.session.rollback()
        return _score(found, typed, comment, str(refused), refused.status)
    done(_("Your marks are kept. You can change them until the review ends."))
    return see_other(url_for(".review", call_id=found.call_id))


def _short(comment: str) -> None:
    if len(comment) > LONG:
        message = _l("Your reasons have %(length)d characters; at most %(most)d fit here.")
        raise Refused("long", message, values={"length": len(comment), "most": LONG})
