"""Pages of joint projects: the list, one project, its plan, steps, moves and rating."""

from collections.abc import Callable
from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from civic.api import Refused, days_off, require, see_other
from civic.api import gettext as _
from civic_party import list_queries, posting, projects, rating, weekly
from civic_party.joint_models import ACCEPTED, PROPOSED, Match, Project
from civic_party.list_act_forms import MoveForm, PlanForm, RateForm, StepForm
from civic_party.list_pages import filter_of, number, places, show
from civic_party.list_rules import rules, titles
from civic_party.list_titles import LEADS, PROJECT_LOOKS
from civic_party.manifest import plugin
from civic_party.pages import WRONG, done, refuse

#: Next times of a resource that a page shows.
NEXT = 4


@plugin.get("/projects/", endpoint="projects")
def all_projects() -> ResponseReturnValue:
    """Show the joint projects, a page at a time."""
    which = filter_of("projects")
    page = list_queries.projects(g.community, g.actor, which, number(request.args, "after"))
    return show(
        "projects",
        list_name="projects",
        which=which,
        page=page,
        sides=list_queries.sides_of(page.rows),
        lines=titles("line"),
        states=titles("state"),
        looks=PROJECT_LOOKS,
    )


@plugin.get("/projects/<int:project_id>")
def project(project_id: int) -> ResponseReturnValue:
    """Show a project, and what whoever looks can do."""
    return _project(project_id)


def _project(
    project_id: int,
    error: str = "",
    status: int = HTTPStatus.OK,
    **forms: FlaskForm,
) -> ResponseReturnValue:
    found = projects.project(g.community, project_id)
    leads = projects.leads(g.actor, found) and found.state in rules().uses
    matches = [one for one in found.matches if one.state == ACCEPTED]
    return show(
        "project",
        status,
        project=found,
        stages=_stages(found),
        matches=matches,
        waiting=[one for one in found.matches if one.state == PROPOSED] if leads else [],
        next_times={one.id: _next(one) for one in matches} if found.state in rules().uses else {},
        steps=projects.steps(found),
        ratings=rating.ratings(found),
        to_rate=rating.to_rate(g.actor, found),
        moves=projects.moves(g.actor, found),
        move_titles=titles("move"),
        leads=leads,
        lead_titles=LEADS,
        looks=PROJECT_LOOKS,
        places=places(),
        plan_form=forms.get("plan_form")
        or PlanForm(formdata=None, obj=found, seen=projects.mark(found)),
        step_form=forms.get("step_form") or StepForm(formdata=None),
        move_form=forms.get("move_form") or MoveForm(formdata=None),
        rate_form=forms.get("rate_form") or RateForm(formdata=None),
        error=error,
    )


def _stages(found: Project) -> list[dict[str, str]]:
    """Return the line of states; where it was stopped, what would have come is left out."""
    names = titles("state")
    order = [code for code in rules().states if code != "stopped"]
    if found.state == "stopped":
        order = [*(["planned", "running"] if found.begun_on else ["planned"]), "stopped"]
    here = order.index(found.state)
    return [
        {
            "name": names[code],
            "state": "done" if place < here else "current" if place == here else "later",
            "when": "",
        }
        for place, code in enumerate(order)
    ]


def _next(one: Match) -> list[str]:
    """Return the next times at which a resource is used, without public holidays."""
    if one.times == weekly.WHOLE_WEEK:
        return []
    off = frozenset(day for table in days_off().tables for day in table.off)
    holidays = one.need.holidays and one.resource.holidays
    today = posting.today()
    found: list[str] = []
    for day, begins, ends in weekly.dates(one.times, today, off, holidays=holidays):
        if len(found) == NEXT or day > one.need.by_day:
            break
        until = f"{ends // weekly.HOUR:02d}:{ends % weekly.HOUR:02d}" if ends else "24:00"
        found.append(f"{day:%m-%d} {begins // weekly.HOUR:02d}:{begins % weekly.HOUR:02d}–{until}")
    return found


def _act(
    project_id: int, act: Callable[[], object], said: str, **forms: FlaskForm
) -> ResponseReturnValue:
    """Do an act on a project; where it is refused, the page says why and keeps what was typed."""
    if any(not form.validate_on_submit() for form in forms.values()):
        return _project(project_id, status=WRONG, **forms)
    try:
        act()
    except Refused as refused:
        return refuse(refused, _project, project_id=project_id, **forms)
    done(said)
    return see_other(url_for(".project", project_id=project_id))


@plugin.post("/projects/<int:project_id>/plan")
@require("party.ask")
def plan(project_id: int) -> ResponseReturnValue:
    """Keep the plan, and which side leads."""
    form = PlanForm()
    return _act(
        project_id,
        lambda: projects.plan(
            g.actor,
            g.community,
            project_id,
            (form.plan.data or "").strip(),
            form.lead.data,
            form.seen.data or "",
        ),
        _("The plan is kept."),
        plan_form=form,
    )


@plugin.post("/projects/<int:project_id>/steps")
@require("party.ask")
def add_step(project_id: int) -> ResponseReturnValue:
    """Add a step."""
    form = StepForm()
    due = form.due.data or posting.today()  # the form asks for it
    return _act(
        project_id,
        lambda: projects.add_step(
            g.actor, g.community, project_id, (form.words.data or "").strip(), due
        ),
        _("The step is kept."),
        step_form=form,
    )


@plugin.post("/projects/<int:project_id>/steps/<int:step_id>/done")
@require("party.ask")
def do_step(project_id: int, step_id: int) -> ResponseReturnValue:
    """Note that a step is done."""
    return _act(
        project_id,
        lambda: projects.do_step(g.actor, g.community, project_id, step_id),
        _("The step is done."),
    )


@plugin.post("/projects/<int:project_id>/move")
@require("party.ask")
def move_project(project_id: int) -> ResponseReturnValue:
    """Begin, finish or stop it."""
    form = MoveForm()
    act, words = form.act.data or "", (form.words.data or "").strip()
    return _act(
        project_id,
        lambda: projects.move(g.actor, g.community, project_id, act, words),
        _("Kept, and both sides are told."),
        move_form=form,
    )


@plugin.post("/projects/<int:project_id>/rate")
@require("party.ask")
def rate(project_id: int) -> ResponseReturnValue:
    """Say what came of it, for the side in need."""
    form = RateForm()
    need_id = number({"id": form.need.data or ""}, "id") or 0
    return _act(
        project_id,
        lambda: rating.rate(
            g.actor,
            g.community,
            project_id,
            need_id,
            int(form.stars.data),
            (form.words.data or "").strip(),
        ),
        _("Thank you. What you said stands with the project, without your name."),
        rate_form=form,
    )
