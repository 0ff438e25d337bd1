"""Pages of applications that were handed in: read, printed, their form checked."""

from http import HTTPStatus
from typing import Any

from flask import g, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, clock, money, require, see_other
from civic.api import gettext as _
from civic_incubator import calls, drafts, phases, seating
from civic_incubator.forms import ScreenForm
from civic_incubator.manifest import plugin
from civic_incubator.models import Application
from civic_incubator.pages import check_seen, done, refuse, show
from civic_incubator.questions import CHOICE, YES, YESNO
from civic_incubator.words import said, titles

WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


@plugin.get("/applications/<int:application_id>/")
def application(application_id: int) -> ResponseReturnValue:
    """Show an application as it was handed in, ready to be printed."""
    return _application(application_id)


def _application(
    application_id: int,
    form: ScreenForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found = drafts.application(g.community, application_id)
    stands = check_seen(found)
    screens = phases.STAFF in stands and plugin.may("keep") and found.call.phase == calls.SCREENING
    return show(
        "application",
        status,
        application=found,
        call=found.call,
        answers=answered(found),
        kinds=titles("budget", "line"),
        money=money.shown,
        stands=stands,
        form=(form or ScreenForm(formdata=None)) if screens else None,
        at=clock.now(),
        error=error,
    )


def answered(found: Application) -> list[tuple[str, str]]:
    """Return the questions of an application with its answers, in words."""
    return [(said(row), _answer(row, found.answers)) for row in found.call.form]


def _answer(row: dict[str, Any], answers: dict[str, str]) -> str:
    text = answers.get(row["code"], "")
    if row["kind"] == CHOICE:
        return next((said(one) for one in row["options"] if one["code"] == text), text)
    if row["kind"] == YESNO and text:
        return _("Yes") if text == YES else _("No")
    return text


@plugin.post("/applications/<int:application_id>/screen")
@require("incubator.keep")
def screen(application_id: int) -> ResponseReturnValue:
    """Say whether an application goes on to the panel."""
    found = drafts.application(g.community, application_id)
    check_seen(found)
    form = ScreenForm()
    if not form.validate_on_submit():
        return _application(application_id, form, status=WRONG)
    reason = (form.reason.data or "").strip()
    try:
        seating.screen(g.actor, found, passed=form.passed.data == YES, reason=reason)
    except Refused as refused:
        return refuse(refused, _application, application_id=application_id, form=form)
    done(_("Kept."))
    return see_other(url_for(".call", call_id=found.call_id))
