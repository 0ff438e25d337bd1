"""What the pages of a consultation show, put into words."""

from datetime import datetime
from typing import Any, NamedTuple

from flask import g, url_for
from markupsafe import Markup

from civic.consultations import gone, rounds, stage_pages, stages
from civic.consultations.models import Attachment, Consultation
from civic.consultations.threads import Said, Thread
from civic.identities import known
from civic.identities.kinds import AUDIENCES
from civic.kernel import i18n
from civic.kernel.i18n import gettext as _
from civic.kernel.i18n import ngettext
from civic.kernel.permissions import Actor, allowed

#: Characters from which a background is folded at first.
LONG = 220


def left(case: Consultation, now: datetime) -> str:
    """Say how much time is left in the current stage."""
    if case.stage is not None:
        return stage_pages.left(case, now)
    current = stages.stage(case, now)
    if current == stages.SCHEDULED:
        return _("begins %(moment)s", moment=i18n.moment(case.opens_at))
    if current == stages.CLOSED:
        return ""
    until = case.voting_opens_at if current == stages.DELIBERATING else None
    return i18n.remaining(until or case.closes_at)


def state(case: Consultation, now: datetime) -> str:
    """Return the name of the badge: the stage, or that it is a draft."""
    return "draft" if case.published_at is None else stages.stage(case, now)


def audience(case: Consultation) -> str:
    """Say who is asked."""
    groups = [str(AUDIENCES[group]) for group in case.audience]
    if not groups:
        return _("Nobody here: these are data of a consultation that was held elsewhere.")
    who = _(" and ").join(groups)
    return _("Asked are %(who)s of %(place)s. Everybody may read.", who=who, place=g.community.name)


def turnout(case: Consultation) -> str:
    """Say how many have taken part; whoever came with imported data is nobody known here."""
    if case.source is not None:
        return ngettext(
            "%(num)d anonymous participant, imported",
            "%(num)d anonymous participants, imported",
            case.participant_count,
        )
    return ngettext("%(num)d person takes part", "%(num)d people take part", case.participant_count)


def stage_line(case: Consultation, now: datetime) -> list[dict[str, str]]:
    """Return the line of stages with its dates in words."""
    if case.stage is not None:
        return stage_pages.line(case)
    names = {
        stages.DELIBERATING: _("Opinions"),
        stages.VOTING: _("Vote"),
        stages.CLOSED: _("Result"),
    }
    states = {"done": "done", "current": "current", "coming": "later"}
    return [
        {"name": names[step.code], "state": states[step.state], "when": i18n.day(step.at)}
        for step in stages.line(case, now)
    ]


def events(case: Consultation, now: datetime) -> list[dict[str, object]]:
    """Return the dates of a consultation, in order."""
    if case.stage is not None:
        return stage_pages.dates(case, now)
    moments = [(_("People can speak from"), case.opens_at)]
    if case.voting_opens_at is not None:
        moments.append((_("The vote begins"), case.voting_opens_at))
    moments.append((_("Everything closes; the result is shown"), case.closes_at))
    return [
        {"title": title, "at": at, "state": "past" if at <= now else "later", "text": ""}
        for title, at in moments
    ]


def case(consultation: Consultation, files: list[Attachment], now: datetime) -> dict[str, Any]:
    """Return what the head and the background of a case show."""
    return {
        "title": consultation.title,
        "state": state(consultation, now),
        "left": left(consultation, now),
        "origin": consultation.office or consultation.source or "",
        "turnout": turnout(consultation),
        "audience": audience(consultation),
        "question": consultation.ballot.question
        if consultation.ballot and consultation.stage is None
        else "",
        "background": Markup(consultation.background_html),  # noqa: S704 - sanitised when written
        "long": len(consultation.background) > LONG,
        "list_url": url_for("consultations.index"),
        "attachments": [attachment(consultation, file) for file in files],
    }


