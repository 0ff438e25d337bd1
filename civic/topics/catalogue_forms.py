"""Forms of the catalogue."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty

from civic.kernel import choices
from civic.topics import catalogue, scales
from civic.topics.forms import codes


class YearForm(FlaskForm):  # type: ignore[misc]
    """Ask for which year a catalogue is written."""

    year = IntegerField(_l("Year"), [InputRequired(_l("Please enter a year."))])


class EntryForm(FlaskForm):  # type: ignore[misc]
    """Ask for one entry of the catalogue."""

    title = StringField(
        _l("What it is about"),
        [
            InputRequired(_l("Please say in one short line what the entry is about.")),
            Length(max=catalogue.LONGEST_TITLE),
        ],
    )
    obligation = RadioField(_l("Is it consulted on?"))
    exclusion = SelectField(_l("If not: why"), validate_choice=False)  # the service refuses it
    words = TextAreaField(
        _l("Explanation"),
        [Length(max=catalogue.LONGEST)],
        description=_l("With whom, how often, on which ground."),
    )
    topic = IntegerField(
        _l("Number of the topic it is taken from"),
        [MayBeEmpty()],
    )

    def prepare(self) -> None:
        """Fill in what can be chosen."""
        self.obligation.choices = codes(scales.obligations())
        self.exclusion.choices = choices.listed(
            [("", _("It is consulted on")), *_pairs(scales.exclusions())]
        )

    def entry(self) -> catalogue.Entry:
        """Return what was entered."""
        return catalogue.Entry(
            title=self.title.data or "",
            obligation=self.obligation.data or "",
            exclusion=self.exclusion.data or "",
            words=self.words.data or "",
            topic_id=self.topic.data,
        )


def _pairs(found: Mapping[str, scales.Words]) -> list[tuple[str, str]]:
    return [(code, str(words)) for code, words in found.items()]
