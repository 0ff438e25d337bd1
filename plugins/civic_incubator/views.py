"""Pages of the registry, and the way in."""

from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, require, see_other
from civic.api import gettext as _
from civic_incubator import listing, registry
from civic_incubator.forms import FileForm, JoinForm, ProposeForm, RequestForm
from civic_incubator.manifest import plugin
from civic_incubator.pages import done, phase_titles, refuse, show
from civic_incubator.words import titles

LONGEST_SEARCH = 40


@plugin.get("/")
def index() -> ResponseReturnValue:
    """Show what waits for whoever looks, and the calls."""
    return _index(JoinForm())


def _index(form: JoinForm, error: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    news = listing.news(g.community, g.actor)
    return show(
        "index",
        status,
        form=form,
        error=error,
        calls=listing.listed(g.community, staff=plugin.may("manage")),
        phases=phase_titles(),
        drafts=news.drafts,
        reviews=news.reviews,
        mine=registry.mine(g.actor, [g.community.id]),
        statuses=titles("registry", "status"),
        manages=plugin.may("manage"),
        proposes=plugin.may("propose"),
    )


def _filter() -> registry.Filter:
    kind, status = request.args.get("kind", ""), request.args.get("status", "")
    return registry.Filter(
        kind if kind in titles("registry", "class") else "",
        status if status in titles("registry", "status") else "",
        request.args.get("q", "").strip()[:LONGEST_SEARCH],
    )


@plugin.get("/organisations/")
def organisations() -> ResponseReturnValue:
    """Show the registry, a page at a time."""
    which = _filter()
    return show(
        "organisations",
        which=which,
        page=registry.page(g.community, which, request.args.get("after", type=int)),
        kinds=titles("registry", "class"),
        statuses=titles("registry", "status"),
        keeps=plugin.may("keep"),
        proposes=plugin.may("propose"),
    )


@plugin.get("/organisations/new")
@require("incubator.propose")
def propose_form() -> ResponseReturnValue:
    """Ask about an organisation."""
    return _propose(ProposeForm())


def _propose(
    form: ProposeForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    return show("propose", status, form=form, error=error)


@plugin.post("/organisations/new")
@require("incubator.propose")
def propose() -> ResponseReturnValue:
    """Bring an organisation before the community."""
    form = ProposeForm()
    if not form.validate_on_submit():
        return _propose(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    values = {
        "name": (form.name.data or "").strip(),
        "kind": form.kind.data,
        "people": form.people.data,
        "about": (form.about.data or "").strip(),
    }
    try:
        made = registry.propose(g.actor, g.community, values)
    except Refused as refused:
        return refuse(refused, _propose, form=form)
    done(_("Kept. The community office looks at it and files it; then it can apply to calls."))
    return see_other(url_for(".organisation", organisation_id=made.id))


@plugin.get("/organisations/<int:organisation_id>")
def organisation(organisation_id: int) -> ResponseReturnValue:
    """Show an organisation."""
    return _organisation(organisation_id)


def _organisation(
    organisation_id: int,
    form: FileForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found = registry.organisation(g.community, organisation_id)
    if form is None and plugin.may("keep"):
        form = FileForm(obj=found)
    return show(
        "organisation",
        status,
        organisation=found,
        kind=titles("registry", "class")[found.kind],
        state=titles("registry", "status")[found.status],
        speaks=registry.speaks_for(g.actor, found.id),
        keeps=plugin.may("keep"),
        form=form,
        error=error,
    )


@plugin.post("/organisations/<int:organisation_id>/file")
@require("incubator.keep")
def file(organisation_id: int) -> ResponseReturnValue:
    """Note where an organisation stands."""
    found = registry.organisation(g.community, organisation_id)
    form = FileForm()
    if not form.validate_on_submit():
        return _organisation(organisation_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    number = (form.number.data or "").strip()
    try:
        registry.file(g.actor, found, form.status.data, number, form.since.data)
    except Refused as refused:
        return refuse(refused, _organisation, organisation_id=organisation_id, form=form)
    done(_("Kept."))
    return see_other(url_for(".organisation", organisation_id=organisation_id))


@plugin.post("/organisations/<int:organisation_id>/code")
@require("incubator.keep")
def renew_code(organisation_id: int) -> ResponseReturnValue:
    """Give an organisation another code."""
    found = registry.organisation(g.community, organisation_id)
    if RequestForm().validate_on_submit():
        registry.renew_code(g.actor, found)
        done(_("It has a new code; the old one lets nobody in any more."))
    return see_other(url_for(".organisation", organisation_id=organisation_id))


@plugin.post("/organisations/join")
@require("incubator.propose")
def join() -> ResponseReturnValue:
    """Let whoever has its code speak for an organisation."""
    form = JoinForm()
    if not form.validate_on_submit():
        return _index(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        found = registry.join(g.actor, g.community, form.code.data or "")
    except Refused as refused:
        return refuse(refused, _index, form=form)
    done(_("You can now write in its applications."))
    return see_other(url_for(".organisation", organisation_id=found.id))
