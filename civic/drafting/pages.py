"""A text with its comments and answers, in the words of its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.drafting.listing import Found, Row
from civic.drafting.models import WHOLE, DraftAnswer, DraftVersion, TextDraft
from civic.drafting.paragraphs import split
from civic.drafting.rules import rules
from civic.drafting.words import BADGES, STATES, VERDICTS
from civic.identities import known
from civic.identities.names import GONE
from civic.kernel import i18n
from civic.kernel.i18n import gettext as _
from civic.kernel.i18n import ngettext
from civic.moderation.reasons import ALL as REASONS
from civic.notices.differences import differences


@dataclass(frozen=True)
class Reader:
    """Be who reads, as far as pages differ.

    :ivar supports: whether they may support comments now.
    :ivar moderates: whether they may hide texts; `answers` whether they may answer.
    """

    person_id: int | None
    case_id: int
    supports: bool = False
    moderates: bool = False
    answers: bool = False


def head(
    case: Consultation, found: TextDraft, version: DraftVersion, newest: int, now: datetime
) -> dict[str, Any]:
    """Return what stands over a text."""
    until = found.comments_until
    return {
        "number": version.number,
        "title": version.title,
        "note": version.note,
        "office": version.office,
        "published_at": version.published_at,
        "newest": version.number == newest,
        "until": until,
        "open": found.closed_at is None
        and until is not None
        and now < until
        and stages.may(case, now, "comments"),
        "over": until is not None and until <= now,
        "final": found.closed_at is not None,
        "answers_by": found.answers_by,
        "basis": rules().answer_basis.words(i18n.language()),
    }


def name(number: int) -> str:
    """Return what a paragraph is called."""
    return _("The text as a whole") if number == WHOLE else _("Paragraph %(number)d", number=number)


def paragraphs(
    version: DraftVersion, counts: dict[int, int], shown: Found, reader: Reader
) -> list[dict[str, Any]]:
    """Return the paragraphs of a version with the comments beside them; last comes the whole."""
    texts = split(version.body)
    listed = comments(shown, reader, {version.id: texts})
    found = []
    for number in (*range(1, len(texts) + 1), WHOLE):
        mine = [one for one in listed if one["paragraph"] == number]
        text = texts[number - 1] if number else ""
        found.append(paragraph(version, number, text, counts.get(number, 0), mine, reader))
    return found


def paragraph(
    version: DraftVersion,
    number: int,
    text: str,
    count: int,
    shown: list[dict[str, Any]],
    reader: Reader,
) -> dict[str, Any]:
    """Return one paragraph as its part of the page shows it."""
    here: dict[str, Any] = {"consultation_id": reader.case_id, "paragraph": number}
    return {
        "number": number,
        "name": name(number),
        "text": text,
        "count": count,
        "comments": shown,
        "counted": ngettext("%(num)d comment", "%(num)d comments", count),
        "url": url_for("drafts.comments", version=version.number, **here),
        "write_url": url_for("drafts.comment_form", **here),
    }


def comments(
    found: Found, reader: Reader, texts: Mapping[int, Sequence[str]] | None = None
) -> list[dict[str, Any]]:
    """Return comments as lists show them.

    :param texts: paragraphs of versions by their key, to compare a proposed wording with.
    """
    titles = {code: str(kind.title) for code, kind in known.standings().items()}
    return [_comment(row, found, reader, titles, texts or {}) for row in found.rows]


def _comment(
    row: Row,
    found: Found,
    reader: Reader,
    titles: dict[str, str],
    texts: Mapping[int, Sequence[str]],
) -> dict[str, Any]:
    own = reader.person_id is not None and row.author_id == reader.person_id
    there = row.removed_at is None and row.reason is None
    here: dict[str, Any] = {"consultation_id": reader.case_id, "comment_id": row.id}
    given = found.of(row)
    before = texts.get(row.version_id, ())
    old = before[row.paragraph - 1] if 0 < row.paragraph <= len(before) else ""
    return {
        "id": row.id,
        "paragraph": row.paragraph,
        "about": " · ".join((name(row.paragraph), _("version %(number)d", number=row.version))),
        "author": GONE if row.gone is not None else row.author,
        "place": " · ".join(filter(None, (row.place, titles.get(row.standing)))),
        "at": row.created_at,
        "html": _plain(row.words),
        "wording": row.wording,
        "pieces": differences(old, row.wording) if old and row.wording else [],
        "url": url_for("drafts.one", **here),
        "removed": "" if there else _gone(row),
        "state": str(STATES[row.state]),
        "badge": BADGES[row.state],
        "open": row.state == "open",
        "supporters": row.supporters,
        "supported": row.id in found.supported,
        "support_url": url_for("drafts.support", **here)
        if reader.supports and there and not own
        else "",
        "take_back_url": url_for("drafts.take_back_form", **here) if own and there else "",
        "report_url": url_for("moderation.report_form", kind="draft_comment", text_id=row.id)
        if reader.person_id and there and not own and not reader.moderates
        else "",
        "hide_url": url_for("moderation.hide_form", kind="draft_comment", text_id=row.id)
        if reader.moderates and there
        else "",
        "cluster": row.cluster or "",
        "cluster_url": url_for(
            "drafts.comments", consultation_id=reader.case_id, cluster=row.cluster_id
        )
        if row.cluster_id
        else "",
        "answer_url": answer_url(reader.case_id, row)
        if reader.answers and (there or row.cluster_id)
        else "",
        "changed_in": row.changed_in,
        "answer": answer(given[0]) if given else None,
        "earlier": [answer(one) for one in given[1:]],
    }


def answer(given: DraftAnswer) -> dict[str, Any]:
    """Return an answer as it stands beside a comment."""
    return {
        "verdict": str(VERDICTS[given.verdict]),
        "kind": {"adopted": "done", "partly": "info"}.get(given.verdict, "warn"),
        "reason": given.reason,
        "office": given.office,
        "at": given.answered_at,
        "number": given.number,
    }


def answer_url(case_id: int, row: Row) -> str:
    """Return where the office answers a comment, alone or with its cluster."""
    kind, key = ("cluster", row.cluster_id) if row.cluster_id else ("comment", row.id)
    return url_for("draft_desk.answer_form", consultation_id=case_id, kind=kind, key=key)


def _plain(words: str) -> Markup:
    return Markup('<p class="pre">%s</p>') % words if words else escape("")


def _gone(row: Row) -> str:
    when = i18n.moment(row.created_at)
    if row.removed_at is not None:
        return _("A comment of %(moment)s: taken back by its author.", moment=when)
    reason = REASONS[row.reason or ""]
    return _("A comment of %(moment)s was hidden: %(reason)s", moment=when, reason=reason)
