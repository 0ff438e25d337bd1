"""Allotments: the rule, lists, draws by two posts, corrections; refused by code and by database."""

import importlib.util
import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from civic.api import clock, db
from civic_rental import bundling, conducting, drawing, freezing
from civic_rental.allocation_models import (
    Allocation,
    Draw,
    DrawRank,
    DrawRound,
    FrozenList,
    ListLine,
)
from civic_rental.application_models import Applicant, Plea
from civic_rental.words import FOLDER

HERE = "/c/erlonglu/rental/"
NUMBER = "03,11,17,22,29,33+08"
DAY = timedelta(days=1)


def local(moment):
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M")


def program():
    spec = importlib.util.spec_from_file_location("verify_draw", FOLDER / "verify_draw.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fresh(one):
    db.session.expire_all()
    return db.session.get(Allocation, one.id)


def code(answer):
    return answer.status_code


def test_from_the_rule_to_the_published_draw_anybody_recomputes_it(allot, stranger):
    one = allot.published()
    assert fresh(one).state == "published"
    drawn = db.session.scalars(select(Draw)).one()
    page = f"{HERE}allocations/{one.id}/draws/{drawn.id}/"
    bundle = json.loads(stranger.get(f"{page}draw.json").text)
    verify = program()
    of = db.session.scalars(select(DrawRound)).one()
    listed = db.session.scalars(select(FrozenList)).one()
    noted = {"rule": of.hash, "list": listed.hash, "draw": drawn.hash}
    found = verify.verify(bundle, noted)
    assert [number for number, _ in found] == [row.number for row, _ in bundling.ranks(drawn)]
    assert found[0] == (1, "partner")
    assert found[1] == (2, "far")
    text_of = stranger.get(f"{HERE}allocations/{one.id}/lists/{listed.id}/list.txt").text
    assert drawing.digest(text_of) == listed.hash
    assert "建国" not in text_of
    table = stranger.get(f"{page}draw.csv")
    assert table.text.count("\n") == 6
    answer = stranger.get(f"{HERE}verify_draw.py")
    assert answer.data == (FOLDER / "verify_draw.py").read_bytes()
    shown = stranger.get(f"{page}?number=3").text
    assert of.secret in shown
    rank = db.session.get(DrawRank, (drawn.id, 3)).rank
    assert f"5 个申请中排第 {rank}" in shown or f"{rank}" in shown


def test_nothing_of_the_secret_or_the_order_is_shown_before_it_is_published(allot, stranger):
    one = allot.drawn()
    of = db.session.scalars(select(DrawRound)).one()
    drawn = db.session.scalars(select(Draw)).one()
    pages = [f"allocations/{one.id}/", f"allocations/{one.id}/conduct", "allocations/"]
    for who in (stranger, allot.secretary, allot.officer, allot.applicant(0)):
        for page in pages:
            assert of.secret not in who.get(HERE + page).text
        for name in ("", "draw.json", "draw.csv"):
            assert code(who.get(f"{HERE}allocations/{one.id}/draws/{drawn.id}/{name}")) == 404
    entries = db.session.execute(text("SELECT data FROM audit_entry")).scalars()
    assert not any(of.secret in str(row) for row in entries)


def test_a_rule_is_fixed_before_applications_open_and_never_after(allot):
    one = allot.drafted()
    allot.later(2 * DAY)
    answer = allot.act(allot.secretary, one, "fix", version=1)
    assert code(answer) == 409
    assert fresh(one).state == "draft"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"closes_at": lambda now: now + DAY}, 422),
        ({"public_at": lambda now: now + 10 * DAY}, 422),
        ({"public_at": lambda now: now + 900 * 366 * DAY}, 422),
        ({"opens_at": "0001-01-01T00:00"}, 422),
        ({"opens_at": "9999-12-31T23:59"}, 422),
        ({"opens_at": "gestern"}, 422),
        ({"listing_id": "999999999999999999999"}, 422),
        ({"listing_id": "x"}, 422),
        ({"ordering": "favour"}, 422),
        ({"source": "dice"}, 422),
        ({"quota": "-1"}, 422),
        ({"quota": "99999999999999999999"}, 422),
        ({"title": ""}, 422),
        ({"title": "名" * 61}, 422),
        ({"title": "名" * 60}, 303),
        ({"issue": "x" * 81}, 422),
        ({"quota": "0"}, 303),
        ({"form_key": "k" * 5000}, 303),
    ],
)
def test_each_boundary_of_a_rule_is_refused_in_words_and_nothing_typed_is_lost(
    allot, changed, status
):
    listing = allot.homes()
    now = clock.now()
    values = {key: local(v(now)) if callable(v) else v for key, v in changed.items()}
    data = allot.fields(listing, **values)
    answer = allot.secretary.post(f"{HERE}allocations/new", data=data)
    assert code(answer) == status, answer.text
    if status == 422:
        assert data["issue"][:20] in answer.text
        assert db.session.scalars(select(Allocation)).first() is None


