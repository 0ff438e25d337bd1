"""Who sees what; what is kept of people, given out and forgotten; no page costs more with more."""

import pytest
from party_said import HEADS, HERE, UNITS
from sqlalchemy import event, select, text

from civic.api import clock, db
from civic_party import own_data
from civic_party.meeting_models import Meeting, Place, Topic
from civic_party.models import Holder, Seat
from civic_party.record_models import Action, Minutes, Remark

#: Pages, and the answers to: nobody signed in, a resident, a liaison with a seat, the office.
PAGES = (
    ("", 200, 200, 200, 200),
    ("bodies/new", 302, 403, 403, 200),
    ("bodies/{body}", 200, 200, 200, 200),
    ("bodies/{body}/seats", 302, 403, 403, 200),
    ("bodies/{body}/seats/{seat}", 302, 403, 403, 200),
    ("bodies/{body}/rota", 302, 403, 403, 200),
    ("bodies/{body}/charter", 302, 403, 403, 200),
    ("bodies/{body}/meetings/new", 302, 403, 403, 200),
    ("meetings/{meeting}", 302, 200, 200, 200),
    ("meetings/{meeting}/change", 302, 403, 403, 200),
    ("meetings/{meeting}/topics/new", 302, 403, 200, 200),
    ("meetings/{meeting}/attendance", 302, 403, 403, 200),
    ("meetings/{meeting}/topics/{topic}/decision", 302, 403, 403, 200),
    ("meetings/{meeting}/minutes", 302, 403, 200, 200),
    ("meetings/{meeting}/minutes/write", 302, 403, 403, 200),
    ("meetings/{meeting}/print/topics", 302, 403, 200, 200),
    ("meetings/{meeting}/print/notice", 302, 403, 200, 200),
    ("meetings/{meeting}/print/sign-in", 302, 403, 403, 200),
    ("meetings/{meeting}/print/missing", 302, 403, 403, 200),
    ("meetings/{meeting}/print/minutes", 302, 403, 200, 200),
    ("tasks/", 302, 200, 200, 200),
    ("tasks.xlsx", 302, 403, 403, 200),
    ("tasks/{task}", 302, 200, 200, 200),
)


def test_each_page_opens_to_whom_it_is_for_and_to_nobody_else(story):
    body = story.body()
    meeting, topic = story.commenting(body)
    numbers = {
        "body": body.id,
        "seat": story.seat(UNITS[0]).id,
        "meeting": meeting.id,
        "topic": topic.id,
        "task": story.only_task().id,
    }
    browsers = [
        None,
        story.browser("resident"),
        story.browser("resident_unit", HEADS[0]),
        story.secretary,
    ]
    found = []
    for path, *_expected in PAGES:
        address = HERE + path.format(**numbers)
        row = [path]
        for browser in browsers:
            answer = (browser or story.login.out()).get(address)
            row.append(answer.status_code)
            if browser is browsers[1] and answer.status_code == 200:
                assert not [name for name in HEADS if name in answer.text], address
        found.append(tuple(row))
    assert found == list(PAGES)


def test_nothing_of_it_tells_who_belongs_to_a_party():
    from civic_party import models, record_models  # noqa: F401 - their tables

    tables = [table for table in db.metadata.tables if table.startswith("party_")]
    assert len(tables) >= 18
    for name in tables:
        for column in db.metadata.tables[name].columns:
            assert "member" not in column.name
            assert "branch" not in column.name


