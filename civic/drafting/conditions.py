"""What has to hold of a text before a case moves on, and before the text is closed."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, func, select

from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.drafting import held, times
from civic.drafting.models import OPEN, DraftComment, TextDraft
from civic.kernel import clock, i18n
from civic.kernel.db import db
from civic.moderation import waiting

#: Kind of the texts of this room for moderation.
COMMENT = "draft_comment"


def waits() -> ColumnElement[bool]:
    """Return the condition on comments that are owed an answer: those that are there to be read."""
    return (
        (DraftComment.state == OPEN)
        & DraftComment.removed_at.is_(None)
        & DraftComment.hidden_by.is_(None)
    )


def open_count(case_id: int) -> int:
    """Count the comments of a case that have no answer."""
    query = select(func.count()).select_from(DraftComment)
    query = query.where(DraftComment.consultation_id == case_id, waits())
    return db.session.scalar(query) or 0


def unanswered(
    case: Consultation, found: TextDraft, now: datetime
) -> list[tuple[str, LazyString | str, dict[str, Any]]]:
    """Return what keeps a text from being final: code, sentence and its values, each."""
    said: list[tuple[str, LazyString | str, dict[str, Any]]] = []
    ends = found.comments_until
    if ends is not None and now < ends and times.commentable(case):
        until = i18n.last_day(ends)
        message = _l("People can comment on the text until %(moment)s.")
        said.append(("running", message, {"moment": until}))
    unchecked = waiting.unchecked(COMMENT, case.id)
    if unchecked:
        words = ngettext(
            "%(num)d comment waits to be checked.",
            "%(num)d comments wait to be checked.",
            unchecked,
        )
        said.append(("unchecked", words, {}))
    left = open_count(case.id)
    if left:
        words = ngettext(
            "%(num)d comment on the text has no answer yet.",
            "%(num)d comments on the text have no answer yet.",
            left,
        )
        said.append(("unanswered", words, {}))
    return said


def _unpublished(case: Consultation) -> list[str]:
    if held.newest(case.id) is not None:
        return []
    return [_("The text is not published yet. Write it at the case and publish a version.")]


def _unanswered(case: Consultation) -> list[str]:
    found = held.text_of(case.id)
    if found is None:
        return []
    missing = unanswered(case, found, clock.now())
    return [str(message) % values if values else str(message) for _code, message, values in missing]


CHECKS = (
    Check("draft_published", _l("A version of the text is published"), _unpublished),
    Check("comments_answered", _l("Every comment on the text is answered"), _unanswered),
)