def test_the_same_form_twice_makes_one_allotment_and_homes_are_allotted_once(allot):
    listing = allot.homes()
    one = allot.drafted(listing)
    assert allot.drafted(listing).id == one.id
    answer = allot.secretary.post(
        f"{HERE}allocations/new", data=allot.fields(listing, form_key="other")
    )
    assert code(answer) == 409


def test_two_people_on_one_draft_lose_nothing(allot):
    one = allot.drafted()
    data = allot.fields(one.listing, version=1)
    first = allot.act(allot.secretary, one, "edit", **(data | {"title": "甲的写法"}))
    second = allot.act(allot.head, one, "edit", **(data | {"title": "乙的写法"}))
    assert (code(first), code(second)) == (303, 409)
    assert "乙的写法" in second.text
    assert fresh(one).title == "甲的写法"
    assert code(allot.act(allot.secretary, one, "fix", version=1)) == 409


def test_whoever_fixed_the_secret_does_not_draw_and_whoever_drew_does_not_publish(
    allot, login, community
):
    one = allot.frozen()
    allot.later(7 * DAY)
    assert code(allot.act(allot.secretary, one, "draw", number=NUMBER)) == 403
    of = db.session.scalars(select(DrawRound)).one()
    listed = db.session.scalars(select(FrozenList)).one()
    with pytest.raises(DatabaseError, match="does not draw"):
        db.session.execute(draw_row(of, listed, of.by_id))
    db.session.rollback()
    allot.done(allot.officer, one, "draw", number=NUMBER)
    drawn = db.session.scalars(select(Draw)).one()
    assert code(allot.act(allot.officer, one, "publish", number=NUMBER)) == 403
    statement = text(
        "INSERT INTO rental_publication (draw_id, at, by_id, office) "
        "VALUES (:draw, :at, :by, :office)"
    )
    for by, office in ((drawn.by_id, "x"), (of.by_id, drawn.office)):
        values = {"draw": drawn.id, "at": str(clock.now()), "by": by, "office": office}
        with pytest.raises(DatabaseError, match="does not publish"):
            db.session.execute(statement, values)
        db.session.rollback()


def draw_row(of, listed, by, at=None):
    from sqlalchemy import insert

    return insert(Draw).values(
        round_id=of.id,
        list_id=listed.id,
        public_number=NUMBER,
        seed="0" * 64,
        hash="0" * 64,
        at=at or clock.now(),
        by_id=by,
        office="x",
    )


def test_the_same_person_with_two_posts_cannot_draw_and_publish(allot, login, community):
    from civic_rental.manifest import plugin

    one = allot.frozen()
    allot.later(7 * DAY)
    actor = actor_of(allot, "street_officer")
    allot.done(allot.officer, one, "draw", number=NUMBER)
    with pytest.raises(Exception, match=r"别的|another post|其他|由别人|另一个岗位"):
        conducting.publish(actor, fresh(one), NUMBER)
    assert plugin.name == "rental"


def actor_of(allot, code, name=""):
    from civic.api import Actor

    return Actor(person_id=allot.login.id(code, name=name))


def test_the_publisher_looks_the_number_up_too(allot):
    one = allot.drawn()
    answer = allot.act(allot.secretary, one, "publish", number="03,11,17,22,29,33+09")
    assert code(answer) == 409
    assert "03,11,17,22,29,33+09" in answer.text
    assert fresh(one).state == "drawn"


