"""Forms of the registry, of calls, of the panel and of awards."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from civic.api import choices, moments, money
from civic.api import lazy_gettext as _l
from civic_incubator import imports
from civic_incubator.questions import KINDS
from civic_incubator.words import titles

LONG, SHORT, MOST_TEXT = 1000, 60, 3000
YES, NO = "yes", "no"
NEEDED = _l("Please fill this in.")


def amount(_form: FlaskForm, field: Field) -> None:
    """Refuse what is no amount in yuan; raise `ValidationError`."""
    if not money.read(field.data or ""):
        message = _l("Please write an amount in yuan, such as 12000 or 12000.50.")
        raise ValidationError(message)


class ProposeForm(FlaskForm):  # type: ignore[misc] # Flask-WTF promises no types
    """Ask about an organisation."""

    name = StringField(
        _l("Name of the organisation"),
        [DataRequired(NEEDED), Length(max=imports.LONGEST_NAME)],
        render_kw={"maxlength": imports.LONGEST_NAME},
    )
    kind = RadioField(_l("Class of the organisation"), [InputRequired(NEEDED)])
    people = IntegerField(
        _l("How many people take part"),
        [InputRequired(NEEDED), NumberRange(1, imports.MOST_PEOPLE)],
        render_kw={"inputmode": "numeric"},
    )
    about = TextAreaField(
        _l("What it does, in a few sentences"),
        [DataRequired(NEEDED), Length(max=imports.LONGEST_ABOUT)],
        description=_l("Everybody reads this. Please write no telephone number."),
        render_kw={"rows": 4, "maxlength": imports.LONGEST_ABOUT},
    )

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - as WTForms takes them
        super().__init__(**values)
        self.kind.choices = choices(titles("registry", "class").items())


class FileForm(FlaskForm):  # type: ignore[misc]
    """Ask where an organisation stands."""

    status = RadioField(_l("Status"), [InputRequired(NEEDED)])
    number = StringField(
        _l("Number of the filing"),
        [Length(max=imports.LONGEST_NUMBER)],
        render_kw={"maxlength": imports.LONGEST_NUMBER},
    )
    since = DateField(_l("Date of the filing"), [Optional(), moments.meant])

    def __init__(self, **values: Any) -> None:  # noqa: ANN401
        super().__init__(**values)
        self.status.choices = choices(titles("registry", "status").items())


class JoinForm(FlaskForm):  # type: ignore[misc]
    """Ask for the code of an organisation."""

    code = StringField(
        _l("Code of your organisation"),
        [DataRequired(NEEDED), Length(max=20)],
        render_kw={"autocapitalize": "characters", "autocomplete": "off"},
    )


class CallForm(FlaskForm):  # type: ignore[misc]
    """Ask what a call is for, how much there is, and until when."""

    title = StringField(
        _l("Title"), [DataRequired(NEEDED), Length(max=SHORT)], render_kw={"maxlength": SHORT}
    )
    text = TextAreaField(
        _l("What it is for, and who can apply"),
        [DataRequired(NEEDED), Length(max=MOST_TEXT)],
        render_kw={"rows": 6, "maxlength": MOST_TEXT},
    )
    opens_at = DateTimeLocalField(_l("Opens"), [InputRequired(NEEDED), moments.meant])
    closes_at = DateTimeLocalField(
        _l("Last moment to hand in"), [InputRequired(NEEDED), moments.meant]
    )
    pot = StringField(
        _l("Yuan for all projects together"), [amount], render_kw={"inputmode": "decimal"}
    )
    most = StringField(
        _l("Yuan for one project at most"), [amount], render_kw={"inputmode": "decimal"}
    )
    expert_weight = IntegerField(
        _l("Weight of the experts’ score, in percent"),
        [InputRequired(NEEDED), NumberRange(0, 100)],
        description=_l("The rest is the weight of the residents’ score."),
        render_kw={"inputmode": "numeric"},
    )

    def values(self) -> dict[str, Any]:
        """Return what a call is made of."""
        weight = int(self.expert_weight.data or 0)
        return {
            "title": (self.title.data or "").strip(),
            "text": (self.text.data or "").strip(),
            "opens_at": moments.of(self.opens_at),
            "closes_at": moments.of(self.closes_at),
            "pot": money.read(self.pot.data or "") or 0,
            "most": money.read(self.most.data or "") or 0,
            "expert_weight": weight,
            "resident_weight": 100 - weight,
        }


class NewCallForm(CallForm):
    """Ask besides which questions a new call begins with."""

    form = RadioField(_l("Questions to begin with"), [InputRequired(NEEDED)], default="general")

    def __init__(self, **values: Any) -> None:  # noqa: ANN401
        super().__init__(**values)
        self.form.choices = choices(titles("calls", "form").items())


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """Ask for one more question."""

    words = StringField(
        _l("Question"), [DataRequired(NEEDED), Length(max=100)], render_kw={"maxlength": 100}
    )
    kind = SelectField(
        _l("How it is answered"), [InputRequired(NEEDED)], choices=choices(KINDS.items())
    )
    options = TextAreaField(
        _l("Answers to choose from, one on each line"), [Length(max=500)], render_kw={"rows": 3}
    )
    optional = BooleanField(_l("May be left empty"))


class ScreenForm(FlaskForm):  # type: ignore[misc]
    """Ask whether an application goes on to the panel."""

    passed = RadioField(
        _l("Does it go on to the panel?"),
        [InputRequired(NEEDED)],
        choices=choices([(YES, _l("Yes, it is complete")), (NO, _l("No"))]),
    )
    reason = TextAreaField(
        _l("If not: why?"), [Length(max=LONG)], render_kw={"rows": 3, "maxlength": LONG}
    )


class ObjectionForm(FlaskForm):  # type: ignore[misc]
    """Ask what is wrong with a list of awards."""

    text = TextAreaField(
        _l("What is wrong with the list, and why?"),
        [DataRequired(NEEDED), Length(max=LONG)],
        description=_l("Staff read it. The answer stands on the list; your name does not."),
        render_kw={"rows": 4, "maxlength": LONG},
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Ask for the answer to an objection."""

    upheld = RadioField(
        _l("Is the objection right?"),
        [InputRequired(NEEDED)],
        choices=choices(
            [(YES, _l("Yes, the list will be drawn up anew")), (NO, _l("No, the list stays"))]
        ),
    )
    text = TextAreaField(
        _l("Answer with its reasons"),
        [DataRequired(NEEDED), Length(max=LONG)],
        description=_l("Everybody reads this. Please name nobody."),
        render_kw={"rows": 4, "maxlength": LONG},
    )


class RequestForm(FlaskForm):  # type: ignore[misc]
    """Guard a button alone."""
