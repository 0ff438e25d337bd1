"""Pages of conversions: taken in, put on record, moved on."""

from http import HTTPStatus
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from civic.api import Refused, allowed, db, identifier, require, see_other
from civic.api import gettext as _
from civic_rental import cases, checking, conversions, findings, listings, moving, recording, states
from civic_rental.forms import (
    ConversionForm,
    FactsForm,
    PartnerForm,
    RecordForm,
    WordsForm,
)
from civic_rental.manifest import plugin
from civic_rental.models import Conversion
from civic_rental.pages import WRONG, act, done, may, office, show
from civic_rental.words import said, titles

LONGEST_SEARCH, PAGE = 40, 50
#: How many records are shown without asking for them.
MOST_OPEN = 6


def seen(conversion_id: int) -> Conversion:
    """Return a conversion for staff and who speaks for an office.

    :raises Refused: 403 for others, 404 when there is none.
    """
    if not office():
        message = _("Conversions are read by staff, and by who speaks for an office.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    return conversions.one(g.community, conversion_id)


@plugin.get("/conversions/", endpoint="conversions")
def listed() -> ResponseReturnValue:
    """Show the conversions, a page at a time."""
    if not office():
        seen(0)
    state, words = request.args.get("state", ""), request.args.get("q", "").strip()
    names = titles("conversion", "state")
    state = state if state in names else ""
    after = identifier(request.args.get("after", ""))
    words = words[:LONGEST_SEARCH]
    rows = conversions.listed(g.community, state, words, after, PAGE)
    return show(
        "conversions",
        rows=rows[:PAGE],
        after=rows[PAGE - 1].id if len(rows) > PAGE else None,
        state=state,
        words=words,
        states=names,
        keeps=may("keep"),
    )


@plugin.get("/conversions/new")
@require("rental.keep")
def new_conversion() -> ResponseReturnValue:
    """Ask what a new conversion is."""
    return _edit(form=ConversionForm())


def _edit(
    form: ConversionForm,
    row: Conversion | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    form.version.data = str(row.version) if row else ""
    return show("conversion_edit", status, form=form, row=row, error=error)


def address(conversion: Conversion) -> str:
    """Return the address of its page."""
    return url_for(".conversion", conversion_id=conversion.id)


@plugin.post("/conversions/new")
@require("rental.keep")
def begin() -> ResponseReturnValue:
    """Take a conversion in."""
    return _write(None)


@plugin.get("/conversions/<int:conversion_id>/edit")
@require("rental.keep")
def edit_conversion(conversion_id: int) -> ResponseReturnValue:
    """Ask how a conversion changes."""
    row = seen(conversion_id)
    return _edit(ConversionForm(obj=row, form_key=""), row)


@plugin.post("/conversions/<int:conversion_id>/edit")
@require("rental.keep")
def change(conversion_id: int) -> ResponseReturnValue:
    """Change what a conversion is."""
    return _write(seen(conversion_id))


def _write(row: Conversion | None) -> ResponseReturnValue:
    form = ConversionForm()
    kept: list[Conversion] = []

    def keep() -> None:
        key = form.form_key.data or ""
        kept.append(conversions.write(g.actor, g.community, form.values(), key, row, form.read()))

    return act(
        form,
        lambda **values: _edit(row=row, **values),
        keep,
        _("Kept."),
        lambda: address(kept[0]),
    )


@plugin.get("/conversions/<int:conversion_id>/")
def conversion(conversion_id: int) -> ResponseReturnValue:
    """Show a conversion: where it stands, what is missing, what can be done."""
    return page(conversion_id)


def page(
    conversion_id: int,
    *,
    forms: dict[str, FlaskForm] | None = None,
    form: FlaskForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    """Return the page of a conversion.

    :param forms: by their names, as they were typed; `form` is the one that was sent.
    """
    row = seen(conversion_id)
    there = recording.latest(row)
    state = states.way().states[row.state]
    codes = recording.recordable(row, there)
    shown = forms or {}
    asked = [code for code in state.records if code not in there] or codes
    homes = listings.of(row)
    return show(
        "conversion",
        status,
        row=row,
        stages=_stages(row),
        lacks=moving.lacking(row, there),
        moves=_moves(row, state),
        records=[(code, said(states.way().records[code]), there[code]) for code in there],
        cases=cases.shown(row, there),
        record_form=shown.get("record") or RecordForm(codes, code=asked[0] if asked else None),
        records_open=bool(codes),
        most_open=MOST_OPEN,
        partners=conversions.partners(row),
        partner_form=shown.get("partner") or PartnerForm(),
        facts_form=shown.get("facts") or FactsForm(facts=row.facts),
        words_form=shown.get("move") or WordsForm(),
        homes=[(home, any(each.stops for each in checking.home_findings(home))) for home in homes],
        findings=findings.told(checking.building_findings(row, there)),
        verified=checking.here().verified,
        steps=moving.steps(row),
        names_of=titles("conversion", "state"),
        keeps=may("keep"),
        closed=row.state == states.CLOSED,
        fixed=row.state not in conversions.OPEN,
        failed=form,
        error=error,
    )


def _stages(row: Conversion) -> list[dict[str, Any]]:
    """Return the line of states: those before it are done; what stops it stands where it is."""
    beside = {states.STOPPED, states.SUSPENDED, states.CLOSED} - {row.state}
    order = [code for code in states.CODES if code not in beside]
    here = order.index(row.state)
    names = titles("conversion", "state")
    return [
        {
            "name": names[code],
            "state": "done" if place < here else "current" if place == here else "later",
            "when": "",
        }
        for place, code in enumerate(order)
    ]


def _moves(row: Conversion, state: states.State) -> list[states.Move]:
    """Return the moves that whoever looks can make."""
    path = row.community.path
    return [move for move in state.moves if allowed(g.actor, f"rental.{move.by}", path)]


@plugin.post("/conversions/<int:conversion_id>/move")
@require("rental.keep")
def move(conversion_id: int) -> ResponseReturnValue:
    """Move a conversion on, or back."""
    row, form = seen(conversion_id), WordsForm()
    if not form.validate_on_submit():
        return page(conversion_id, forms={"move": form}, form=form, status=WRONG)
    to = request.form.get("to", "")
    try:
        moving.move(g.actor, row, to, (form.words.data or "").strip())
    except Refused as refused:
        db.session.rollback()
        return page(conversion_id, forms={"move": form}, error=str(refused), status=refused.status)
    done(_("The conversion stands at: %(state)s.", state=titles("conversion", "state")[to]))
    return see_other(address(row))
