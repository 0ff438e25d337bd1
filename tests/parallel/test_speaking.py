"""Votes, statements, answers and comments that meet at one moment."""

from collections import Counter

from sqlalchemy import func, select

from civic.consultations.models import (
    Comment,
    Participant,
    Statement,
    StatementVote,
)
from civic.kernel.db import db
from civic.voting.box import UsedRight
from civic.voting.models import Ballot, BallotOption
from tests import factories
from tests.parallel.acts import (
    MANY,
    case,
    count,
    newcomer,
    release,
    same_person,
    statuses,
)
from tests.parallel.conftest import Street


def test_thirty_two_votes_of_one_person_are_one(street: Street):
    consultation, path = case(street, "voting")
    voter = newcomer(street)
    options = db.session.scalars(
        select(BallotOption.id).filter_by(ballot_id=consultation.ballot_id)
    ).all()
    sent = [
        {"to": f"{path}vote", "option": [*options, "abstain"][n % (len(options) + 1)]}
        for n in range(MANY)
    ]
    answers = same_person(street, voter, path, sent)
    assert statuses(answers) == {303: MANY}
    assert count(select(UsedRight).filter_by(ballot_id=consultation.ballot_id)) == 1
    turnout = db.session.scalar(select(Ballot.turnout).filter_by(id=consultation.ballot_id))
    assert turnout == 1


def test_thirty_two_voters_are_all_counted(street: Street):
    consultation, path = case(street, "voting")
    option = db.session.scalar(
        select(BallotOption.id).filter_by(ballot_id=consultation.ballot_id, position=1)
    )
    voters = [factories.person("郑爽") for _ in range(MANY)]
    for voter in voters:
        factories.standing(voter, street.world.gate)
    db.session.commit()
    visitors = [street.signed_in(voter) for voter in voters]
    tokens = [visitor.hidden(path)["csrf_token"] for visitor in visitors]
    answers = release(
        [
            lambda wait, visitor=visitor, token=token: visitor.post(
                f"{path}vote", {"csrf_token": token, "option": str(option)}, wait
            )
            for visitor, token in zip(visitors, tokens, strict=True)
        ]
    )
    assert statuses(answers) == {303: MANY}
    assert count(select(UsedRight).filter_by(ballot_id=consultation.ballot_id)) == MANY
    turnout = db.session.scalar(select(Ballot.turnout).filter_by(id=consultation.ballot_id))
    assert turnout == MANY


def test_the_same_statement_is_offered_once(street: Street):
    consultation, path = case(street, "deliberating")
    author = newcomer(street)
    to = f"{path}statements/"
    sent = [{"to": to, "words": "夜里车位应当让给住户。"}] * MANY
    answers = same_person(street, author, f"{path}statements/offer", sent)
    assert statuses(answers) == {303: MANY}
    assert count(select(Statement).filter_by(consultation_id=consultation.id)) == 1
    db.session.refresh(consultation)
    assert (consultation.statement_count, consultation.participant_count) == (1, 1)


def test_statements_stop_at_the_limit_of_the_hour(street: Street):
    # In many consultations: the limit is one person's, wherever they speak.
    cases = [case(street, "deliberating") for _ in range(8)]
    author = newcomer(street)
    sent = [
        {"to": f"{cases[n % 8][1]}statements/", "words": f"第{n}号楼前应当留出消防通道。"}
        for n in range(MANY)
    ]
    answers = same_person(street, author, f"{cases[0][1]}statements/offer", sent)
    assert statuses(answers) == {303: 10, 429: MANY - 10}
    made = [consultation for consultation, _path in cases]
    kept = db.session.scalars(
        select(Statement.text).where(Statement.consultation_id.in_([item.id for item in made]))
    ).all()
    # Those that were acknowledged, and no others.
    acknowledged = {item["words"] for item, answer in zip(sent, answers, strict=True) if answer.ok}
    assert sorted(kept) == sorted(acknowledged)
    for consultation in made:
        db.session.refresh(consultation)
    assert sum(consultation.statement_count for consultation in made) == 10


def test_answers_of_one_person_to_one_statement_are_one(street: Street):
    consultation, path = case(street, "deliberating")
    author, reader = newcomer(street), newcomer(street)
    offered = same_person(
        street,
        author,
        f"{path}statements/offer",
        [{"to": f"{path}statements/", "words": "应当先划消防通道。"}],
    )
    assert statuses(offered) == {303: 1}
    statement = db.session.scalar(select(Statement).filter_by(consultation_id=consultation.id))
    sent = [
        {
            "to": f"{path}statements/answer",
            "statement": statement.id,
            "answer": ("agree", "disagree", "pass")[n % 3],
        }
        for n in range(MANY)
    ]
    answers = same_person(street, reader, path, sent)
    assert statuses(answers) == {303: MANY}
    rows = db.session.execute(
        select(StatementVote.choice, func.count())
        .filter_by(statement_id=statement.id)
        .group_by(StatementVote.choice)
    )
    counted = Counter({row[0]: row[1] for row in rows})
    assert counted.total() == 2  # the author's, and one of the reader
    db.session.refresh(statement)
    tally = (statement.agrees, statement.disagrees, statement.passes)
    assert tally == (counted[1], counted[-1], counted[0])
    acts = db.session.scalar(
        select(Participant.acts).filter_by(consultation_id=consultation.id, person_id=reader.id)
    )
    assert acts == MANY


def test_a_comment_sent_many_times_is_kept_once(street: Street):
    consultation, path = case(street, "deliberating")
    author = newcomer(street)
    words = {"to": f"{path}comments", "words": "请先量一量路宽。", "form_key": "the-same-form"}
    answers = same_person(street, author, path, [words] * MANY)
    assert statuses(answers) == {303: MANY}
    assert count(select(Comment).filter_by(consultation_id=consultation.id)) == 1
    db.session.refresh(consultation)
    assert (consultation.comment_count, consultation.participant_count) == (1, 1)


def test_comments_stop_at_the_limit_of_the_hour(street: Street):
    consultation, path = case(street, "deliberating")
    other, elsewhere = case(street, "deliberating")
    author = newcomer(street)
    sent = [
        {
            "to": f"{(path, elsewhere)[n % 2]}comments",
            "words": f"第{n}条意见",
            "form_key": f"form-{n}",
        }
        for n in range(MANY)
    ]
    answers = same_person(street, author, path, sent)
    found = statuses(answers)
    assert found[303] == 20
    assert found.total() == MANY
    kept = db.session.scalars(
        select(Comment.text).where(Comment.consultation_id.in_([consultation.id, other.id]))
    ).all()
    acknowledged = {item["words"] for item, answer in zip(sent, answers, strict=True) if answer.ok}
    assert sorted(kept) == sorted(acknowledged)
    db.session.refresh(consultation)
    db.session.refresh(other)
    assert consultation.comment_count + other.comment_count == 20
