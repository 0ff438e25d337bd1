"""Forms to hide a text, to object, and to answer."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from civic.kernel import choices
from civic.moderation.reasons import REASONS


class HideForm(FlaskForm):  # type: ignore[misc]
    """Ask why a text is to be hidden."""

    reason = RadioField(
        _l("Reason"),
        [InputRequired(_l("Please choose a reason from the list."))],
        choices=choices.listed(REASONS.items()),
    )
    note = StringField(
        _l("A word to the author"),
        [Length(max=200)],
        description=_l("The author reads it together with the reason."),
    )


class ReportForm(FlaskForm):  # type: ignore[misc]
    """Ask why the office should look at a text."""

    reason = RadioField(
        _l("Reason"),
        [InputRequired(_l("Please choose a reason from the list."))],
        choices=choices.listed(REASONS.items()),
    )
    words = TextAreaField(
        _l("A word to the office"),
        [Length(max=300)],
        description=_l("Only the office reads it. Nobody else learns that you reported this."),
    )


class ObjectionForm(FlaskForm):  # type: ignore[misc]
    """Ask why a text should be shown again."""

    words = TextAreaField(
        _l("Why should it be shown again?"),
        [InputRequired(_l("Please say why the text should be shown again.")), Length(max=1000)],
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Ask for the answer to an objection."""

    outcome = RadioField(
        _l("Decision"),
        [InputRequired(_l("Please decide."))],
        choices=choices.listed(
            [("restored", _l("Show the text again")), ("kept", _l("Keep it hidden"))]
        ),
    )
    words = TextAreaField(
        _l("Your reason, which the author reads"),
        [InputRequired(_l("Please give the author your reason.")), Length(max=1000)],
    )
