"""Forms of bodies, meetings, minutes and tasks."""

from datetime import date, datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic.api import choices, clock
from civic.api import lazy_gettext as _l
from civic_party import actions, bodies, deciding, meetings, minutes, seats, topics
from civic_party.meeting_models import CONSENSUS, NO_DECISION, VOTE
from civic_party.models import LAST_QUARTER

YES, NO = "yes", "no"
NEEDED = _l("Please fill this in.")
KEY = 40
MOST_VOTES = 999


def line(label: str, most: int, *, needed: bool = True, help: str = "") -> StringField:  # noqa: A002
    """Return a field of one line."""
    checks = [DataRequired(NEEDED)] if needed else []
    return StringField(
        label, [*checks, Length(max=most)], description=help, render_kw={"maxlength": most}
    )


def lines(
    label: str,
    most: int,
    *,
    rows: int = 4,
    needed: bool = True,
    help: str = "",  # noqa: A002
) -> TextAreaField:
    """Return a field of several lines."""
    checks = [DataRequired(NEEDED)] if needed else []
    kept = {"rows": rows, "maxlength": most}
    return TextAreaField(label, [*checks, Length(max=most)], description=help, render_kw=kept)


def day_of(field: DateField) -> date:
    """Return the day of a field that has to be filled in."""
    day: date | None = field.data
    assert day is not None  # noqa: S101 - the form asks for it
    return day


def moment_of(local: datetime | None) -> datetime:
    """Return the moment that a field of local time names."""
    assert local is not None  # noqa: S101 - the form asks for it
    return local.replace(tzinfo=clock.ZONE)


class BodyForm(FlaskForm):  # type: ignore[misc] # Flask-WTF promises no types
    """Ask what a body is."""

    kind = RadioField(_l("What kind of body it is"), [InputRequired(NEEDED)])
    title = line(_l("Name of the body"), bodies.LONGEST_TITLE)
    parent = SelectField(_l("Below which body"), [Optional()], coerce=int, default=0)
    begins_on = DateField(_l("First day of its term"), [InputRequired(NEEDED)])
    ends_on = DateField(_l("Last day of its term"), [Optional()])
    about = lines(_l("What it is for"), 1000, needed=False)


class CharterForm(FlaskForm):  # type: ignore[misc]
    """Ask for a version of the charter."""

    text = lines(_l("The charter"), bodies.LONGEST_TEXT, rows=12)
    adopted_on = DateField(_l("Adopted on"), [InputRequired(NEEDED)])
    last = HiddenField(default="0")


class SeatForm(FlaskForm):  # type: ignore[misc]
    """Ask which unit or office gets a seat."""

    unit = SelectField(_l("Unit"), coerce=int, default=0)
    office = line(_l("Or an office that is no unit of the site"), seats.LONGEST, needed=False)


class FillForm(FlaskForm):  # type: ignore[misc]
    """Ask who fills a seat."""

    person = SelectField(_l("Account"), coerce=int, default=0)
    name = line(
        _l("Name, where there is no account"),
        seats.LONGEST,
        needed=False,
        help=_l("Only the office and the units of the body read it."),
    )
    title = line(_l("What they are in their unit"), seats.LONGEST, needed=False)


class SwapForm(FlaskForm):  # type: ignore[misc]
    """Ask which quarters change their chairs."""

    first = SelectField(_l("One quarter"), coerce=int)
    second = SelectField(_l("The other quarter"), coerce=int)
    reason = line(_l("Why"), bodies.LONGEST_TITLE)


class CallForm(FlaskForm):  # type: ignore[misc]
    """Ask when and where a meeting is."""

    starts_at = DateTimeLocalField(_l("Day and time of the meeting"), [InputRequired(NEEDED)])
    place = line(_l("Place"), meetings.LONGEST_PLACE)
    form_key = HiddenField(validators=[Length(max=KEY)])


