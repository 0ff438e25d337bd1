"""Closing an account: what stays, what goes, who may not, and that it is all or nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic.consultations.models import Comment, Consultation, Participant, Statement, StatementVote
from civic.identities import passwords
from civic.identities.actors import actor_for
from civic.identities.looks import Look
from civic.identities.models import Appointment, InviteCode, Person
from civic.identities.names import GONE
from civic.kernel import audit, own_data
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation.models import Decision
from civic.notifications.models import InboxItem, Message
from civic.records import services
from civic.voting import outcomes
from civic.voting.box import UsedRight
from civic.voting.models import Ballot
from tests.factories import World, scalars
from tests.records.lives import PASSWORD, Life, lived

Login = Callable[[Person | None], FlaskClient]
CONFIRMED = {"word": "注销账户", "confirm_password": PASSWORD}


@pytest.fixture
def life(world: World) -> Life:
    return lived(world)


def close(life: Life) -> None:
    db.session.commit()
    services.close(life.person.id)
    db.session.commit()


def result(case_id: int) -> tuple[dict[str, int], int]:
    case = db.session.get_one(Consultation, case_id)
    ballot = db.session.get_one(Ballot, case.ballot_id)
    db.session.refresh(ballot, ["options"])
    counted = outcomes.result(ballot, {option.id: option.text for option in ballot.options})
    db.session.commit()
    return {line.text: line.count for line in counted.lines}, counted.abstained


def test_results_stay_and_the_link_is_cut(life: Life) -> None:
    cases = scalars(select(Consultation.id).where(Consultation.title.is_not(None)))
    closed = [
        case_id
        for case_id in cases
        if db.session.get_one(Consultation, case_id).ballot_id
        and db.session.get_one(
            Ballot, db.session.get_one(Consultation, case_id).ballot_id
        ).closes_at
        < life.person.created_at
    ]
    db.session.commit()
    assert len(closed) == 2
    before = [result(case_id) for case_id in closed]
    person_id = life.person.id
    close(life)
    assert [result(case_id) for case_id in closed] == before
    assert scalars(select(UsedRight.ballot_id).filter_by(person_id=person_id)) == []


def test_a_vote_in_an_open_ballot_is_withdrawn(life: Life) -> None:
    ballot_id = life.open_case.ballot_id
    assert scalars(select(Ballot.turnout).filter_by(id=ballot_id)) == [1]
    close(life)
    assert scalars(select(Ballot.turnout).filter_by(id=ballot_id)) == [0]
    assert scalars(select(func.count()).select_from(UsedRight).filter_by(ballot_id=ballot_id)) == [
        0
    ]


def test_what_was_said_stays_under_no_name(life: Life, app: Flask) -> None:
    answers = scalars(select(func.count()).select_from(StatementVote))
    person_id, comment_id = life.person.id, life.comment_id
    case_id = scalars(select(Comment.consultation_id).filter_by(id=comment_id))[0]
    counts = scalars(select(Consultation.participant_count).filter_by(id=case_id))
    close(life)
    comment = scalars(select(Comment).filter_by(id=comment_id))[0]
    assert (comment.text, comment.place) == ("请先量路宽0。", "")
    page = app.test_client().get(f"/c/erlonglu/consultations/{case_id}/").get_data(as_text=True)
    assert GONE in page
    assert "请先量路宽0。" in page
    assert scalars(select(func.count()).select_from(StatementVote)) == answers
    assert scalars(select(Consultation.participant_count).filter_by(id=case_id)) == counts
    assert scalars(select(Participant.id).filter_by(person_id=person_id)) == []
    assert scalars(select(Statement.text).filter_by(id=life.statement_id)) == ["应当先划消防通道。"]


def test_objections_go_and_the_decisions_stay(life: Life) -> None:
    close(life)
    decisions = scalars(select(Decision).order_by(Decision.id))
    assert [decision.author_id for decision in decisions] == [None, None]
    assert {decision.note for decision in decisions} == {""}
    assert {decision.objection for decision in decisions} <= {None, ""}
    assert {decision.sealed["text"] for decision in decisions} == {"请先量路宽1。", "请先量路宽2。"}
    waiting = [d for d in decisions if d.objected_at and not d.answered_at]
    assert waiting == []


def test_official_acts_stay_and_lead_to_nobody(life: Life) -> None:
    person_id = life.person.id
    key = scalars(select(audit.AuditActor.key).filter_by(person_id=person_id))[0]
    close(life)
    assert scalars(select(audit.AuditActor.key).filter_by(person_id=person_id)) == []
    assert scalars(select(audit.AuditEntry.act).filter_by(actor=key)) == ["codes.made"]
    assert list(audit.broken()) == []
    db.session.commit()
    last = scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.id.desc()).limit(1))[0]
    assert (last.act, last.actor, last.subject) == (
        "account.closed",
        "holder",
        f"person:{person_id}",
    )


def test_what_the_page_promised_is_there(life: Life) -> None:
    person_id = life.person.id
    close(life)
    held = scalars(select(Appointment).filter_by(person_id=person_id))
    assert [item.end_reason for item in held] == [""]
    assert len(scalars(select(Look.id).filter_by(person_id=person_id))) == 2
    assert scalars(select(InviteCode.used_at).where(InviteCode.used_by.is_(None)))[0] is not None
    person = scalars(select(Person).filter_by(id=person_id))[0]
    assert (person.name, person.public_name, person.password_hash) == ("", GONE, "")
    # What was told to others about other things stays theirs.
    assert scalars(select(Message.subject)) == ["notice:1"]
    assert len(scalars(select(InboxItem.id))) == 1


def test_it_is_all_or_nothing(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_person_id: int) -> None:
        message = "this part cannot"
        raise RuntimeError(message)

    # The first that is registered is erased last: everything else has been done by then.
    parts = own_data._found()
    broken = own_data.Part(owner="account", title="", stored=(), export=lambda _id: [], forget=fail)
    monkeypatch.setitem(parts, "account", broken)
    db.session.commit()
    with pytest.raises(RuntimeError):
        services.close(life.person.id)
    db.session.rollback()
    person = scalars(select(Person).filter_by(id=life.person.id))[0]
    assert person.closed_at is None
    assert len(scalars(select(UsedRight.ballot_id).filter_by(person_id=person.id))) == 3


def test_the_database_refuses_a_closed_person_with_a_name(world: World) -> None:
    world.resident.closed_at = world.resident.created_at
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_it_takes_the_password_and_the_words(life: Life, login: Login, app: Flask) -> None:
    person = life.person
    client, kept = login(person), login(person)
    for wrong in ({"confirm_password": "wrong words"}, {"word": "注销"}, {"confirm_password": ""}):
        response = client.post("/me/close", data=CONFIRMED | wrong)
        assert response.status_code == 422
        assert "wrong words" not in response.get_data(as_text=True)
    assert scalars(select(Person.closed_at).filter_by(id=person.id)) == [None]
    response = client.post("/me/close", data=CONFIRMED)
    assert (response.status_code, response.location) == (303, "/")
    assert scalars(select(Person.closed_at).filter_by(id=person.id)) != [None]
    assert client.get("/me").status_code == 302
    # Nor by a cookie that was kept, nor with the old password.
    assert kept.get("/me").status_code == 302
    again = app.test_client().post("/sign-in", data={"who": "13987654321", "password": PASSWORD})
    assert again.status_code == 422
    assert actor_for(person.id) is None


def test_guessing_the_password_is_slowed(life: Life, login: Login) -> None:
    client = login(life.person)
    for _ in range(5):
        client.post("/me/close", data=CONFIRMED | {"confirm_password": "wrong words"})
    assert client.post("/me/close", data=CONFIRMED).status_code == 429
    assert scalars(select(Person.closed_at).filter_by(id=life.person.id)) == [None]


def test_who_holds_a_post_or_has_a_child_is_told_why_not(world: World, login: Login) -> None:
    for role in ("secretary", "resident"):
        world.people[role].password_hash = passwords.hashed(PASSWORD)
    world.minor.guardian_id = world.resident.id
    db.session.commit()
    for role, word in (("secretary", "任期"), ("resident", "监护人"), ("minor", "监护人")):
        client = login(world.people[role])
        page = client.get("/me/close").get_data(as_text=True)
        assert word in page
        assert '<form class="form"' not in page
        world.minor.password_hash = passwords.hashed(PASSWORD)
        db.session.commit()
        assert client.post("/me/close", data=CONFIRMED).status_code in {403, 409}
        assert scalars(select(Person.closed_at).filter_by(id=world.people[role].id)) == [None]


def test_it_happens_once(life: Life) -> None:
    close(life)
    with pytest.raises(Refused) as refused:
        services.close(life.person.id)
    assert refused.value.code == "closed"
    db.session.rollback()


def test_the_page_says_what_every_part_keeps(life: Life, login: Login, app: Flask) -> None:
    page = login(life.person).get("/me/close").get_data(as_text=True)
    with app.test_request_context():
        promised = [str(item.what) for item in own_data.kept()]
    assert len(promised) >= 7
    assert [words for words in promised if words not in page] == []
