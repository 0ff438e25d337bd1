"""Forms of events."""

import secrets
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from civic.api import choices, clock, moments, plain
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_events.kinds import ACCEPT, AUDIENCES, FACTS, PLAN, REFUSE, RETURN

MOST_PEOPLE, MOST_QUESTIONS = 100_000, 5
_LONG = _l("This is longer than %(max)d characters.")


def _text(label: Any, most: int, **more: Any) -> StringField:  # noqa: ANN401 - as WTForms takes them
    needed = [DataRequired(_l("Please fill this in."))] if more.pop("needed", True) else []
    return StringField(label, [*needed, Length(max=most, message=_LONG)], **more)


class Several(SelectMultipleField):
    """Offer several things to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class KeyedForm(FlaskForm):  # type: ignore[misc] # Flask-WTF promises no types
    """Carry a key, so that a form sent twice is kept once."""

    form_key = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - as FlaskForm takes them
        """Make the key."""
        super().__init__(*args, **values)
        self.form_key.data = (self.form_key.data or secrets.token_hex(8))[:64]


class ActivityForm(KeyedForm):
    """Ask what the event is, and what its filing has to say."""

    title = _text(_l("Name of the event"), 80)
    text = TextAreaField(
        _l("What happens, and what to bring"),
        [Length(max=4000, message=_LONG)],
        render_kw={"rows": 5},
    )
    place = _text(_l("Place"), 120)
    starts_at = DateTimeLocalField(
        _l("Begins"),
        [InputRequired(_l("Please give day and time.")), moments.meant],
        format="%Y-%m-%dT%H:%M",
    )
    ends_at = DateTimeLocalField(
        _l("Ends"),
        [InputRequired(_l("Please give day and time.")), moments.meant],
        format="%Y-%m-%dT%H:%M",
    )
    audience = RadioField(_l("For whom"), choices=choices(AUDIENCES.items()), default="participant")
    expected = IntegerField(
        _l("How many people are expected at most"),
        [InputRequired(_l("Please give a number.")), NumberRange(1, MOST_PEOPLE)],
        description=_l("All who are there at one time, staff included. Rules go by this number."),
    )
    capacity = IntegerField(
        _l("Places for which one signs up"),
        [NumberRange(0, MOST_PEOPLE)],
        default=0,
        description=_l("0 where everybody may just come."),
    )
    most = IntegerField(
        _l("How many people one person may sign up"), [NumberRange(1, 50)], default=4
    )
    questions = TextAreaField(
        _l("Questions to who signs up"),
        description=_l("One on each line, five at most. Ask for nothing that is not needed."),
        render_kw={"rows": 3},
    )
    organiser = _text(_l("Who organises it"), 80)
    lead = _text(_l("Who answers for safety"), 80, needed=False)
    facts = Several(_l("What is so"), choices=choices(FACTS.items()))
    plan = Several(
        _l("What the safety plan has"),
        choices=choices(PLAN.items()),
        description=_l("Only events that need a permit of the police have to have all nine."),
    )

    def validate_ends_at(self, field: DateTimeLocalField) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("The end comes after the beginning."))

    def validate_capacity(self, field: IntegerField) -> None:
        """Refuse more places than people."""
        if field.data and self.expected.data and field.data > self.expected.data:
            message = _("Not more places than people expected: %(most)d.", most=self.expected.data)
            raise ValidationError(message)

    def validate_questions(self, _field: TextAreaField) -> None:
        """Refuse too many, and too long ones."""
        asked = self.asked()
        if len(asked) > MOST_QUESTIONS or any(len(each) > 80 for each in asked):  # noqa: PLR2004
            raise ValidationError(_("At most five questions, of 80 characters each."))

    def asked(self) -> list[str]:
        """Return the questions."""
        lines = (self.questions.data or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def values(self) -> dict[str, Any]:
        """Return what the event is then."""
        return {
            "title": plain(self.title.data or ""),
            "text": (self.text.data or "").strip(),
            "place": plain(self.place.data or ""),
            "starts_at": moments.of(self.starts_at),
            "ends_at": moments.of(self.ends_at),
            "audience": self.audience.data,
            "expected": self.expected.data,
            "capacity": self.capacity.data or 0,
            "most": self.most.data or 1,
            "questions": self.asked(),
            "organiser": plain(self.organiser.data or ""),
            "lead": plain(self.lead.data or ""),
            "facts": list(self.facts.data or []),
            "plan": list(self.plan.data or []),
        }


def of_row(row: Any) -> ActivityForm:  # noqa: ANN401 - an event
    """Return the form of an event as it is, or as it was typed."""
    names = ("title", "text", "place", "audience", "expected", "capacity", "most")
    values = {name: getattr(row, name) for name in (*names, "organiser", "lead", "facts", "plan")}
    return ActivityForm(
        **values,
        starts_at=clock.local(row.starts_at),
        ends_at=clock.local(row.ends_at),
        questions="\n".join(row.questions),
        form_key=row.form_key,
    )


class SignUpForm(FlaskForm):  # type: ignore[misc]
    """Ask how many come, and what the organisers want to know."""

    places = IntegerField(
        _l("How many people, you included?"),
        [InputRequired(_l("Please give a number."))],
        default=1,
    )


class DecideForm(FlaskForm):  # type: ignore[misc]
    """Ask what becomes of a filing."""

    act = RadioField(
        _l("Decision"),
        [InputRequired(_l("Please choose one."))],
        choices=choices(
            [
                (ACCEPT, _l("Accept it")),
                (RETURN, _l("Send it back to be changed")),
                (REFUSE, _l("Refuse it")),
            ]
        ),
    )
    words = TextAreaField(
        _l("Reason"),
        [Length(max=500, message=_LONG)],
        description=_l("The organisers read it. Needed unless you accept."),
        render_kw={"rows": 3},
    )


class PermitForm(FlaskForm):  # type: ignore[misc]
    """Ask for the permit of the police."""

    number = _text(_l("Number of the permit"), 60)
    office = _text(_l("Office that gave it"), 60)


class CancelForm(FlaskForm):  # type: ignore[misc]
    """Ask why an event is called off."""

    words = TextAreaField(
        _l("Why is it called off?"),
        [DataRequired(_l("Please give the reason: all who signed up read it."))],
        render_kw={"rows": 3},
    )


class RateForm(FlaskForm):  # type: ignore[misc]
    """Ask how it was."""

    stars = RadioField(
        _l("How was it?"),
        [InputRequired(_l("Please choose one."))],
        choices=choices(
            [
                ("5", _l("Very good")),
                ("4", _l("Good")),
                ("3", _l("So-so")),
                ("2", _l("Not good")),
                ("1", _l("Bad")),
            ]
        ),
    )
    words = TextAreaField(
        _l("What was good, what was missing?"),
        [Length(max=500, message=_LONG)],
        description=_l("Shown without your name. No names of others, please."),
        render_kw={"rows": 3},
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """Ask for the code that somebody shows."""

    code = _text(_l("Entrance code"), 12)


class AdmitForm(FlaskForm):  # type: ignore[misc]
    """Ask how many come in."""

    heads = IntegerField(
        _l("How many come in?"), [InputRequired(_l("Please give a number."))], default=1
    )
    nonce = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - as FlaskForm takes them
        """Make what tells a form that is sent again."""
        super().__init__(*args, **values)
        self.nonce.data = (self.nonce.data or secrets.token_hex(8))[:64]
