"""Forms of procedures."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length, Optional

from civic.kernel.moments import meant

_LONGEST = 200


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Ask for the document on which a confirmation rests."""

    document = StringField(
        _l("Title or number of the document"),
        [
            InputRequired(_l("Please name the document, so that others can look it up.")),
            Length(max=_LONGEST, message=_l("At most 200 characters, please.")),
        ],
        render_kw={"maxlength": _LONGEST},
    )
    document_on = DateField(
        _l("Date of the document"), [InputRequired(_l("Please give the date of the document."))]
    )
    file = FileField(
        _l("The document itself"),
        [FileRequired(_l("Please choose a file first."))],
        description=_l("A PDF, Word or Excel file or a picture, at most 10 MB. Staff can open it."),
    )


class DatesForm(FlaskForm):  # type: ignore[misc]
    """Ask for the day of a vote, to reckon what is due before and after it."""

    class Meta:
        """Nothing is kept, so nothing needs to be protected; the day stands in the address."""

        csrf = False

    on = DateField(_l("Day of the vote or meeting"), [Optional(), meant])
