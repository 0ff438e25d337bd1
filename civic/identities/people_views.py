"""Pages of the register: find somebody, look at what they hold, grant and change it."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.identities import choosing, evidence, known, organisations, people, standings
from civic.identities.looks import looked
from civic.identities.models import Person, Standing
from civic.identities.people_forms import (
    EndForm,
    GrantForm,
    RaiseForm,
    RenewForm,
    offered,
    organisations_in,
)
from civic.identities.weight import of_weight
from civic.kernel import phones, plugins
from civic.kernel.db import db, writes
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require

bp = Blueprint("people", __name__, url_prefix="/c/<community>/desk/people")
#: What is typed into the search at most.
LONGEST = 80


def key() -> int:
    """Return the key after which a page of a list begins, 0 for the first."""
    return request.args.get("after", 0, int)


@bp.get("/")
@require(evidence.PERMISSION)
def index() -> str:
    """Show who has a standing or a claim here."""
    words = request.args.get("q", "")[:LONGEST]
    organisation_id = request.args.get("organisation", 0, int)
    organisation = organisations.one(g.community, organisation_id) if organisation_id else None
    entries, older = people.page(g.community, words, organisation_id=organisation_id, after=key())
    return render_template(
        "identities/people.html",
        entries=entries,
        older=older,
        words=words,
        organisation=organisation,
        kinds=known.standings(),
    )


@bp.get("/<int:person_id>")
@writes
@require(evidence.PERMISSION)
def person(person_id: int) -> ResponseReturnValue:
    """Show one person and what they hold here; the look is recorded."""
    return _page(people.one(g.community, person_id))


@bp.post("/<int:person_id>/contacts")
@require(evidence.PERMISSION)
def contacts(person_id: int) -> ResponseReturnValue:
    """Show somebody's numbers and addresses; the look is recorded."""
    return _page(people.one(g.community, person_id), shown=True)


def _page(found: Person, *, shown: bool = False) -> ResponseReturnValue:
    looked(g.actor, found.id, "contact" if shown else "profile", g.community)
    held = people.held(g.community, found.id)
    page = render_template(
        "identities/person.html",
        person=found,
        held=held,
        asleep=known.asleep([(row.standing.kind, row.standing.node_id) for row in held]),
        contacts=[
            _contact(row.kind, row.value, row.proven_at, shown=shown)
            for row in people.contacts(found.id)
        ],
        shown=shown,
        kinds=known.standings(),
        sources=evidence.SOURCES,
        panel=plugins.registry().profile_panel(g.community, found, g.actor),
    )
    db.session.commit()
    return page


def _contact(kind: str, value: str, proven_at: object, *, shown: bool) -> tuple[str, bool]:
    identifier = phones.Identifier(kind, value)  # type: ignore[arg-type]
    return value if shown else phones.mask(identifier), proven_at is not None


@bp.get("/<int:person_id>/grant")
@writes
@require(evidence.PERMISSION)
def grant_form(person_id: int) -> ResponseReturnValue:
    """Ask for the place first where there are many, then for the rest."""
    return _grant_page(people.one(g.community, person_id), GrantForm(request.args))


def _grant_page(found: Person, form: GrantForm, status: int = 200) -> ResponseReturnValue:
    offer = offer_of(form)
    _fill(form, offer)
    looked(g.actor, found.id, "profile", g.community)
    page = render_template("identities/grant.html", person=found, form=form, offer=offer)
    db.session.commit()
    return page, status


def _fill(form: GrantForm, offer: choosing.Offer) -> None:
    offered(form.node, offer)
    organisations_in(form.organisation, organisations.choices(g.community), _("None"))
    form.offer_kinds(known.granted_by(g.actor, g.community))


def offer_of(form: FlaskForm) -> choosing.Offer:
    """Return the places that a form offers, by what was chosen before."""
    near = form.near.data or ""
    return choosing.offer(
        g.community, int(near) if near.isdecimal() else None, whole=bool(form.whole.data)
    )


@bp.post("/<int:person_id>/grant")
@require(evidence.PERMISSION)
@of_weight
def grant(person_id: int) -> ResponseReturnValue:
    """Grant a standing."""
    found = people.one(g.community, person_id)
    form = GrantForm()
    _fill(form, offer_of(form))
    if not form.validate_on_submit():
        return _grant_page(found, form, 422)
    try:
        standings.grant(
            g.actor,
            g.community,
            found.id,
            standings.Grant(
                kind=form.kind.data,
                node_id=form.node.data,
                rests_on=form.rests_on.data,
                last_day=form.last_day.data,
                organisation_id=form.organisation.data or None,
                proof=(form.proof and form.proof.data) or "",
            ),
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        fields = {"organisation": form.organisation, "past": form.last_day, "no_place": form.node}
        if form.proof:
            fields |= {"proof": form.proof, "plugin_failed": form.proof}
        if refused.code == "own":
            raise
        fields.get(refused.code, form.kind).errors = [str(refused)]
        return _grant_page(people.one(g.community, person_id), form, refused.status)
    flash(_("Granted. The person is told."), "done")
    return see_other(url_for(".person", person_id=person_id))


@bp.get("/<int:person_id>/standings/<int:standing_id>")
@writes
@require(evidence.PERMISSION)
def standing(person_id: int, standing_id: int) -> ResponseReturnValue:
    """Show the ways to renew, raise or end a standing."""
    return _standing_page(people.one(g.community, person_id), standing_id)


def _standing_page(
    found: Person, standing_id: int, sent: FlaskForm | None = None, status: int = 200
) -> ResponseReturnValue:
    row = people.held_one(g.community, found.id, standing_id)
    looked(g.actor, found.id, "profile", g.community)
    forms = {
        act: sent if isinstance(sent, kind) else kind(formdata=None)
        for act, (kind, _do) in ACTS.items()
    }
    page = render_template(
        "identities/standing.html",
        person=found,
        row=row,
        forms=forms,
        kinds=known.standings(),
        sources=evidence.SOURCES,
    )
    db.session.commit()
    return page, status


def _renew(standing_id: int, form: RenewForm) -> Standing:
    return standings.renew(g.actor, g.community, standing_id, form.last_day.data or date.min)


def _raise(standing_id: int, form: RaiseForm) -> Standing:
    return standings.raise_level(g.actor, g.community, standing_id, form.rests_on.data)


def _end(standing_id: int, form: EndForm) -> Standing:
    return standings.end(g.actor, g.community, standing_id, form.reason.data or "")


ACTS: dict[str, tuple[type[FlaskForm], Callable[[int, FlaskForm], Standing]]] = {
    "renew": (RenewForm, _renew),
    "raise": (RaiseForm, _raise),
    "end": (EndForm, _end),
}


@bp.post("/<int:person_id>/standings/<int:standing_id>/<any(renew, raise, end):act>")
@require(evidence.PERMISSION)
@of_weight
def change(person_id: int, standing_id: int, act: str) -> ResponseReturnValue:
    """Renew, raise or end a standing."""
    found = people.one(g.community, person_id)
    people.held_one(g.community, found.id, standing_id)
    kind, do = ACTS[act]
    form = kind()
    if not form.validate_on_submit():
        return _standing_page(found, standing_id, form, 422)
    try:
        do(standing_id, form)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"past", "level", "endless"}:
            raise
        next(iter(form)).errors = [str(refused)]
        return _standing_page(people.one(g.community, person_id), standing_id, form, refused.status)
    flash(_("Done. The person is told."), "done")
    return see_other(url_for(".person", person_id=person_id))