def attachment(consultation: Consultation, file: Attachment) -> dict[str, Any]:
    """Return how a file is named before one opens it."""
    kinds = {"application/pdf": "PDF", "image/webp": _("Picture")}
    return {
        "id": file.id,
        "title": file.name,
        "url": url_for(
            "office.attachment",
            consultation_id=consultation.id,
            attachment_id=file.id,
            name=file.name,
        ),
        "kind": kinds.get(file.media_type, _("Document")),
        "size": file.size,
    }


def statement_round(consultation: Consultation, actor: Actor) -> dict[str, Any]:
    """Return the statement to answer next and how far this person has come."""
    if actor.person_id is None:
        return {}
    following = rounds.next_for(consultation.id, actor.person_id)
    address: dict[str, Any] = {"consultation_id": consultation.id}
    shown = following.statement
    return {
        "statements": {
            "answer_url": url_for("consultations.answer", **address),
            "offer_url": url_for("consultations.offer_form", **address),
            "review_url": url_for("consultations.statement_list", **address),
            "total": following.total,
            "answered": following.answered,
        },
        "statement": {"id": shown.id, "text": shown.text, "origin": "", "chosen": ""}
        if shown
        else None,
    }


class ShownComment(NamedTuple):
    """Be a comment in the words of its page, with the ways that this reader has from it.

    :ivar when: how long ago it was written, in words.
    :ivar removed: what became of it, in words, or nothing; then its text is not here.
    """

    id: int
    author: str
    at: datetime
    when: str
    html: Markup
    place: str
    office: str
    url: str
    removed: str
    objection_url: str
    hide_url: str
    reply_url: str
    report_url: str
    take_back_url: str
    replies: tuple["ShownComment", ...]


def thread_list(
    found: list[Thread],
    actor: Actor,
    *,
    speaks: bool,
    base: str = "comments",
    own: set[int] | None = None,
) -> list[ShownComment]:
    """Return threads as this reader sees them; those with an official answer come first.

    :param own: on the page of one thread, the comments that are this reader's; there each of them
        can be taken back, and the others reported.

    :param base: address below which each thread has its page, as seen from the page shown. From a
        case and from its pages of comments it is a word; written out in full a hundred times it
        would be a tenth of the page.
    """
    moderates = allowed(actor, "consultations.moderate", g.community.path)
    titles = {code: str(kind.title) for code, kind in known.standings().items()}

    def shown(
        comment: Said, url: str, reply_url: str = "", replies: tuple[ShownComment, ...] = ()
    ) -> ShownComment:
        removed = comment.reason is not None or comment.removed
        hidden_own = comment.reason is not None and comment.hidden_author_id in {
            actor.person_id
        } - {None}
        at = comment.created_at
        return ShownComment(
            id=comment.id,
            author=comment.author,
            at=at,
            when=i18n.moment(at) if removed else i18n.ago(at),
            html=Markup(comment.html),  # noqa: S704 - sanitised when written
            place=" · ".join(filter(None, (comment.place, titles.get(comment.standing)))),
            office=comment.office or "",
            url=url if comment.parent_id is None else f"{url}#comment-{comment.id}",
            removed=gone.words(comment),
            objection_url=url_for("moderation.mine") if hidden_own else "",
            hide_url=url_for("moderation.hide_form", kind="comment", text_id=comment.id)
            if moderates and not removed
            else "",
            reply_url=reply_url,
            report_url=url_for("moderation.report_form", kind="comment", text_id=comment.id)
            if own is not None and not (removed or moderates or comment.id in own)
            else "",
            take_back_url=f"{base}/{comment.id}/take-back" if own and comment.id in own else "",
            replies=replies,
        )

    listed = []
    for thread in found:
        url = f"{base}/{thread.comment.id}"
        replies = tuple(shown(reply, url) for reply in thread.replies)
        listed.append(shown(thread.comment, url, f"{url}#reply" if speaks else "", replies))
    return sorted(
        listed, key=lambda item: not (item.office or any(reply.office for reply in item.replies))
    )
