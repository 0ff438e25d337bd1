"""Thirty-two requests at one moment, over HTTP, against the server as it runs in production."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from civic.consultations.models import (
    Comment,
    Consultation,
    Participant,
    Statement,
    StatementVote,
)
from civic.identities import codes, passwords
from civic.identities.models import Contact, InviteCode, Person, Standing
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.voting.models import Ballot, BallotOption, Vote
from tests import factories
from tests.parallel.conftest import Street
from tests.visitors import Answer, Visitor, at_once, path_of

MANY = 32
PASSWORD = "三只猫 在屋顶 唱歌"


def count(query) -> int:
    number = db.session.scalar(select(func.count()).select_from(query.subquery()))
    db.session.commit()
    return number


def release(acts) -> list[Answer]:
    """Do all acts at one moment, with no transaction of the test's own in their way."""
    db.session.commit()
    return at_once(acts)


def statuses(answers: list[Answer]) -> Counter:
    found = Counter(answer.status for answer in answers)
    assert not [answer for answer in answers if answer.status >= 500], found
    return found


def newcomer(street: Street, name: str = "马丽") -> Person:
    """A resident of the gate who has done nothing yet."""
    made = factories.person(name)
    factories.standing(made, street.world.gate)
    db.session.commit()
    return made


def case(street: Street, stage: str) -> tuple[Consultation, str]:
    made = factories.consultation(street.world.erlong, stage=stage)
    return made, f"/c/erlonglu/consultations/{made.id}/"


def same_person(street: Street, person: Person, path: str, sent: list[dict]) -> list[Answer]:
    """Let one person send several forms at once, all with the token of a page they opened."""
    visitor = street.signed_in(person)
    db.session.commit()
    hidden = visitor.hidden(path)
    token = {"csrf_token": hidden["csrf_token"]}
    tabs = [visitor.copy() for _ in sent]
    return release(
        [
            lambda wait, tab=tab, fields=fields: tab.post(
                fields["to"],
                token | {key: str(value) for key, value in fields.items() if key != "to"},
                wait,
            )
            for tab, fields in zip(tabs, sent, strict=True)
        ]
    )


def make_codes(street: Street, number: int) -> list[str]:
    fresh = codes.make(
        Actor(),
        street.world.gate,
        "resident_living",
        number,
        community_id=street.world.erlong.id,
    )
    db.session.commit()
    return [item.code for item in fresh]


def to_the_form(street: Street, code: str) -> tuple[Visitor, dict[str, str]]:
    """Bring a newcomer with a code to the form on which they join."""
    visitor = street.visitor()
    hidden = visitor.hidden(f"/join?code={code}")
    answer = visitor.post("/join", {"csrf_token": hidden["csrf_token"], "code": code})
    assert answer.status == 303, answer.text[-1500:]
    return visitor, visitor.hidden(path_of(answer.location))


def join_at_once(street: Street, with_codes: list[str], contacts: list[str]) -> list[Answer]:
    ready = [to_the_form(street, code) for code in with_codes]
    filled = [
        hidden
        | {
            "agree": "y",
            "name": "赵小明",
            "public_name": "",
            "who": contact,
            "password": PASSWORD,
            "again": PASSWORD,
            "adult": "yes",
        }
        for (_visitor, hidden), contact in zip(ready, contacts, strict=True)
    ]
    return release(
        [
            lambda wait, visitor=visitor, fields=fields: visitor.post("/sign-up", fields, wait)
            for (visitor, _hidden), fields in zip(ready, filled, strict=True)
        ]
    )


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
    assert count(select(Vote).filter_by(ballot_id=consultation.ballot_id)) == 1
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
    assert count(select(Vote).filter_by(ballot_id=consultation.ballot_id)) == MANY
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
    consultation, path = case(street, "deliberating")
    author = newcomer(street)
    to = f"{path}statements/"
    sent = [{"to": to, "words": f"第{n}号楼前应当留出消防通道。"} for n in range(MANY)]
    answers = same_person(street, author, f"{path}statements/offer", sent)
    assert statuses(answers) == {303: 10, 429: MANY - 10}
    kept = db.session.scalars(
        select(Statement.text).filter_by(consultation_id=consultation.id)
    ).all()
    # Those that were acknowledged, and no others.
    acknowledged = {item["words"] for item, answer in zip(sent, answers, strict=True) if answer.ok}
    assert sorted(kept) == sorted(acknowledged)
    db.session.refresh(consultation)
    assert consultation.statement_count == 10


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


