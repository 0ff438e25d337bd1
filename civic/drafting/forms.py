"""Forms of a text that is drafted together."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)

from civic.drafting.answering import Answer
from civic.drafting.commenting import Said
from civic.drafting.models import TextDraft
from civic.drafting.words import VERDICTS
from civic.kernel import choices, clock
from civic.kernel.numbers import identifier


class CommentForm(FlaskForm):  # type: ignore[misc]
    """Ask what somebody thinks of a paragraph, and how it should read."""

    form_key = HiddenField()
    version = HiddenField()
    words = TextAreaField(
        _l("What you think of it"), description=_l("Everybody can read it. No names, please.")
    )
    wording = TextAreaField(
        _l("How it should read"),
        description=_l("Only if you would like to word it differently."),
    )

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - as FlaskForm takes them
        """Make the key."""
        super().__init__(*args, **values)
        self.form_key.data = (self.form_key.data or secrets.token_hex(8))[:40]

    def said(self, paragraph: int) -> Said:
        """Return what was written about a paragraph."""
        return Said(
            version=identifier(self.version.data or "") or 0,
            paragraph=paragraph,
            words=self.words.data or "",
            wording=self.wording.data or "",
        )


class WriteForm(FlaskForm):  # type: ignore[misc]
    """Ask the office for the text."""

    revision = HiddenField()
    title = StringField(_l("Title"))
    body = TextAreaField(
        _l("The text"),
        description=_l("A blank line begins a new paragraph; paragraphs are numbered."),
    )

    def fill(self, found: TextDraft | None) -> None:
        """Show what is written."""
        self.revision.data = str(found.revision) if found else "0"
        if found is not None:
            self.title.data, self.body.data = found.title, found.body

    def seen(self) -> int:
        """Return the revision that the form was filled from."""
        return identifier(self.revision.data or "") or 0


class UntilForm(FlaskForm):  # type: ignore[misc]
    """Ask until when comments are heard."""

    until = DateField(_l("People comment until the end of"))

    def fill(self, end: datetime | None) -> None:
        """Show the day at whose midnight something ends."""
        self.until.data = None if end is None else clock.local(end - timedelta(seconds=1)).date()

    def end(self) -> datetime | None:
        """Return the midnight at which the chosen day ends, or None where nothing was entered.

        What is no day that can be meant is one that has passed, so that nobody takes it.
        """
        if not any(self.until.raw_data or ()):
            return None
        return clock.end_of(self.until.data) or clock.now()


class PublishForm(UntilForm):
    """Ask how a version is published."""

    revision = HiddenField()
    note = TextAreaField(
        _l("What is different from the version before"),
        description=_l("In a few words, for those who have read that one."),
    )

    def seen(self) -> int:
        """Return the revision that the page showed."""
        return identifier(self.revision.data or "") or 0


class GatherForm(FlaskForm):  # type: ignore[misc]
    """Ask into which cluster comments go."""

    cluster = SelectField(_l("Cluster"), validate_choice=False)
    title = StringField(
        _l("Name of a new cluster"),
        description=_l("What these comments say, in one sentence. Everybody reads it."),
    )

    def offer(self, clusters: Iterable[tuple[int, str]]) -> None:
        """Offer the clusters that there are."""
        known = [(str(key), title) for key, title in clusters]
        self.cluster.choices = choices.listed([("", _l("A new one")), *known])


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Ask for the answer to a comment or a cluster."""

    seen = HiddenField()
    verdict = RadioField(
        _l("Answer"), choices=choices.listed(tuple(VERDICTS.items())), validate_choice=False
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Needed unless all of it is adopted. Everybody reads it."),
    )
    done = BooleanField(_l("The newest version has this change already"))

    def answer(self) -> Answer:
        """Return what was answered."""
        return Answer(
            verdict=self.verdict.data or "",
            reason=self.reason.data or "",
            seen=identifier(self.seen.data or "") or 0,
            done=bool(self.done.data),
        )
