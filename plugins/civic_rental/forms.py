"""Forms of conversions: what they are, what is on record, opinions of offices."""

import secrets
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic.api import choices, identifier, moments, plain
from civic.api import lazy_gettext as _l
from civic_rental.words import data, titles

NEEDED = _l("Please fill this in.")
TOO_LONG = _l("This is longer than %(max)d characters.")
SHORT, NUMBER, LONG, MOST_HOMES = 80, 60, 1000, 1000


def _seen(_form: FlaskForm, field: Field) -> None:
    """Refuse what nobody sees; raise `ValidationError`."""
    if not plain(field.data or ""):
        raise ValidationError(str(NEEDED))


def line(label: Any, most: int = SHORT, *, needed: bool = True, help: Any = "") -> StringField:  # noqa: A002, ANN401 - as WTForms takes them
    """Return a field for one line of text."""
    first = [DataRequired(NEEDED), _seen] if needed else []
    checks = [*first, Length(max=most, message=TOO_LONG)]
    return StringField(label, checks, description=help, render_kw={"maxlength": most})


def lines(label: Any, most: int = LONG, *, needed: bool = True, help: Any = "") -> TextAreaField:  # noqa: A002, ANN401
    """Return a field for several lines of text."""
    first = [DataRequired(NEEDED)] if needed else []
    checks = [*first, Length(max=most, message=TOO_LONG)]
    kept = {"maxlength": most, "rows": 3}
    return TextAreaField(label, checks, description=help, render_kw=kept)


def typed(field: StringField) -> str:
    """Return what was typed into a line, without what cannot be seen."""
    return plain(field.data or "")


class Several(SelectMultipleField):
    """Offer several things to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class KeyedForm(FlaskForm):  # type: ignore[misc] # Flask-WTF promises no types
    """Carry a key, so that a form sent twice is kept once."""

    form_key = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401
        """Make the key."""
        super().__init__(*args, **values)
        self.form_key.data = (self.form_key.data or secrets.token_hex(8))[:64]


class ChangingForm(KeyedForm):
    """Carry besides the version that was read, so that nobody writes over words of another."""

    version = HiddenField()

    def read(self) -> int:
        """Return the version that was read; 0 for none."""
        return identifier(self.version.data or "") or 0


class ConversionForm(ChangingForm):
    """Ask what a conversion is."""

    title = line(_l("Name of the project"), 60)
    building = line(
        _l("Address, down to the building"),
        120,
        help=_l("Everybody reads this. Doors are written down at the homes, and shown to nobody."),
    )
    old_use = RadioField(_l("What it has been"), [InputRequired(NEEDED)])
    kind = RadioField(_l("What it becomes"), [InputRequired(NEEDED)])
    operator = line(_l("Who runs the homes"), 80, help=_l("The firm, as in its licence."))
    about = lines(_l("What is converted, and for whom"), 2000, needed=False)

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **values)
        self.old_use.choices = choices(titles("conversion", "old_use").items())
        self.kind.choices = choices(titles("homes", "kind").items())

    def values(self) -> dict[str, Any]:
        """Return what the conversion is then."""
        return {
            "title": typed(self.title),
            "building": typed(self.building),
            "old_use": self.old_use.data,
            "kind": self.kind.data,
            "operator": typed(self.operator),
            "about": (self.about.data or "").strip(),
        }


class FactsForm(FlaskForm):  # type: ignore[misc]
    """Ask what is so in the building."""

    facts = Several(_l("What is so in the building"))

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **values)
        self.facts.choices = choices(titles("conversion", "fact").items())


class PartnerForm(FlaskForm):  # type: ignore[misc]
    """Ask for a unit, and how many homes it needs."""

    name = line(_l("Name of the unit"), 60)
    homes = IntegerField(
        _l("Homes it needs"),
        [InputRequired(NEEDED), NumberRange(1, MOST_HOMES)],
        render_kw={"inputmode": "numeric"},
    )


#: Records with which a case can be named.
WITH_CASE = frozenset(row["code"] for row in data("conversion")["record"] if row.get("case"))


class RecordForm(FlaskForm):  # type: ignore[misc]
    """Ask for one thing to be put on record."""

    code = SelectField(_l("What is recorded"), [InputRequired(NEEDED)])
    number = line(
        _l("Number of the paper"), NUMBER, needed=False, help=_l("Empty where the paper has none.")
    )
    day = DateField(_l("Date"), [Optional(), moments.meant])
    words = lines(_l("In a few words"), needed=False)
    case = line(
        _l("Case on this site in which people are heard"),
        200,
        needed=False,
        help=_l(
            "Its address or number, where there is one; only for how neighbours and owners were "
            "heard. Leave it empty where they were heard on paper."
        ),
    )

    def __init__(self, codes: Any, *args: Any, **values: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **values)
        names = titles("conversion", "record")
        if not any(code in WITH_CASE for code in codes):
            del self.case
        self.code.choices = choices((code, names[code]) for code in codes)


class OpinionForm(FlaskForm):  # type: ignore[misc]
    """Ask for the opinion of an office."""

    office = SelectField(_l("Which office"), [InputRequired(NEEDED)])
    opinion = RadioField(_l("Opinion"), [InputRequired(NEEDED)])
    words = lines(
        _l("The condition, or the reason"),
        needed=False,
        help=_l("Needed unless the office passes it. Say it so that it can be checked."),
    )

    def __init__(self, offices: Any, *args: Any, **values: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **values)
        names = titles("conversion", "office")
        self.office.choices = choices((code, names[code]) for code in offices)
        self.opinion.choices = choices(titles("conversion", "opinion").items())


class LetterForm(OpinionForm):
    """Ask besides for the letter in which the office wrote it."""

    letter = line(_l("Number of the letter"), NUMBER)


class WordsForm(FlaskForm):  # type: ignore[misc]
    """Ask for a few words, where they are needed."""

    words = lines(_l("Reason"), needed=False)


class RequestForm(FlaskForm):  # type: ignore[misc]
    """Guard a button alone."""
