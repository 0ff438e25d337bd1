"""What is stored of what a person said in consultations: given out, and freed of the person."""

import secrets

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.consultations import opinion_rounds
from civic.consultations.models import (
    Comment,
    Consultation,
    Participant,
    Statement,
    StatementVote,
)
from civic.identities import known
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table
from civic.moderation.models import Decision

ANSWERS = {1: _l("Agree"), 0: _l("Pass"), -1: _l("Disagree")}


def _export(person_id: int) -> list[Table]:
    case, text = _l("Consultation"), _l("Text")
    comments = db.session.execute(
        select(Comment, Consultation.title, Decision.sealed)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .outerjoin(Decision, Decision.id == Comment.hidden_by)
        .where(Comment.author_id == person_id)
        .order_by(Comment.id)
    ).all()
    mine = select(Participant.id).filter_by(person_id=person_id)
    statements = db.session.execute(
        select(Consultation.title, Statement.text, Decision.sealed, Statement.created_at)
        .join(Consultation, Consultation.id == Statement.consultation_id)
        .outerjoin(Decision, Decision.id == Statement.hidden_by)
        .where(Statement.participant_id.in_(mine))
        .order_by(Statement.id)
    ).all()
    answers = db.session.execute(
        select(Consultation.title, Statement.text, StatementVote.choice, StatementVote.at)
        .join(Statement, Statement.id == StatementVote.statement_id)
        .join(Consultation, Consultation.id == Statement.consultation_id)
        .where(StatementVote.participant_id.in_(mine))
        .order_by(StatementVote.at, Statement.id)
    ).all()
    parts = db.session.execute(
        select(Consultation.title, Participant.acts)
        .join(Consultation, Consultation.id == Participant.consultation_id)
        .where(Participant.person_id == person_id)
        .order_by(Participant.id)
    ).all()
    return [
        Table(
            "comments",
            _l("Comments and answers"),
            {
                "consultation": case,
                "text": text,
                "place": _l("Place"),
                "standing": _l("As"),
                "office": _l("Office"),
                "at": _l("When"),
            },
            [
                (
                    title,
                    sealed.get("text", "") if sealed else item.text,
                    item.place,
                    known.standings()[item.standing].title if item.standing else "",
                    item.office,
                    item.created_at,
                )
                for item, title, sealed in comments
            ],
        ),
        Table(
            "statements",
            _l("Statements"),
            {"consultation": case, "text": text, "at": _l("When")},
            [
                (title, sealed.get("text", "") if sealed else words, at)
                for title, words, sealed, at in statements
            ],
        ),
        Table(
            "answers",
            _l("Answers to statements"),
            {
                "consultation": case,
                "statement": _l("Statement"),
                "answer": _l("Your answer"),
                "at": _l("When"),
            },
            [(title, words, ANSWERS[choice], at) for title, words, choice, at in answers],
        ),
        Table(
            "participation",
            _l("Where you took part"),
            {"consultation": case, "acts": _l("How often")},
            [(title, acts) for title, acts in parts],
        ),
        Table(
            "groups",
            _l("Groups of like answers that you were counted into"),
            {"consultation": case, "group": _l("Group"), "at": _l("When")},
            opinion_rounds.groups_of(person_id),
        ),
    ]


def _forget(person_id: int) -> None:
    """Keep what was said; take the building from it, and cut answers off from the person."""
    db.session.execute(update(Comment).where(Comment.author_id == person_id).values(place=""))
    mine = select(Participant).filter_by(person_id=person_id).order_by(Participant.id)
    for participant in db.session.scalars(mine).all():
        participant.person_id = None
        participant.external_id = f"left {secrets.token_hex(8)}"
    db.session.flush()


PART = Part(
    owner="consultations",
    title=_l("What you said"),
    stored=(
        Collected(
            _l("What you say in consultations, and what you agree or disagree with"),
            _l(
                "What you write is public under your masked name. Whom a statement is from and who "
                "agreed is shown to nobody."
            ),
            _l("as long as the record of the consultation"),
        ),
        Collected(
            _l("The group of like answers that you are counted into on the map of opinions"),
            _l("So that the next map goes on from it. Your place is shown to you alone."),
            _l("until the next map, or until you close your account"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("What you said in public consultations, under “已注销的用户”"),
            _l(
                "Others have answered it, and decisions rest on it. Your name and building no "
                "longer stand with it."
            ),
        ),
        Kept(
            _l("Statements, and the numbers of those who agreed"),
            _l("They are part of the picture of opinions. Nothing leads from them to you."),
        ),
    ),
)
