"""Comment on a paragraph of a text, support a comment, take one's own back."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update

from civic.communities.models import Community
from civic.consultations import figures, public, speaking
from civic.consultations.bylines import byline_of
from civic.consultations.models import Consultation
from civic.drafting import conditions, held
from civic.drafting.models import (
    OPEN,
    DraftComment,
    DraftParagraph,
    TextDraft,
)
from civic.drafting.rules import rules
from civic.identities import staying
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, Path, veto
from civic.moderation import counts, reporting, waiting
from civic.moderation.models import REMOVED, WaitingText

HOUR = timedelta(hours=1)
WHAT = "comments"


@dataclass(frozen=True, kw_only=True)
class Said:
    """Hold what somebody writes.

    :ivar version: number of the version that they read.
    :ivar paragraph: its number, 0 for the text as a whole.
    :ivar wording: how the paragraph should read, or nothing.
    """

    version: int
    paragraph: int
    words: str
    wording: str = ""


def why_not(
    actor: Actor, case: Consultation, found: TextDraft, path: Path, *, supports: bool = False
) -> Refused | None:
    """Return why somebody cannot comment now, or None when they can.

    :param supports: whether they would support a comment, which counts those who are asked alone.
    """
    if found.closed_at is not None:
        return held.closed()
    if found.comments_until is not None and clock.now() >= found.comments_until:
        message = _l("The time for comments is over; they are being answered.")
        return Refused("over", message, HTTPStatus.CONFLICT)
    return speaking.why_not(actor, case, path, staff=not supports, what=WHAT)


def admit(actor: Actor, case: Consultation, path: Path, *, supports: bool = False) -> TextDraft:
    """Return the text of a case to somebody who may comment on it now, or support a comment.

    :raises Refused: a reason of `why_not` or of a plugin, or `no_draft`.
    """
    found = held.text_of(case.id)
    if found is None:
        raise held.missing()
    refusal = why_not(actor, case, found, path, supports=supports)
    if refusal is not None:
        raise refusal
    veto(actor, speaking.SPEAK, case)
    return found


def comment(
    actor: Actor, community: Community, case: Consultation, said: Said, *, form_key: str
) -> DraftComment | WaitingText:
    """Comment on a paragraph; or keep it until the office has checked it.

    :param form_key: random key of the form; the same one again returns the comment it made.
    :raises Refused: a reason of `admit`, `no_draft`, `old_version`, `empty`, `words`, `wording` or
        `too_many`.
    """
    admit(actor, case, community.path)
    words, wording = _checked(said)
    person_id = actor.person_id
    assert person_id is not None  # noqa: S101 - visitors have been refused
    staying.take_turns(person_id)
    twin = db.session.scalar(select(DraftComment).filter_by(author_id=person_id, form_key=form_key))
    sent = twin or waiting.kept(person_id, form_key)
    if sent is not None:
        return sent
    # Until the case is held a version may be published, and the text be closed.
    case = public.held(community, case.id)
    admit(actor, case, community.path)
    newest = held.newest(case.id)
    if newest is None:
        raise held.missing()
    if said.version != newest.number:
        message = _l(
            "A newer version has been published meanwhile. What you wrote is still here: please "
            "look whether it fits the new text, and send it again."
        )
        raise Refused("old_version", message, HTTPStatus.CONFLICT)
    place = {"version_id": newest.id, "number": said.paragraph}
    if db.session.scalar(select(DraftParagraph.number).filter_by(**place)) is None:
        raise held.missing()
    _limit(person_id)
    byline = byline_of(actor, case, community.path)
    if case.checked_first:
        content = sealed(words, wording) | {"version": newest.id}
        return waiting.keep(
            person_id,
            community,
            kind=conditions.COMMENT,
            place=f"consultation:{case.id}",
            content=content | {"paragraph": said.paragraph} | byline,
            form_key=form_key,
        )
    return add(
        DraftComment(
            consultation_id=case.id,
            version_id=newest.id,
            paragraph=said.paragraph,
            author_id=person_id,
            words=words,
            wording=wording,
            form_key=form_key,
            **byline,
        )
    )


def sealed(words: str, wording: str) -> dict[str, str]:
    """Return a comment as moderation keeps it: to be read, and in its parts."""
    read = "\n\n".join(filter(None, (words, wording)))
    return {"text": read, "words": words, "wording": wording}


def add(made: DraftComment) -> DraftComment:
    """Publish a comment that is allowed: count it, and let its author take part."""
    speaking.participate(made.consultation_id, made.author_id)
    figures.add(made.consultation_id, held.COMMENTS)
    figures.add(made.consultation_id, held.WAITING)
    made.created_at, made.state, made.supporters = clock.now(), OPEN, 0
    db.session.add(made)
    db.session.execute(
        update(DraftParagraph)
        .filter_by(version_id=made.version_id, number=made.paragraph)
        .values(comments=DraftParagraph.comments + 1)
    )
    db.session.flush()
    return made


def own(actor: Actor, case: Consultation, comment_id: int) -> DraftComment:
    """Return a comment of somebody's own that they may take back.

    :raises Refused: 404 where there is none, `hidden` where the office has hidden it: what is
        sealed is kept for the objection.
    """
    found = db.session.scalar(
        select(DraftComment)
        .filter_by(id=comment_id, consultation_id=case.id, author_id=actor.person_id or 0)
        .execution_options(populate_existing=True)
    )
    if found is None or found.removed_at is not None:
        raise held.missing()
    if found.hidden_by is not None:
        raise Refused(
            "hidden",
            _l("The office has hidden this text. You can object on the page of your texts."),
            HTTPStatus.CONFLICT,
        )
    return found


def take_back(actor: Actor, community: Community, case_id: int, comment_id: int) -> DraftComment:
    """Take one's own comment back: its words are erased, an answer stays.

    :raises Refused: as `own`.
    """
    case = public.held(community, case_id)
    found = own(actor, case, comment_id)
    found.words = found.wording = ""
    found.removed_at = clock.now()
    if found.state == OPEN:
        figures.add(case.id, held.WAITING, -1)
    counts.add(community.id, counts.REMOVED)
    reporting.settle(actor, community, f"{conditions.COMMENT}:{found.id}", REMOVED)
    db.session.flush()
    return found


def _checked(said: Said) -> tuple[str, str]:
    words, wording, most = text.plain(said.words), text.plain(said.wording), rules()
    if not words and not wording:
        raise Refused("empty", _l("Please write what you think, or how it should read."))
    each = (("words", words, most.words), ("wording", wording, most.wording))
    for code, one, longest in each:
        if len(one) > longest:
            raise Refused(
                code,
                _l("This is %(now)d characters long; %(most)d are possible. Please shorten it."),
                values={"now": len(one), "most": longest},
            )
    return words, wording


def _limit(person_id: int) -> None:
    most = current_app.config["SETTINGS"].comments_per_hour
    recent = select(func.count()).where(
        DraftComment.author_id == person_id, DraftComment.created_at > clock.now() - HOUR
    )
    if (db.session.scalar(recent) or 0) < most:
        return
    message = _l(
        "You have written %(most)d comments within an hour. "
        "Please leave room for others and come back a little later."
    )
    raise Refused("too_many", message, HTTPStatus.TOO_MANY_REQUESTS, {"most": most})
