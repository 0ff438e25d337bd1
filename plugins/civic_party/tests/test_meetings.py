"""Joint meetings: called, noticed, held, written down; what is refused keeps what was typed."""

from datetime import timedelta

import pytest
from party_said import HEADS, HERE, UNITS, local
from sqlalchemy import select, text

from civic.api import clock, db, sheets
from civic_party import minutes, roll
from civic_party.meeting_models import Decision, Meeting, Place, Topic
from civic_party.record_models import Action, Carried, Minutes


def told(kind):
    query = text(
        "SELECT count(*) FROM inbox_item JOIN message ON message.id = inbox_item.message_id "
        "WHERE message.kind = :kind"
    )
    return db.session.scalar(query, {"kind": f"party.{kind}"})


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 303),
        ({"place": "长" * 101}, 422),
        ({"place": " "}, 422),
        ({"starts_at": ""}, 422),
        ({"starts_at": "9999-12-31T23:59"}, 422),
        ({"starts_at": "0001-01-01T00:00"}, 422),
        ({"starts_at": "yesterday"}, 422),
        ({"form_key": "k" * 41}, 422),
    ],
)
def test_a_call_is_checked_and_keeps_what_was_typed(story, changed, status):
    body = story.body()
    data = {
        "starts_at": local(clock.now() + timedelta(days=20)),
        "place": "街道会议室",
        "form_key": "k",
    }
    answer = story.clerk.post(f"{HERE}bodies/{body.id}/meetings/new", data=data | changed)
    assert answer.status_code == status
    if status == 422 and "place" not in changed:
        assert "街道会议室" in answer.text
    assert told("topics") == (4 if status == 303 else 0)


@pytest.mark.parametrize(("days", "status"), [(15, 422), (16, 303), (17, 303)])
def test_fifteen_whole_days_lie_between_the_call_and_the_meeting(story, days, status):
    body = story.body()
    noon = clock.local(clock.now()).replace(hour=12) + timedelta(days=days)
    data = {"starts_at": local(noon), "place": "会议室", "form_key": "k"}
    answer = story.clerk.post(f"{HERE}bodies/{body.id}/meetings/new", data=data)
    assert answer.status_code == status


def test_a_quarter_has_one_meeting_and_a_form_sent_twice_is_one(story):
    body = story.body()
    first = story.call(body, form_key="one")
    assert story.call(body, form_key="one").id == first.id
    address = f"{HERE}bodies/{body.id}/meetings/new"
    data = {"starts_at": local(first.starts_at), "place": "别处", "form_key": "two"}
    assert story.secretary.post(address, data=data).status_code == 409
    assert story.move(first, "cancelled").status_code == 422
    story.moved(first, "cancelled", reason="与大会冲突")
    assert told("called_off") == 4
    page = story.browser("resident").get(f"{HERE}meetings/{first.id}").text
    assert "与大会冲突" in page
    assert story.secretary.post(address, data=data).status_code == 303


def test_too_few_seats_call_no_meeting(story):
    body = story.body(filled=False)
    at = f"{HERE}bodies/{body.id}/"
    for unit in UNITS[:2]:
        story.secretary.post(f"{at}seats/{story.seat(unit).id}/end")
    starts_at = local(clock.now() + timedelta(days=20))
    data = {"starts_at": starts_at, "place": "会议室", "form_key": "k"}
    assert story.secretary.post(f"{at}meetings/new", data=data).status_code == 409


