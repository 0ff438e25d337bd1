"""Pages of bodies: what they are, who sits in them, their charter."""

from http import HTTPStatus
from typing import Any

from flask import g, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, above, choices, clock, require, see_other
from civic.api import gettext as _
from civic_party import actions, bodies, meetings, quarters, seats, waiting
from civic_party.forms import BodyForm, CharterForm, day_of, number
from civic_party.manifest import plugin
from civic_party.models import Body
from civic_party.pages import WRONG, done, may, refuse, show
from civic_party.words import titles


@plugin.get("/")
def index() -> ResponseReturnValue:
    """Show the bodies of the community, the meetings ahead, and what waits for whoever looks."""
    found = bodies.listed(g.community)
    reads = may("read")
    return show(
        "index",
        bodies=found,
        kinds=titles("bodies", "kind"),
        undone=actions.count_open([each.id for each in found]) if reads else {},
        meetings=meetings.running(g.community) if reads else (),
        states=states(),
        waits=waiting.waiting(g.actor, g.community),
        reads=reads,
        founds=may("found"),
        above=above(g.community, "party"),
    )


def states() -> dict[str, str]:
    """Return what the states of a meeting are called."""
    from civic_party.words import data, said  # noqa: PLC0415 - used by templates of two modules

    return {row["code"]: said(row) for row in data("meeting")["flow"]["state"]}


@plugin.get("/bodies/new")
@require("party.found")
def new_body() -> ResponseReturnValue:
    """Ask what a new body is."""
    return _founding(_body_form(BodyForm(begins_on=bodies.today())))


def _body_form(form: BodyForm) -> BodyForm:
    form.kind.choices = choices(titles("bodies", "kind").items())
    found = [(each.id, each.title) for each in bodies.listed(g.community)]
    form.parent.choices = choices([(0, _("It stands for itself")), *found])
    return form


def _founding(form: BodyForm, error: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    return show("body_new", status, form=form, error=error)


@plugin.post("/bodies/new")
@require("party.found")
def found_body() -> ResponseReturnValue:
    """Found a body."""
    form = _body_form(BodyForm())
    if not form.validate_on_submit():
        return _founding(form, status=WRONG)
    try:
        made = bodies.found_body(
            g.actor,
            g.community,
            kind=form.kind.data,
            title=form.title.data or "",
            about=form.about.data or "",
            begins_on=day_of(form.begins_on),
            ends_on=form.ends_on.data,
            parent_id=form.parent.data or 0,
        )
    except Refused as refused:
        return refuse(refused, _founding, form)
    done(_("The body is founded. Now give units their seats."))
    return see_other(url_for(".body", body_id=made.id))


@plugin.get("/bodies/<int:body_id>", endpoint="body")
def body_page(body_id: int) -> ResponseReturnValue:
    """Show a body."""
    return of_body(body_id)


def of_body(body_id: int, error: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    """Return the page of a body."""
    found = bodies.body(g.community, body_id)
    own = seats.mine(g.actor, found.id)
    office = may("office")
    now = quarters.quarter_of(bodies.today())
    lines = seats.lines(found.id)
    return show(
        "body",
        status,
        body=found,
        kind=titles("bodies", "kind")[found.kind],
        parent=bodies.body(g.community, found.parent_id) if found.parent_id else None,
        children=[each for each in bodies.listed(g.community) if each.parent_id == found.id],
        lines=lines,
        names=bodies.names(found.id),
        posts=titles("bodies", "post"),
        chairs=bodies.chairs(found, now, quarters.IN_A_YEAR),
        now=now,
        swaps=bodies.swaps(found.id),
        charter=bodies.charter(found),
        meetings=meetings.of_body(found.id) if may("read") else (),
        states=states(),
        own={each.id for each in own},
        sees_people=bool(own) or office,
        office=office,
        founds=may("found"),
        error=error,
    )


@plugin.get("/bodies/<int:body_id>/charter")
@require("party.office")
def charter(body_id: int) -> ResponseReturnValue:
    """Ask for a new version of the charter, from the one that holds."""
    found = bodies.body(g.community, body_id)
    last = bodies.charter(found)
    values: dict[str, Any] = {"adopted_on": bodies.today(), "last": "0"}
    if last:
        values |= {"text": last.text, "last": str(last.number)}
    return _charter(found, CharterForm(formdata=None, **values))


def _charter(
    found: Body, form: CharterForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    return show("charter", status, body=found, form=form, error=error)


@plugin.post("/bodies/<int:body_id>/charter")
@require("party.office")
def adopt(body_id: int) -> ResponseReturnValue:
    """Record a version of the charter."""
    found = bodies.body(g.community, body_id)
    form = CharterForm()
    if not form.validate_on_submit():
        return _charter(found, form, status=WRONG)
    day = day_of(form.adopted_on)
    try:
        last = number(form.last.data)
        bodies.adopt(g.actor, found, text=form.text.data or "", adopted_on=day, last=last)
    except Refused as refused:
        return refuse(refused, _charter, found, form)
    done(_("The charter is recorded; the version before stays."))
    return see_other(url_for(".body", body_id=body_id))


def quarter_choices(count: int = bodies.AHEAD) -> list[int]:
    """Return the quarters from this one on that a form offers."""
    now = quarters.quarter_of(clock.local(clock.now()).date())
    return list(range(now, now + count + 1))
