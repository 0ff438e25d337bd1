"""What is stored of who commented on texts: given out, and freed of the person."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.consultations.models import Consultation
from civic.drafting.models import DraftComment, DraftSupport
from civic.drafting.words import STATES
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table
from civic.moderation.models import Decision


def _export(person_id: int) -> list[Table]:
    case, text, at = _l("Consultation"), _l("Text"), _l("When")
    comments = db.session.execute(
        select(Consultation.title, DraftComment, Decision.sealed)
        .join(Consultation, Consultation.id == DraftComment.consultation_id)
        .outerjoin(Decision, Decision.id == DraftComment.hidden_by)
        .where(DraftComment.author_id == person_id)
        .order_by(DraftComment.id)
    ).all()
    supported = db.session.execute(
        select(Consultation.title, DraftComment.words, DraftSupport.at)
        .join(DraftComment, DraftComment.id == DraftSupport.comment_id)
        .join(Consultation, Consultation.id == DraftComment.consultation_id)
        .where(DraftSupport.person_id == person_id)
        .order_by(DraftSupport.id)
    ).all()
    return [
        Table(
            "draft_comments",
            _l("Comments on texts that were drafted together"),
            {
                "consultation": case,
                "paragraph": _l("Paragraph"),
                "text": text,
                "wording": _l("Proposed wording"),
                "place": _l("Where you live or work"),
                "answer": _l("Answer"),
                "at": at,
            },
            [
                (
                    title,
                    one.paragraph,
                    sealed.get("words", "") if sealed else one.words,
                    sealed.get("wording", "") if sealed else one.wording,
                    one.place,
                    STATES[one.state],
                    one.created_at,
                )
                for title, one, sealed in comments
            ],
        ),
        Table(
            "draft_supports",
            _l("Comments on texts that you support"),
            {"consultation": case, "text": text, "at": at},
            [tuple(row) for row in supported],
        ),
    ]


def _forget(person_id: int) -> None:
    """Keep what was said without the building; cut the number of supporters off from the person."""
    said = update(DraftComment).where(DraftComment.author_id == person_id)
    db.session.execute(said.values(place=""))
    cut = update(DraftSupport).where(DraftSupport.person_id == person_id)
    db.session.execute(cut.values(person_id=None))


PART = Part(
    owner="drafting",
    title=_l("Comments on texts that are drafted together"),
    stored=(
        Collected(
            _l("What you write about a paragraph, and how you would word it"),
            _l(
                "The office has to answer each comment. It is public under your masked name and "
                "your building."
            ),
            _l("as long as the record of the case"),
        ),
        Collected(
            _l("Which comments you support"),
            _l("So that each person counts once. Only the number is public."),
            _l("as long as the record of the case"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Comments on texts, under “已注销的用户”"),
            _l(
                "The office has answered them, and the text was changed because of them. "
                "Your building is taken from them."
            ),
        ),
        Kept(
            _l("How many support a comment, in numbers"),
            _l("The number was public. Nothing leads from it to you."),
        ),
    ),
)
