"""Pages of needs and resources: the lists, one of them, posting and checking."""

from http import HTTPStatus
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, above, db, require, see_other
from civic.api import gettext as _
from civic_party import handing, list_queries, posting, proposing, sides, withdrawing
from civic_party.entry_forms import GROUP, OFFICE, EntryForm, NeedForm, ResourceForm
from civic_party.entry_values import of_row
from civic_party.joint_models import Match
from civic_party.list_act_forms import CheckForm, ReasonForm
from civic_party.list_models import LISTS, OPEN, PUBLIC, Entry, Need
from civic_party.list_pages import filter_of, number, places, show
from civic_party.list_rules import titles
from civic_party.list_titles import LOOKS, MATCH_LOOKS, MATCH_STATES, STATES
from civic_party.manifest import plugin
from civic_party.pages import WRONG, done, may, refuse

NEEDS, RESOURCES = "needs", "resources"


@plugin.get("/<any(needs,resources):list_name>/")
def entries(list_name: str) -> ResponseReturnValue:
    """Show a list, a page at a time."""
    which = filter_of(list_name)
    after = number(request.args, "after")
    return show(
        "entries",
        list_name=list_name,
        which=which,
        page=list_queries.entries(g.community, g.actor, LISTS[list_name], which, after),
        kinds=titles("kind"),
        states={code: STATES[code] for code in list_queries.states(list_name)},
        looks=LOOKS,
        places=places(),
        posts=may("ask") if list_name == NEEDS else may("offer"),
        checks=may("check"),
        above=above(g.community, "party"),
    )


@plugin.get("/<any(needs,resources):list_name>/<int:row_id>")
def entry(list_name: str, row_id: int) -> ResponseReturnValue:
    """Show a need or a resource, and what whoever looks can do."""
    return entry_page(list_name, row_id)


