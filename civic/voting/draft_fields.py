"""Fields of drafts whose sentences about what cannot be read are in the language of the page."""

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField

NO_NUMBER = _l("Please enter a whole number.")
NO_MOMENT = _l("Please enter a date and time.")


class NumberField(IntegerField):
    """Take a whole number, or nothing; WTForms' own sentence is in English alone."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number.

        :raises ValueError: with a sentence.
        """
        self.data = None
        entered = valuelist[0].strip() if valuelist else ""
        if not entered:
            return
        try:
            self.data = int(entered[:12])
        except ValueError:
            raise ValueError(str(NO_NUMBER)) from None


class MomentField(DateTimeLocalField):
    """Take a day and an hour; what cannot be read as one is said so."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the moment.

        :raises ValueError: with a sentence.
        """
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(NO_MOMENT)) from None
