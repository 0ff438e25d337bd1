"""What is stored about a person's hidden texts: given out, and freed of the person."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update

from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table
from civic.moderation.models import Decision, Report, WaitingText
from civic.moderation.reasons import ALL


def _export(person_id: int) -> list[Table]:
    decisions = db.session.scalars(
        select(Decision).filter_by(author_id=person_id).order_by(Decision.id)
    ).all()
    reports = db.session.scalars(
        select(Report).filter_by(person_id=person_id).order_by(Report.id)
    ).all()
    texts = db.session.scalars(
        select(WaitingText).filter_by(author_id=person_id).order_by(WaitingText.id)
    ).all()
    return [
        Table(
            "decisions",
            _l("Texts of yours that were hidden"),
            {
                "text": _l("Text"),
                "reason": _l("Reason"),
                "note": _l("Word of the office"),
                "decided_at": _l("Hidden"),
                "objection": _l("Your objection"),
                "objected_at": _l("Objected"),
                "answer": _l("Answer of the office"),
                "answered_at": _l("Answered"),
            },
            [
                (
                    item.sealed.get("text", ""),
                    ALL.get(item.reason, item.reason),
                    item.note,
                    item.decided_at,
                    item.objection,
                    item.objected_at,
                    item.answer,
                    item.answered_at,
                )
                for item in decisions
            ],
        ),
        Table(
            "reports",
            _l("Texts that you reported"),
            {"reason": _l("Reason"), "words": _l("Your words"), "at": _l("When")},
            [(ALL.get(item.reason, item.reason), item.words, item.at) for item in reports],
        ),
        Table(
            "waiting",
            _l("Texts of yours that wait to be checked, or were not published"),
            {
                "text": _l("Text"),
                "at": _l("When"),
                "reason": _l("Reason"),
                "note": _l("Word of the office"),
            },
            [
                (
                    item.content.get("text", ""),
                    item.at,
                    ALL.get(item.reason, "") if item.reason else "",
                    item.note,
                )
                for item in texts
            ],
        ),
    ]


def _forget(person_id: int) -> None:
    """Erase what was written between author and office, and texts that wait or were refused."""
    mine = Decision.author_id == person_id
    db.session.execute(
        update(Decision)
        .where(mine, Decision.answered_at.is_(None))
        .values(objection=None, objected_at=None)
    )
    db.session.execute(
        update(Decision)
        .where(mine, or_(Decision.objection.is_not(None), Decision.answer.is_not(None)))
        .values(objection="", answer="")
    )
    db.session.execute(update(Decision).where(mine).values(note="", author_id=None))
    db.session.execute(
        update(Report).where(Report.person_id == person_id).values(person_id=None, words="")
    )
    # What nobody has published is nobody's record.
    db.session.execute(delete(WaitingText).where(WaitingText.author_id == person_id))


PART = Part(
    owner="moderation",
    title=_l("Hidden and reported texts"),
    stored=(
        Collected(
            _l("Texts of yours that were hidden, and your objections"),
            _l("So that you can object, and somebody else can check."),
            _l("the text: sealed, with the record; the rest: until you close your account"),
        ),
        Collected(
            _l("That you reported a text, and why"),
            _l("So that the office looks at it, once for each who asks; it is shown to nobody."),
            _l("the report: with the record; that it was yours: until you close your account"),
        ),
        Collected(
            _l("Texts of yours that wait to be checked, or were not published"),
            _l("So that the office can check them, and you can read why one was not published."),
            _l("until you close your account"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Hidden texts, sealed, with the reason"),
            _l("So that it can be checked why they were hidden. Nobody else reads them."),
        ),
    ),
)