def entry_page(
    list_name: str,
    row_id: int,
    form: CheckForm | None = None,
    reason_form: ReasonForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    """Return the page of a need or a resource."""
    row = posting.seen(g.actor, g.community, LISTS[list_name], row_id)
    own = posting.may_change(g.actor, row)
    inside = own or may("check")
    matches = _matches(row, inside=inside)
    checks = may("check") and row.state == "checking" and row.posted_by != g.actor.person_id
    return show(
        "entry",
        status,
        list_name=list_name,
        row=row,
        place=places().get(row.place_id, ""),
        states=STATES,
        looks=LOOKS,
        own=own,
        changes=own and row.state in OPEN,
        withdraws=inside and row.state in posting.LISTED,
        compares=row.state == PUBLIC and list_name == NEEDS and inside,
        matches=matches,
        hands_in=handing.possible(g.actor, g.community, row, matches),
        handed=handing.handed(g.community, row),
        match_states=MATCH_STATES,
        match_looks=MATCH_LOOKS,
        form=(form or CheckForm()) if checks else None,
        reason_form=reason_form or ReasonForm(),
        error=error,
    )


def _matches(row: Entry, *, inside: bool) -> list[Match]:
    """Return the proposals of a row: all of them for its side and staff, else the agreed ones."""
    return [one for one in list_queries.matches_of(row) if inside or one.state == "accepted"]


def _form(list_name: str, row: Entry | None = None) -> EntryForm:
    """Return the empty form of a list, or that of a row."""
    kept: dict[str, Any] = of_row(row) if row is not None else {}
    units = sides.own_units(g.actor, g.community)
    if list_name == RESOURCES:
        return ResourceForm(places(), units, **kept)
    others: list[tuple[str, object]] = [(GROUP, _("A group of residents, for which I answer"))]
    if may("check"):
        others.append((OFFICE, _("A group without an account; I write it down")))
    return NeedForm(places(), units, others, **kept)


@plugin.get("/needs/new")
@require("party.ask")
def ask_form() -> ResponseReturnValue:
    """Ask what is needed."""
    return _post_page(NEEDS, _form(NEEDS))


@plugin.get("/resources/new")
@require("party.offer")
def offer_form() -> ResponseReturnValue:
    """Ask what is offered."""
    return _post_page(RESOURCES, _form(RESOURCES))


def _post_page(
    list_name: str,
    form: EntryForm,
    row: Entry | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    return show("post", status, list_name=list_name, form=form, row=row, error=error)


@plugin.post("/needs/new")
@require("party.ask")
def ask() -> ResponseReturnValue:
    """Post a need."""
    return _post(NEEDS)


@plugin.post("/resources/new")
@require("party.offer")
def offer() -> ResponseReturnValue:
    """Post a resource."""
    return _post(RESOURCES)


def _post(list_name: str) -> ResponseReturnValue:
    form = _form(list_name)
    if not form.validate_on_submit():
        return _post_page(list_name, form, status=WRONG)
    try:
        made = posting.post(
            g.actor, g.community, LISTS[list_name], form.values(), form.form_key.data or ""
        )
    except Refused as refused:
        return refuse(refused, _post_page, list_name=list_name, form=form)
    done(_("Kept. Somebody of the community office checks it; then it stands on the list."))
    return see_other(url_for(".entry", list_name=list_name, row_id=made.id))


@plugin.get("/needs/<int:row_id>/edit")
@require("party.ask")
def edit_need(row_id: int) -> ResponseReturnValue:
    """Ask how a need changes."""
    return _edit_page(NEEDS, row_id)


@plugin.get("/resources/<int:row_id>/edit")
@require("party.offer")
def edit_resource(row_id: int) -> ResponseReturnValue:
    """Ask how a resource changes."""
    return _edit_page(RESOURCES, row_id)


def _edit_page(list_name: str, row_id: int) -> ResponseReturnValue:
    row = posting.seen(g.actor, g.community, LISTS[list_name], row_id)
    if not posting.may_change(g.actor, row) or row.state not in OPEN:
        return see_other(url_for(".entry", list_name=list_name, row_id=row_id))
    return _post_page(list_name, _form(list_name, row), row)


@plugin.post("/needs/<int:row_id>/edit")
@require("party.ask")
def change_need(row_id: int) -> ResponseReturnValue:
    """Keep a changed need."""
    return _change(NEEDS, row_id)


@plugin.post("/resources/<int:row_id>/edit")
@require("party.offer")
def change_resource(row_id: int) -> ResponseReturnValue:
    """Keep a changed resource."""
    return _change(RESOURCES, row_id)


def _change(list_name: str, row_id: int) -> ResponseReturnValue:
    row = posting.seen(g.actor, g.community, LISTS[list_name], row_id)
    form = _form(list_name, row)
    if not form.validate_on_submit():
        return _post_page(list_name, form, row, status=WRONG)
    try:
        posting.change(g.actor, g.community, row, form.values(), form.form_key.data or "")
    except Refused as refused:
        return refuse(refused, _post_page, list_name=list_name, form=form, row=row)
    done(_("Kept. Somebody of the community office checks it; then it stands on the list."))
    return see_other(url_for(".entry", list_name=list_name, row_id=row_id))


@plugin.post("/<any(needs,resources):list_name>/<int:row_id>/check")
@require("party.check")
def check_entry(list_name: str, row_id: int) -> ResponseReturnValue:
    """Put it on the list, or send it back; what fits is proposed at once."""
    row = posting.entry(g.community, LISTS[list_name], row_id)
    form = CheckForm()
    if not form.validate_on_submit():
        return entry_page(list_name, row_id, form, status=WRONG)
    reason = (form.reason.data or "").strip()
    try:
        posting.check(g.actor, g.community, row, form.act.data, reason)
        db.session.refresh(row)
        if row.state == PUBLIC:
            found = (
                len(proposing.propose_fitting(row))
                if isinstance(row, Need)
                else proposing.propose_resource(row)
            )
        else:
            found = 0
    except Refused as refused:
        return refuse(refused, entry_page, list_name=list_name, row_id=row_id, form=form)
    said = _("Kept, and who posted it is told.")
    if found:
        fits = _("Proposals that fit at once: %(count)d.", count=found)
        said = f"{said} {fits}"
    done(said)
    return see_other(url_for(".entry", list_name=list_name, row_id=row_id))


@plugin.post("/<any(needs,resources):list_name>/<int:row_id>/withdraw")
@require("party.ask")
def withdraw_entry(list_name: str, row_id: int) -> ResponseReturnValue:
    """Take it off the list."""
    row = posting.seen(g.actor, g.community, LISTS[list_name], row_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return entry_page(list_name, row_id, reason_form=form, status=WRONG)
    try:
        reason = (form.why.data or "").strip()
        withdrawing.withdraw(g.actor, g.community, row, reason)
    except Refused as refused:
        return refuse(refused, entry_page, list_name=list_name, row_id=row_id, reason_form=form)
    done(_("It is taken off the list."))
    return see_other(url_for(".entry", list_name=list_name, row_id=row_id))
