"""Forms of what comes of a case."""

import re
import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from civic.kernel import choices, clock
from civic.outcomes.carrying_out import Plan
from civic.outcomes.models import Resolution
from civic.outcomes.resolutions import Draft
from civic.outcomes.words import VERDICTS

_CAME = re.compile(r"^\s*[-–—×xX]\s*")


class KeyedForm(FlaskForm):  # type: ignore[misc]
    """Carry a key, so that a form sent twice is kept once."""

    form_key = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - as FlaskForm takes them
        """Make the key."""
        super().__init__(*args, **values)
        self.form_key.data = (self.form_key.data or secrets.token_hex(8))[:64]


class ObjectForm(KeyedForm):
    """Ask what is wrong with a resolution."""

    words = TextAreaField(
        _l("What should be different, and why"),
        description=_l("Everybody can read it under your masked name. No names, please."),
    )


class RateForm(FlaskForm):  # type: ignore[misc]
    """Ask whether it is solved."""

    verdict = RadioField(
        _l("Is it solved?"),
        choices=choices.listed(tuple(VERDICTS.items())),
        validate_choice=False,
    )
    words = TextAreaField(
        _l("What is good, what is missing"),
        description=_l("Shown without your name. No names of others, please."),
    )


class WriteForm(FlaskForm):  # type: ignore[misc]
    """Ask for the words of a resolution."""

    title = StringField(_l("Title"))
    body = TextAreaField(_l("Text of the resolution"))
    outcome = TextAreaField(_l("What was decided"))
    invited = TextAreaField(
        _l("Bodies and organisations that were invited"),
        description=_l("One on each line. A hyphen before those that did not come."),
    )
    contact = StringField(
        _l("Where one objects"),
        description=_l("An office with its telephone number or address."),
    )

    def fill(self, found: Resolution) -> None:
        """Show what is written."""
        self.title.data, self.body.data = found.title, found.body
        self.outcome.data, self.contact.data = found.outcome, found.contact
        named = found.invited.get("named", [])
        self.invited.data = "\n".join(name if came else f"- {name}" for name, came in named)

    def draft(self) -> Draft:
        """Return what was written."""
        lines = [line for line in (self.invited.data or "").splitlines() if line.strip()]
        named = {_CAME.sub("", line).strip()[:200]: _CAME.match(line) is None for line in lines}
        return Draft(
            title=self.title.data or "",
            body=self.body.data or "",
            outcome=self.outcome.data or "",
            contact=self.contact.data or "",
            invited={name: came for name, came in named.items() if name},
        )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Ask for the answer to an objection."""

    words = TextAreaField(_l("Answer, for everybody to read"))
    alone = TextAreaField(_l("Why you answer although you wrote the resolution"))


class PlanForm(KeyedForm):
    """Ask for a task."""

    title = StringField(_l("What is done"))
    body = StringField(_l("Responsible body or office"))
    helpers = StringField(_l("Who helps"))
    due = DateField(_l("By when"), [InputRequired(_l("Please choose a date."))])
    weight = IntegerField(
        _l("Weight"),
        description=_l("How much of the whole it is, beside the other tasks: 1 to 100."),
        default=1,
    )

    def plan(self) -> Plan:
        """Return what was planned; the date ends at its midnight.

        A date that nobody can mean is one that has passed, so that it is refused.
        """
        return Plan(
            title=self.title.data or "",
            body=self.body.data or "",
            helpers=self.helpers.data or "",
            due_at=clock.end_of(self.due.data) or clock.now(),
            weight=self.weight.data or 0,
            form_key=self.form_key.data or "",
        )


class ReportForm(KeyedForm):
    """Ask how far a task is."""

    progress = IntegerField(_l("How far is it? 0 to 100"))
    words = TextAreaField(
        _l("What was done, and what shows it"),
        description=_l("Everybody can read it: dates, places, numbers of documents. No names."),
    )