def test_what_is_kept_of_somebody_is_given_out_and_forgotten(story):
    body = story.body()
    meeting, _topic = story.commenting(body)
    story.remark(meeting, UNITS[0], "写明时段")
    chair = story.login.id("resident_unit", name=HEADS[0])
    clerk = story.login.id("staff", name="何文")
    tables = {table.name: table for table in own_data.export(chair)}
    assert tables["party_seats"].rows[0][:3] == ("金融街大工委", UNITS[0], HEADS[0])
    assert {row[2] for row in tables["party_words"].rows} == {"共享停车", "写明时段"}
    acts = [str(row[0]) for row in next(t for t in own_data.export(clerk) if "acts" in t.name).rows]
    assert len(acts) >= 3
    for who in (chair, clerk):
        own_data.forget(who)
    db.session.commit()
    for who in (chair, clerk):
        for name in list(db.metadata.tables):
            if not name.startswith("party_"):
                continue
            for column in db.metadata.tables[name].columns:
                keys = [key for key in column.foreign_keys if key.column.table.name == "person"]
                if keys:
                    query = select(column).where(column == who)
                    assert db.session.execute(query).first() is None, column
        assert not [row for table in own_data.export(who) for row in table.rows]
    gone = db.session.scalar(select(Holder).filter_by(seat_id=story.seat(UNITS[0]).id))
    assert (gone.name, gone.until is not None) == ("–", True)
    assert db.session.get(Minutes, meeting.id).opinions


@pytest.mark.parametrize("path", ["", "tasks/", "bodies/{body}", "meetings/{meeting}"])
def test_more_rows_cost_no_more_statements(story, path):
    body = story.body()
    meeting, topic = story.commenting(body)
    browser = story.browser("resident_unit", HEADS[0])
    address = HERE + path.format(body=body.id, meeting=meeting.id)
    before = _statements(browser, address)
    now = clock.now()
    for number in range(12):
        db.session.add(
            Action(
                community_id=story.community.id,
                body_id=body.id,
                meeting_id=meeting.id,
                topic_id=topic.id,
                seat_id=story.seat(UNITS[number % 4]).id,
                title=f"事{number}",
                due_on=clock.local(now).date(),
                form_key=f"more-{number}",
                made_at=now,
            )
        )
        db.session.add(
            Topic(
                meeting_id=meeting.id,
                title=f"题{number}",
                state="accepted",
                position=number + 10,
                form_key=f"more-{number}",
                proposed_at=now,
            )
        )
        db.session.add(
            Meeting(
                community_id=story.community.id,
                body_id=body.id,
                quarter=meeting.quarter + number + 5,
                place="会议室",
                starts_at=now,
                state="call",
                topics_until=now,
                agenda_by=clock.local(now).date(),
                notice_by=clock.local(now).date(),
                form_key=f"more-{number}",
                made_at=now,
            )
        )
    for number in range(6):
        db.session.add(Seat(body_id=body.id, office=f"科室{number}", since=now))
    db.session.flush()
    for seat in db.session.scalars(select(Seat).where(Seat.office != "")):
        line = {"meeting_id": meeting.id, "body_id": body.id, "seat_id": seat.id}
        db.session.add(Place(name=seat.office, **line))
    db.session.commit()
    assert _statements(browser, address) <= before + 1  # the helpers of tasks, where there are any


def _statements(browser, address):
    browser.get(address)
    seen = []

    def note(_connection, _cursor, statement, *_more):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_tasks_are_called_to_mind_once_before_and_once_after_their_day(story):
    from civic_party import carrying

    body = story.body()
    meeting, topic = story.held(body)
    story.decide(meeting, topic)
    story.task(meeting, topic, days=20)
    told = []
    for _day in range(5):
        told.append(carrying.remind(story.community))
        db.session.commit()
        story.later(7)
    assert told == [0, 0, 1, 1, 0]
    found = text("SELECT count(*) FROM message WHERE kind = 'party.action_due'")
    assert db.session.scalar(found) == 2
    assert db.session.scalars(select(Remark)).all() == []


def test_a_call_ends_by_itself(story):
    from civic_party import meetings

    body = story.body()
    meeting = story.call(body)
    meetings.close_calls(story.community)
    assert story.state(meeting) == "call"
    story.later(5)
    meetings.close_calls(story.community)
    db.session.commit()
    assert story.state(meeting) == "coordinating"
    acts = text("SELECT actor FROM audit_entry WHERE act = 'party.meeting_moved'")
    assert db.session.scalars(acts).all() == ["party"]
