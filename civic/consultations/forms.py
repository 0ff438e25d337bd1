"""Forms of a consultation: what the office asks, and what people say."""

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from civic.consultations import speaking, statements
from civic.consultations.models import Consultation
from civic.consultations.services import Draft
from civic.identities.kinds import AUDIENCES
from civic.kernel import choices, clock, moments
from civic.kernel.moments import MINUTE, meant


class DraftForm(FlaskForm):  # type: ignore[misc]
    """Ask the office for a whole consultation."""

    title = StringField(
        _l("The question"),
        [InputRequired(_l("Please write the question.")), Length(max=80)],
        description=_l("One sentence that residents understand, at most 80 characters."),
    )
    background = TextAreaField(
        _l("What it is about"),
        [InputRequired(_l("Please say what it is about.")), Length(max=20000)],
        description=_l("Why now, what it costs, what happens afterwards. Markdown works."),
    )
    audience = SelectMultipleField(
        _l("Who is asked"),
        choices=choices.listed(AUDIENCES.items()),
        validate_choice=False,  # the service refuses it, in the reader's language
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
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
        _l("Everything closes"),
        [InputRequired(_l("Please enter a date and time.")), meant],
        format=MINUTE,
    )
    question = StringField(
        _l("The question on the ballot"),
        [InputRequired(_l("Please write the question on the ballot.")), Length(max=120)],
    )
    options = TextAreaField(
        _l("Options on the ballot, one a line"),
        [InputRequired(_l("Please give 2 to 12 options, one a line."))],
        description=_l("Abstaining is always possible and need not be listed."),
    )

    checked = RadioField(
        _l("When is what people write checked?"),
        default="after",
        choices=choices.listed(
            [
                ("after", _l("Afterwards: it stands at once, and is looked at when reported")),
                ("before", _l("Before: it stands when the office has checked it")),
            ]
        ),
        description=_l("The page says which. Choose “before” only where it is needed."),
    )

    def draft(self) -> Draft:
        """Return what was entered; only after validation."""
        return Draft(
            title=self.title.data or "",
            background=self.background.data or "",
            audience=self.audience.data or [],
            opens_at=moments.of(self.opens_at),
            voting_opens_at=moments.of(self.voting_opens_at),
            closes_at=moments.of(self.closes_at),
            question=self.question.data or "",
            options=[line for line in (self.options.data or "").splitlines() if line.strip()],
            checked_first=self.checked.data == "before",
        )

    @classmethod
    def of(cls, consultation: Consultation, options: list[str]) -> "DraftForm":
        """Return the form filled with a draft."""
        assert consultation.ballot is not None  # noqa: S101 - drafts have one
        assert consultation.voting_opens_at is not None  # noqa: S101 - drafts have one
        return cls(
            title=consultation.title,
            background=consultation.background,
            audience=consultation.audience,
            opens_at=clock.local(consultation.opens_at),
            voting_opens_at=clock.local(consultation.voting_opens_at),
            closes_at=clock.local(consultation.closes_at),
            question=consultation.ballot.question,
            options="\n".join(options),
            checked="before" if consultation.checked_first else "after",
        )


class AttachmentForm(FlaskForm):  # type: ignore[misc]
    """Ask for a file."""

    file = FileField(
        _l("A picture, PDF, Word or Excel file"),
        [FileRequired(_l("Please choose a file first."))],
        description=_l("At most 10 MB. Places and devices are taken out of pictures."),
    )


class CommentForm(FlaskForm):  # type: ignore[misc]
    """Ask what somebody thinks."""

    words = TextAreaField(
        _l("Your opinion"),
        render_kw={"maxlength": speaking.LONGEST},
        description=_l("Say why, and respect others. At most 2000 characters."),
    )
    official = BooleanField(_l("Answer in the name of the office"))
    form_key = HiddenField(default=lambda: secrets.token_urlsafe(12))


class OfferForm(FlaskForm):  # type: ignore[misc]
    """Ask for a statement."""

    words = StringField(
        _l("Your statement"),
        render_kw={"maxlength": statements.LONGEST},
        description=_l("One thought in one sentence, at most 140 characters."),
    )
