"""Forms of the administrator."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

_LONGEST_SOURCE = 200
#: Room for every day of a year, each as `2026-01-01 休`.
_LONGEST_TABLE = 8000


class HolidayFileForm(FlaskForm):  # type: ignore[misc]
    """Ask for the table of a year and for the notice that it follows."""

    file = FileField(
        _l("The table, as an Excel or CSV file"),
        [FileRequired(_l("Please choose a file first."))],
        description=_l("At most 5 MB. You see what was read before anything is kept."),
    )
    source = StringField(
        _l("Which notice says so"),
        [
            InputRequired(_l("Please name the notice, so that others can look it up.")),
            Length(max=_LONGEST_SOURCE, message=_l("At most 200 characters, please.")),
        ],
        description=_l("Its title or number, as 国办发明电〔2024〕12号."),
        render_kw={"maxlength": _LONGEST_SOURCE},
    )


class HolidayTableForm(FlaskForm):  # type: ignore[misc]
    """Carry a table that was looked at on to the moment when it is kept."""

    days = HiddenField(validators=[InputRequired(), Length(max=_LONGEST_TABLE)])
    source = HiddenField(validators=[InputRequired(), Length(max=_LONGEST_SOURCE)])
