"""The form that takes a table of a plugin."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class SendForm(FlaskForm):  # type: ignore[misc]
    """Ask for a table."""

    file = FileField(
        _l("The table, as .xlsx, .xls, .ods or .csv"),
        [FileRequired(_l("Please choose a file first."))],
        description=_l("At most 5 MB. You see what would happen before anything is imported."),
    )
