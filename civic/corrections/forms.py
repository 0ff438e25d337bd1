"""Forms of correcting: what is wrong, what the office does about it, lessons, other rules."""

import re
import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp

from civic.corrections.models import Correction
from civic.corrections.rules import rules
from civic.kernel import choices
from civic.kernel.moments import MINUTE, meant
from civic.procedures.phrases import say

_NUMBERS = r"\s*(\d{1,7}([\s,，、]+\d{1,7})*)?\s*\Z"
MOST = 1_000_000


class RaiseForm(FlaskForm):  # type: ignore[misc]
    """Ask what is wrong with something."""

    kind = RadioField(_l("What is wrong with it?"), validate_choice=False)
    words = TextAreaField(
        _l("Say it in your words"),
        description=_l("What is wrong, and how you know. Everybody can read it. No names, please."),
    )
    as_post = BooleanField(_l("In the name of my office, without signatures"))
    form_key = HiddenField()

    def ask(self, target: str) -> "RaiseForm":
        """Offer what can be said against a kind of thing, under a key of its own."""
        known = rules().kinds
        self.kind.choices = choices.listed(
            (code, say(known[code].title)) for code in rules().kinds_of(target)
        )
        self.form_key.data = self.form_key.data or secrets.token_hex(8)
        return self


class AdmitForm(FlaskForm):  # type: ignore[misc]
    """Ask whether a correction is taken up, and whether the matter rests meanwhile."""

    how = RadioField(
        _l("Is it taken up?"),
        choices=choices.listed(
            (
                ("suspend", _l("Yes; the matter rests until the decision")),
                ("admit", _l("Yes; the matter goes on meanwhile")),
                ("refuse", _l("No")),
            )
        ),
        validate_choice=False,
    )
    code = SelectField(_l("If not, why"), validate_choice=False)
    reason = TextAreaField(_l("Reason, for everybody to read"))

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - as FlaskForm takes them
        """Offer the coded reasons."""
        super().__init__(*args, **values)
        known = ((code, say(text)) for code, text in rules().refusals.items())
        self.code.choices = choices.listed((("", "—"), *known))


class ExamineForm(FlaskForm):  # type: ignore[misc]
    """Ask what was found."""

    findings = TextAreaField(_l("What was found, for everybody to read"))
    admitted = StringField(
        _l("Numbers of rights that should not have been on the roll"),
        [Regexp(_NUMBERS, message=_l("Please write numbers with commas between them."))],
        description=_l("As the roll numbers them, for example 3, 17."),
    )
    excluded = IntegerField(
        _l("How many rights were left out"), [Optional(), NumberRange(0, MOST)], default=0
    )

    def errors_of_roll(self) -> dict[str, Any]:
        """Return what was wrong with the roll; only after validation."""
        numbers = sorted({int(one) for one in re.findall(r"\d+", self.admitted.data or "")})
        excluded = self.excluded.data or 0
        return {"admitted": numbers, "excluded": excluded} if numbers or excluded else {}


class ProposeForm(FlaskForm):  # type: ignore[misc]
    """Ask what is to follow."""

    effect = RadioField(_l("What follows"), validate_choice=False)
    reason = TextAreaField(_l("Reason of the decision"))
    note = TextAreaField(
        _l("Note for everybody"),
        description=_l("It stands on the original from then on; the original stays."),
    )
    title = StringField(_l("Corrected title"))
    body = TextAreaField(_l("Corrected text"))

    def ask(self, found: Correction) -> "ProposeForm":
        """Offer what can follow of a correction."""
        titles = rules().effects
        self.effect.choices = choices.listed(
            (code, say(titles[code])) for code in rules().effects_of(found.kind, found.target)
        )
        return self


class DecideForm(FlaskForm):  # type: ignore[misc]
    """Ask why whoever is answerable decides, where nobody else can."""

    alone = TextAreaField(_l("Why you decide although you are answerable for it"))


class LessonForm(FlaskForm):  # type: ignore[misc]
    """Ask for a lesson, without names."""

    attempt = TextAreaField(_l("What was tried, in good faith"))
    wrong = TextAreaField(_l("What went wrong"))
    lesson = TextAreaField(_l("What we do differently from now on"))
    public = BooleanField(_l("Everybody may read it"))
    form_key = HiddenField()


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """Ask for other words of a rule, and for when people speak and vote about them."""

    reason = TextAreaField(_l("Why the rule should change"))
    data_field = TextAreaField(
        _l("The whole rule as it should be"),
        description=_l("Change only what has to change. Faults are shown with their line."),
    )
    opens_at = DateTimeLocalField(
        _l("People can speak from"),
        [InputRequired(_l("Please enter a date and time.")), meant],
        format=MINUTE,
    )
    voting_opens_at = DateTimeLocalField(
        _l("The vote begins"),
        [InputRequired(_l("Please enter a date and time.")), meant],
        format=MINUTE,
    )
    closes_at = DateTimeLocalField(
        _l("It closes"), [InputRequired(_l("Please enter a date and time.")), meant], format=MINUTE
    )
