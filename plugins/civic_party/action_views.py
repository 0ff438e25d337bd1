"""Pages of tasks: the list with filters and as a spreadsheet, one task, report and check."""

from http import HTTPStatus
from io import BytesIO

from flask import g, request, send_file, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, require, see_other
from civic.api import gettext as _
from civic_party import actions, bodies, listing, seats
from civic_party.forms import CheckForm, ReportForm, number
from civic_party.manifest import plugin
from civic_party.pages import WRONG, done, may, refuse, show
from civic_party.record_models import UNDONE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked() -> listing.Asked:
    """Return which tasks the address asks for; what it does not know, it leaves out."""
    args = request.args
    state = args.get("state", "")
    return listing.Asked(
        body_id=number(args.get("body")),
        state=state if state in listing.TITLES else "",
        quarter=number(args.get("quarter")),
        mine=args.get("mine") == "1" and g.actor.person_id is not None,
        after=number(args.get("after")),
    )


@plugin.get("/tasks/")
@require("party.read")
def tasks() -> ResponseReturnValue:
    """Show the tasks, a page at a time."""
    asked = _asked()
    rows, older = listing.page(g.community, g.actor, asked)
    return show(
        "tasks",
        asked=asked,
        rows=rows,
        older=older,
        today=bodies.today(),
        bodies=bodies.listed(g.community),
        states=listing.TITLES,
        quarters=listing.quarters_of(g.community),
        office=may("office"),
    )


@plugin.get("/tasks.xlsx")
@require("party.office")
def tasks_sheet() -> ResponseReturnValue:
    """Give out the same tasks as a spreadsheet."""
    content = listing.spreadsheet(g.community, g.actor, _asked())
    return send_file(
        BytesIO(content), mimetype=XLSX, as_attachment=True, download_name="tasks.xlsx"
    )


@plugin.get("/tasks/<int:action_id>", endpoint="task")
@require("party.read")
def task_page(action_id: int) -> ResponseReturnValue:
    """Show a task."""
    return _task(action_id)


def _task(
    action_id: int,
    error: str = "",
    status: int = HTTPStatus.OK,
    report: ReportForm | None = None,
    check: CheckForm | None = None,
) -> ResponseReturnValue:
    found = actions.action(g.community, action_id)
    own = {each.id for each in seats.mine(g.actor, found.body_id)}
    return show(
        "task",
        status,
        task=found,
        steps=actions.steps(found.id),
        titles=listing.STEP_TITLES,
        states=listing.TITLES,
        undone=found.state in UNDONE,
        owns=found.seat_id in own,
        office=may("office"),
        reported_by_me=found.reported_by == g.actor.person_id,
        report=report or ReportForm(formdata=None),
        check=check or CheckForm(formdata=None),
        today=bodies.today(),
        error=error,
    )


@plugin.post("/tasks/<int:action_id>/report")
@require("party.sit")
def report(action_id: int) -> ResponseReturnValue:
    """Report how far a task is."""
    found = actions.action(g.community, action_id)
    form = ReportForm()
    if not form.validate_on_submit():
        return _task(action_id, status=WRONG, report=form)
    try:
        actions.report(g.actor, found, form.words.data or "", finished=bool(form.finished.data))
    except Refused as refused:
        return refuse(refused, _task, action_id, report=form)
    done(_("Your report is kept."))
    return see_other(url_for(".task", action_id=action_id))


@plugin.post("/tasks/<int:action_id>/check")
@require("party.office")
def check_task(action_id: int) -> ResponseReturnValue:
    """Say whether a task is done."""
    found = actions.action(g.community, action_id)
    form = CheckForm()
    if not form.validate_on_submit():
        return _task(action_id, status=WRONG, check=form)
    try:
        done_ = form.done.data == "yes"
        actions.check(g.actor, found, done=done_, words=form.words.data or "")
    except Refused as refused:
        return refuse(refused, _task, action_id, check=form)
    done(_("The task is closed.") if done_ else _("The task goes back to its owner."))
    return see_other(url_for(".task", action_id=action_id))