class TopicForm(FlaskForm):  # type: ignore[misc]
    """Ask for a topic."""

    seat = SelectField(_l("Proposed for"), coerce=int)
    title = line(_l("Topic"), topics.LONGEST_TITLE)
    text = lines(_l("What it is about, and what you suggest"), topics.LONGEST_TEXT, needed=False)
    form_key = HiddenField(validators=[Length(max=KEY)])


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """Ask what was decided, and how."""

    words = lines(_l("What the meeting decided"), deciding.LONGEST)
    way = RadioField(
        _l("How"),
        [InputRequired(NEEDED)],
        choices=choices(
            [
                (CONSENSUS, _l("All agree")),
                (VOTE, _l("By a vote")),
                (NO_DECISION, _l("No decision: talked about only")),
            ]
        ),
    )
    agree = IntegerField(_l("Units for it"), [Optional(), NumberRange(0, MOST_VOTES)])
    against = IntegerField(_l("Units against it"), [Optional(), NumberRange(0, MOST_VOTES)])
    abstained = IntegerField(_l("Units that abstain"), [Optional(), NumberRange(0, MOST_VOTES)])

    def votes(self) -> deciding.Votes | None:
        """Return the votes, where all three numbers are written."""
        numbers = (self.agree.data, self.against.data, self.abstained.data)
        if None in numbers:
            return None
        return deciding.Votes(*(int(number or 0) for number in numbers))


class TaskForm(FlaskForm):  # type: ignore[misc]
    """Ask for a task."""

    title = line(_l("What is to be done"), actions.LONGEST_TITLE)
    owner = SelectField(_l("Who does it"), coerce=int)
    helpers = SelectMultipleField(
        _l("Who helps"), coerce=int, widget=ListWidget(), option_widget=CheckboxInput()
    )
    due_on = DateField(_l("By when"), [InputRequired(NEEDED)])
    form_key = HiddenField(validators=[Length(max=KEY)])


class MinutesForm(FlaskForm):  # type: ignore[misc]
    """Ask for what was said."""

    opinions = lines(
        _l("What was said at the meeting"),
        minutes.LONGEST,
        rows=12,
        help=_l("Attendance, decisions and tasks stand in the minutes by themselves."),
    )
    seen = HiddenField(default="0")


class RemarkForm(FlaskForm):  # type: ignore[misc]
    """Ask what a unit says to the draft."""

    words = lines(
        _l("What should be changed?"),
        minutes.LONGEST_REMARK,
        needed=False,
        help=_l("Leave it empty if your unit agrees."),
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Ask for the answer to a comment."""

    adopted = RadioField(
        _l("Is it adopted?"),
        [InputRequired(NEEDED)],
        choices=choices([(YES, _l("Yes, it is changed")), (NO, _l("No, it stays"))]),
    )
    words = lines(_l("What is changed, or why not"), minutes.LONGEST_REMARK, rows=3)


class ReportForm(FlaskForm):  # type: ignore[misc]
    """Ask how far a task is."""

    words = lines(
        _l("How far it is, and what shows it"),
        actions.LONGEST_WORDS,
        help=_l("Who reads agendas and minutes reads this. Please write no telephone number."),
    )
    finished = BooleanField(_l("It is done; the office may check it"))


class CheckForm(FlaskForm):  # type: ignore[misc]
    """Ask whether a task is done."""

    done = RadioField(
        _l("Is it done?"),
        [InputRequired(NEEDED)],
        choices=choices([(YES, _l("Yes, it is done")), (NO, _l("Not yet"))]),
    )
    words = lines(_l("What is still missing"), actions.LONGEST_WORDS, rows=3, needed=False)


def number(text: Any) -> int:  # noqa: ANN401 - what a form or an address holds
    """Return a number that somebody sent, 0 where it is none or longer than any here."""
    text = str(text or "").strip()
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_QUARTER)) + 5
    return int(text) if digits else 0