def test_topics_close_while_somebody_types_and_what_they_wrote_is_kept(story):
    body = story.body()
    meeting = story.call(body)
    topic = story.propose(meeting, UNITS[1], "夜间停车")
    outside = story.browser("resident").get(f"{HERE}meetings/{meeting.id}").text
    assert "夜间停车" not in outside
    assert (
        "夜间停车"
        in story.browser("resident_unit", HEADS[0]).get(f"{HERE}meetings/{meeting.id}").text
    )
    other = story.browser("resident_unit", HEADS[0])
    data = {"seat": story.seat(UNITS[1]).id, "title": "代写", "text": "", "form_key": "x"}
    address = f"{HERE}meetings/{meeting.id}/topics/new"
    assert other.post(address, data=data).status_code == 422  # not among the own seats
    assert story.browser("resident").post(address, data=data).status_code == 403
    back = f"{HERE}meetings/{meeting.id}/topics/{topic.id}/withdraw"
    assert other.post(back).status_code == 403
    assert story.settle(meeting, topic, "refuse").status_code == 422
    assert story.settle(meeting, topic, "refuse", "属于小区自治").status_code == 303
    assert story.settle(meeting, topic).status_code == 303
    story.later(5)
    late = data | {"seat": story.seat(UNITS[0]).id, "title": "迟到的议题", "form_key": "y"}
    answer = other.post(address, data=late)
    assert answer.status_code == 409
    assert "迟到的议题" in answer.text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"title": "长" * 60}, 303),
        ({"title": "长" * 61}, 422),
        ({"title": ""}, 422),
        ({"text": "长" * 2001}, 422),
        ({"seat": "0"}, 422),
        ({"seat": "x"}, 422),
        ({"seat": "99999999999999999999"}, 422),
    ],
)
def test_a_topic_is_checked(story, changed, status):
    body = story.body()
    meeting = story.call(body)
    browser = story.browser("resident_unit", HEADS[0])
    data = {"seat": story.seat(UNITS[0]).id, "title": "题", "text": "因为", "form_key": "k"}
    address = f"{HERE}meetings/{meeting.id}/topics/new"
    answer = browser.post(address, data=data | changed)
    assert answer.status_code == status


def test_agenda_and_notice_are_out_in_time_or_the_meeting_moves(story):
    body = story.body()
    meeting = story.call(body, days=20)
    topic = story.propose(meeting, UNITS[0], "停车")
    assert story.move(meeting, "agenda").status_code == 409
    story.later(6)
    assert story.move(meeting, "agenda").status_code == 409  # a topic waits
    assert story.settle(meeting, topic).status_code == 303
    story.later(7)
    late = story.move(meeting, "agenda")
    assert late.status_code == 409
    day = clock.local(db.session.get(Meeting, meeting.id).starts_at) + timedelta(days=7)
    change = f"{HERE}meetings/{meeting.id}/change"
    assert story.clerk.get(change).status_code == 200
    data = {"starts_at": local(day), "place": "礼堂"}
    assert story.clerk.post(change, data=data).status_code == 303
    story.moved(meeting, "agenda")
    assert story.settle(meeting, topic).status_code == 409
    story.later(11)
    assert story.move(meeting, "noticed").status_code == 409
    soon = local(clock.now() + timedelta(days=2))
    assert story.clerk.post(change, data={"starts_at": soon, "place": "礼堂"}).status_code == 422


def test_all_but_one_acknowledge_and_the_list_of_the_missing_prints(story):
    body = story.body()
    meeting, _topic = story.noticed(body)
    at = f"{HERE}meetings/{meeting.id}/"
    for unit, head in zip(UNITS[:2], HEADS, strict=False):
        browser = story.browser("resident_unit", head)
        assert "party" in browser.get("/c/erlonglu/").text
        for _twice in range(2):
            data = {"seat": story.seat(unit).id}
            assert browser.post(f"{at}acknowledge", data=data).status_code == 303
    first = story.browser("resident_unit", HEADS[0])
    for wrong in (story.seat(UNITS[3]).id, "0", "x", "9" * 30):
        assert first.post(f"{at}acknowledge", data={"seat": wrong}).status_code == 403
    paper = {"seat": story.seat(UNITS[2]).id}
    assert first.post(f"{at}paper", data=paper).status_code == 403
    assert story.clerk.post(f"{at}paper", data=paper).status_code == 303
    assert story.clerk.post(f"{at}paper", data={"seat": "424242"}).status_code == 404
    assert [line.name for line in roll.missing(meeting.id)] == [UNITS[3]]
    sheet = story.clerk.get(f"{at}print/missing").text
    assert UNITS[3] in sheet
    assert UNITS[0] not in sheet
    assert story.browser("resident").get(f"{at}print/missing").status_code == 403
    for name in ("notice", "sign-in"):
        assert UNITS[3] in story.clerk.get(f"{at}print/{name}").text or name == "notice"
    acts = text("SELECT count(*) FROM audit_entry WHERE act = 'party.notice_acknowledged'")
    assert db.session.scalar(acts) == 3


