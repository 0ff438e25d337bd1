"""Pages on which staff put things on record, tick what is so, and note who asks for homes."""

from flask import g
from flask.typing import ResponseReturnValue

from civic.api import gettext as _
from civic.api import require
from civic_rental import conversions, recording
from civic_rental.conversion_views import address, page, seen
from civic_rental.forms import FactsForm, PartnerForm, RecordForm, RequestForm, typed
from civic_rental.manifest import plugin
from civic_rental.pages import act


@plugin.post("/conversions/<int:conversion_id>/records")
@require("rental.keep")
def record(conversion_id: int) -> ResponseReturnValue:
    """Put something on record."""
    row = seen(conversion_id)
    form = RecordForm(recording.recordable(row, recording.latest(row)))
    return act(
        form,
        lambda form, **values: page(conversion_id, forms={"record": form}, form=form, **values),
        lambda: recording.record(
            g.actor,
            row,
            form.code.data,
            typed(form.number),
            form.day.data,
            (form.words.data or "").strip(),
            typed(form.case) if form.case else "",
        ),
        _("It is on record."),
        lambda: address(row) + "#records",
    )


@plugin.post("/conversions/<int:conversion_id>/facts")
@require("rental.keep")
def tick(conversion_id: int) -> ResponseReturnValue:
    """Say what is so in the building."""
    row, form = seen(conversion_id), FactsForm()
    return act(
        form,
        lambda form, **values: page(conversion_id, forms={"facts": form}, form=form, **values),
        lambda: conversions.tick(g.actor, row, form.facts.data or []),
        _("Kept."),
        lambda: address(row) + "#facts",
    )


@plugin.post("/conversions/<int:conversion_id>/partners")
@require("rental.keep")
def add_partner(conversion_id: int) -> ResponseReturnValue:
    """Note a unit that asks for homes."""
    row, form = seen(conversion_id), PartnerForm()
    return act(
        form,
        lambda form, **values: page(conversion_id, forms={"partner": form}, form=form, **values),
        lambda: conversions.add_partner(g.actor, row, typed(form.name), form.homes.data or 0),
        _("Kept."),
        lambda: address(row) + "#partners",
    )


@plugin.post("/conversions/<int:conversion_id>/partners/<int:partner_id>/remove")
@require("rental.keep")
def drop_partner(conversion_id: int, partner_id: int) -> ResponseReturnValue:
    """Take a unit out."""
    row = seen(conversion_id)
    return act(
        RequestForm(),
        lambda form, **values: page(conversion_id, form=form, **values),
        lambda: conversions.drop_partner(g.actor, row, partner_id),
        _("The unit is taken out."),
        lambda: address(row) + "#partners",
    )
