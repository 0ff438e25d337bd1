"""Questions: asked, wanted by others too, answered in time or late, worded anew, never erased."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from civic.consultations import checks, owed, panels
from civic.deliberation import answering, arguments, asked, news, owing, own_data, pages, questions
from civic.deliberation.models import QuestionAnswer, QuestionSupport
from civic.deliberation.places import Place
from civic.deliberation.rules import FILE, read, rules
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.moderation import services as moderation
from civic.moderation import waiting
from civic.notifications.models import InboxItem, Message
from civic.procedures.strict import Wrong
from tests.deliberation.conftest import argued, talks
from tests.deliberation.conftest import asked as ask
from tests.deliberation.test_arguments import refused
from tests.factories import World, case_by_process, consultation


def told(world: World, role: str) -> list[bool]:
    query = (
        select(Message.values)
        .join(InboxItem, InboxItem.message_id == Message.id)
        .where(InboxItem.person_id == world.people[role].id, Message.kind == news.ANSWERED.code)
        .order_by(Message.id)
    )
    return [values["again"] for values in db.session.scalars(query)]


def test_a_question_is_wanted_answered_and_worded_anew(world: World) -> None:
    case = talks(world)
    made = ask(world, case)
    assert ask(world, case).id == made.id
    resident, secretary = world.actor("resident"), world.actor("secretary")
    for wants, supports in ((True, 1), (True, 1), (False, 0), (True, 1)):
        found = questions.support(resident, world.erlong, case, made.id, wants=wants)
        db.session.commit()
        assert found.supports == supports
    neighbour = world.actor("neighbour")
    refused("own", questions.support, neighbour, world.erlong, case, made.id, wants=True)
    assert checks.known()["questions_answered"].missing(case)
    assert case.figures[asked.OPEN] == 1
    refused("words", answering.answer, secretary, world.erlong, case, made.id, words=" ")
    first = answering.answer(secretary, world.erlong, case, made.id, words="每月150元。")
    db.session.commit()
    assert (first.office, first.edition, first.reason) == ("二龙路社区党委", 1, "")
    again = answering.answer(secretary, world.erlong, case, made.id, words="每月150元。")
    assert again.id == first.id
    refused("reason", answering.answer, secretary, world.erlong, case, made.id, words="120元。")
    second = answering.answer(
        secretary, world.erlong, case, made.id, words="每月120元。", reason="写错了"
    )
    db.session.commit()
    found = answering.editions([made.id])[made.id]
    assert [one.words for one in found] == ["每月150元。", "每月120元。"]
    assert second.edition == 2
    assert checks.known()["questions_answered"].missing(case) == []
    assert (case.figures.get(asked.OPEN, 0), case.figures[asked.ALL]) == (0, 1)
    assert told(world, "neighbour") == told(world, "resident") == [False, True]
    acts = select(AuditEntry.act).where(AuditEntry.subject == f"question:{made.id}")
    assert list(db.session.scalars(acts.order_by(AuditEntry.id))) == [
        "question.answered",
        "question.answer_corrected",
    ]
    for statement in (update(QuestionAnswer).values(words="x"), delete(QuestionAnswer)):
        with pytest.raises(DBAPIError):
            db.session.execute(statement)
        db.session.rollback()
    assert [one.id for one in asked.answered(case.id)] == [made.id]
    assert asked.answered(case.id, made.id) == asked.waiting_ones(case.id) == []


def test_an_answer_is_owed_by_a_date_and_late_afterwards(app: Flask, world: World) -> None:
    case = talks(world)
    made = ask(world, case)
    assert made.due_at is not None
    assert made.due_at > clock.now() + timedelta(days=5)
    with app.test_request_context(
        f"/c/erlonglu/consultations/{made.consultation_id}/questions", method="POST"
    ):
        app.preprocess_request()
        [one] = [one for one in owed.of(world.erlong) if "/questions/" in one.url]
        assert one.title == made.words
        [mine] = owing.due(world.actor("secretary"), 5)
        assert (mine.at, mine.url) == (made.due_at, one.url)
        assert owing.due(world.actor("resident"), 5) == []
        with clock.at(made.due_at):
            assert one.late(clock.now())
            shown = [panel.text for panel in panels.of(case, world.actor("resident"), clock.now())]
            assert any("逾期" in text for text in shown)
        answering.answer(world.actor("deputy"), world.erlong, case, made.id, words="好。")
        assert not [one for one in owed.of(world.erlong) if "/questions/" in one.url]
        assert owing.due(world.actor("secretary"), 5) == []


def test_without_a_table_of_days_off_no_date_is_guessed(app: Flask, world: World) -> None:
    made = ask(world, consultation(world.erlong))
    assert made.due_at is None
    with app.test_request_context(
        f"/c/erlonglu/consultations/{made.consultation_id}/questions", method="POST"
    ):
        app.preprocess_request()
        [one] = [one for one in owed.of(world.erlong) if "/questions/" in one.url]
        assert one.due is None
        assert not asked.late(made, clock.now())


def test_a_question_is_taken_back_only_while_it_is_ones_own_alone(world: World) -> None:
    case = talks(world)
    made, other = ask(world, case), ask(world, case, key="r")
    neighbour, resident = world.actor("neighbour"), world.actor("resident")
    refused("missing", questions.take_back, resident, world.erlong, case, made.id)
    questions.support(resident, world.erlong, case, other.id, wants=True)
    db.session.commit()
    refused("shared", questions.take_back, neighbour, world.erlong, case, other.id)
    questions.take_back(neighbour, world.erlong, case, made.id)
    db.session.commit()
    assert (made.words, case.figures[asked.OPEN]) == ("", 1)
    secretary = world.actor("secretary")
    refused("missing", answering.answer, secretary, world.erlong, case, made.id, words="好")
    refused("missing", questions.support, resident, world.erlong, case, made.id, wants=True)
    refused("missing", asked.find, case, made.id)


def test_questions_have_their_bounds(world: World) -> None:
    case, actor = talks(world), world.actor("resident")
    most = rules()
    for words in ("", "长" * (most.question_words + 1)):
        refused("words", questions.ask, actor, world.erlong, case, words=words, form_key="x")
    for number in range(most.questions_each):
        ask(world, case, "resident", f"k{number}")
    refused("too_many", questions.ask, actor, world.erlong, case, words="吗？", form_key="x")
    [first, *_rest] = asked.waiting_ones(case.id)
    secretary = world.actor("secretary")
    for number in range(most.editions):
        answering.answer(
            secretary, world.erlong, case, first.id, words=f"答{number}", reason="更正"
        )
    db.session.commit()
    answer = {"words": "再答", "reason": "更正"}
    refused("often", answering.answer, secretary, world.erlong, case, first.id, **answer)


def test_what_waits_to_be_checked_counts_like_what_stands(world: World, app: Flask) -> None:
    case, actor = talks(world), world.actor("resident")
    most = rules()
    words = {"side": "for", "title": "好", "words": ""}
    for number in range(2):
        ask(world, case, "resident", f"q{number}")
        argued(world, case, "resident", f"a{number}")
    case.checked_first = True
    db.session.commit()
    for number in range(most.questions_each - 2):
        kept = questions.ask(actor, world.erlong, case, words="吗？", form_key=f"w{number}")
        db.session.commit()
    twin = questions.ask(actor, world.erlong, case, words="吗？", form_key=f"w{number}")
    assert twin.id == kept.id
    refused("too_many", questions.ask, actor, world.erlong, case, words="吗？", form_key="x")
    assert case.figures[asked.OPEN] == 2
    # The condition counts both: those that stand, and those that nobody has checked yet.
    unchecked, owed_ = checks.known()["questions_answered"].missing(case)
    assert str(most.questions_each - 2) in unchecked
    assert "2" in owed_
    with app.test_request_context(method="POST"):
        for one in waiting.listed(world.erlong):
            waiting.refuse(world.actor("secretary"), world.erlong, one.id, reason="insult", note="")
        db.session.commit()
    for number in range(most.arguments_each - 2):
        kept_ = arguments.write(actor, world.erlong, case, form_key=f"v{number}", **words)
        db.session.commit()
    twin_ = arguments.write(actor, world.erlong, case, form_key=f"v{number}", **words)
    assert twin_.id == kept_.id
    refused("too_many", arguments.write, actor, world.erlong, case, form_key="y", **words)
    # What was refused leaves room again.
    assert questions.ask(actor, world.erlong, case, words="吗？", form_key="x").id


def test_a_case_does_not_go_on_while_a_question_is_unchecked(world: World) -> None:
    case = talks(world)
    assert checks.known()["questions_answered"].missing(case) == []
    case.checked_first = True
    db.session.commit()
    questions.ask(world.actor("resident"), world.erlong, case, words="几点？", form_key="h")
    db.session.commit()
    [said] = checks.known()["questions_answered"].missing(case)
    assert "1" in said


def test_nobody_waits_for_an_answer_that_there_is(world: World) -> None:
    case = talks(world)
    made = ask(world, case)
    resident = world.actor("resident")
    answering.answer(world.actor("secretary"), world.erlong, case, made.id, words="好。")
    db.session.commit()
    for wants in (True, False):
        refused("answered", questions.support, resident, world.erlong, case, made.id, wants=wants)
    assert made.supports == 0


def test_a_stage_says_whether_people_ask_and_offices_answer_later(world: World) -> None:
    case = case_by_process(world.erlong, "five_people", stage="noticed")
    made = ask(world, case)
    case.stage = "voting"
    db.session.commit()
    actor = world.actor("resident")
    refused("not_open", questions.ask, actor, world.erlong, case, words="吗？", form_key="x")
    refused("not_open", questions.support, actor, world.erlong, case, made.id, wants=True)
    answering.answer(world.actor("secretary"), world.erlong, case, made.id, words="好。")
    assert made.answered_at is not None


def test_what_most_want_to_know_comes_first(world: World) -> None:
    case = talks(world)
    made = [ask(world, case, key=f"k{number}") for number in range(4)]
    made[2].supports = 3
    made[3].supports = 1
    db.session.commit()
    found = asked.waiting_ones(case.id)
    assert list(found) == [made[2], made[3], made[0], made[1]]
    assert list(asked.waiting_ones(case.id, Place(1, made[3].id))) == [made[0], made[1]]


def test_a_hidden_question_is_owed_no_answer_until_it_is_shown_again(
    app: Flask, world: World
) -> None:
    case = talks(world)
    made = ask(world, case)
    with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/questions", method="POST"):
        app.preprocess_request()
        decision = moderation.hide(
            world.actor("secretary"), world.erlong, "question", made.id, reason="insult"
        )
        db.session.commit()
        assert case.figures.get(asked.OPEN, 0) == 0
        assert checks.known()["questions_answered"].missing(case) == []
        shown = pages.question(
            asked.find(case, made.id),
            world.actor("neighbour"),
            clock.now(),
            [],
            wants=False,
            supports=True,
        )
        assert (shown["words"], shown["late"], shown["support_url"]) == ("", False, "")
        secretary = world.actor("secretary")
        refused("missing", answering.answer, secretary, world.erlong, case, made.id, words="好")
        moderation.object_to(made.author_id, decision.id, "没有骂人")
        moderation.answer(
            world.actor("deputy"), world.erlong, decision.id, restore=True, words="是的"
        )
        db.session.commit()
    db.session.refresh(made)
    assert (made.words, case.figures[asked.OPEN]) == ("车位怎么收费？", 1)


def test_where_texts_are_checked_first_the_time_begins_with_publishing(
    app: Flask, world: World
) -> None:
    case = talks(world)
    case.checked_first = True
    db.session.commit()
    held = questions.ask(
        world.actor("resident"), world.erlong, case, words="几点开始？", form_key="h"
    )
    db.session.commit()
    with (
        clock.at(clock.now() + timedelta(hours=20)),
        app.test_request_context(f"/c/erlonglu/consultations/{case.id}/questions", method="POST"),
    ):
        app.preprocess_request()
        waiting.publish(world.actor("secretary"), world.erlong, held.id)
        db.session.commit()
        [made] = asked.waiting_ones(case.id)
        assert clock.now() - made.at < timedelta(minutes=5)


def test_the_database_keeps_askers_from_wanting_their_own(world: World) -> None:
    made = ask(world, talks(world))
    db.session.add(
        QuestionSupport(
            question_id=made.id,
            author_id=made.author_id,
            person_id=made.author_id,
            at=clock.now(),
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_what_was_asked_is_given_out(world: World) -> None:
    case = talks(world)
    made = ask(world, case)
    questions.support(world.actor("resident"), world.erlong, case, made.id, wants=True)
    db.session.commit()
    asked_, supported = (
        own_data.PART.export(world.people[role].id)[at].rows
        for role, at in (("neighbour", 2), ("resident", 3))
    )
    assert asked_[0][1] == "车位怎么收费？"
    assert supported[0][1] == "车位怎么收费？"


def test_the_data_are_read_strictly() -> None:
    words = FILE.read_text("utf-8")
    assert read(words).dots == 5
    for wrong in (
        words.replace('procedure = "dot_vote"', 'procedure = "none"'),
        words.replace("title = 40", "title = 0"),
        words + "\n[more]\n",
    ):
        with pytest.raises(Wrong):
            read(wrong)
