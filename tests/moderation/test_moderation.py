"""Hiding a text for a reason, objecting, and the second person who answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from civic.consultations import own_words, speaking, statements
from civic.consultations.models import Comment, Consultation, Statement
from civic.deliberation import arguments, questions
from civic.drafting import commenting
from civic.identities.models import Person
from civic.kernel.audit import AuditEntry, broken
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation import services
from civic.moderation.models import Decision
from civic.records import services as records
from tests.deliberation.conftest import argued, asked
from tests.drafting.conftest import published
from tests.drafting.conftest import said as commented
from tests.factories import ROLES, World, consultation, rows, scalars
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
WORDS = "三单元老李从不交停车费"
WHY = "这是公开的事"
HERE = "/c/erlonglu"


@pytest.fixture
def case(app: Flask, world: World) -> Consultation:
    return consultation(world.erlong)


@pytest.fixture(autouse=True)
def in_a_request(app: Flask) -> Iterator[None]:
    """Addresses of texts are made in requests."""
    with app.test_request_context(method="POST"):
        yield
        db.session.rollback()


@pytest.fixture
def comment(world: World, case: Consultation) -> Comment:
    made = speaking.comment(
        world.actor("resident"), world.erlong, case, f"**{WORDS}**", form_key="k"
    )
    db.session.commit()
    return made


@pytest.fixture
def statement(world: World, case: Consultation) -> Statement:
    made = statements.offer(world.actor("resident"), world.erlong, case, WORDS)
    db.session.commit()
    return made


def hide(world: World, kind: str, text_id: int, role: str = "secretary") -> Decision:
    made = services.hide(
        world.actor(role), world.erlong, kind, text_id, reason="personal_data", note="请不要点名"
    )
    db.session.commit()
    return made


def object_to(world: World, decision: Decision, role: str = "resident", words: str = WHY) -> None:
    services.object_to(world.people[role].id, decision.id, words)
    db.session.commit()


def answer(world: World, decision: Decision, role: str, *, restore: bool = True) -> None:
    services.answer(world.actor(role), world.erlong, decision.id, restore=restore, words="理由成立")
    db.session.commit()


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    db.session.rollback()
    return refused.value.code


def everywhere(case: Consultation, comment_id: int) -> tuple[str, ...]:
    address = f"{HERE}/consultations/{case.id}/"
    return (
        f"{HERE}/",
        f"{HERE}/consultations/",
        address,
        f"{address}comments",
        f"{address}comments/{comment_id}",
        f"{address}statements/",
        "/me",
        "/me/texts",
    )


def test_a_hidden_text_is_nowhere_but_with_its_author(
    world: World, case: Consultation, comment: Comment, statement: Statement, login: Login
) -> None:
    pages = everywhere(case, comment.id)
    assert WORDS in text_of(login(None).get(pages[2]))
    hide(world, "comment", comment.id)
    hide(world, "statement", statement.id)
    for role in ROLES:
        client = login(world.people.get(role))
        for page in pages:
            shown = WORDS in text_of(client.get(page))
            assert shown == (role == "resident" and page == "/me/texts")
    # Those who may have to judge it read it where they do so.
    for role in ROLES:
        page = login(world.people.get(role)).get(f"{HERE}/moderation/")
        assert (WORDS in text_of(page)) == (role in {"secretary", "officer"})


def test_the_text_is_sealed_in_the_decision(
    world: World, comment: Comment, statement: Statement
) -> None:
    decision = hide(world, "comment", comment.id)
    assert rows(select(Comment.text, Comment.html, Comment.hidden_by)) == [("", "", decision.id)]
    assert decision.sealed == {"text": f"**{WORDS}**"}
    assert decision.author_id == world.resident.id
    second = hide(world, "statement", statement.id)
    assert rows(select(Statement.text, Statement.hidden_by)) == [("", second.id)]
    kept = rows(select(Statement.agrees, Statement.disagrees, Statement.passes))
    assert kept == [(1, 0, 0)]


def test_the_same_words_are_not_offered_again_while_hidden(
    world: World, case: Consultation, statement: Statement
) -> None:
    hide(world, "statement", statement.id)
    offered = lambda: statements.offer(  # noqa: E731
        world.actor("neighbour"), world.erlong, case, WORDS
    )
    assert code_of(offered) == "offered"


def test_a_reason_comes_from_the_list(world: World, comment: Comment) -> None:
    for reason in ("", "because", "imported"):
        act = lambda reason=reason: services.hide(  # noqa: E731
            world.actor("secretary"), world.erlong, "comment", comment.id, reason=reason
        )
        assert code_of(act) == "reason"
    assert scalars(select(Decision.id)) == []


def test_hidden_is_hidden_once(world: World, comment: Comment) -> None:
    decision = hide(world, "comment", comment.id)
    assert code_of(lambda: hide(world, "comment", comment.id, "deputy")) == "hidden"
    # And the database says so itself.
    with pytest.raises(IntegrityError):
        db.session.execute(
            text(
                "INSERT INTO decision (community_id, subject, reason, note, sealed, decided_at)"
                " VALUES (:community, :subject, 'insult', '', '{}', '2026-01-01 00:00:00+00')"
            ),
            {"community": world.erlong.id, "subject": decision.subject},
        )
    db.session.rollback()
    assert scalars(select(Decision.sealed)) == [{"text": f"**{WORDS}**"}]
    object_to(world, decision)
    answer(world, decision, "deputy")
    assert hide(world, "comment", comment.id, "deputy").id != decision.id


def test_the_author_objects_once(world: World, comment: Comment) -> None:
    decision = hide(world, "comment", comment.id)
    assert code_of(lambda: object_to(world, decision, "neighbour")) == "no_text"
    assert code_of(lambda: object_to(world, decision, words="  ")) == "empty"
    object_to(world, decision)
    assert code_of(lambda: object_to(world, decision, words="再来一次")) == "objected"
    assert scalars(select(Decision.objection)) == [WHY]


def test_another_member_of_staff_answers(world: World, comment: Comment) -> None:
    decision = hide(world, "comment", comment.id)
    assert code_of(lambda: answer(world, decision, "deputy")) == "no_objection"
    object_to(world, decision)
    assert code_of(lambda: answer(world, decision, "secretary")) == "second_person"
    assert scalars(select(Comment.text)) == [""]
    with pytest.raises(IntegrityError):
        db.session.execute(update(Decision).values(answered_by=world.secretary.id))
    db.session.rollback()
    answer(world, decision, "officer", restore=False)
    assert code_of(lambda: answer(world, decision, "deputy")) == "answered"
    assert rows(select(Decision.outcome, Decision.answer)) == [("kept", "理由成立")]
    assert scalars(select(Comment.text)) == [""]


@pytest.mark.parametrize("kind", ["comment", "statement"])
def test_restoring_puts_the_text_back(
    world: World,
    case: Consultation,
    comment: Comment,
    statement: Statement,
    kind: str,
    login: Login,
) -> None:
    hidden = comment if kind == "comment" else statement
    decision = hide(world, kind, hidden.id)
    object_to(world, decision)
    answer(world, decision, "deputy")
    assert rows(select(Comment.text, Comment.hidden_by)) == [(f"**{WORDS}**", None)]
    assert rows(select(Statement.text, Statement.hidden_by)) == [(WORDS, None)]
    assert f"<strong>{WORDS}</strong>" in scalars(select(Comment.html))[0]
    # A restored text is in one place again.
    assert scalars(select(Decision.sealed)) == [{}]
    address = f"{HERE}/consultations/{case.id}/"
    assert WORDS in text_of(login(None).get(address))


def test_what_is_official_is_in_the_audit_without_a_text(world: World, comment: Comment) -> None:
    decision = hide(world, "comment", comment.id)
    object_to(world, decision)
    answer(world, decision, "deputy")
    entries = scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert [(entry.act, entry.post, entry.subject) for entry in entries] == [
        ("text.hidden", "二龙路社区党委", f"comment:{comment.id}"),
        ("objection.answered", "二龙路社区党委", f"comment:{comment.id}"),
    ]
    for entry in entries:
        for said in (WORDS, WHY, "请不要点名", "理由成立", "王桂兰", "周红"):
            assert said not in f"{entry.data}{entry.subject}{entry.actor}{entry.post}"
    assert list(broken()) == []


def test_a_text_of_elsewhere_is_not_there(world: World, comment: Comment) -> None:
    for community, kind, number in (
        (world.jingji, "comment", comment.id),
        (world.street, "comment", comment.id),
        (world.erlong, "person", world.resident.id),
        (world.erlong, "comment", 10**6),
    ):
        act = lambda c=community, k=kind, n=number: services.hide(  # noqa: E731
            world.actor("officer"), c, k, n, reason="insult"
        )
        assert code_of(act) == "no_text"


def test_the_whole_way_by_page(
    world: World, case: Consultation, comment: Comment, login: Login
) -> None:
    secretary, deputy, author = (
        login(world.people[role]) for role in ("secretary", "deputy", "resident")
    )
    page = text_of(secretary.get(f"{HERE}/consultations/{case.id}/"))
    form = f"{HERE}/moderation/hide/comment/{comment.id}"
    assert form in page
    assert WORDS in text_of(secretary.get(form))
    empty = secretary.post(form, data={"note": "请不要点名"})
    assert empty.status_code == 422
    assert "请不要点名" in text_of(empty)
    data = {"reason": "personal_data", "note": "请不要点名"}
    assert secretary.post(form, data=data).status_code == 303
    assert secretary.post(form, data=data).status_code == 409
    decision = scalars(select(Decision.id))[0]
    mine = text_of(author.get("/me/texts"))
    assert WORDS in mine
    assert "请不要点名" in mine
    object_url = f"/me/texts/{decision}/object"
    assert author.post(object_url, data={"words": ""}).status_code == 422
    assert author.post(object_url, data={"words": WHY}).status_code == 303
    assert author.post(object_url, data={"words": "再来"}).status_code == 303
    assert scalars(select(Decision.objection)) == [WHY]
    answer_url = f"{HERE}/moderation/{decision}/answer"
    assert f'action="{answer_url}"' in text_of(deputy.get(f"{HERE}/moderation/"))
    assert WHY in text_of(deputy.get(f"{HERE}/moderation/"))
    data = {"outcome": "restored", "words": "理由成立"}
    assert secretary.post(answer_url, data=data).status_code == 403
    kept = deputy.post(answer_url, data={"words": "理由成立"})
    assert kept.status_code == 422
    assert "理由成立" in text_of(kept)
    assert deputy.post(answer_url, data=data).status_code == 303
    assert "理由成立" in text_of(author.get("/me/texts"))
    assert WORDS in text_of(login(None).get(f"{HERE}/consultations/{case.id}/"))


def test_the_author_is_led_to_the_objection(
    world: World, case: Consultation, comment: Comment, login: Login
) -> None:
    hide(world, "comment", comment.id)
    for role in ("resident", "neighbour", "secretary"):
        page = text_of(login(world.people[role]).get(f"{HERE}/consultations/{case.id}/"))
        tomb = page[page.index(f'id="comment-{comment.id}"') :].partition("</article>")[0]
        assert ('href="/me/texts"' in tomb) == (role == "resident")


def test_replies_below_a_hidden_comment_are_still_read(
    world: World, case: Consultation, comment: Comment, login: Login
) -> None:
    speaking.comment(
        world.actor("secretary"),
        world.erlong,
        case,
        "社区的回答在此。",
        form_key="k2",
        parent_id=comment.id,
        official=True,
    )
    db.session.commit()
    hide(world, "comment", comment.id)
    page = text_of(login(None).get(f"{HERE}/consultations/{case.id}/"))
    assert "社区的回答在此。" in page
    assert scalars(select(func.count()).select_from(Comment)) == [2]


def test_a_word_to_an_author_who_has_left_is_not_kept(
    world: World, case: Consultation, comment: Comment, login: Login
) -> None:
    form = f"{HERE}/moderation/hide/comment/{comment.id}"
    secretary = login(world.people["secretary"])
    page = text_of(secretary.get(form))
    assert 'name="note"' in page
    assert "可以提出异议" in page
    records.close(world.resident.id)
    db.session.commit()
    page = text_of(secretary.get(form))
    assert 'name="note"' not in page
    assert "可以提出异议" not in page
    # Whoever had the form open by then sends the word all the same.
    done = secretary.post(
        form, data={"reason": "insult", "note": "王桂兰您好"}, follow_redirects=True
    )
    assert "内容已隐藏。" in text_of(done)
    assert "作者能看到" not in text_of(done)
    assert rows(select(Decision.author_id, Decision.note)) == [(None, "")]


@pytest.mark.parametrize("column", ["note", "objection", "answer"])
def test_the_database_keeps_no_words_that_nobody_reads(
    world: World, comment: Comment, column: str
) -> None:
    made = hide(world, "comment", comment.id)
    with pytest.raises(IntegrityError):
        db.session.execute(
            update(Decision).values({"author_id": None, "note": ""} | {column: "王桂兰您好"})
        )
    db.session.rollback()
    with pytest.raises(IntegrityError):
        db.session.execute(
            insert(Decision).values(
                {
                    "community_id": world.erlong.id,
                    "subject": "comment:0",
                    "reason": "insult",
                    "note": "",
                    "sealed": {},
                    "decided_at": made.decided_at,
                    column: "王桂兰您好",
                }
            )
        )


@pytest.mark.parametrize("kind", ["comment", "draft_comment", "argument", "question"])
def test_what_is_taken_back_while_it_is_hidden_is_sealed_nowhere(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    case, actor = consultation(world.erlong), world.actor("resident")
    if kind == "draft_comment":
        case, _version = published(world)
        one = commented(world, case).id
    elif kind == "comment":
        one = speaking.comment(actor, world.erlong, case, WORDS, form_key="k").id
    else:
        one = (argued if kind == "argument" else asked)(world, case, "resident").id
    db.session.commit()
    take_back: dict[str, Callable[[], object]] = {
        "comment": lambda: own_words.take_back(actor, world.erlong, case, one),
        "draft_comment": lambda: commenting.take_back(actor, world.erlong, case.id, one),
        "argument": lambda: arguments.take_back(actor, world.erlong, case, one),
        "question": lambda: questions.take_back(actor, world.erlong, case, one),
    }
    known = app.extensions["civic_moderation"]

    def load(community_id: int, text_id: int) -> services.Text | None:
        found = known_kind.load(community_id, text_id)
        take_back[kind]()
        db.session.commit()
        return found

    known_kind = known[kind]
    monkeypatch.setitem(known, kind, replace(known_kind, load=load))
    with pytest.raises(Refused) as caught:
        hide(world, kind, one)
    assert (caught.value.code, caught.value.status) == ("no_text", 404)
    db.session.rollback()
    assert rows(select(Decision.id)) == []
    assert rows(select(AuditEntry.id).where(AuditEntry.act == "text.hidden")) == []