def test_without_quorum_nothing_is_decided_and_the_topic_comes_again(story):
    body = story.body()
    meeting, topic = story.held(body, "present", "represented", "excused", "absent")
    refused = story.decide(meeting, topic)
    assert refused.status_code == 409
    assert "同意错时共享。" in refused.text
    assert story.decide(meeting, topic, way="none", words="改天再议").status_code == 303
    assert story.task(meeting, topic).status_code == 409
    assert story.write(meeting).status_code == 303
    db.session.delete(db.session.get(Decision, topic.id))
    db.session.commit()
    story.moved(meeting, "drafting", story.clerk)
    second = story.call(body, days=85)
    again = db.session.scalars(select(Topic).filter_by(meeting_id=second.id)).one()
    assert (again.title, again.state) == ("共享停车", "proposed")
    assert db.session.scalars(select(Action)).all() == []


@pytest.mark.parametrize(
    ("votes", "status", "passed"),
    [
        ({"agree": "3", "against": "1", "abstained": "0"}, 303, True),
        ({"agree": "2", "against": "2", "abstained": "0"}, 303, False),
        ({"agree": "3", "against": "2", "abstained": "0"}, 422, None),
        ({"agree": "3", "against": "0", "abstained": "0"}, 422, None),
        ({"agree": "-1", "against": "5", "abstained": "0"}, 422, None),
        ({"agree": "", "against": "", "abstained": ""}, 422, None),
        ({"agree": "9" * 30, "against": "0", "abstained": "0"}, 422, None),
    ],
)
def test_a_vote_counts_each_unit_that_attends_once(story, votes, status, passed):
    body = story.body()
    meeting, topic = story.held(body)
    answer = story.decide(meeting, topic, way="vote", **votes)
    assert answer.status_code == status
    found = db.session.get(Decision, topic.id)
    assert (found.passed if found else None) is passed


def test_attendance_on_which_decisions_rest_stays(story):
    body = story.body()
    meeting, topic = story.held(body)
    assert story.decide(meeting, topic).status_code == 303
    assert story.attend(meeting, "present", "absent").status_code == 409
    assert story.attend(meeting, "represented").status_code == 303
    address = f"{HERE}meetings/{meeting.id}/attendance"
    data = {f"how_{story.seat(UNITS[0]).id}": "represented"}
    assert story.clerk.post(address, data=data).status_code == 422
    data = {f"how_{story.seat(UNITS[0]).id}": "asleep"}
    assert story.clerk.post(address, data=data).status_code == 422
    story.later(1)
    assert story.move(meeting, "drafting", story.clerk).status_code == 303
    assert story.attend(meeting, "present").status_code == 409


def test_each_unit_has_to_be_noted_before_the_meeting_ends(story):
    body = story.body()
    meeting, _topic = story.noticed(body)
    assert story.move(meeting, "open").status_code == 409
    story.later(14)
    story.moved(meeting, "open")
    assert story.move(meeting, "drafting").status_code == 409
    assert story.move(meeting, "moon").status_code == 409
    stale = {"to": "drafting", "seen": "noticed"}
    assert story.clerk.post(f"{HERE}meetings/{meeting.id}/move", data=stale).status_code == 409
    assert story.clerk.post(f"{HERE}meetings/{meeting.id}/move").status_code == 409


