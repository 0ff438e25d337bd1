"""Places: claimed, waited for, offered, and given to the next; the database counts."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from civic import holds
from civic.communities.models import Community
from civic.holds import line, services
from civic.holds.models import HoldClaim, HoldPool
from civic.kernel import clock, events, jobs
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.notifications.models import InboxItem, Message
from tests import factories

HALL = "hall"


@pytest.fixture
def community(world) -> Community:
    return world.erlong


def provide(community, capacity=2, subject=HALL, **terms):
    found = holds.provide(
        community, subject, title="周六讲座", path="/c/erlonglu/", capacity=capacity, **terms
    )
    db.session.commit()
    return found


def people(count):
    made = [factories.person(f"居民{number}").id for number in range(count)]
    db.session.commit()
    return made


def claim(person_id, places=1, **how):
    made = holds.claim(HALL, person_id, places, **how)
    db.session.commit()
    return made


def states(subject=HALL):
    query = select(HoldClaim.state).join(HoldPool).filter_by(subject=subject)
    return list(db.session.scalars(query.order_by(HoldClaim.position)))


def seen(subject=HALL):
    return holds.places([subject])[subject]


def test_who_comes_first_has_them_and_the_others_wait_in_line(community):
    provide(community, 3)
    first, second, third, fourth = people(4)
    assert claim(first, 2).state == "held"
    assert claim(second, 2).state == "waiting"
    waits = claim(third)
    assert (waits.state, waits.ahead) == ("waiting", 1)  # one is free, and nobody is passed over
    assert (seen().taken, seen().free, seen().waiting) == (2, 1, 2)
    assert claim(fourth).ahead == 2
    assert [each.person_id for each in holds.claims(HALL)] == [first, second, third, fourth]
    page = holds.claims(HALL, limit=2)
    rest = holds.claims(HALL, after=page[-1].position)
    assert [(each.person_id, each.ahead) for each in rest] == [(third, 1), (fourth, 2)]


def test_what_is_given_back_is_offered_to_the_next_for_a_while(community):
    provide(community, 2, offer_for=timedelta(hours=2))
    first, second, third = people(3)
    kept = claim(first, 2)
    claim(second, 2)
    claim(third)
    holds.leave(kept.id, first)
    db.session.commit()
    offer = holds.mine(second, [HALL])[HALL]
    assert (offer.state, seen().taken) == ("offered", 2)
    assert timedelta(0) <= offer.until - clock.now() <= timedelta(hours=2)
    assert holds.accept(offer.id, second).state == "held"
    assert holds.accept(offer.id, second).state == "held"
    assert states() == ["left", "held", "waiting"]


def test_who_declines_or_does_not_answer_makes_way(community):
    provide(community, 1, offer_for=timedelta(hours=2))
    ids = people(4)
    made = [claim(each) for each in ids]
    holds.leave(made[0].id, ids[0])
    assert states() == ["left", "offered", "waiting", "waiting"]
    assert holds.decline(made[1].id, ids[1]).state == "declined"
    assert states() == ["left", "declined", "offered", "waiting"]
    db.session.commit()
    clock.shift(timedelta(hours=2))
    with pytest.raises(Refused) as late:
        holds.accept(made[2].id, ids[2])
    assert late.value.code == "no_offer"
    db.session.rollback()
    assert line.due() == [HALL]
    line.run()
    assert line.due() == []
    assert states() == ["left", "declined", "expired", "offered"]
    assert claim(ids[2]).state == "waiting"  # at the end of the line
    assert seen().taken == 1


def test_an_offer_that_is_over_goes_on_without_the_job(community):
    provide(community, 1, offer_for=timedelta(hours=1))
    first, second, third = people(3)
    made = claim(first)
    claim(second)
    holds.leave(made.id, first)
    db.session.commit()
    clock.shift(timedelta(hours=1))
    assert claim(third).state == "held"
    assert holds.mine(second, [HALL])[HALL].state == "expired"


def test_the_job_is_asked_for_when_an_offer_is_over(app, community):
    provide(community, 1, offer_for=timedelta(hours=1))
    first, second = people(2)
    made = claim(first)
    claim(second)
    holds.leave(made.id, first)
    db.session.commit()
    assert "holds.run" not in jobs.due(app)
    clock.shift(timedelta(hours=1))
    assert "holds.run" in jobs.due(app)
    assert jobs.run(app, "holds.run")
    assert states() == ["left", "expired"]


def test_an_order_that_was_drawn_is_kept(community):
    provide(community, 2)
    ids = people(4)
    for person_id, position in zip(ids, (4, 2, 1, 3), strict=True):
        assert claim(person_id, position=position, at_once=False).state == "waiting"
    (late,) = people(1)
    with pytest.raises(Refused) as refused:
        holds.claim(HALL, late, position=2, at_once=False)
    assert refused.value.code == "position"
    db.session.rollback()
    assert holds.advance(HALL).taken == 2
    offered = [each.person_id for each in holds.claims(HALL, ["offered"])]
    assert offered == [ids[2], ids[1]]


def test_one_person_claims_once_and_a_second_click_changes_nothing(community):
    provide(community, 5)
    (one,) = people(1)
    assert claim(one, 2).id == claim(one, 2).id
    with pytest.raises(Refused) as refused:
        holds.claim(HALL, one, 3)
    assert refused.value.code == "claimed"
    assert seen().taken == 2


@pytest.mark.parametrize("places", [0, -1, 4])
def test_nobody_claims_more_than_there_are_or_nothing(community, places):
    provide(community, 3)
    with pytest.raises(Refused) as refused:
        holds.claim(HALL, people(1)[0], places)
    assert refused.value.code == "too_many"


def test_a_group_changes_its_number(community):
    provide(community, 4)
    first, second = people(2)
    held = claim(first, 3)
    waits = claim(second, 2)
    for number in (5, 4):  # more than there are; and somebody waits for what is free
        with pytest.raises(Refused):
            holds.resize(held.id, first, number)
        db.session.rollback()
    holds.resize(waits.id, second, 1)
    assert holds.mine(second, [HALL])[HALL].state == "offered"
    holds.accept(waits.id, second)
    assert holds.resize(held.id, first, 1).places == 1
    assert holds.resize(held.id, first, 3).places == 3
    assert seen().taken == 4


def test_more_places_are_offered_and_fewer_than_taken_refused(community):
    provide(community, 1)
    first, second = people(2)
    claim(first)
    claim(second)
    provide(community, 2)
    assert states() == ["held", "offered"]
    with pytest.raises(Refused) as refused:
        provide(community, 1)
    assert refused.value.code == "too_few_places"


def test_after_the_close_nobody_claims_and_who_waits_is_let_go(community):
    provide(community, 1, closes_at=clock.now() + timedelta(hours=1))
    first, second = people(2)
    made = claim(first)
    claim(second)
    holds.leave(made.id, first)
    db.session.commit()
    until = holds.mine(second, [HALL])[HALL].until
    assert until == seen().closes_at  # sooner than a day
    clock.shift(timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        holds.claim(HALL, first)
    assert refused.value.code == "closed"
    db.session.rollback()
    line.run()
    assert states() == ["left", "expired"]


def test_no_offer_outlasts_a_close_that_was_moved(community):
    closes = clock.now() + timedelta(hours=3)
    provide(community, 1, closes_at=clock.now() + timedelta(days=2))
    first, second = people(2)
    made = claim(first)
    waits = claim(second)
    holds.leave(made.id, first)
    db.session.commit()
    provide(community, 1, closes_at=closes)
    assert holds.mine(second, [HALL])[HALL].until == closes
    provide(community, 1)  # what was offered keeps its end
    assert holds.mine(second, [HALL])[HALL].until == closes
    clock.shift(timedelta(hours=3))
    with pytest.raises(Refused) as refused:
        holds.accept(waits.id, second)
    assert refused.value.code == "no_offer"


def test_nothing_is_accepted_after_the_close_whatever_an_offer_says(community):
    provide(community, 1)
    first, second = people(2)
    made = claim(first)
    waits = claim(second)
    holds.leave(made.id, first)
    db.session.execute(update(HoldPool).values(closes_at=clock.now()))
    db.session.commit()
    with pytest.raises(Refused) as refused:
        holds.accept(waits.id, second)
    assert refused.value.code == "no_offer"
    assert states() == ["left", "offered"]


def test_who_waits_anew_is_not_given_the_offer_that_is_over(community):
    provide(community, 1, offer_for=timedelta(hours=1))
    first, second = people(2)
    made = claim(first)
    over = claim(second)
    holds.leave(made.id, first)
    db.session.commit()
    clock.shift(timedelta(hours=1))
    again = claim(second, at_once=False)
    assert (again.state, again.id != over.id) == ("waiting", True)
    assert states() == ["left", "expired", "waiting"]
    assert seen().free == 1  # until they are offered in order


def test_what_does_not_happen_ends_all_claims(community):
    provide(community, 1)
    ids = people(2)
    for each in ids:
        claim(each)
    assert [each.person_id for each in holds.end(HALL)] == ids
    assert states() == ["ended", "ended"]
    assert seen().taken == 0


def test_only_its_person_answers_and_a_thing_without_places_has_none(community):
    provide(community, 1)
    first, second = people(2)
    made = claim(first)
    for act in (holds.accept, holds.leave):
        with pytest.raises(Refused) as refused:
            act(made.id, second)
        assert refused.value.status == 404
    with pytest.raises(Refused):
        holds.claim("nothing", first)
    with pytest.raises(Refused):
        holds.accept(made.id + 1, first)
    with pytest.raises(Refused) as off:
        provide(community, 1, "rental.flat:1")
    assert off.value.code == "source"


def test_who_is_offered_places_is_told_and_who_let_it_pass_too(app, community):
    provide(community, 1, offer_for=timedelta(hours=1))
    first, second = people(2)
    made = claim(first)
    claim(second)
    holds.leave(made.id, first)
    db.session.commit()
    events.deliver()

    def told():
        query = select(Message.kind).join(InboxItem, InboxItem.message_id == Message.id)
        return list(db.session.scalars(query.filter_by(person_id=second).order_by(Message.id)))

    assert told() == ["holds.offered"]
    clock.shift(timedelta(hours=1))
    line.run()
    events.deliver()
    assert told() == ["holds.offered", "holds.over"]


@pytest.mark.parametrize("change", ["more", "state", "insert"])
def test_the_database_gives_no_place_twice(app, community, change):
    provide(community, 2)
    first, second = people(2)
    made = claim(first, 2)
    waits = claim(second)
    acts = {
        "more": update(HoldClaim).filter_by(id=made.id).values(places=3),
        "state": update(HoldClaim).filter_by(id=waits.id).values(state="held"),
        "insert": text(
            "INSERT INTO hold_claim (pool_id, places, position, state, at, moved_at) "
            "SELECT pool_id, 1, 99, 'held', at, moved_at FROM hold_claim WHERE position = 1"
        ),
    }
    with pytest.raises(IntegrityError):
        db.session.execute(acts[change])
    db.session.rollback()
    assert seen().taken == 2


def test_the_database_counts_what_is_taken_whoever_writes(app, community):
    provide(community, 5)
    provide(community, 5, "other")
    first, second = people(2)
    made = claim(first, 2)
    claim(second, 2)
    other = select(HoldPool.id).filter_by(subject="other").scalar_subquery()
    with pytest.raises(IntegrityError):
        db.session.execute(update(HoldClaim).filter_by(id=made.id).values(pool_id=other))
    db.session.rollback()
    db.session.execute(update(HoldClaim).filter_by(id=made.id).values(places=3))
    assert db.session.scalar(select(HoldPool.taken).filter_by(subject=HALL)) == 5
    db.session.execute(delete(HoldClaim).filter_by(id=made.id))
    assert db.session.scalar(select(HoldPool.taken).filter_by(subject=HALL)) == 2


def test_a_plugin_that_leaves_takes_its_places_along(community):
    provide(community, 1)
    made = HoldPool(community_id=community.id, subject="rental.flat:1", title="", path="")
    made.capacity = made.offer_minutes = 1
    db.session.add(made)
    db.session.flush()
    db.session.add(
        HoldClaim(
            pool_id=made.id,
            places=1,
            position=1,
            state="held",
            at=clock.now(),
            moved_at=clock.now(),
        )
    )
    db.session.commit()
    services.forget_plugin("rental")
    assert list(holds.places([HALL, "rental.flat:1"])) == [HALL]


def test_who_closes_the_account_makes_way_and_is_not_named(app, community):
    from civic.kernel import own_data

    provide(community, 1)
    first, second = people(2)
    claim(first)
    claim(second)
    (part,) = (part for part in own_data.parts() if part.owner == "holds")
    (table,) = part.export(first)
    assert [tuple(map(str, row[:2])) for row in table.rows] == [("周六讲座", "1")]
    part.forget(first)
    db.session.commit()
    assert states() == ["left", "offered"]
    assert [row[0] for row in db.session.execute(select(HoldClaim.person_id))].count(None) == 1
    assert part.export(first)[0].rows == []


def test_the_document_does_what_it_says(community, monkeypatch):
    import re
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs/plugins/holds.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    module: dict = {}
    exec(compile(code, "holds.md", "exec"), module)
    monkeypatch.setattr("civic.holds.services.declared.owner", lambda _code: "")
    ids = people(2)
    assert [module["sign_up"](community, each, 2) for each in ids] == ["held", "waiting"]
    assert "人数" in module["sign_up"](community, ids[0], 3)
    named = set(re.findall(r"holds\.(\w+)", page)) - {"md"}
    assert named == set(holds.__all__) - {"Claim", "Places"}
