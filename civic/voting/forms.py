"""The form with which the office drafts a ballot."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic.identities.kinds import AUDIENCES
from civic.kernel import choices, clock
from civic.voting import kinds
from civic.voting.drafting import Draft

MINUTE = "%Y-%m-%dT%H:%M"
MOST = 10**9
METHODS = {
    "": _l("the usual way of its kind"),
    "schulze": _l("Schulze: beats every other, directly or along others"),
    "ranked-pairs": _l("ranked pairs"),
    "borda": _l("points by rank (Borda)"),
    "irv": _l("instant runoff"),
    "stv": _l("single transferable vote"),
    "equal-shares": _l("equal shares: each voter has the same part of the money"),
    "greedy": _l("by votes, skipping what no longer fits"),
}


def _moment(value: datetime | None) -> datetime:
    assert value is not None  # noqa: S101 - validated
    return value.replace(tzinfo=clock.ZONE).astimezone(UTC)


class BallotForm(FlaskForm):  # type: ignore[misc]
    """Ask for a whole ballot."""

    question = StringField(
        _l("The question on the ballot"),
        [InputRequired(_l("Please write the question on the ballot.")), Length(max=120)],
    )
    kind = SelectField(
        _l("Kind of ballot"),
        choices=choices.listed((code, kind.title) for code, kind in kinds.KINDS.items()),
    )
    options = TextAreaField(
        _l("Options on the ballot, one a line"),
        [InputRequired(_l("Please give 2 to 40 options, one a line."))],
        description=_l("Projects with their cost in yuan, as: 路灯 | 60000"),
    )
    number = IntegerField(
        _l("Limit"),
        [Optional(), NumberRange(0, MOST)],
        description=_l(
            "Most marks, highest points, number of dots, or money there is; empty for the usual."
        ),
    )
    method = SelectField(_l("Counted by"), choices=choices.listed(METHODS.items()))
    tie = RadioField(
        _l("In a tie"), choices=choices.listed(kinds.TIES.items()), default=kinds.SHOW_ALL
    )
    audience = SelectMultipleField(
        _l("Who is asked"),
        choices=choices.listed(AUDIENCES.items()),
        validate_choice=False,  # the service refuses it, in the reader's language
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    secrecy = RadioField(
        _l("Who can know what"),
        choices=choices.listed(kinds.SECRECY.items()),
        default=kinds.SEALED,
        description=_l("This cannot be changed once the draft is kept."),
    )
    shows = RadioField(
        _l("The result is shown"),
        choices=choices.listed(kinds.SHOWN.items()),
        default=kinds.AT_CLOSE,
    )
    opens_at = DateTimeLocalField(
        _l("The vote begins"), [InputRequired(_l("Please enter a date and time."))], format=MINUTE
    )
    closes_at = DateTimeLocalField(
        _l("The vote closes"), [InputRequired(_l("Please enter a date and time."))], format=MINUTE
    )
    rehearsal = BooleanField(_l("This is a rehearsal with test voters"))

    def draft(self) -> Draft:
        """Return what was entered; only after validation."""
        return Draft(
            question=self.question.data or "",
            kind=self.kind.data,
            method=self.method.data,
            secrecy=self.secrecy.data,
            opens_at=_moment(self.opens_at.data),
            closes_at=_moment(self.closes_at.data),
            options=[line for line in (self.options.data or "").splitlines() if line.strip()],
            audience=self.audience.data or [],
            shows=self.shows.data,
            tie=self.tie.data,
            number=self.number.data or 0,
            rehearsal=bool(self.rehearsal.data),
        )
