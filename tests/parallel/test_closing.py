"""Closing an account while it is used, and closing it twice."""

import pytest
from sqlalchemy import func, select

from civic.consultations.models import Comment, Participant, Statement
from civic.identities import passwords
from civic.identities.models import Contact, Person
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.voting.box import UsedRight
from civic.voting.models import Ballot, BallotOption
from tests import factories
from tests.parallel.acts import MANY, PASSWORD, case, count, newcomer, release, statuses
from tests.parallel.conftest import Street
from tests.visitors import Answer

CONFIRMED = {"word": "close the account", "confirm_password": PASSWORD}


def leaver(street: Street) -> Person:
    person = newcomer(street)
    person.password_hash = passwords.hashed(PASSWORD)
    db.session.commit()
    return person


def together(street: Street, person: Person, path: str, sent: list[dict]) -> list[Answer]:
    """Send forms of one person from many tabs at one moment."""
    visitor = street.signed_in(person)
    token = {"csrf_token": visitor.hidden(path)["csrf_token"]}
    tabs = [visitor.copy() for _ in sent]
    return release(
        [
            lambda wait, tab=tab, fields=fields: tab.post(
                fields["to"], token | {k: str(v) for k, v in fields.items() if k != "to"}, wait
            )
            for tab, fields in zip(tabs, sent, strict=True)
        ]
    )


def test_closing_many_times_at_once_is_closing_once(street: Street):
    person = leaver(street)
    answers = together(street, person, "/me/close", [{"to": "/me/close"} | CONFIRMED] * 4)
    found = statuses(answers)
    assert found[303] == 1
    assert found.total() == 4
    closed = select(AuditEntry.id).filter_by(act="account.closed", subject=f"person:{person.id}")
    assert count(closed) == 1
    assert count(select(Contact.id).filter_by(person_id=person.id)) == 0


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_nothing_is_said_by_who_has_closed(street: Street, turn: int):
    """Speak, offer and vote in many tabs while the account is closed in one."""
    consultation, path = case(street, "deliberating")
    running, voting_path = case(street, "voting")
    option = db.session.scalar(
        select(BallotOption.id).filter_by(ballot_id=running.ballot_id, position=0)
    )
    person = leaver(street)
    sent: list[dict] = [{"to": "/me/close"} | CONFIRMED]
    for number in range(MANY // 4):
        sent += [
            {
                "to": f"{path}comments",
                "words": f"意见{number}{turn}",
                "form_key": f"{number}{turn}",
            },
            {"to": f"{path}statements/", "words": f"第{number}号楼要有灯{turn}。"},
            {"to": f"{voting_path}vote", "option": option},
        ]
    answers = together(street, person, "/me/close", sent)
    found = statuses(answers)
    assert answers[0].status == 303, answers[0].text[-1500:]
    kept = factories.scalars(select(Person).filter_by(id=person.id))[0]
    assert kept.closed_at is not None
    # Each act was either before the close, and is anonymous now, or was refused.
    assert factories.scalars(select(UsedRight.ballot_id).filter_by(person_id=person.id)) == []
    assert factories.scalars(select(Participant.id).filter_by(person_id=person.id)) == []
    comments = factories.scalars(select(Comment).filter_by(author_id=person.id))
    assert len(comments) == sum(answer.ok for answer in answers[1::3])
    assert {comment.place for comment in comments} <= {""}
    assert {comment.created_at <= kept.closed_at for comment in comments} <= {True}
    offered = select(Statement.id).filter_by(consultation_id=consultation.id)
    assert count(offered) == sum(answer.ok for answer in answers[2::3])
    turnout = factories.scalars(select(Ballot.turnout).filter_by(id=running.ballot_id))
    votes = select(func.count()).select_from(UsedRight).filter_by(ballot_id=running.ballot_id)
    assert turnout == factories.scalars(votes) == [0]
    assert set(found) <= {303, 302, 401, 404, 409, 429}, found


def test_others_vote_while_one_leaves(street: Street):
    running, path = case(street, "voting")
    option = db.session.scalar(
        select(BallotOption.id).filter_by(ballot_id=running.ballot_id, position=0)
    )
    leavers = [leaver(street) for _ in range(4)]
    voters = [newcomer(street) for _ in range(8)]
    for person in leavers:
        factories.cast(running.ballot, person, option)
    acts = []
    for person in (*leavers, *voters):
        visitor = street.signed_in(person)
        leaves = person in leavers
        token = {"csrf_token": visitor.hidden("/me/close" if leaves else path)["csrf_token"]}
        to = "/me/close" if leaves else f"{path}vote"
        fields = token | (CONFIRMED if leaves else {"option": str(option)})
        acts.append(lambda wait, v=visitor, to=to, fields=fields: v.post(to, fields, wait))
    assert statuses(release(acts)) == {303: len(leavers) + len(voters)}
    turnout = factories.scalars(select(Ballot.turnout).filter_by(id=running.ballot_id))
    assert turnout == [len(voters)]
    assert count(select(UsedRight).filter_by(ballot_id=running.ballot_id)) == len(voters)
