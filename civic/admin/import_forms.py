"""The form that takes a table."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField
from wtforms.validators import InputRequired

from civic.admin.place_columns import PLACES, WHAT
from civic.kernel import choices


class TableForm(FlaskForm):  # type: ignore[misc]
    """Ask for a table and what is in it."""

    what = RadioField(
        _l("What is in the table?"),
        [InputRequired(_l("Please say what is in the table."))],
        choices=choices.listed(WHAT.items()),
        default=PLACES,
    )
    file = FileField(
        _l("The table, as .xlsx, .xls, .ods or .csv"),
        [FileRequired(_l("Please choose a file first."))],
        description=_l("At most 5 MB. You see what would happen before anything is imported."),
    )
