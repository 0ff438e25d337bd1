"""Forms of reports and of the list."""

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from civic.api import choices
from civic.api import lazy_gettext as _l
from civic_facility.kinds import STATES

MOST = 500
_LONG = _l("At most 500 characters, please.")
YES, NO = "yes", "no"


class ReportForm(FlaskForm):  # type: ignore[misc] # Flask-WTF promises no types
    """Ask what is wrong with a place."""

    text = TextAreaField(
        _l("What is wrong?"),
        [DataRequired(_l("Please say what is wrong.")), Length(max=MOST, message=_LONG)],
        description=_l("Only staff read it. Please name nobody and write no telephone number."),
        render_kw={"rows": 4, "maxlength": MOST},
    )


class HandledForm(FlaskForm):  # type: ignore[misc]
    """Ask staff what was done."""

    note = TextAreaField(
        _l("What was done?"),
        [DataRequired(_l("Please say what was done.")), Length(max=MOST, message=_LONG)],
        description=_l("Whoever reported it reads this, and says whether it is solved."),
        render_kw={"rows": 3, "maxlength": MOST},
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Ask whoever reported it whether it is solved."""

    solved = RadioField(
        _l("Is it solved?"),
        [InputRequired(_l("Please choose one of the two."))],
        choices=choices([(YES, _l("Yes, it is solved")), (NO, _l("No, not yet"))]),
    )
    text = StringField(
        _l("What is still wrong?"),
        [Length(max=MOST, message=_LONG)],
        render_kw={"maxlength": MOST},
    )


class StateForm(FlaskForm):  # type: ignore[misc]
    """Ask for the state of a place."""

    state = RadioField(_l("State"), [InputRequired()], choices=choices(STATES.items()))