@pytest.mark.parametrize("number", ["", "5", "03,11,17,22,29,33", "x" * 64, "x" * 65, "３-1"])
def test_what_is_no_public_number_draws_nothing(allot, number):
    one = allot.frozen(1)
    allot.later(7 * DAY)
    assert code(allot.act(allot.officer, one, "draw", number=number)) == 422
    assert db.session.scalars(select(Draw)).first() is None


def test_a_draw_waits_for_the_public_number_and_for_objections(allot):
    one = allot.frozen()
    early = allot.act(allot.officer, one, "draw", number=NUMBER)
    assert code(early) == 409
    of = db.session.scalars(select(DrawRound)).one()
    listed = db.session.scalars(select(FrozenList)).one()
    for at in (listed.until - timedelta(seconds=1), of.public_at - timedelta(seconds=1)):
        with pytest.raises(DatabaseError, match="in its order"):
            db.session.execute(draw_row(of, listed, None, at))
        db.session.rollback()


def test_a_list_cannot_be_frozen_once_the_public_number_is_known(allot):
    one = allot.opened()
    allot.apply(0, one)
    allot.later(14 * DAY)
    answer = allot.act(allot.secretary, one, "freeze")
    assert code(answer) == 409
    values = {"source": "index", "issue": "2027年1月4日收盘", "reason": "名单锁定晚于开奖"}
    soon = allot.act(allot.secretary, one, "anew", public_at=local(clock.now() + DAY), **values)
    assert code(soon) == 422
    assert "名单锁定晚于开奖" in soon.text
    allot.done(allot.secretary, one, "anew", public_at=local(clock.now() + 6 * DAY), **values)
    rounds = db.session.scalars(select(DrawRound).order_by(DrawRound.number)).all()
    assert len({row.commitment for row in rounds}) == 2
    allot.done(allot.secretary, one, "freeze")
    allot.later(7 * DAY)
    assert code(allot.act(allot.officer, one, "draw", number=NUMBER)) == 422
    allot.done(allot.officer, one, "draw", number="3893.46")


def test_freezing_waits_for_claims_doubles_and_the_close(allot):
    one = allot.opened()
    mine = allot.apply(0, one, ("far",), phone="+86 138-0000-1111")
    allot.apply(1, one, phone="13800001111")
    assert code(allot.act(allot.secretary, one, "freeze")) == 409
    allot.later(7 * DAY)
    assert code(allot.act(allot.secretary, one, "freeze")) == 409
    assert allot.decide(mine, "far").status_code == 303
    assert code(allot.act(allot.secretary, one, "freeze")) == 409
    group = {"kind": "phone", "key": "13800001111"}
    page = f"{HERE}allocations/{one.id}/doubles"
    assert "1" in allot.staff.get(page).text
    none = allot.staff.post(page, data=group | {"reason": "同一人"})
    assert code(none) == 422
    assert "同一人" in none.text
    assert code(allot.staff.post(page, data=group | {"stays": ["1"]})) == 422
    assert code(allot.staff.post(page, data=group | {"stays": ["9"], "reason": "x"})) == 422
    elsewhere = {"kind": "x", "key": "y", "stays": ["1"], "reason": "x"}
    assert code(allot.staff.post(page, data=elsewhere)) == 409
    done = allot.staff.post(page, data=group | {"stays": ["1"], "reason": "同一人两次申请"})
    assert code(done) == 303
    allot.done(allot.secretary, one, "freeze")
    assert [row.number for row in freezing.lines(db.session.scalars(select(FrozenList)).one())] == [
        1
    ]
    states = db.session.execute(select(Applicant.number, Applicant.state)).all()
    assert sorted(tuple(row) for row in states) == [(1, "submitted"), (2, "set_aside")]


def test_doubles_that_all_stay_wait_for_nobody_any_more(allot):
    one = allot.opened()
    for number in range(2):
        allot.apply(number, one, address="丰台区 某街 5号")
    page = f"{HERE}allocations/{one.id}/doubles"
    data = {"kind": "address", "key": "丰台区某街5号", "stays": ["1", "2"], "reason": "合租"}
    assert code(allot.staff.post(page, data=data)) == 409
    allot.later(7 * DAY)
    assert code(allot.staff.post(page, data=data)) == 303
    allot.done(allot.secretary, one, "freeze")


