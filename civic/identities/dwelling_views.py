"""Pages of homes: who owns them, who is known here, and who speaks for a household."""

from collections.abc import Callable

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from civic.communities.services import in_words
from civic.identities import choosing, dwelling_lists, evidence, owners
from civic.identities.dwellings import Dwelling
from civic.identities.forms import IdentifierField
from civic.identities.looks import looked
from civic.identities.people_views import key
from civic.identities.weight import of_weight
from civic.kernel import choices
from civic.kernel.db import db, writes
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require

bp = Blueprint("dwellings", __name__, url_prefix="/c/<community>/desk/homes")
MATCH, GUARD = "match", "guard"


class OwnerForm(FlaskForm):  # type: ignore[misc]
    """Ask who an owner is here, or who votes for them."""

    account = IdentifierField(
        _l("What the person signs in with"),
        description=_l("Telephone number or e-mail address, as they tell it at the desk."),
    )
    act = RadioField(
        _l("Who is this?"),
        choices=choices.listed(
            [
                (MATCH, _l("the owner, whose paper was compared with the list")),
                (GUARD, _l("the guardian, who votes for an owner who cannot")),
            ]
        ),
        default=MATCH,
    )


class VoiceForm(FlaskForm):  # type: ignore[misc]
    """Ask whom a household has chosen."""

    voice = IdentifierField(
        _l("What the person signs in with"),
        description=_l("Telephone number or e-mail address, as they tell it at the desk."),
    )
    basis = StringField(
        _l("What the choice rests on"),
        [
            InputRequired(_l("Please say what the choice rests on.")),
            Length(max=owners.LONGEST_BASIS),
        ],
        description=_l("As: a paper that all adults of the household have signed, of which day."),
    )


@bp.get("/")
@require(evidence.PERMISSION)
def index() -> str:
    """List the homes of a community, or of one place in it."""
    near = request.args.get("near", 0, int)
    node = choosing.find(g.community, near) if near else None
    lines, older = dwelling_lists.page(g.community, near=node, after=key())
    return render_template(
        "identities/homes.html",
        lines=lines,
        older=older,
        near=node,
        figures=dwelling_lists.figures(g.community),
        uses=dwelling_lists.USES,
        states=dwelling_lists.STATES,
    )


@bp.get("/<int:dwelling_id>")
@writes
@require(evidence.PERMISSION)
def home(dwelling_id: int) -> ResponseReturnValue:
    """Show one home with its owners; looks at people who are known here are recorded."""
    return _page(owners.dwelling(g.community, dwelling_id), OwnerForm(), VoiceForm())


def _page(
    found: Dwelling, form: OwnerForm, voice_form: VoiceForm, status: int = 200, of: int = 0
) -> ResponseReturnValue:
    """Show a home.

    :param of: the owner whose form is shown again with what is wrong in it.
    """
    if of:
        form.account.id = f"account-{of}"  # there is one such field for each owner
    owned = owners.owners_of(found.id)
    names = dwelling_lists.names(owned)
    voice = dwelling_lists.voice(found.id)
    seen = set(names) | ({voice[1].id} if voice else set())
    for person_id in sorted(seen):
        looked(g.actor, person_id, "profile", g.community)
    place = in_words([found.node])[found.node_id]
    page = render_template(
        "identities/home.html",
        home=found,
        title=f"{place} {found.number}",
        areas=dwelling_lists.areas(found),
        owners=owned,
        names=names,
        voice=voice,
        form=form,
        voice_form=voice_form,
        of=of,
        blank=OwnerForm(formdata=None),
        uses=dwelling_lists.USES,
        states=dwelling_lists.STATES,
    )
    db.session.commit()
    return page, status


@bp.post("/<int:dwelling_id>/owners/<int:owner_id>")
@require(evidence.PERMISSION)
@of_weight
def match(dwelling_id: int, owner_id: int) -> ResponseReturnValue:
    """Say who an owner is here, or who their guardian is."""
    found, form = owners.dwelling(g.community, dwelling_id), OwnerForm()
    if not form.validate_on_submit():
        return _page(found, form, VoiceForm(formdata=None), 422, owner_id)
    act = owners.match if form.act.data == MATCH else owners.guard

    def do() -> object:
        return act(g.actor, g.community, dwelling_id, owner_id, form.account.value)

    if (refused := _done(do)) is not None:
        form.account.errors = [str(refused)]
        again = owners.dwelling(g.community, dwelling_id)
        return _page(again, form, VoiceForm(formdata=None), refused.status, owner_id)
    return see_other(url_for(".home", dwelling_id=dwelling_id))


@bp.post("/<int:dwelling_id>/owners/<int:owner_id>/release")
@require(evidence.PERMISSION)
@of_weight
def release(dwelling_id: int, owner_id: int) -> ResponseReturnValue:
    """Take back who an owner is here."""
    owners.release(g.actor, g.community, dwelling_id, owner_id)
    db.session.commit()
    flash(_("Taken back."), "done")
    return see_other(url_for(".home", dwelling_id=dwelling_id))


@bp.post("/<int:dwelling_id>/voice")
@require(evidence.PERMISSION)
@of_weight
def choose(dwelling_id: int) -> ResponseReturnValue:
    """Record whom a household has chosen to speak for it."""
    found, form = owners.dwelling(g.community, dwelling_id), VoiceForm()
    if not form.validate_on_submit():
        return _page(found, OwnerForm(formdata=None), form, 422)

    def do() -> object:
        return owners.choose(
            g.actor, g.community, dwelling_id, form.voice.value, form.basis.data or ""
        )

    if (refused := _done(do)) is not None:
        field = form.basis if refused.code == "basis" else form.voice
        field.errors = [str(refused)]
        again = owners.dwelling(g.community, dwelling_id)
        return _page(again, OwnerForm(formdata=None), form, refused.status)
    return see_other(url_for(".home", dwelling_id=dwelling_id))


def _done(act: Callable[[], object]) -> Refused | None:
    """Do something and keep it, or return why it was refused; a missing home is a missing page."""
    try:
        act()
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in {"no_dwelling", "no_owner"}:
            raise
        return refused
    flash(_("Recorded."), "done")
    return None
