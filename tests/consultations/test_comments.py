"""Speaking: two levels, who may, when, how much, and once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from civic.consultations import speaking, threads
from civic.consultations.models import Comment, Consultation, Participant
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests.factories import World, consultation, scalars
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]


@pytest.fixture
def case(app: Flask, world: World) -> Consultation:
    return consultation(world.erlong)


def say(world: World, case: Consultation, role: str, words: str = "好主意", **more) -> Comment:
    key = more.pop("form_key", None) or f"{role}-{words}-{clock.now().isoformat()}"
    try:
        made = speaking.comment(world.actor(role), world.erlong, case, words, form_key=key, **more)
    except Refused:
        db.session.rollback()
        raise
    db.session.commit()
    return made


def refusal(world: World, case: Consultation, role: str, words: str = "好", **more) -> str:
    before = scalars(select(func.count()).select_from(Comment))
    with pytest.raises(Refused) as refused:
        say(world, case, role, words, **more)
    assert scalars(select(func.count()).select_from(Comment)) == before
    return refused.value.code


def counted(case: Consultation) -> tuple[int, int]:
    query = select(Consultation.comment_count, Consultation.participant_count)
    found = db.session.execute(query.filter_by(id=case.id)).one()
    db.session.commit()
    return tuple(found)


def test_a_comment_is_kept_with_whence_it_comes(world: World, case: Consultation) -> None:
    made = say(world, case, "resident", "**好**主意")
    assert (made.level, made.parent_id, made.office) == (1, None, None)
    assert (made.place, made.standing) == ("6号楼", "resident_living")
    assert "<strong>好</strong>" in made.html
    assert counted(case) == (1, 1)


def test_a_worker_speaks_by_the_tower(world: World) -> None:
    street = consultation(world.street, audience=("resident", "worker"))
    made = speaking.comment(world.actor("worker"), world.street, street, "好", form_key="k")
    db.session.commit()
    assert (made.place, made.standing) == ("金融中心大厦", "worker")


def test_a_reply_to_a_reply_stands_in_its_thread(world: World, case: Consultation) -> None:
    first = say(world, case, "resident")
    reply = say(world, case, "neighbour", "同意", parent_id=first.id)
    again = say(world, case, "resident", "谢谢", parent_id=reply.id)
    assert [(row.level, row.parent_id) for row in (reply, again)] == [(2, first.id)] * 2
    found = threads.threads(case.id)
    db.session.commit()
    assert [thread.comment.id for thread in found] == [first.id]
    assert [row.id for row in found[0].replies] == [reply.id, again.id]
    assert counted(case) == (3, 2)


@pytest.mark.parametrize(("level", "parent_level"), [(3, 2), (2, 2), (1, 1), (2, None)])
def test_the_database_itself_knows_two_levels_only(
    world: World, case: Consultation, level: int, parent_level: int | None
) -> None:
    first = say(world, case, "resident")
    reply = say(world, case, "neighbour", "同意", parent_id=first.id)
    with pytest.raises(IntegrityError):
        db.session.execute(
            text(
                "INSERT INTO comment (consultation_id, level, parent_id, parent_level, author_id,"
                " place, standing, text, html, form_key, created_at)"
                " VALUES (:case, :level, :parent, :parent_level, :author, '', '', 'x', 'x', 'k3',"
                " '2026-01-01 00:00:00+00')"
            ),
            {
                "case": case.id,
                "level": level,
                "parent": reply.id,
                "parent_level": parent_level,
                "author": world.resident.id,
            },
        )
    db.session.rollback()


def test_a_reply_to_another_case_is_refused(world: World, case: Consultation) -> None:
    other = say(world, consultation(world.erlong), "resident")
    assert refusal(world, case, "neighbour", parent_id=other.id) == "no_comment"


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("anonymous", "sign_in"),
        ("elsewhere", "audience"),
        ("worker", "audience"),
    ],
)
def test_whom_it_does_not_ask_reads_only(
    world: World, case: Consultation, role: str, code: str
) -> None:
    assert refusal(world, case, role) == code
    assert counted(case) == (0, 0)


@pytest.mark.parametrize(("stage", "code"), [("scheduled", "not_open"), ("closed", "closed")])
def test_before_and_after_nobody_speaks(world: World, stage: str, code: str) -> None:
    case = consultation(world.erlong, stage=stage)
    for role in ("resident", "secretary"):
        assert refusal(world, case, role) == code


def test_a_minor_may_speak(world: World, case: Consultation) -> None:
    assert say(world, case, "minor").author_id == world.minor.id


def test_an_office_answers_in_its_name(world: World, case: Consultation) -> None:
    first = say(world, case, "resident")
    made = say(world, case, "secretary", "已经在办。", parent_id=first.id, official=True)
    assert made.office == "二龙路社区党委"
    # It is an official act, and the office is no participant.
    acts = scalars(select(AuditEntry).filter_by(act="comment.answered"))
    assert [(entry.post, entry.subject) for entry in acts] == [
        ("二龙路社区党委", f"comment:{made.id}")
    ]
    assert counted(case) == (2, 1)


def test_nobody_else_speaks_for_an_office(world: World, case: Consultation) -> None:
    assert say(world, case, "resident", official=True).office is None
    assert scalars(select(AuditEntry.id).filter_by(act="comment.answered")) == []


@pytest.mark.parametrize(
    ("words", "code"), [("", "empty"), (" \n\t\u3000", "empty"), ("长" * 2001, "too_long")]
)
def test_what_is_no_comment(world: World, case: Consultation, words: str, code: str) -> None:
    assert refusal(world, case, "resident", words) == code


def test_the_longest_comment_fits(world: World, case: Consultation) -> None:
    assert len(say(world, case, "resident", "长" * 2000).text) == 2000


def test_twenty_in_an_hour_and_then_a_rest(world: World, case: Consultation) -> None:
    second = consultation(world.erlong)
    for number in range(20):
        say(world, case if number % 2 else second, "resident", f"第{number}条")
    assert refusal(world, case, "resident") == "too_many"
    say(world, case, "neighbour")
    clock.shift(timedelta(minutes=59))
    assert refusal(world, case, "resident") == "too_many"
    clock.shift(timedelta(hours=1))
    say(world, case, "resident")


def test_a_form_sent_twice_is_one_comment(world: World, case: Consultation) -> None:
    first = say(world, case, "resident", form_key="same")
    again = say(world, case, "resident", "改了一点", form_key="same")
    assert again.id == first.id
    say(world, case, "neighbour", form_key="same")
    assert counted(case) == (2, 2)
    assert scalars(select(Participant.acts)) == [1, 1]


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[点这里](javascript:alert(1))",
        '<a href="data:text/html,x">x</a>',
        "<style>body{display:none}</style>",
        "<form action=/sign-out method=post><button>x</button></form>",
    ],
)
def test_what_is_written_cannot_act(
    world: World, case: Consultation, login: Login, evil: str
) -> None:
    made = say(world, case, "resident", f"您好 {evil}")
    page = text_of(login(None).get(f"/c/erlonglu/consultations/{case.id}/"))
    shown = page[page.index(f'id="comment-{made.id}"') :].partition("</article>")[0]
    assert "您好" in shown
    for tag in ("<script", "<img", "<style", "<form", '<a href="javascript', '<a href="data:'):
        assert tag not in shown
        assert tag not in made.html


def post(client: FlaskClient, case: Consultation, words: str, key: str, **more: object):
    headers = more.pop("headers", None)
    return client.post(
        f"/c/erlonglu/consultations/{case.id}/comments",
        data={"words": words, "form_key": key, **more},
        headers=headers,
    )


def test_by_page_one_is_sent_on_to_one_s_comment(
    world: World, case: Consultation, login: Login
) -> None:
    client = login(world.resident)
    response = post(client, case, "树要留着。", "k1")
    made = scalars(select(Comment.id))[0]
    assert response.status_code == 303
    assert response.location == f"/c/erlonglu/consultations/{case.id}/#comment-{made}"
    assert "树要留着。" in text_of(client.get(response.location))
    reply = post(client, case, "还有鸟。", "k2", parent=made)
    assert reply.location.startswith(f"/c/erlonglu/consultations/{case.id}/comments/{made}#")
    assert "还有鸟。" in text_of(client.get(reply.location))


def test_htmx_gets_the_part_alone(world: World, case: Consultation, login: Login) -> None:
    client = login(world.resident)
    response = post(client, case, "树要留着。", "k1", headers={"HX-Request": "true"})
    part = text_of(response)
    assert response.status_code == 200
    assert "HX-Request" in response.headers["Vary"]
    assert "<html" not in part
    assert 'id="discussion"' in part
    assert "树要留着。" in part
    assert "k1" not in part  # the next form has a key of its own


def test_words_that_are_refused_are_still_there(
    world: World, case: Consultation, login: Login
) -> None:
    words = "很" * 2001
    for headers in ({}, {"HX-Request": "true"}):
        response = post(login(world.resident), case, words, "k1", headers=headers)
        assert response.status_code == 422
        assert words in text_of(response)
        assert 'id="words-error"' in text_of(response)
        assert ("<html" in text_of(response)) == (not headers)


def test_only_an_office_is_offered_to_answer_as_one(
    world: World, case: Consultation, login: Login
) -> None:
    address = f"/c/erlonglu/consultations/{case.id}/"
    assert 'name="official"' in text_of(login(world.secretary).get(address))
    assert 'name="official"' not in text_of(login(world.resident).get(address))
    post(login(world.secretary), case, "已经在办。", "k1", official="y")
    assert scalars(select(Comment.office)) == ["二龙路社区党委"]


def test_other_readers_see_the_masked_name(world: World, case: Consultation, login: Login) -> None:
    say(world, case, "resident")
    for role in ("neighbour", "secretary"):
        page = text_of(login(world.people[role]).get(f"/c/erlonglu/consultations/{case.id}/"))
        assert "王*" in page
        assert "王桂兰" not in page


def test_many_threads_come_in_pages(
    app: Flask, world: World, case: Consultation, login: Login
) -> None:
    app_limit = app.config["SETTINGS"].comments_per_hour
    people = ["resident", "neighbour", "minor"]
    for number in range(55):
        assert number // 3 < app_limit
        say(world, case, people[number % 3], f"第{number:02}条。")
    client = login(None)
    first = text_of(client.get(f"/c/erlonglu/consultations/{case.id}/"))
    oldest_shown = scalars(select(Comment.id).order_by(Comment.id.desc()).offset(49).limit(1))[0]
    older = f"/c/erlonglu/consultations/{case.id}/comments?before={oldest_shown}"
    assert older in first
    second = text_of(client.get(older))
    shown = [f"第{number:02}条" in first for number in range(55)]
    assert shown == [number >= 5 for number in range(55)]
    assert [f"第{number:02}条" in second for number in range(55)] == [not there for there in shown]