def test_a_late_entry_an_edited_list_or_a_changed_secret_are_refused_by_the_database(allot):
    allot.frozen(3)
    of = db.session.scalars(select(FrozenList)).one().round
    late = (
        "INSERT INTO rental_list_line (list_id, number, tier, name) "
        "SELECT id, 99, 'other', '赵*' FROM rental_frozen_list"
    )
    statements = (
        late,
        "UPDATE rental_list_line SET tier = 'partner' WHERE number = 3",
        "DELETE FROM rental_list_line WHERE number = 3",
        "UPDATE rental_draw_round SET secret = 'x'",
        "UPDATE rental_draw_round SET by_id = :by",
        "DELETE FROM rental_draw_round",
        "UPDATE rental_frozen_list SET hash = 'x'",
        "UPDATE rental_allocation SET public_at = opens_at",
        "UPDATE rental_allocation SET tiers = '[]'",
        "DELETE FROM rental_allocation",
        "UPDATE rental_applicant SET number = 99 WHERE number = 3",
        "DELETE FROM rental_applicant WHERE number = 3",
    )
    for statement in statements:
        with pytest.raises(DatabaseError, match=r"append-only|frozen|fixed|nobody chooses|stays"):
            db.session.execute(text(statement), {"by": of.by_id} if ":by" in statement else {})
        db.session.rollback()


def test_a_list_that_was_changed_behind_the_database_is_not_drawn(allot, monkeypatch):
    one = allot.frozen(3)
    allot.later(7 * DAY)
    entries = freezing.entries
    edited = lambda which: [*entries(which)[:-1], drawing.Entry(4, "partner", "赵*")]  # noqa: E731
    monkeypatch.setattr(freezing, "entries", edited)
    assert code(allot.act(allot.officer, one, "draw", number=NUMBER)) == 409
    assert db.session.scalars(select(Draw)).first() is None


