"""Whose event it is, who reads names, and two pairs of eyes on every filing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from civic.api import Actor, Refused, clock, db, holds
from civic_events import arriving, export_member, filing, kinds, listing, series, shifts
from civic_events.models import Activity, Series, Step
from civic_events.service import Certificate, Service, Shift

HERE = "/c/erlonglu/events/"


def form(row, **changed):
    begins, ends = clock.local(row.starts_at), clock.local(row.ends_at)
    times = {"starts_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{ends:%Y-%m-%dT%H:%M}"}
    names = ("title", "text", "place", "audience", "expected", "capacity", "most", "organiser")
    values = {name: getattr(row, name) for name in names}
    return values | times | {"facts": ["consent"], "form_key": "k"} | changed


def ask(staff, row, wanted=1):
    begins, ends = clock.local(row.starts_at), clock.local(row.ends_at)
    data = {"task": "引导", "wanted": wanted}
    data |= {"begins": f"{begins:%Y-%m-%dT%H:%M}", "ends": f"{ends:%Y-%m-%dT%H:%M}"}
    return staff.post(f"{HERE}{row.id}/shifts", data=data)


def act(client, row, what, **data):
    shift = db.session.scalars(select(Shift)).one()
    return client.post(f"{HERE}{row.id}/shifts/{shift.id}/{what}", data=data)


def state(row):
    return db.session.scalar(select(Activity.state).filter_by(id=row.id))


def test_a_unit_reads_no_names_of_volunteers_and_staff_leave_a_trace(login, make):
    row = make(made_by=login.id("social_org"))
    unit, staff, resident = login("social_org"), login("staff"), login("resident")
    assert ask(unit, row).status_code == 303
    assert act(resident, row, "take").status_code == 303
    assert "王桂兰" not in unit.get(f"{HERE}{row.id}/shifts").text
    assert db.session.scalars(text("SELECT what FROM look")).all() == []
    assert "王桂兰" in staff.get(f"{HERE}{row.id}/shifts").text
    look = db.session.execute(text("SELECT person_id, by_id, what FROM look")).one()
    assert tuple(look) == (login.id("resident"), login.id("staff"), "profile")
    assert "王桂兰" in resident.get(f"{HERE}{row.id}/shifts").text
    assert len(db.session.scalars(text("SELECT id FROM look")).all()) == 1


def test_hours_are_confirmed_by_staff_and_not_by_a_unit(login, make):
    row = make(made_by=login.id("social_org"))
    unit, staff = login("social_org"), login("staff")
    ask(unit, row)
    act(login("resident"), row, "take")
    clock.shift(timedelta(days=8))
    mine = db.session.scalars(select(Service)).one()
    refused = act(unit, row, f"hours/{mine.id}", minutes=60)
    assert refused.status_code == 403
    assert "王桂兰" not in refused.text
    assert act(staff, row, f"hours/{mine.id}", minutes=60).status_code == 303
    assert db.session.scalars(text("SELECT what FROM look")).all() == ["profile"]


@pytest.mark.parametrize(
    ("what", "begun", "ended", "data"),
    [
        ("file", "draft", "filed", {}),
        ("take-back", "filed", "draft", {}),
        ("publish", "accepted", "published", {}),
        ("cancel", "published", "cancelled", {"words": "下雨"}),
    ],
)
def test_units_do_nothing_with_events_of_others(login, make, what, begun, ended, data):
    row = make(state=begun, made_by=login.id("social_org", name="联络员甲"))
    address = f"{HERE}{row.id}/{what}"
    other = login("social_org")
    refused = other.post(address, data=data)
    assert refused.status_code == (403 if begun == "published" else 404)
    assert "联络员甲" not in refused.text
    assert "准入报备" not in refused.text
    assert state(row) == begun
    assert login("social_org", name="联络员甲").post(address, data=data).status_code == 303
    assert state(row) == ended
    again = make(state=begun, made_by=login.id("social_org"), title="又一场")
    assert login("staff").post(f"{HERE}{again.id}/{what}", data=data).status_code == 303


def test_units_write_in_no_draft_of_others(login, make):
    row = make(state="draft", made_by=login.id("social_org", name="联络员甲"))
    other, staff = login("social_org"), login("staff")
    answer = other.post(f"{HERE}{row.id}/edit", data=form(row, title="改掉"))
    assert answer.status_code == 404
    for page in ("edit", "filing", ""):
        assert other.get(f"{HERE}{row.id}/{page}").status_code == 404
    assert staff.post(f"{HERE}{row.id}/edit", data=form(row, title="改好")).status_code == 303
    assert db.session.scalar(select(Activity.title)) == "改好"


def test_units_read_filings_of_their_own_alone(login, make):
    others = make(made_by=login.id("social_org", name="联络员甲"), title="别人的")
    make(
        state="draft",
        made_by=login.id("social_org", name="联络员甲"),
        title="别人的草稿",
        form_key="2",
    )
    own = make(state="filed", made_by=login.id("social_org"), title="自己的")
    unit, staff = login("social_org"), login("staff")
    page = unit.get(f"{HERE}office/").text
    assert "自己的" in page
    assert "别人的" not in page
    assert "别人的草稿" in staff.get(f"{HERE}office/").text
    assert unit.get(f"{HERE}{own.id}/filing").status_code == 200
    assert unit.get(f"{HERE}{others.id}/filing").status_code == 403
    assert f"{others.id}/filing" not in unit.get(f"{HERE}{others.id}/").text
    assert f"{others.id}/filing" in staff.get(f"{HERE}{others.id}/").text
    table = "/c/erlonglu/desk/tables/events/events/export.xlsx"
    assert unit.post(table).status_code in {403, 404}


def test_units_repeat_and_staff_no_events_of_others(login, make):
    row = make(made_by=login.id("social_org", name="联络员甲"))
    other = login("social_org")
    other.post(f"{HERE}{row.id}/series", data={"rule": "FREQ=WEEKLY"})
    assert db.session.scalars(select(Series)).all() == []
    assert ask(other, row).status_code == 403
    owner = login("social_org", name="联络员甲")
    owner.post(f"{HERE}{row.id}/series", data={"rule": "FREQ=WEEKLY"})
    other.post(f"{HERE}{row.id}/series", data={"act": "end"})
    assert db.session.scalars(select(Series)).one().ended_at is None


def test_who_filed_it_does_not_decide_on_it_either(login, make):
    row = make(state="draft", made_by=login.id("staff"))
    secretary = login("secretary")
    assert secretary.post(f"{HERE}{row.id}/file").status_code == 303
    decide = f"{HERE}{row.id}/decide"
    assert secretary.post(decide, data={"act": "accept"}).status_code == 403
    assert state(row) == "filed"
    assert f'action="{decide}"' not in secretary.get(f"{HERE}{row.id}/filing").text
    login("staff").post(f"{HERE}{row.id}/take-back")
    login("staff").post(f"{HERE}{row.id}/file")
    assert secretary.post(decide, data={"act": "accept"}).status_code == 303


def test_calling_it_off_lets_volunteers_go_and_tells_them(login, make):
    row = make(capacity=0)
    staff, first, second = login("staff"), login("resident"), login("resident", name="赵淑芬")
    ask(staff, row)
    act(first, row, "take")
    act(second, row, "take")
    staff.post(f"{HERE}{row.id}/cancel", data={"words": "下雨"})
    for each in (first, second):
        assert "下雨" in each.get("/inbox").text
    shift = db.session.scalars(select(Shift)).one()
    assert holds.claims(shift.subject) == []
    third = login("resident", name="钱大爷")
    assert "/take" not in third.get(f"{HERE}{row.id}/shifts").text
    assert act(third, row, "take").status_code == 409
    assert act(first, row, "take").status_code == 409


def test_nobody_takes_a_shift_of_what_is_not_published(login, make):
    row = make()
    ask(login("staff"), row)
    shift = db.session.scalars(select(Shift)).one()
    db.session.execute(update(Activity).values(state="cancelled"))
    db.session.commit()
    who = Actor(person_id=login.id("resident"), adult=True)
    with pytest.raises(Refused) as refused:
        shifts.take(who, shift)
    assert refused.value.code == "not_published"


def test_what_is_not_there_cannot_be_accepted(login, make):
    row = make()
    ask(login("staff"), row)
    resident = login("resident")
    assert act(resident, row, "accept").status_code == 404
    assert act(resident, row, "jump").status_code == 404


def test_a_certificate_keeps_its_lines(login, make):
    staff, resident = login("staff"), login("resident")
    now = clock.now()
    rows = [
        make(
            title=title,
            starts_at=now + timedelta(days=day),
            ends_at=now + timedelta(days=day, hours=2),
        )
        for title, day in (("后办的", 7), ("先办的", 5))
    ]

    def serve(row):
        (shift,) = db.session.scalars(select(Shift).filter_by(activity_id=row.id))
        address = f"{HERE}{row.id}/shifts/{shift.id}/hours"
        mine = db.session.scalars(select(Service).filter_by(shift_id=shift.id)).one()
        assert resident.post(address, data={"minutes": 60}).status_code == 303
        assert staff.post(f"{address}/{mine.id}", data={"minutes": 60}).status_code == 303

    for row in rows:
        ask(staff, row)
        shift = db.session.scalars(select(Shift).filter_by(activity_id=row.id)).one()
        resident.post(f"{HERE}{row.id}/shifts/{shift.id}/take")
    clock.shift(timedelta(days=8))
    serve(rows[0])
    given = resident.post(f"{HERE}service").location
    assert "后办的" in resident.get(given).text
    clock.shift(timedelta(days=8, hours=1))
    serve(rows[1])
    page = resident.get(given).text
    assert "后办的" in page
    assert "先办的" not in page
    clock.shift(timedelta(days=8, hours=2))
    assert resident.post(f"{HERE}service").location != given
    assert len(db.session.scalars(select(Certificate)).all()) == 2


def elsewhere(row, **values):
    """Change a row as another process does, unseen by this session."""
    query = update(Activity).filter_by(id=row.id).values(**values)
    db.session.execute(query, execution_options={"synchronize_session": False})


@pytest.mark.parametrize(
    ("begun", "meanwhile", "do"),
    [
        ("draft", "filed", lambda a, row: filing.write(a, row.community, vars_of(row), "k", row)),
        ("published", "cancelled", lambda a, row: series.begin(a, row, "FREQ=WEEKLY")),
    ],
)
def test_what_has_moved_on_meanwhile_is_seen(login, make, begun, meanwhile, do):
    row = make(state=begun, made_by=login.id("staff"))
    assert row.state == begun
    elsewhere(row, state=meanwhile)
    with pytest.raises(Refused):
        do(Actor(person_id=login.id("staff")), row)


def vars_of(row):
    return {"starts_at": row.starts_at, "ends_at": row.ends_at, "title": "改掉"}


def test_a_draft_that_changed_meanwhile_is_filed_as_it_is(login, make):
    row = make(state="draft", made_by=login.id("staff"))
    assert row.facts == ["consent"]
    elsewhere(row, facts=[])
    with pytest.raises(Refused) as refused:
        filing.file(Actor(person_id=login.id("staff")), row)
    assert refused.value.code == "incomplete"


def test_a_permit_leaves_a_filing_where_it_has_come_to(login, make):
    row = make(state="filed", expected=1200, made_by=login.id("staff"))
    assert row.state == "filed"
    elsewhere(row, state="accepted")
    filing.permit(Actor(person_id=login.id("secretary")), row, "7号", "西城分局")
    assert (row.state, row.permit_number) == ("accepted", "7号")


def test_the_sum_of_those_who_just_come_is_bounded(login, make):
    now = clock.now()
    times = {"starts_at": now + timedelta(hours=1), "ends_at": now + timedelta(hours=3)}
    row = make(capacity=0, expected=30, **times)
    staff = login("staff")

    def count(heads, nonce):
        data = {"heads": heads, "nonce": nonce}
        return staff.post(f"{HERE}{row.id}/count", data=data).status_code

    assert [count(20, "a"), count(20, "a"), count(11, "b"), count(10, "c")] == [303, 303, 409, 303]
    assert count(1, "d") == 409
    assert count(0, "e") == 422
    assert listing.came(row) == 30


def test_counting_looks_at_the_event_as_it_is(login, make):
    now = clock.now()
    row = make(capacity=0, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=3))
    assert row.state == kinds.PUBLISHED
    elsewhere(row, state="cancelled")
    with pytest.raises(Refused):
        arriving.count(Actor(person_id=login.id("staff")), row, 1, "n")


def test_ones_own_list_leaves_out_what_one_has_left(login, make):
    resident = login("resident")
    kept, left = make(title="还去的"), make(title="不去的")
    for row in (kept, left):
        resident.post(f"{HERE}{row.id}/sign-up", data={"places": 1})
    resident.post(f"{HERE}{left.id}/answer", data={"act": "leave"})
    page = resident.get(f"{HERE}?when=mine").text
    assert "还去的" in page
    assert "不去的" not in page


def test_words_are_found_in_capitals_too(login, make):
    make(title="English Corner")
    assert "English Corner" in login("resident").get(f"{HERE}?q=english").text


def test_acts_of_the_office_are_given_out_to_who_did_them(login, make):
    now = clock.now()
    times = {"starts_at": now + timedelta(hours=1), "ends_at": now + timedelta(hours=3)}
    row = make(state="draft", made_by=login.id("staff"), **times)
    staff = login("staff")
    staff.post(f"{HERE}{row.id}/file")
    login("secretary").post(f"{HERE}{row.id}/decide", data={"act": "accept"})
    staff.post(f"{HERE}{row.id}/publish")
    staff.post(f"{HERE}{row.id}/count", data={"heads": 2, "nonce": "a"})
    told = {each.name: each.rows for each in export_member(login.id("staff"))}
    assert len(told["events_acts"]) == 2
    assert [each[1] for each in told["events_let_in"]] == [2]
    assert len(db.session.scalars(select(Step)).all()) == 3