def test_one_code_lets_one_person_join(street: Street):
    before = {table: count(select(table)) for table in (Person, Contact, Standing)}
    [code] = make_codes(street, 1)
    contacts = [f"1390000{n:04}" for n in range(MANY)]
    answers = join_at_once(street, [code] * MANY, contacts)
    assert statuses(answers)[303] == 1
    for answer in answers:
        if not answer.ok:
            assert answer.status in {400, 409, 422}
            assert (
                "code has already been used" in answer.text or "has just been used" in answer.text
            )
    after = {table: count(select(table)) for table in (Person, Contact, Standing)}
    assert {table: after[table] - before[table] for table in after} == {
        Person: 1,
        Contact: 1,
        Standing: 1,
    }
    row = db.session.scalar(select(InviteCode).filter_by(digest=codes.digest(code)))
    assert row.used_by is not None


def test_one_number_joins_once_and_the_other_codes_stay_good(street: Street):
    before = {table: count(select(table)) for table in (Person, Contact, Standing)}
    made = make_codes(street, MANY)
    answers = join_at_once(street, made, ["138 1234 5678"] * MANY)
    assert statuses(answers) == {303: 1, 409: MANY - 1}
    after = {table: count(select(table)) for table in (Person, Contact, Standing)}
    assert {table: after[table] - before[table] for table in after} == {
        Person: 1,
        Contact: 1,
        Standing: 1,
    }
    unused = select(InviteCode).where(
        InviteCode.digest.in_([codes.digest(code) for code in made]), InviteCode.used_at.is_(None)
    )
    assert count(unused) == MANY - 1


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
    author = newcomer(street)
    to = f"{path}comments"
    sent = [{"to": to, "words": f"第{n}条意见", "form_key": f"form-{n}"} for n in range(MANY)]
    answers = same_person(street, author, path, sent)
    found = statuses(answers)
    assert found[303] == 20
    assert found.total() == MANY
    kept = db.session.scalars(select(Comment.text).filter_by(consultation_id=consultation.id)).all()
    acknowledged = {item["words"] for item, answer in zip(sent, answers, strict=True) if answer.ok}
    assert sorted(kept) == sorted(acknowledged)
    db.session.refresh(consultation)
    assert consultation.comment_count == 20


@pytest.fixture(scope="module")
def known_hash() -> str:
    return passwords.hashed(PASSWORD)


def test_wrong_passwords_at_once_are_not_all_answered(street: Street, known_hash: str):
    victim = factories.person("孙燕", password_hash=known_hash)
    other = factories.person("周杰", password_hash=known_hash)
    db.session.commit()
    who = {
        person.id: db.session.scalar(select(Contact.value).filter_by(person_id=person.id))
        for person in (victim, other)
    }
    visitors = [street.visitor() for _ in range(MANY)]
    token = visitors[0].hidden("/sign-in")["csrf_token"]
    for visitor in visitors[1:]:
        visitor.cookies = dict(visitors[0].cookies)
    wrong = {"csrf_token": token, "who": who[victim.id]}
    answers = release(
        [
            lambda wait, n=n, visitor=visitor: visitor.post(
                "/sign-in", wrong | {"password": f"guess number {n}"}, wait
            )
            for n, visitor in enumerate(visitors)
        ]
    )
    found = statuses(answers)
    assert found.keys() == {422, 429}
    assert 1 <= found[422] <= 5
    # The right one has to wait now, too; another account does not.
    right = {"csrf_token": token, "password": PASSWORD}
    assert visitors[0].post("/sign-in", right | {"who": who[victim.id]}).status == 429
    assert visitors[1].post("/sign-in", right | {"who": who[other.id]}).status == 303


def test_sixty_neighbours_sign_in_from_one_address(street: Street, known_hash: str):
    people = [factories.person("林娜", password_hash=known_hash) for _ in range(60)]
    db.session.commit()
    emails = db.session.scalars(
        select(Contact.value)
        .where(Contact.person_id.in_([person.id for person in people]))
        .order_by(Contact.id)
    ).all()
    assert len(emails) == 60
    visitors = [street.visitor() for _ in emails]
    tokens = [visitor.hidden("/sign-in")["csrf_token"] for visitor in visitors]
    answers = release(
        [
            lambda wait, visitor=visitor, token=token, email=email: visitor.post(
                "/sign-in", {"csrf_token": token, "who": email, "password": PASSWORD}, wait
            )
            for visitor, token, email in zip(visitors, tokens, emails, strict=True)
        ]
    )
    assert statuses(answers) == {303: 60}
    for visitor in visitors[:3]:
        assert visitor.get("/me").status == 200