def test_a_draw_and_its_ranks_are_append_only(allot):
    one = allot.published(3)
    more = (
        "INSERT INTO rental_draw_rank (draw_id, number, rank, tier, placed_in) "
        "SELECT id, 99, 99, 'other', 'other' FROM rental_draw"
    )
    for statement in (
        more,
        "UPDATE rental_draw SET public_number = '1'",
        "UPDATE rental_draw SET seed = '1'",
        "DELETE FROM rental_draw",
        "UPDATE rental_draw_rank SET rank = 9 WHERE rank = 1",
        "DELETE FROM rental_draw_rank WHERE rank = 1",
        "UPDATE rental_publication SET office = 'x'",
        "DELETE FROM rental_publication",
    ):
        with pytest.raises(DatabaseError, match=r"append-only|is made"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert code(allot.act(allot.officer, one, "draw", number=NUMBER)) == 409


def test_a_correction_draws_anew_with_another_secret_and_the_earlier_draw_stays(allot, stranger):
    one = allot.published(4)
    first = db.session.scalars(select(Draw)).one()
    values = {
        "source": "lottery",
        "issue": "第2027003期",
        "reason": "第3号的资格核错",
        "public_at": local(clock.now() + 6 * DAY),
    }
    assert code(allot.act(allot.officer, one, "anew", **values)) == 403
    allot.done(allot.secretary, one, "anew", **values)
    assert code(allot.act(allot.secretary, one, "publish", number=NUMBER)) == 409
    allot.done(allot.secretary, one, "freeze")
    allot.later(7 * DAY)
    allot.done(allot.officer, one, "draw", number="01,02,03,04,05,06+07")
    allot.done(allot.secretary, one, "publish", number="01,02,03,04,05,06+07")
    draws = db.session.scalars(select(Draw).order_by(Draw.id)).all()
    assert len({row.seed for row in draws}) == 2
    page = stranger.get(f"{HERE}allocations/{one.id}/draws/{first.id}/")
    assert page.status_code == 200
    assert "第3号的资格核错" in stranger.get(f"{HERE}allocations/{one.id}/").text
    verify = program()
    for row in draws:
        verify.verify(bundling.bundle(row))


def test_an_objection_that_is_upheld_opens_the_list_and_the_next_one_counts(allot, stranger):
    one = allot.frozen(3)
    listed = db.session.scalars(select(FrozenList)).one()
    page = f"{HERE}allocations/{one.id}/lists/{listed.id}/"
    assert code(stranger.post(f"{page}objections", data={"text": "x"})) in (302, 401, 403)
    who = allot.browser("resident", "宋大爷")
    empty = who.post(f"{page}objections", data={"text": ""})
    assert code(empty) == 422
    assert code(who.post(f"{page}objections", data={"text": "2号并非无房"})) == 303
    row = db.session.scalars(select(Plea)).one()
    assert "2号并非无房" not in stranger.get(page).text
    assert code(allot.staff.get(f"{HERE}appeals/{row.id}")) == 403
    allot.later(7 * DAY)
    assert code(allot.act(allot.officer, one, "draw", number=NUMBER)) == 409
    answer = {"upheld": "yes", "text": "经核实，异议成立。"}
    assert code(allot.head.post(f"{HERE}appeals/{row.id}", data={"upheld": "x", "text": ""})) == 422
    assert code(allot.head.post(f"{HERE}appeals/{row.id}", data=answer)) == 303
    assert code(allot.head.post(f"{HERE}appeals/{row.id}", data=answer)) == 409
    assert fresh(one).state == "fixed"
    late = who.post(f"{page}objections", data={"text": "还有一条"})
    assert code(late) == 409
    assert "还有一条" in late.text


def test_objections_end_while_somebody_is_typing(allot):
    one = allot.frozen(2)
    listed = db.session.scalars(select(FrozenList)).one()
    who = allot.browser("resident", "宋大爷")
    page = f"{HERE}allocations/{one.id}/lists/{listed.id}/"
    assert "<textarea" in who.get(page).text
    allot.later(listed.until - clock.now())
    answer = who.post(f"{page}objections", data={"text": "写了很久的异议"})
    assert code(answer) == 409


def test_a_queue_needs_no_number_and_goes_by_arrival(allot, stranger):
    one = allot.frozen(4, ordering="queue")
    allot.later(7 * DAY)
    allot.done(allot.officer, one, "draw")
    allot.done(allot.secretary, one, "publish")
    drawn = db.session.scalars(select(Draw)).one()
    assert [row.number for row, _ in bundling.ranks(drawn)] == [1, 2, 3, 4]
    page = f"{HERE}allocations/{one.id}/draws/{drawn.id}/"
    assert stranger.get(page).status_code == 200
    program().verify(json.loads(stranger.get(f"{page}draw.json").text))


def test_whoever_applied_does_not_draw(allot, login, community):
    one = allot.opened()
    number = allot.login.id("street_officer")
    mine = allot.apply(0, one)
    db.session.execute(
        text("UPDATE rental_applicant SET person_id = :p WHERE id = :i"),
        {"p": number, "i": mine.id},
    )
    db.session.commit()
    allot.later(7 * DAY)
    allot.done(allot.secretary, one, "freeze")
    allot.later(7 * DAY)
    assert code(allot.act(allot.officer, one, "draw", number=NUMBER)) == 403


def test_nobody_applied_is_said_and_elsewhere_is_not_found(allot, stranger):
    one = allot.opened()
    allot.later(7 * DAY)
    assert code(allot.act(allot.secretary, one, "freeze")) == 409
    for page in ("", "conduct", "edit", "applications/", "doubles", "lists/1/", "draws/1/"):
        for number in (one.id + 1, 2**40):
            answer = allot.secretary.get(f"{HERE}allocations/{number}/{page}")
            assert code(answer) == 404, page
    assert code(allot.secretary.get(f"/c/jingjidao/rental/allocations/{one.id}/")) == 404


def test_a_draft_is_seen_by_whoever_allots_alone_and_can_be_thrown_away(allot, stranger):
    one = allot.drafted()
    for who in (stranger, allot.staff, allot.officer):
        assert code(who.get(f"{HERE}allocations/{one.id}/")) == 404
        assert one.title not in who.get(f"{HERE}allocations/").text
    assert code(allot.head.get(f"{HERE}allocations/{one.id}/")) == 200
    allot.done(allot.secretary, one, "close")
    assert db.session.scalars(select(Allocation)).first() is None


def test_nobody_closes_an_allotment_under_way(allot):
    one = allot.fixed()
    assert code(allot.act(allot.secretary, one, "close")) == 409
    assert db.session.scalars(select(ListLine)).first() is None