def test_minutes_are_commented_answered_signed_and_issued_by_two_more(story):
    body = story.body()
    meeting, _topic = story.commenting(body)
    at = f"{HERE}meetings/{meeting.id}/"
    assert story.browser("resident").get(f"{at}minutes").status_code == 403
    assert story.remark(meeting, UNITS[1], "第二条应写明夜间。").status_code == 303
    for unit in (UNITS[0], UNITS[2], UNITS[3]):
        assert story.remark(meeting, unit).status_code == 303
    chair = story.browser("resident_unit", HEADS[UNITS.index(UNITS[_place(meeting)])])
    other = story.browser("resident_unit", HEADS[(_place(meeting) + 1) % 4])
    assert story.move(meeting, "signed", chair).status_code == 409  # a comment waits
    said = db.session.scalars(select(minutes.Remark).where(minutes.Remark.words != "")).one()
    answer = f"{at}remarks/{said.id}/answer"
    assert other.post(answer, data={"adopted": "yes", "words": "改"}).status_code == 403
    assert story.clerk.post(answer, data={"adopted": "yes", "words": ""}).status_code == 422
    good = {"adopted": "yes", "words": "已写明"}
    assert story.clerk.post(answer, data=good).status_code == 303
    assert story.clerk.post(answer, data=good).status_code == 409
    assert story.write(meeting, "偷偷改", "1").status_code == 409
    story.moved(meeting, "drafting", story.clerk)
    assert story.write(meeting, "迟到的", "0").status_code == 409
    assert story.write(meeting, "大家都说好，写明夜间。", "1").status_code == 303
    story.moved(meeting, "commenting", story.clerk)
    assert story.move(meeting, "signed", chair).status_code == 409  # a new version, a new chance
    story.later(5)
    assert story.remark(meeting, UNITS[1], "太晚").status_code == 409
    assert story.move(meeting, "signed", other).status_code == 403
    assert story.move(meeting, "signed", story.secretary).status_code == 403
    story.moved(meeting, "signed", chair)
    kept = db.session.get(Minutes, meeting.id)
    assert kept.fingerprint == minutes.fingerprint(kept.content)
    assert kept.signer.startswith(UNITS[_place(meeting)])
    assert story.move(meeting, "issued", story.clerk).status_code == 403
    story.moved(meeting, "issued")
    assert told("issued") == 4
    notice = db.session.execute(
        text("SELECT kind, submitted_at IS NOT NULL, issued_at IS NULL, body FROM notice")
    ).one()
    assert tuple(notice[:3]) == ("bulletin", 1, 1)
    assert "开放50个车位" in notice[3]
    page = story.browser("resident").get(f"{at}minutes").text
    assert kept.fingerprint in page
    assert HEADS[_place(meeting)] not in page
    assert "写明夜间" in story.browser("resident").get(f"{at}print/minutes").text


def _place(meeting):
    found = db.session.get(Meeting, meeting.id)
    units = [row.seat_id for row in roll.lines(meeting.id)]
    return units.index(found.chair_seat_id)


def test_a_task_is_reported_by_its_owner_checked_by_another_and_carried_over(story):
    body = story.body()
    meeting, topic = story.held(body)
    assert story.task(meeting, topic).status_code == 409  # no decision yet
    assert story.decide(meeting, topic).status_code == 303
    owner = story.seat(UNITS[1]).id
    for wrong in (
        {"title": ""},
        {"title": "长" * 101},
        {"owner": "424242"},
        {"owner": "x"},
        {"due_on": "2020-01-01"},
        {"due_on": "9999-12-31"},
        {"due_on": ""},
        {"helpers": [owner]},
        {"helpers": ["424242"]},
    ):
        assert story.task(meeting, topic, **wrong).status_code == 422
    assert story.task(meeting, topic, helpers=[story.seat(UNITS[2]).id]).status_code == 303
    assert story.decide(meeting, topic, way="none").status_code == 409  # a task rests on it
    task = story.only_task()
    at = f"{HERE}tasks/{task.id}"
    mine, other = (story.browser("resident_unit", HEADS[n]) for n in (1, 2))
    words = {"words": "已划线30个车位"}
    assert other.post(f"{at}/report", data=words).status_code == 403
    assert mine.post(f"{at}/report", data={"words": ""}).status_code == 422
    assert mine.post(f"{at}/report", data=words).status_code == 303
    assert story.clerk.post(f"{at}/check", data={"done": "yes"}).status_code == 409
    assert mine.post(f"{at}/report", data=words | {"finished": "y"}).status_code == 303
    assert mine.post(f"{at}/check", data={"done": "yes"}).status_code == 403
    assert story.clerk.post(f"{at}/check", data={"done": "no", "words": ""}).status_code == 422
    assert story.clerk.post(f"{at}/check", data={"done": "perhaps"}).status_code == 422
    back = {"done": "no", "words": "还差20个"}
    assert story.clerk.post(f"{at}/check", data=back).status_code == 303
    assert story.only_task().state == "running"
    second, _topic = story.noticed(body, days=80, title="第二次")
    assert story.only_task().carried_over == 1
    assert len(db.session.scalars(select(Carried)).all()) == 1
    assert "开放50个车位" in story.browser("resident").get(f"{HERE}meetings/{second.id}").text
    assert mine.post(f"{at}/report", data=words | {"finished": "y"}).status_code == 303
    assert story.clerk.post(f"{at}/check", data={"done": "yes", "words": ""}).status_code == 303
    assert story.clerk.post(f"{at}/check", data={"done": "yes", "words": ""}).status_code == 409
    assert mine.post(f"{at}/report", data=words).status_code == 409
    page = story.browser("resident").get(at).text
    assert "还差20个" in page


