"""Pages of the ranking, of awards and of objections, and the file to compute it all again."""

from http import HTTPStatus

from flask import Response, current_app, g, json, request, send_file, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, clock, money, plain, require, see_other
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_incubator import awarding, calls, exporting, objecting
from civic_incubator.forms import LONG, AnswerForm, ObjectionForm
from civic_incubator.manifest import plugin
from civic_incubator.models import Call
from civic_incubator.pages import done, known_call, phase_titles, refuse, show
from civic_incubator.ranking import shown
from civic_incubator.words import FOLDER

WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
PROGRAM = "recompute.py"


def _published(call_id: int) -> Call:
    """Return a call whose awards are public, or one that whoever leads calls looks at.

    :raises Refused: 403 before.
    """
    found = known_call(call_id)
    if calls.latest(found) is None and not (plugin.may("manage") and found.phase == calls.DECIDING):
        message = _l("The ranking is shown together with the awards, once they are drawn up.")
        raise Refused("not_shown", message, HTTPStatus.FORBIDDEN)
    return found


@plugin.get("/calls/<int:call_id>/ranking")
def ranking(call_id: int) -> ResponseReturnValue:
    """Show the ranking with the score of each side."""
    found = _published(call_id)
    return show(
        "ranking",
        call=found,
        rows=awarding.ranking(found),
        shown=shown,
        latest=calls.latest(found),
        at=clock.now(),
    )


@plugin.get("/calls/<int:call_id>/export.json")
def export(call_id: int) -> ResponseReturnValue:
    """Give out the file from which anybody computes the ranking again."""
    found = _published(call_id)
    text = json.dumps(exporting.bundle(found), ensure_ascii=False, indent=1)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename=call-{found.id}.json"
    return answer


@plugin.get("/recompute.py")
def program() -> ResponseReturnValue:
    """Give out the program that computes a ranking from its file."""
    return send_file(
        FOLDER / PROGRAM,
        mimetype="text/x-python",
        as_attachment=True,
        download_name=PROGRAM,
        max_age=current_app.config["SEND_FILE_MAX_AGE_DEFAULT"],
    )


@plugin.get("/calls/<int:call_id>/award")
@require("incubator.manage")
def award_form(call_id: int) -> ResponseReturnValue:
    """Show the ranking with what it would award."""
    found = calls.call(g.community, call_id)
    last = calls.latest(found)
    amounts = (
        {award.application_id: money.plain(award.fen) for award in last.awards}
        if last
        else {key: money.plain(fen) for key, fen in awarding.proposal(found).items()}
    )
    return _award(found, amounts, "")


def _award(
    found: Call,
    amounts: dict[int, str],
    note: str,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    last = calls.latest(found)
    return show(
        "award",
        status,
        call=found,
        rows=awarding.ranking(found),
        amounts=amounts,
        note=note,
        last=last.number if last else 0,
        may_draw=found.phase == calls.DECIDING or awarding.redraw(found),
        shown=shown,
        money=money.shown,
        most=LONG,
        error=error,
    )


@plugin.post("/calls/<int:call_id>/award")
@require("incubator.manage")
def award(call_id: int) -> ResponseReturnValue:
    """Draw up a list of awards."""
    found = calls.call(g.community, call_id)
    typed = {
        one.id: plain(request.form.get(f"fen_{one.id}", ""))
        for _row, one in awarding.ranking(found)
    }
    note = plain(request.form.get("note", ""))
    try:
        _short(note)
        amounts = {key: _fen(text) for key, text in typed.items() if text and text != "0"}
        last = request.form.get("last", -1, type=int)
        awarding.draw(g.actor, found, amounts, note, last=last)
    except Refused as refused:
        return refuse(refused, _award, found=found, amounts=typed, note=note)
    done(_("The list is drawn up and shown. Objections to it can come in now."))
    return see_other(url_for(".awards", call_id=call_id))


def _short(note: str) -> None:
    if len(note) > LONG:
        message = _l("The note has %(most)d characters at most.")
        raise Refused("long", message, values={"most": LONG})


def _fen(text: str) -> int:
    fen = money.read(text)
    if not fen:
        message = _l("“%(text)s” is no amount in yuan. Write 12000 or 12000.50.")
        raise Refused("amount", message, values={"text": text[:20]})
    return fen


@plugin.get("/calls/<int:call_id>/awards")
def awards(call_id: int) -> ResponseReturnValue:
    """Show all lists of awards of a call, the objections and the answers."""
    return _awards(call_id, ObjectionForm(formdata=None))


def _awards(
    call_id: int, form: ObjectionForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = known_call(call_id)
    lists = awarding.lists(found)
    if not lists:
        message = _l("No awards have been drawn up for this call yet.")
        raise Refused("not_shown", message, HTTPStatus.NOT_FOUND)
    shown_still = found.phase == calls.PUBLICITY and clock.now() < lists[0].until
    return show(
        "awards",
        status,
        call=found,
        phase=phase_titles()[found.phase],
        lists=lists,
        objections=objecting.objections(found),
        money=money.shown,
        form=form if shown_still and plugin.may("object") else None,
        shown_still=shown_still,
        manages=plugin.may("manage"),
        redraw=plugin.may("manage") and awarding.redraw(found),
        steps={1: _("At the start"), 2: _("After the check in the middle"), 3: _("At the end")},
        at=clock.now(),
        error=error,
    )


@plugin.post("/calls/<int:call_id>/objections")
@require("incubator.object")
def object_to(call_id: int) -> ResponseReturnValue:
    """Raise an objection to the list that counts."""
    found = known_call(call_id)
    form = ObjectionForm()
    if not form.validate_on_submit():
        return _awards(call_id, form, status=WRONG)
    try:
        objecting.object_to(g.actor, found, (form.text.data or "").strip())
    except Refused as refused:
        return refuse(refused, _awards, call_id=call_id, form=form)
    done(_("Your objection is with the office. The answer will stand on this page."))
    return see_other(url_for(".awards", call_id=call_id))


@plugin.get("/objections/<int:objection_id>")
@require("incubator.manage")
def objection(objection_id: int) -> ResponseReturnValue:
    """Show an objection to whoever answers it."""
    return _objection(objection_id, AnswerForm(formdata=None))


def _objection(
    objection_id: int, form: AnswerForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found, of_call = objecting.objection(g.community, objection_id)
    return show("objection", status, objection=found, call=of_call, form=form, error=error)


@plugin.post("/objections/<int:objection_id>")
@require("incubator.manage")
def answer(objection_id: int) -> ResponseReturnValue:
    """Answer an objection."""
    found, of_call = objecting.objection(g.community, objection_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _objection(objection_id, form, status=WRONG)
    upheld = form.upheld.data == "yes"
    try:
        objecting.answer(g.actor, found, of_call, (form.text.data or "").strip(), upheld=upheld)
    except Refused as refused:
        return refuse(refused, _objection, objection_id=objection_id, form=form)
    done(_("The answer stands on the page of the awards."))
    if upheld:
        return see_other(url_for(".award_form", call_id=of_call.id))
    return see_other(url_for(".awards", call_id=of_call.id))
