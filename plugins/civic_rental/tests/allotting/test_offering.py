"""Homes offered in the order of the draw: accepted, declined, expired; reviews by people."""

from datetime import timedelta

from sqlalchemy import select

from civic.api import clock, db, holds
from civic_rental import draw_desk, offering
from civic_rental.allocation_models import Allocation, Draw, DrawRank
from civic_rental.application_models import Applicant, Letting, Plea

HERE = "/c/erlonglu/rental/"
DAY = timedelta(days=1)
NAMES = ("张建国", "李秀英", "王芳", "刘洋", "陈杰", "杨敏", "赵磊", "黄丽", "周涛", "吴静")


def in_order(one):
    """Return the applicants by rank."""
    drawn = db.session.scalars(select(Draw).order_by(Draw.id.desc())).first()
    query = (
        select(Applicant)
        .join(DrawRank, DrawRank.number == Applicant.number)
        .where(DrawRank.draw_id == drawn.id, Applicant.allocation_id == one.id)
        .order_by(DrawRank.rank)
    )
    return db.session.scalars(query).all()


def of(allot, mine):
    """Return the browser of whoever applied; the n-th applicant has receipt number n."""
    return allot.applicant(mine.number - 1)


def page(mine, act=""):
    return f"{HERE}applications/{mine.id}/{act}"


def test_homes_go_by_rank_and_the_door_is_told_after_a_yes_alone(allot, stranger):
    one = allot.offered(5)
    rows = in_order(one)
    first, second, third = rows[:3]
    for mine in rows:
        assert "室" not in of(allot, mine).get(page(mine)).text.replace("一室一卫", "")
    assert of(allot, third).post(page(third, "accept")).status_code == 409
    assert of(allot, first).post(page(first, "accept")).status_code == 303
    assert "101室" in of(allot, first).get(page(first)).text
    assert of(allot, first).post(page(first, "accept")).status_code == 303
    assert len(db.session.scalars(select(Letting)).all()) == 1
    assert of(allot, first).post(page(first, "withdraw")).status_code == 409
    assert of(allot, second).post(page(second, "decline")).status_code == 303
    assert of(allot, second).post(page(second, "accept")).status_code == 409
    assert of(allot, third).post(page(third, "accept")).status_code == 303
    assert "202室" in of(allot, third).get(page(third)).text
    assert "202室" not in stranger.get(f"{HERE}allocations/{one.id}/").text


def test_an_offer_ends_and_goes_to_the_next_in_line(allot):
    one = allot.offered(4)
    first, _second, third = in_order(one)[:3]
    allot.later(3 * DAY)
    answer = of(allot, first).post(page(first, "accept"))
    assert answer.status_code == 409
    holds.advance(db.session.get(Allocation, one.id).subject)
    db.session.commit()
    assert of(allot, third).post(page(third, "accept")).status_code == 303


def test_who_withdrew_after_the_freeze_keeps_the_line_and_is_passed_over(allot, stranger):
    one = allot.published(5)
    first, second = in_order(one)[:2]
    assert of(allot, first).post(page(first, "withdraw")).status_code == 303
    allot.later(4 * DAY)
    allot.done(allot.secretary, one, "offer")
    drawn = db.session.scalars(select(Draw)).one()
    assert "<td data-label" in stranger.get(f"{HERE}allocations/{one.id}/draws/{drawn.id}/").text
    assert db.session.get(DrawRank, (drawn.id, first.number)).rank == 1
    states = {row.person_id: row.state for row in holds.claims(one.subject)}
    assert first.person_id not in states
    assert states[second.person_id] == "offered"


def test_homes_are_not_offered_before_people_could_look_or_while_a_review_waits(allot):
    one = allot.published(3)
    assert allot.act(allot.secretary, one, "offer").status_code == 409
    mine = in_order(one)[1]
    who = of(allot, mine)
    assert who.post(page(mine, "review"), data={"text": ""}).status_code == 422
    assert who.post(page(mine, "review"), data={"text": "我的通勤也超过60分钟"}).status_code == 303
    allot.later(4 * DAY)
    assert allot.act(allot.secretary, one, "offer").status_code == 409
    row = db.session.scalars(select(Plea)).one()
    assert "appeals/" in allot.secretary.get("/desk/").text
    data = {"upheld": "no", "text": "当时没有提交证明，顺位不变。"}
    assert allot.officer.post(f"{HERE}appeals/{row.id}", data=data).status_code == 403
    assert allot.secretary.post(f"{HERE}appeals/{row.id}", data=data).status_code == 303
    assert "当时没有提交证明" in who.get(page(mine)).text
    allot.done(allot.secretary, one, "offer")
    assert allot.act(allot.secretary, one, "offer").status_code == 409


def test_a_draw_by_which_homes_were_offered_is_not_begun_anew(allot):
    one = allot.offered(2)
    values = {
        "source": "lottery",
        "issue": "第1期",
        "reason": "x",
        "public_at": f"{clock.local(clock.now() + 9 * DAY):%Y-%m-%dT%H:%M}",
    }
    assert allot.act(allot.secretary, one, "anew", **values).status_code == 409


def test_one_person_asks_three_things_at_most_at_a_time(allot):
    one = allot.published(2)
    mine = in_order(one)[0]
    who = of(allot, mine)
    answers = [who.post(page(mine, "review"), data={"text": f"{n}"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 409]


def test_the_line_is_filled_as_it_moves_and_nobody_is_put_in_twice(allot, monkeypatch, community):
    monkeypatch.setitem(offering.data("allocation"), "reserve", 0)
    one = allot.offered(6)
    assert len(holds.claims(one.subject)) == 2
    first = in_order(one)[0]
    assert of(allot, first).post(page(first, "decline")).status_code == 303
    draw_desk.fill_lines(community)
    rows = holds.claims(one.subject)
    assert [row.position for row in rows] == [2, 3]
    assert offering.fill(db.session.get(Allocation, one.id)) == 0


def test_whoever_closes_their_account_gives_the_home_to_the_next(allot):
    from civic_rental import draw_own_data

    one = allot.offered(4)
    first, _second, third = in_order(one)[:3]
    of(allot, first).post(page(first, "accept"))
    person = first.person_id
    draw_own_data.forget(person)
    claim = holds.mine(person, [one.subject])[one.subject]
    holds.leave(claim.id, person)
    db.session.commit()
    assert of(allot, third).post(page(third, "accept")).status_code == 303
    doors = db.session.scalars(select(Letting)).all()
    assert [row.home.door for row in doors] == ["101室"]


def test_closed_homes_stay_let_and_the_line_ends(allot):
    one = allot.offered(3)
    first, second = in_order(one)[:2]
    of(allot, first).post(page(first, "accept"))
    allot.done(allot.secretary, one, "close")
    assert of(allot, second).post(page(second, "accept")).status_code == 409
    assert "101室" in of(allot, first).get(page(first)).text
    assert allot.act(allot.secretary, one, "close").status_code == 409


def test_the_desk_says_until_when_a_home_is_offered(allot):
    one = allot.offered(3)
    first = in_order(one)[0]
    claim = holds.mine(first.person_id, [one.subject])[one.subject]
    offering.moved(
        holds.ClaimMoved(
            community_id=one.community_id,
            subject=one.subject,
            claim_id=claim.id,
            person_id=first.person_id,
            places=1,
            state="offered",
        )
    )
    db.session.commit()
    shown = of(allot, first).get("/c/erlonglu/").text
    assert page(first) in shown
    assert fresh(first).place == "offered"


def fresh(mine):
    db.session.expire_all()
    return db.session.get(Applicant, mine.id)