def test_nobody_checks_what_they_reported_themselves(story):
    body = story.body()
    meeting, topic = story.held(body)
    story.decide(meeting, topic)
    story.task(meeting, topic)
    task = story.only_task()
    by_telephone = {"words": "做完了", "finished": "y"}
    at = f"{HERE}tasks/{task.id}"
    assert story.clerk.post(f"{at}/report", data=by_telephone).status_code == 303
    refused = story.clerk.post(f"{at}/check", data={"done": "yes", "words": ""})
    assert refused.status_code == 403
    assert story.only_task().state == "reported"
    assert story.secretary.post(f"{at}/check", data={"done": "yes"}).status_code == 303
    assert story.only_task().state == "done"


def test_a_chair_without_account_signs_on_paper(story):
    body = story.body(filled=False)
    at = f"{HERE}bodies/{body.id}/seats/"
    for unit in UNITS:
        on_paper = {"person": "0", "name": f"{unit}代表", "title": ""}
        answer = story.secretary.post(f"{at}{story.seat(unit).id}", data=on_paper)
        assert answer.status_code == 303
    meeting, _topic = story.commenting(body)
    for unit in UNITS:
        data = {"seat": story.seat(unit).id, "words": ""}
        address = f"{HERE}meetings/{meeting.id}/minutes/remark"
        assert story.clerk.post(address, data=data).status_code == 303
    liaison = story.browser("resident_unit", HEADS[0])
    assert story.move(meeting, "signed", liaison).status_code == 403
    story.moved(meeting, "signed", story.clerk)
    assert db.session.get(Minutes, meeting.id).signer.endswith("代表")


def test_tasks_are_filtered_and_go_out_as_a_table(story):
    body = story.body()
    meeting, topic = story.held(body)
    story.decide(meeting, topic)
    story.task(meeting, topic)
    story.task(meeting, topic, UNITS[2], title="派志愿者", days=5)
    resident = story.browser("resident")
    quarter = db.session.get(Meeting, meeting.id).quarter
    page = resident.get(f"{HERE}tasks/").text
    assert "派志愿者" in page
    story.later(10)
    for query, found in (
        ("state=late", True),
        ("state=done", False),
        (f"quarter={quarter}", True),
        (f"quarter={quarter + 1}", False),
        (f"body={body.id}", True),
        ("body=999999999999999999999", True),
        ("state=nonsense&quarter=x&after=-1", True),
        ("mine=1", False),
    ):
        assert ("派志愿者" in resident.get(f"{HERE}tasks/?{query}").text) is found, query
    owner = story.browser("resident_unit", HEADS[2])
    assert "派志愿者" in owner.get(f"{HERE}tasks/?mine=1").text
    assert resident.get(f"{HERE}tasks.xlsx").status_code == 403
    answer = story.clerk.get(f"{HERE}tasks.xlsx?quarter={quarter}")
    rows = sheets.read(answer.data, "tasks.xlsx")
    assert "派志愿者" in str(rows)


def test_what_waits_stands_on_the_home_page_in_one_statement(story):
    from sqlalchemy import event

    from civic_party.waiting import waiting

    body = story.body()
    meeting, topic = story.held(body)
    story.decide(meeting, topic)
    story.task(meeting, topic)
    seen = []

    def note(_connection, _cursor, statement, *_more):
        seen.append(statement)

    who = story.login.id("resident_unit", name=HEADS[1])
    from civic.api import Actor

    assert story.community.path
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        found = waiting(Actor(person_id=who), story.community)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert [(one.what, one.title) for one in found] == [("task", "开放50个车位")]
    assert len(seen) == 1
    home = story.browser("resident_unit", HEADS[1]).get("/c/erlonglu/").text
    assert "开放50个车位" in home
    assert "开放50个车位" not in story.browser("resident").get("/c/erlonglu/").text
    assert db.session.scalars(select(Place)).all()


def test_what_waits_for_the_office_stands_on_the_desk(story):
    body = story.body()
    meeting, topic = story.held(body)
    assert "金融街大工委" in story.clerk.get("/desk/").text
    story.decide(meeting, topic)
    story.task(meeting, topic)
    task = story.only_task()
    owner = story.browser("resident_unit", HEADS[1])
    owner.post(f"{HERE}tasks/{task.id}/report", data={"words": "好了", "finished": "y"})
    assert "开放50个车位" in story.clerk.get("/desk/").text
