"""Resolution, publicity, tasks, following and rating: what holds, and what the database refuses."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from civic.consultations import checks, linked
from civic.consultations.stage_rows import CaseBallot
from civic.corrections import deciding, noted, services, targets
from civic.kernel import clock, holidays
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.notifications.models import InboxItem, Message
from civic.outcomes import (
    carrying_out,
    following,
    news,
    objecting,
    own_data,
    pages,
    participating,
    rating,
    resolutions,
)
from civic.outcomes.models import RatingRound, Resolution, ResolutionObjection, Task, TaskStep
from civic.outcomes.rules import FILE, read, rules
from civic.procedures.strict import Wrong
from civic.topics import services as topics
from civic.voting import closing
from tests.factories import World, case_by_process, person, standing
from tests.outcomes.conftest import days_off, decided, draft, planned, reported, resolved
from tests.voting import boxes


def refused(code: str, act: Any, *args: Any, **values: Any) -> None:
    """An act that is refused, and undone."""
    with pytest.raises(Refused) as caught:
        act(*args, **values)
    assert caught.value.code == code
    db.session.rollback()


def missing(code: str, case: Any) -> list[str]:
    return checks.known()[code].missing(case)


def told(role: str, world: World) -> list[str]:
    query = (
        select(Message.values)
        .join(InboxItem, InboxItem.message_id == Message.id)
        .where(InboxItem.person_id == world.people[role].id, Message.kind == news.FOLLOWED.code)
        .order_by(Message.id)
    )
    return [values["what"] for values in db.session.scalars(query)]


def test_a_resolution_takes_two_people_and_never_changes(world: World) -> None:
    case = decided(world)
    secretary, deputy = world.actor("secretary"), world.actor("deputy")
    assert missing("resolution_written", case)
    refused("outcome", resolutions.write, secretary, world.erlong, case.id, draft(outcome=""))
    refused("words", resolutions.write, secretary, world.erlong, case.id, draft(body=" "))
    refused("no_draft", resolutions.publish, deputy, world.erlong, case.id)
    resolutions.write(secretary, world.erlong, case.id, draft())
    db.session.commit()
    refused("two_people", resolutions.publish, secretary, world.erlong, case.id)
    made = resolutions.publish(deputy, world.erlong, case.id)
    db.session.commit()
    # Two people took part: a group smaller than five is not told apart.
    assert made.participation == {"people": 2, "standings": {}, "channels": {}}
    assert not missing("resolution_written", case)
    assert told("resident", world) == [news.RESOLVED]
    for change in (
        update(Resolution).values(body="别的"),
        delete(Resolution),
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(change)
        db.session.rollback()
    resolutions.write(secretary, world.erlong, case.id, draft(body="更正"))
    assert resolutions.publish(deputy, world.erlong, case.id).edition == 2
    acts = set(db.session.scalars(select(AuditEntry.act)))
    assert {"resolution.written", "resolution.published"} <= acts


def test_the_database_holds_writer_and_publisher_apart(world: World) -> None:
    _case, made = resolved(world)
    row = {
        key: getattr(made, key)
        for key in Resolution.__table__.columns.keys()  # noqa: SIM118 - a collection, no mapping
        if key != "id"
    }
    row |= {"edition": 2, "published_by": made.written_by}
    db.session.add(Resolution(**row))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_without_a_table_of_days_off_nothing_is_published(world: World) -> None:
    case = decided(world)
    resolutions.write(world.actor("secretary"), world.erlong, case.id, draft())
    db.session.execute(delete(holidays.HolidayYear))
    db.session.commit()
    refused("holidays.missing", resolutions.publish, world.actor("deputy"), world.erlong, case.id)


def test_an_objection_is_answered_by_another_in_time(world: World) -> None:
    case, made = resolved(world)
    resident, writer = world.actor("resident"), world.actor("secretary")

    def object_(key: str, words: str = "太吵") -> ResolutionObjection:
        return objecting.object_(resident, world.erlong, case.id, words=words, form_key=key)

    first = object_("a")
    assert object_("a") is first
    db.session.commit()
    refused("once", object_, "b")
    refused("words", object_, "c", " ")
    assert first.due_at > clock.now() + timedelta(days=5)
    values = {"words": "会加绿化带。"}
    refused("the_writer", objecting.answer, writer, world.erlong, case.id, first.id, **values)
    assert len(missing("publicity_over", case)) == 2
    objecting.answer(world.actor("deputy"), world.erlong, case.id, first.id, **values)
    db.session.commit()
    refused(
        "answered",
        objecting.answer,
        world.actor("deputy"),
        world.erlong,
        case.id,
        first.id,
        **values,
    )
    kinds = db.session.scalars(
        select(Message.kind)
        .join(InboxItem, InboxItem.message_id == Message.id)
        .where(InboxItem.person_id == resident.person_id)
    )
    assert news.ANSWERED.code in set(kinds)
    assert len(missing("publicity_over", case)) == 1
    assert made.display_until is not None
    with clock.at(made.display_until):
        assert not missing("publicity_over", case)
        refused("over", object_, "d")


def test_the_writer_answers_only_with_a_reason(world: World) -> None:
    case, _made = resolved(world)
    one = objecting.object_(
        world.actor("resident"), world.erlong, case.id, words="太吵", form_key="a"
    )
    objecting.answer(
        world.actor("secretary"), world.erlong, case.id, one.id, words="好", alone="只有一人在岗"
    )
    assert one.alone
    db.session.commit()
    with pytest.raises(IntegrityError):
        db.session.execute(update(ResolutionObjection).values(alone=""))


def test_tasks_are_weighed_reported_and_late_in_public(world: World) -> None:
    case, _made = resolved(world)
    assert missing("tasks_planned", case)
    one, other = planned(world, case, "a", 3), planned(world, case, "b")
    assert planned(world, case, "a", 3).id == one.id
    assert not missing("tasks_planned", case)
    reported(world, one, 50)
    reported(world, one, 50)
    assert case.figures[carrying_out.DONE] == 150
    assert pages.tasks(case, clock.now())["overall"] == 37
    reported(world, one)
    assert missing("tasks_done", case)
    with pytest.raises(DBAPIError):
        db.session.execute(update(TaskStep).values(words="别的"))
    db.session.rollback()
    assert len(carrying_out.steps(case.id)[one.id]) == 2
    with clock.at(other.due_at + timedelta(hours=1)):
        assert pages.tasks(case, clock.now())["late"] == 1
        assert carrying_out.tell_late() == 1
        db.session.commit()
        assert carrying_out.tell_late() == 0
    assert told("resident", world) == [news.RESOLVED, news.OVERDUE]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 100)), max_size=8))
def test_progress_of_all_is_exact_and_full_only_when_all_is_done(
    tasks: list[tuple[int, int]],
) -> None:
    weight, done = sum(w for w, _ in tasks), sum(w * p for w, p in tasks)
    share = carrying_out.overall(weight, done)
    assert 0 <= share <= 1
    assert (pages.percent(share) == 100) == (bool(tasks) and all(p == 100 for _, p in tasks))
    if tasks:
        assert share == sum(Fraction(w * p, 100) for w, p in tasks) / weight


def test_people_are_told_once_a_day_and_choose(world: World) -> None:
    case, _made = resolved(world)
    following.choose(world.actor("neighbour"), case.id, wants=True)
    following.choose(world.actor("resident"), case.id, wants=False)
    db.session.commit()
    assert following.hears(world.people["neighbour"].id, case.id)
    assert not following.hears(world.people["resident"].id, case.id)
    reported(world, planned(world, case))
    assert told("neighbour", world) == []
    with clock.at(clock.now() + timedelta(days=1)):
        assert news.send_waiting() == 1
        db.session.commit()
        assert news.send_waiting() == 0
    assert told("neighbour", world) == [news.DONE]
    assert told("resident", world) == [news.RESOLVED]


def rate(world: World, case: Any, who: Any, verdict: str) -> None:
    from civic.identities.actors import actor_for

    actor = actor_for(who.id)
    assert actor is not None
    rating.rate(actor, world.erlong, case.id, verdict=verdict, words="")
    db.session.commit()


def test_not_solved_begins_the_work_once_more_and_only_once(world: World) -> None:
    case = decided(world, voters=1)
    people = [person(f"评{n}") for n in range(5)]
    from tests.factories import cast

    for one in people:
        standing(one, world.gate)
        cast(case.ballot, one, None)
    resolved(world, case)
    secretary = world.actor("secretary")
    task = planned(world, case)
    refused("not_done", rating.ask, secretary, world.erlong, case.id)
    for number in (1, 2):
        reported(world, task, key=str(number))
        found = rating.ask(secretary, world.erlong, case.id)
        db.session.commit()
        refused("running", rating.ask, secretary, world.erlong, case.id)
        for one in people:
            rate(world, case, one, "solved")
            rate(world, case, one, "not")
        refused(
            "not_yours",
            rating.rate,
            world.actor("neighbour"),
            world.erlong,
            case.id,
            verdict="not",
            words="",
        )
        refused("running", rating.end, world.erlong, case.id)
        with clock.at(found.until):
            assert rating.end_all() == 1
            db.session.commit()
        db.session.refresh(task)
        assert found.reopened is (number == 1)
        assert found.figures == {"solved": 0, "partly": 0, "not": 5}
        assert (task.progress, task.again) == ((0, True) if number == 1 else (100, True))
        assert bool(missing("rating_over", case)) is (number == 1)
    refused("rated", rating.ask, secretary, world.erlong, case.id)


def test_few_ratings_are_not_shown(world: World) -> None:
    case, _made = resolved(world)
    reported(world, planned(world, case))
    found = rating.ask(world.actor("secretary"), world.erlong, case.id)
    rate(world, case, world.people["resident"], "not")
    with clock.at(found.until):
        rating.end(world.erlong, case.id)
        shown = pages.rounds(found, clock.now())
    assert (shown["rows"], shown["reopened"]) == ([], False)
    assert case.figures.get(rating.RATED) is None


def test_work_that_begins_a_third_time_is_refused_by_the_database(world: World) -> None:
    case = decided(world)
    values = {"opens_at": clock.now(), "until": clock.now(), "asked_by": world.officer.id}
    db.session.add(
        RatingRound(consultation_id=case.id, number=2, second=True, reopened=True, **values)
    )
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("num = 1", "num = 3"),
        ("smallest = 5", "smallest = 0"),
        ("smallest = 5", "smallest = 5\nmore = 1"),
        ('kind = "working"', 'kind = "moon"'),
    ],
)
def test_rules_that_do_not_do_are_refused(before: str, after: str) -> None:
    assert rules().smallest == 5
    with pytest.raises(Wrong):
        read(FILE.read_text("utf-8").replace(before, after, 1))


def test_a_progress_of_full_is_done_for_the_database(world: World) -> None:
    case, _made = resolved(world)
    planned(world, case)
    with pytest.raises(IntegrityError):
        db.session.execute(update(Task).values(progress=100))
    db.session.rollback()
    assert db.session.scalar(text("SELECT count(*) FROM task")) == 1


def test_who_leaves_is_cut_off_from_ratings_and_hears_nothing(world: World) -> None:
    case, _made = resolved(world)
    reported(world, planned(world, case))
    rating.ask(world.actor("secretary"), world.erlong, case.id)
    resident = world.people["resident"]
    rate(world, case, resident, "partly")
    following.choose(world.actor("resident"), case.id, wants=True)
    objecting.object_(world.actor("resident"), world.erlong, case.id, words="太吵", form_key="a")
    given = {table.name: table.rows for table in own_data.PART.export(resident.id)}
    assert [len(rows) for rows in given.values()] == [1, 1, 1]
    own_data.PART.forget(resident.id)
    db.session.commit()
    left = {table.name: len(table.rows) for table in own_data.PART.export(resident.id)}
    assert left == {"resolution_objections": 1, "ratings": 0, "followed": 0}
    assert rating.counted(case.id, 1)["partly"] == 1


def test_the_linked_ballot_of_a_process_says_who_took_part_and_what_was_decided(
    world: World,
) -> None:
    days_off(world)
    ballot = boxes.ballot(world.erlong, formal=True)
    boxes.vote(ballot, 0, world.resident)
    with clock.at(ballot.closes_at + timedelta(minutes=1)):
        closing.close(ballot.id)
        ballot.published_at = clock.now()
        case = case_by_process(world.erlong, "five_people", stage="resolved")
        assert not participating.took_part(world.resident.id, case.id)
        link = {"purpose": "voting", "by": world.secretary.id, "at": clock.now()}
        db.session.add(CaseBallot(ballot_id=ballot.id, consultation_id=case.id, **link))
        db.session.commit()
        assert participating.took_part(world.resident.id, case.id)
        assert linked.case_of(ballot.id) == case.id
        secretary = world.actor("secretary")
        made = resolutions.write(secretary, world.erlong, case.id, draft(outcome=""))
        assert "东侧" in made.outcome
        assert made.participation["people"] == 1
        target = targets.find(world.erlong, "count", ballot.id)
        assert target.consultation_id == case.id


def test_whoever_raised_a_topic_hears_what_comes_of_it(world: World) -> None:
    case = decided(world)
    said = topics.Draft(title="小区没有地方停车", text="", place="")
    topic = topics.hand_in(world.actor("neighbour"), world.erlong, said, form_key="t")
    topic.consultation_id = case.id
    db.session.commit()
    assert following.hears(world.neighbour.id, case.id)
    assert not participating.took_part(world.neighbour.id, case.id)
    resolved(world, case)
    assert told("neighbour", world) == [news.RESOLVED]
    following.choose(world.actor("neighbour"), case.id, wants=False)
    assert not following.hears(world.neighbour.id, case.id)


def test_whoever_has_objected_is_not_asked_again(world: World, login) -> None:
    case, _made = resolved(world)
    page = f"/c/erlonglu/consultations/{case.id}/outcome/resolution"
    client = login(world.resident)
    assert 'name="words"' in client.get(page).text
    client.post(page, data={"words": "太吵", "form_key": "o"})
    assert 'name="words"' not in client.get(page).text
    assert 'name="words"' in login(world.neighbour).get(page).text


def test_what_stands_on_a_count_stands_on_its_resolution(app: Flask, world: World) -> None:
    case, made = resolved(world)
    assert case.ballot_id is not None
    closing.close(case.ballot_id).published_at = clock.now()
    db.session.commit()
    with app.test_request_context():
        assert not noted.standing("resolution", made.id, "erlonglu").notes
    target = targets.find(world.erlong, "count", case.ballot_id)
    keys = {"kind": "roll_error", "words": "名册有误", "form_key": "c", "as_post": True}
    found = services.raise_(world.actor("officer"), world.erlong, target, **keys)
    deciding.admit(world.actor("officer"), world.erlong, found.id, suspends=False, reason="核实")
    db.session.commit()
    with app.test_request_context():
        [note] = noted.standing("resolution", made.id, "erlonglu").notes
    assert note.url.endswith(f"/corrections/{found.id}/")
