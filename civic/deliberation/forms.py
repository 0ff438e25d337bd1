"""Forms of arguments, questions, answers and walls."""

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
    StringField,
    TextAreaField,
)

from civic.deliberation.rules import rules
from civic.deliberation.walls import Draft
from civic.deliberation.words import SIDES
from civic.kernel import choices, clock
from civic.kernel.moments import MINUTE


class KeyedForm(FlaskForm):  # type: ignore[misc]
    """Carry a key, so that a form sent twice is kept once."""

    form_key = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - as FlaskForm takes them
        """Make the key."""
        super().__init__(*args, **values)
        self.form_key.data = (self.form_key.data or secrets.token_hex(8))[:64]


class ArgumentForm(KeyedForm):
    """Ask for an argument."""

    side = RadioField(
        _l("Does it speak for it or against it?"),
        choices=choices.listed(tuple(SIDES.items())),
        validate_choice=False,
    )
    title = StringField(
        _l("Your argument in one sentence"),
        description=_l("One reason only. Everybody reads it under your masked name."),
    )
    words = TextAreaField(_l("What explains it"))


class QuestionForm(KeyedForm):
    """Ask for a question."""

    words = TextAreaField(
        _l("Your question"),
        description=_l("One question at a time. Everybody reads it under your masked name."),
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Ask for the answer of the office."""

    words = TextAreaField(
        _l("Answer, for everybody to read"),
        description=_l(
            "In plain words. It cannot be changed, only worded anew beside the old one."
        ),
    )
    reason = StringField(_l("Why the answer is worded anew"))


class WallForm(KeyedForm):
    """Ask for a wall."""

    title = StringField(
        _l("What the wall asks"), description=_l("One sentence that residents understand.")
    )
    items = TextAreaField(_l("What hangs on the wall, one a line"))
    dots = IntegerField(_l("Dots that each person has"), default=lambda: rules().dots)
    several = BooleanField(_l("Several dots of one person may be on one item"))
    closes_at = DateTimeLocalField(
        _l("Open until"),
        format=MINUTE,
        description=_l("Nobody sees a count before; then everybody does."),
    )

    def draft(self) -> Draft:
        """Return what was entered; an end that is missing is one that has passed."""
        return Draft(
            title=self.title.data or "",
            items=[line for line in (self.items.data or "").splitlines() if line.strip()],
            dots=self.dots.data or 0,
            several=bool(self.several.data),
            closes_at=clock.typed(self.closes_at.data) or clock.now(),
            form_key=self.form_key.data or "",
        )


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Ask why a wall is taken down."""

    reason = TextAreaField(_l("Why, for everybody to read"))
