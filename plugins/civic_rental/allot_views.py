"""Pages of whoever allots: the rule, the list, the draw, its publication, and offers."""

from collections.abc import Callable
from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from civic.api import Refused, clock, db, require, see_other
from civic.api import gettext as _
from civic_rental import allocating, appeals, conducting, fixing, freezing, offering
from civic_rental.allocation_models import DRAFT, Allocation
from civic_rental.allocation_views import known
from civic_rental.allot_forms import (
    AllocationForm,
    AnewForm,
    FreezeForm,
    NumberForm,
    filled,
)
from civic_rental.application_models import OBJECTION, REVIEW
from civic_rental.draw_pages import refuse
from civic_rental.manifest import plugin
from civic_rental.pages import done, may, show
from civic_rental.words import data, titles

WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


@plugin.get("/allocations/new")
@require("rental.allot")
def new_allocation() -> ResponseReturnValue:
    """Show the form of a new allocation."""
    return _edit(None, AllocationForm(allocating.choosable(g.community), formdata=None))


def _edit(
    found: Allocation | None,
    form: AllocationForm,
    error: str = "",
    status: int = HTTPStatus.OK,
    version: int | None = None,
) -> ResponseReturnValue:
    version = found.version if found and version is None else version
    return show("allot_edit", status, one=found, form=form, version=version, error=error)


@plugin.post("/allocations/new")
@require("rental.allot")
def draw_up() -> ResponseReturnValue:
    """Draw up an allocation."""
    form = AllocationForm(allocating.choosable(g.community))
    if not form.validate_on_submit():
        return _edit(None, form, status=WRONG)
    try:
        made = allocating.draw_up(g.actor, g.community, form.form_key.data or "", form.values())
    except Refused as refused:
        return refuse(refused, _edit, found=None, form=form)
    done(_("It is kept. Nobody else sees it before the rule is fixed."))
    return see_other(url_for(".conduct", allocation_id=made.id))


@plugin.get("/allocations/<int:allocation_id>/edit")
@require("rental.allot")
def edit_allocation(allocation_id: int) -> ResponseReturnValue:
    """Show the form of a draft."""
    found = known(allocation_id)
    if found.state != DRAFT:
        return see_other(url_for(".conduct", allocation_id=allocation_id))
    return _edit(found, filled(found, allocating.choosable(g.community)))


@plugin.post("/allocations/<int:allocation_id>/edit")
@require("rental.allot")
def change_allocation(allocation_id: int) -> ResponseReturnValue:
    """Change a draft."""
    found = known(allocation_id)
    form = AllocationForm(allocating.choosable(g.community))
    version = request.form.get("version", 0, type=int)
    if not form.validate_on_submit():
        return _edit(found, form, status=WRONG, version=version)
    try:
        allocating.change(found, version, form.values())
    except Refused as refused:
        return refuse(refused, _edit, found=found, form=form)
    done(_("Kept."))
    return see_other(url_for(".conduct", allocation_id=allocation_id))


@plugin.get("/allocations/<int:allocation_id>/conduct")
def conduct(allocation_id: int) -> ResponseReturnValue:
    """Show the next act to whoever may do it, and what has been done by whom."""
    found = known(allocation_id)
    if not (may("allot") or may("draw") or may("publish")):
        return see_other(url_for(".allocation", allocation_id=allocation_id))
    return _conduct(found)


