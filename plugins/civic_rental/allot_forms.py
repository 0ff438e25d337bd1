"""Forms of allocations: the rule, public numbers, reasons, objections and answers."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from civic.api import choices, clock, moments
from civic.api import lazy_gettext as _l
from civic_rental import allocating, appeals, drawing, verifying
from civic_rental.allocation_models import Allocation
from civic_rental.home_models import Listing
from civic_rental.words import titles

NEEDED = _l("Please fill this in.")
YES, NO = "yes", "no"
MOST_QUOTA = 9999
#: How far ahead anything here is planned.
AHEAD = timedelta(days=3 * 366)


def near(_form: Form, field: Field) -> None:
    """Refuse moments that are far from now; raise `ValidationError`."""
    now = clock.local(clock.now()).replace(tzinfo=None)
    if field.data is not None and not now - AHEAD <= field.data <= now + AHEAD:
        raise ValidationError(_l("Please write a day within the next three years."))


def _local(moment: datetime) -> datetime:
    return clock.local(moment).replace(tzinfo=None)


class SourceForm(FlaskForm):  # type: ignore[misc] # Flask-WTF promises no types
    """Ask for a public number of a later day."""

    source = RadioField(_l("Which public number decides?"), [InputRequired(NEEDED)])
    issue = StringField(
        _l("Which one of it: the issue or the day"),
        [DataRequired(NEEDED), Length(max=allocating.LONGEST_ISSUE)],
        description=_l("So that everybody can look it up, as “issue 2026135”."),
        render_kw={"maxlength": allocating.LONGEST_ISSUE},
    )
    public_at = DateTimeLocalField(
        _l("When it becomes known"),
        [InputRequired(NEEDED), near],
        description=_l("After the list is frozen and objections to it are over."),
    )

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - as WTForms takes them
        super().__init__(**values)
        self.source.choices = choices(titles("allocation", "source").items())


class AllocationForm(SourceForm):
    """Ask how homes are allotted."""

    title = StringField(
        _l("Title"),
        [DataRequired(NEEDED), Length(max=allocating.LONGEST_TITLE)],
        render_kw={"maxlength": allocating.LONGEST_TITLE},
    )
    listing_id = SelectField(_l("Which homes"), [InputRequired(NEEDED)], coerce=int)
    ordering = RadioField(_l("In which order inside a tier?"), [InputRequired(NEEDED)])
    quota = IntegerField(
        _l("How many homes are kept for the units that had them converted"),
        [Optional(), NumberRange(0, MOST_QUOTA)],
        description=_l("Others of them are drawn with the next tier. Empty: all of them first."),
        render_kw={"inputmode": "numeric"},
    )
    opens_at = DateTimeLocalField(_l("Applications open"), [InputRequired(NEEDED), near])
    closes_at = DateTimeLocalField(_l("Last moment to apply"), [InputRequired(NEEDED), near])
    form_key = HiddenField()

    def __init__(self, listings: Sequence[Listing], **values: Any) -> None:  # noqa: ANN401
        super().__init__(**values)
        self.ordering.choices = choices(titles("allocation", "order").items())
        self.listing_id.choices = [(one.id, one.title) for one in listings]
        self.listings = {one.id: one for one in listings}
        self.form_key.data = (self.form_key.data or secrets.token_hex(8))[:64]

    def values(self) -> dict[str, Any]:
        """Return what an allocation is made of."""
        chosen = self.listings[self.listing_id.data]
        return {
            "title": (self.title.data or "").strip(),
            "listing_id": chosen.id,
            "tiers": allocating.tiers(chosen.tiers, {"partner": self.quota.data}),
            "ordering": self.ordering.data,
            "opens_at": moments.of(self.opens_at),
            "closes_at": moments.of(self.closes_at),
            "source": self.source.data,
            "issue": (self.issue.data or "").strip(),
            "public_at": moments.of(self.public_at),
        }


def filled(which: Allocation, listings: Sequence[Listing]) -> AllocationForm:
    """Return the form with what an allocation says."""
    quotas = [tier["quota"] for tier in which.tiers if tier["quota"] is not None]
    return AllocationForm(
        listings,
        formdata=None,
        title=which.title,
        listing_id=which.listing_id,
        ordering=which.ordering,
        quota=quotas[0] if quotas else None,
        opens_at=_local(which.opens_at),
        closes_at=_local(which.closes_at),
        source=which.source,
        issue=which.issue,
        public_at=_local(which.public_at),
    )


class AnewForm(SourceForm):
    """Ask why a draw is begun anew, and for its public number."""

    reason = TextAreaField(
        _l("Why is it begun anew?"),
        [DataRequired(NEEDED), Length(max=allocating.LONGEST_REASON)],
        description=_l("Everybody reads this. Please name nobody."),
        render_kw={"rows": 3, "maxlength": allocating.LONGEST_REASON},
    )

    def moment(self) -> datetime:
        """Return when the public number becomes known."""
        return moments.of(self.public_at)


class FreezeForm(FlaskForm):  # type: ignore[misc]
    """Ask what has changed since the list before."""

    reason = TextAreaField(
        _l("What has changed since the list before?"),
        [Length(max=allocating.LONGEST_REASON)],
        description=_l("Everybody reads this. Please name nobody."),
        render_kw={"rows": 3, "maxlength": allocating.LONGEST_REASON},
    )


class NumberForm(FlaskForm):  # type: ignore[misc]
    """Ask for the public number, as whoever acts has looked it up."""

    number = StringField(
        _l("The public number, as you have looked it up yourself"),
        [Length(max=drawing.LONGEST_PUBLIC)],
        render_kw={"autocomplete": "off", "maxlength": drawing.LONGEST_PUBLIC},
    )


class PleaForm(FlaskForm):  # type: ignore[misc]
    """Ask what is wrong."""

    text = TextAreaField(
        _l("What is wrong, and why?"),
        [DataRequired(NEEDED), Length(max=appeals.LONGEST)],
        description=_l("Staff read it. The answer can be read by everybody; your name not."),
        render_kw={"rows": 4, "maxlength": appeals.LONGEST},
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Ask for the answer."""

    upheld = RadioField(
        _l("Is it right?"),
        [InputRequired(NEEDED)],
        choices=choices([(YES, _l("Yes, and it is put right")), (NO, _l("No, it stays"))]),
    )
    text = TextAreaField(
        _l("Answer with its reasons"),
        [DataRequired(NEEDED), Length(max=appeals.LONGEST)],
        description=_l("Please name nobody."),
        render_kw={"rows": 4, "maxlength": appeals.LONGEST},
    )


class DecideForm(FlaskForm):  # type: ignore[misc]
    """Ask whether a claim is so."""

    verified = RadioField(
        _l("Is it so?"),
        [InputRequired(NEEDED)],
        choices=choices([(YES, _l("Yes, I have seen what shows it")), (NO, _l("No"))]),
    )
    reason = TextAreaField(
        _l("If not: why?"),
        [Length(max=verifying.LONGEST)],
        render_kw={"rows": 2, "maxlength": verifying.LONGEST},
    )
