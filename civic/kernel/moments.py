"""Days and times of day in forms, as people here type them."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, Form
from wtforms.validators import ValidationError

from civic.kernel import clock

#: How a browser sends a time of day.
MINUTE = "%Y-%m-%dT%H:%M"


def meant(_form: Form, field: DateField | DateTimeLocalField) -> None:
    """Refuse a day or a moment in a year that nobody can mean: a validator of fields.

    :raises ValidationError: with a sentence.
    """
    if field.data is not None and field.data.year not in clock.YEARS:
        raise ValidationError(_l("Please check the year of this date."))


def of(field: DateTimeLocalField) -> datetime:
    """Return the moment that stands in a field whose form was validated."""
    found = clock.typed(field.data)
    assert found is not None  # noqa: S101 - a field that is required, and `meant`
    return found