def _conduct(
    found: Allocation,
    form: FlaskForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    of = allocating.last_round(found)
    listed = freezing.last_list(of)
    fresh: list[tuple[str, type[FlaskForm]]] = [
        ("freeze", FreezeForm),
        ("number", NumberForm),
        ("anew", AnewForm),
    ]
    forms = {name: form if isinstance(form, kind) else kind(formdata=None) for name, kind in fresh}
    return show(
        "conduct",
        status,
        one=found,
        of=of,
        listed=listed,
        lacks=freezing.lacks(found, of) if of is not None and found.state == "fixed" else (),
        draws=conducting.draws(found),
        state=titles("allocation", "state")[found.state],
        order=titles("allocation", "order")[found.ordering],
        sources={row["code"]: row for row in data("allocation")["source"]},
        forms=forms,
        appeals=[*appeals.of(found, OBJECTION), *appeals.of(found, REVIEW)],
        homes=allocating.homes(found),
        rights={code: may(code) for code in ("allot", "draw", "publish", "check")},
        at=clock.now(),
        error=error,
    )


def _act(allocation_id: int, act: Callable[[Allocation], object], said: str) -> ResponseReturnValue:
    """Do an act that has nothing to be filled in, and say so."""
    found = known(allocation_id)
    try:
        act(found)
    except Refused as refused:
        return refuse(refused, _conduct, found=found)
    done(said)
    return see_other(url_for(".conduct", allocation_id=allocation_id))


def _typed(
    allocation_id: int, form: FlaskForm, act: Callable[[Allocation], object], said: str
) -> ResponseReturnValue:
    """Do an act with what was filled in, which stays where that is refused."""
    found = known(allocation_id)
    if not form.validate_on_submit():
        return _conduct(found, form, status=WRONG)
    try:
        act(found)
    except Refused as refused:
        return refuse(refused, _conduct, found=found, form=form)
    done(said)
    return see_other(url_for(".conduct", allocation_id=allocation_id))


@plugin.post("/allocations/<int:allocation_id>/fix")
@require("rental.allot")
def fix(allocation_id: int) -> ResponseReturnValue:
    """Fix the rule with the hash of a secret."""
    version = request.form.get("version", 0, type=int)
    words = _("The rule is fixed, and its hash is shown to everybody.")
    return _act(allocation_id, lambda found: fixing.fix(g.actor, found, version), words)


@plugin.post("/allocations/<int:allocation_id>/freeze")
@require("rental.allot")
def freeze(allocation_id: int) -> ResponseReturnValue:
    """Freeze the list."""
    form = FreezeForm()

    def act(found: Allocation) -> object:
        return freezing.freeze(g.actor, found, (form.reason.data or "").strip())

    return _typed(allocation_id, form, act, _("The list is frozen, and its hash is shown."))


@plugin.post("/allocations/<int:allocation_id>/draw")
@require("rental.draw")
def make_draw(allocation_id: int) -> ResponseReturnValue:
    """Draw."""
    form = NumberForm()

    def act(found: Allocation) -> object:
        return conducting.draw(g.actor, found, form.number.data or "")

    words = _("It is drawn. Nobody sees the order before somebody else publishes it.")
    return _typed(allocation_id, form, act, words)


@plugin.post("/allocations/<int:allocation_id>/publish")
@require("rental.publish")
def publish(allocation_id: int) -> ResponseReturnValue:
    """Publish the draw of somebody else."""
    form = NumberForm()

    def act(found: Allocation) -> object:
        return conducting.publish(g.actor, found, form.number.data or "")

    return _typed(allocation_id, form, act, _("The draw is published."))


@plugin.post("/allocations/<int:allocation_id>/anew")
@require("rental.allot")
def begin_anew(allocation_id: int) -> ResponseReturnValue:
    """Begin a new round; what was drawn before stays to be seen."""
    form = AnewForm()

    def act(found: Allocation) -> object:
        reason, issue = (form.reason.data or "").strip(), (form.issue.data or "").strip()
        moment, source = form.moment(), form.source.data
        return conducting.begin_anew(g.actor, found, source, issue, moment, reason)

    words = _("A new round is begun, with a fresh secret whose hash is shown.")
    return _typed(allocation_id, form, act, words)


@plugin.post("/allocations/<int:allocation_id>/offer")
@require("rental.allot")
def offer(allocation_id: int) -> ResponseReturnValue:
    """Begin to offer homes in the order of the draw."""
    answer = _act(
        allocation_id,
        lambda found: offering.begin(g.actor, found),
        _("Homes are offered now, in the order of the draw."),
    )
    offering.fill(known(allocation_id))
    return answer


@plugin.post("/allocations/<int:allocation_id>/close")
@require("rental.allot")
def close(allocation_id: int) -> ResponseReturnValue:
    """Close an allocation, or throw a draft away."""
    found = known(allocation_id)
    try:
        allocating.close(g.actor, found)
    except Refused as refused:
        return refuse(refused, _conduct, found=found)
    done(_("It is closed."))
    db.session.commit()
    return see_other(url_for(".allocations"))
