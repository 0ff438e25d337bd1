"""Pages of the office: write events, file them, decide, publish, call off."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from civic.api import Refused, clock, db, require, see_other
from civic.api import gettext as _
from civic_events import checking, filing, kinds, listing, owning, recurring
from civic_events.forms import ActivityForm, CancelForm, DecideForm, PermitForm, of_row
from civic_events.manifest import plugin
from civic_events.models import Activity, Series, Step
from civic_events.views import seen

MOST = 100


@plugin.get("/office/")
@require("events.organise")
def office() -> ResponseReturnValue:
    """Show the events that are not over, by where they stand: one's own, or all to the office."""
    ids, by = [g.community.id], None if owning.office(g.actor, g.community) else g.actor.person_id
    groups = [
        (kinds.STATES[state], listing.of_state(ids, (state,), MOST, by))
        for state in (
            kinds.FILED,
            kinds.RETURNED,
            kinds.DRAFT,
            kinds.ACCEPTED,
            kinds.PUBLISHED,
        )
    ]
    return render_template("events/office.html", groups=groups)


@plugin.get("/office/new")
@require("events.organise")
def new() -> ResponseReturnValue:
    """Ask what a new event is."""
    posts = g.actor.posts_at(g.community.path)
    form = ActivityForm(organiser=posts[0].title if posts else "")
    return _form(form)


def _form(
    form: ActivityForm, row: Activity | None = None, *, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    page = render_template("events/form.html", form=form, row=row, rules=filing.here(), error=error)
    return page, status


@plugin.post("/office/new")
@require("events.organise")
def create() -> ResponseReturnValue:
    """Keep a new draft."""
    return _write(None)


@plugin.get("/<int:activity_id>/edit")
@require("events.organise")
def edit(activity_id: int) -> ResponseReturnValue:
    """Ask how a draft changes."""
    row = seen(activity_id)
    if row.state not in kinds.OPEN:
        return see_other(url_for(".filing", activity_id=activity_id))
    return _form(of_row(row), row)


@plugin.post("/<int:activity_id>/edit")
@require("events.organise")
def change(activity_id: int) -> ResponseReturnValue:
    """Keep a changed draft."""
    return _write(seen(activity_id))


def _write(row: Activity | None) -> ResponseReturnValue:
    form = ActivityForm()
    if not form.validate_on_submit():
        return _form(form, row, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        kept = filing.write(g.actor, g.community, form.values(), form.form_key.data or "", row)
    except Refused as refused:
        db.session.rollback()
        return _form(form, row, error=str(refused), status=refused.status)
    db.session.commit()
    flash(_("The draft is kept. See what the checks say, then file it."))
    return see_other(url_for(".filing", activity_id=kept.id))


@plugin.get("/<int:activity_id>/filing", endpoint="filing")
@require("events.organise")
def filing_page(activity_id: int) -> ResponseReturnValue:
    """Show a filing: what it says, what the checks say, what was done."""
    return _filing(seen(activity_id))


def _filing(
    row: Activity,
    *,
    decide_form: DecideForm | None = None,
    permit_form: PermitForm | None = None,
    cancel_form: CancelForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    owning.must_lead(g.actor, row)
    steps = db.session.scalars(select(Step).filter_by(activity_id=row.id).order_by(Step.id)).all()
    decides = plugin.may("decide")
    rules = filing.here()
    open_ = row.state in (kinds.FILED, kinds.ACCEPTED)
    found = filing.findings(row) if row.state in (*kinds.OPEN, kinds.FILED, kinds.ACCEPTED) else []
    needs = rules.needs_permit(row.expected)
    page = render_template(
        "events/filing.html",
        row=row,
        state=kinds.STATES[row.state],
        facts=[title for code, title in kinds.FACTS.items() if code in row.facts],
        audience=kinds.AUDIENCES[row.audience],
        findings=found,
        stopped=bool(checking.stops(found)),
        steps=[(kinds.ACTS[step.act], step) for step in steps],
        rules=rules,
        needs_permit=needs,
        decide_form=(decide_form or DecideForm()) if decides and row.state == kinds.FILED else None,
        permit_form=(permit_form or _permit_form(row)) if decides and open_ and needs else None,
        cancel_form=cancel_form or CancelForm(),
        own=owning.own(g.actor, row),
        now=clock.now(),
        series=db.session.get(Series, row.series_id) if row.series_id else None,
        repeats=recurring.TITLES,
        error=error,
    )
    return page, status


def _permit_form(row: Activity) -> PermitForm:
    return PermitForm(number=row.permit_number, office=row.permit_office)


def _act(
    activity_id: int,
    act: Callable[[Activity], None],
    said: str,
    **forms: DecideForm | PermitForm | CancelForm,
) -> ResponseReturnValue:
    """Do an act on a filing; where it is refused, the page says why and keeps what was typed."""
    row = seen(activity_id)
    if any(not form.validate_on_submit() for form in forms.values()):
        return _filing(row, status=HTTPStatus.UNPROCESSABLE_ENTITY, **forms)
    try:
        act(row)
    except Refused as refused:
        db.session.rollback()
        row = seen(activity_id)
        return _filing(row, error=str(refused), status=refused.status, **forms)
    db.session.commit()
    flash(said)
    return see_other(url_for(".filing", activity_id=activity_id))


@plugin.post("/<int:activity_id>/file")
@require("events.organise")
def file(activity_id: int) -> ResponseReturnValue:
    """File it."""
    said = _("It is filed. Somebody else of the office decides on it.")
    return _act(activity_id, lambda row: filing.file(g.actor, row), said)


@plugin.post("/<int:activity_id>/take-back")
@require("events.organise")
def take_back(activity_id: int) -> ResponseReturnValue:
    """Take the filing back."""
    said = _("The filing is taken back. Change the draft, then file it anew.")
    return _act(activity_id, lambda row: filing.take_back(g.actor, row), said)


@plugin.post("/<int:activity_id>/decide")
@require("events.decide")
def decide(activity_id: int) -> ResponseReturnValue:
    """Decide on it."""
    form = DecideForm()
    return _act(
        activity_id,
        lambda row: filing.decide(g.actor, row, form.act.data, (form.words.data or "").strip()),
        _("The decision is kept, and who filed it is told."),
        decide_form=form,
    )


@plugin.post("/<int:activity_id>/permit")
@require("events.decide")
def permit(activity_id: int) -> ResponseReturnValue:
    """Note the permit of the police."""
    form = PermitForm()
    number, office = request.form.get("number", "").strip(), request.form.get("office", "").strip()
    return _act(
        activity_id,
        lambda row: filing.permit(g.actor, row, number, office),
        _("The number of the permit is kept."),
        permit_form=form,
    )


@plugin.post("/<int:activity_id>/publish")
@require("events.organise")
def publish(activity_id: int) -> ResponseReturnValue:
    """Publish it."""
    said = _("It is published. People find it in the list of events.")
    return _act(activity_id, lambda row: filing.publish(g.actor, row), said)


@plugin.post("/<int:activity_id>/cancel")
@require("events.organise")
def cancel(activity_id: int) -> ResponseReturnValue:
    """Call it off."""
    form = CancelForm()
    return _act(
        activity_id,
        lambda row: filing.cancel(g.actor, row, (form.words.data or "").strip()),
        _("It is called off, and all who signed up are told."),
        cancel_form=form,
    )
