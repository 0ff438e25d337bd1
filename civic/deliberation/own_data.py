"""What is stored of who argued, asked, or placed dots: given out, and freed of the person."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.consultations.models import Consultation
from civic.deliberation.models import (
    Argument,
    ArgumentRating,
    Question,
    QuestionSupport,
    Wall,
    WallDot,
    WallItem,
)
from civic.deliberation.words import SIDES
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table
from civic.moderation.models import Decision


def _export(person_id: int) -> list[Table]:
    case, text, at = _l("Consultation"), _l("Text"), _l("When")
    written = db.session.execute(
        select(Argument, Consultation.title, Decision.sealed)
        .join(Consultation, Consultation.id == Argument.consultation_id)
        .outerjoin(Decision, Decision.id == Argument.hidden_by)
        .where(Argument.author_id == person_id)
        .order_by(Argument.id)
    ).all()
    convinced = db.session.execute(
        select(Consultation.title, Argument.title, ArgumentRating.at)
        .join(Argument, Argument.id == ArgumentRating.argument_id)
        .join(Consultation, Consultation.id == Argument.consultation_id)
        .where(ArgumentRating.person_id == person_id)
        .order_by(ArgumentRating.id)
    ).all()
    asked = db.session.execute(
        select(Question, Consultation.title, Decision.sealed)
        .join(Consultation, Consultation.id == Question.consultation_id)
        .outerjoin(Decision, Decision.id == Question.hidden_by)
        .where(Question.author_id == person_id)
        .order_by(Question.id)
    ).all()
    supported = db.session.execute(
        select(Consultation.title, Question.words, QuestionSupport.at)
        .join(Question, Question.id == QuestionSupport.question_id)
        .join(Consultation, Consultation.id == Question.consultation_id)
        .where(QuestionSupport.person_id == person_id)
        .order_by(QuestionSupport.id)
    ).all()
    dots = db.session.execute(
        select(Wall.title, WallItem.text, WallDot.at)
        .join(Wall, Wall.id == WallDot.wall_id)
        .join(WallItem, WallItem.id == WallDot.item_id)
        .where(WallDot.person_id == person_id)
        .order_by(WallDot.id)
    ).all()
    side, place = _l("Side"), _l("Place")
    return [
        Table(
            "arguments",
            _l("Arguments"),
            {"consultation": case, "side": side, "text": text, "place": place, "at": at},
            [
                (
                    title,
                    SIDES[one.side],
                    sealed.get("text", "") if sealed else f"{one.title}\n\n{one.words}".strip(),
                    one.place,
                    one.at,
                )
                for one, title, sealed in written
            ],
        ),
        Table(
            "convinced",
            _l("Arguments that convince you"),
            {"consultation": case, "argument": _l("Argument"), "at": at},
            [tuple(row) for row in convinced],
        ),
        Table(
            "questions",
            _l("Questions"),
            {"consultation": case, "text": text, "place": place, "at": at},
            [
                (title, sealed.get("text", "") if sealed else one.words, one.place, one.at)
                for one, title, sealed in asked
            ],
        ),
        Table(
            "supported",
            _l("Questions of others to which you want to know the answer"),
            {"consultation": case, "question": _l("Question"), "at": at},
            [tuple(row) for row in supported],
        ),
        Table(
            "dots",
            _l("Dots that you placed"),
            {"wall": _l("Wall"), "item": _l("Item"), "at": at},
            [tuple(row) for row in dots],
        ),
    ]


def _forget(person_id: int) -> None:
    """Keep what was said without the building; cut what is counted off from the person."""
    for said in (Argument, Question):
        db.session.execute(update(said).where(said.author_id == person_id).values(place=""))
    for counted in (ArgumentRating, QuestionSupport, WallDot):
        cut = update(counted).where(counted.person_id == person_id)
        db.session.execute(cut.values(person_id=None))


PART = Part(
    owner="deliberation",
    title=_l("Arguments, questions and dots"),
    stored=(
        Collected(
            _l("Arguments and questions that you write"),
            _l("So that all sides are heard and offices answer. Public under your masked name."),
            _l("as long as the record of the consultation"),
        ),
        Collected(
            _l("Which arguments convince you, what you want to know too, where your dots are"),
            _l("So that each counts once. Only numbers are public; nobody sees yours."),
            _l("as long as the record of the consultation"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Arguments and questions, under “已注销的用户”"),
            _l("Others weigh them, and offices have answered. Your building is taken from them."),
        ),
        Kept(
            _l("How many an argument convinces, how many want to know, and counted dots"),
            _l("They are numbers. Nothing leads from them to you."),
        ),
    ),
)
