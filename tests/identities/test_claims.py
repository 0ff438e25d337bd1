"""Claims of standings: what is possible when, by whom, and what everybody is told."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic.communities.services import add_post
from civic.identities import claim_desk, claim_lists, claims, standings
from civic.identities.claim_states import ACTS, REASONS, RULES, WAITING, possible
from civic.identities.claimed import ACTS as KEPT
from civic.identities.claimed import STATES, Claim, ClaimStep
from civic.identities.kinds import COMMUNITY_WORKER, STANDINGS
from civic.identities.looks import Look
from civic.identities.models import Standing
from civic.identities.services import appoint
from civic.kernel import clock, tell
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests.factories import World, claim, organisation, person, scalars, standing
from tests.pages import text_of

DAY = timedelta(days=1)


@pytest.fixture
def said(app: Flask):
    """What people were told."""
    news: list[tell.News] = []
    telling = app.extensions["civic_telling"]
    before, telling.teller = telling.teller, news.append
    yield news
    telling.teller = before


def refusal(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    db.session.rollback()
    return refused.value.code


def act(world: World, code: str, claim_id: int) -> object:
    """Take an act on a claim by whoever may take it."""
    deputy = world.actor("deputy")
    mine = (world.people["newcomer"].id, claim_id)
    return {
        "asked": lambda: claim_desk.ask(deputy, world.erlong, claim_id, "证件？"),
        "answered": lambda: claims.answer(*mine, "带来了。"),
        "accepted": lambda: claim_desk.accept(deputy, world.erlong, claim_id, checked="desk"),
        "refused": lambda: claim_desk.refuse(deputy, world.erlong, claim_id, reason="not_shown"),
        "appealed": lambda: claims.appeal(*mine, "请再看。"),
        "withdrawn": lambda: claims.withdraw(*mine),
    }[code]()


@pytest.fixture
def made(world: World) -> Claim:
    world.people["newcomer"] = person("赵新")
    return claim(world.newcomer, world.erlong, world.gate)


def test_states_and_acts_are_those_that_the_tables_keep() -> None:
    assert set(ACTS) == set(KEPT)
    assert {found.after for found in ACTS.values()} | {"open"} == set(STATES)
    assert all(found.before <= set(STATES) for found in ACTS.values())
    assert all(rule.source for rule in RULES.values())
    ends = {state for state in STATES if not any(state in a.before for a in ACTS.values())}
    assert ends == {"accepted", "withdrawn"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("code", ACTS)
def test_each_act_is_possible_in_its_states_only(
    sqlite_world: World, state: str, code: str
) -> None:
    world = sqlite_world
    made = claim(world.newcomer, world.erlong, world.gate)
    made.state = state
    if state == "refused":
        # Refused by another than the deputy, who acts here.
        db.session.add(
            ClaimStep(
                claim_id=made.id,
                act="refused",
                by_id=world.secretary.id,
                reason="not_shown",
                at=clock.now(),
            )
        )
    db.session.commit()
    if state in ACTS[code].before:
        act(world, code, made.id)
        db.session.commit()
        assert scalars(select(Claim.state).filter_by(id=made.id)) == [ACTS[code].after]
        assert code in possible(state, ACTS[code].by)
    else:
        assert refusal(lambda: act(world, code, made.id)) == "state"
        assert scalars(select(Claim.state).filter_by(id=made.id)) == [state]


@pytest.fixture
def sqlite_world(sqlite_app: Flask) -> World:
    from tests.factories import build_world

    world = build_world()
    world.people["newcomer"] = person("赵新")
    return world


def test_a_claim_becomes_a_standing(world: World, made: Claim, said: list[tell.News]) -> None:
    day = clock.local(clock.now()).date() + 90 * DAY
    got = claim_desk.accept(
        world.actor("secretary"), world.erlong, made.id, checked="attested", last_day=day
    )
    db.session.commit()
    assert (got.kind, got.level, got.source) == ("resident_registered", 2, "claim")
    assert (got.claim_id, got.verified_by) == (made.id, world.secretary.id)
    assert clock.local(got.valid_to).date() == day
    entry = scalars(select(AuditEntry).filter_by(act="claim.accepted"))[0]
    assert (entry.subject, entry.post) == (f"claim:{made.id}", "二龙路社区党委")
    assert "301" not in str(entry.data)
    assert [(news.people, news.values["what"]) for news in said] == [
        ([world.newcomer.id], "accepted")
    ]
    assert tell.telling().kinds["claim"].address(said[0].values) == f"/me/claims/{made.id}"
    assert world.actor("newcomer").groups(world.erlong.path) >= {"participant", "resident"}


def test_the_whole_way_with_a_question_and_an_objection(world: World, made: Claim, login) -> None:
    me, desk = login(world.newcomer), login(world.secretary)
    desk.post(f"/c/erlonglu/desk/claims/{made.id}/ask", data={"words": "请带租约。"})
    assert "请带租约。" in text_of(me.get(f"/me/claims/{made.id}"))
    me.post(f"/me/claims/{made.id}/answer", data={"words": "明天带来。"})
    assert "明天带来。" in text_of(desk.get(f"/c/erlonglu/desk/claims/{made.id}"))
    refused = desk.post(f"/c/erlonglu/desk/claims/{made.id}/refuse", data={"reason": "not_shown"})
    assert refused.status_code == 303
    page = text_of(me.get(f"/me/claims/{made.id}"))
    assert str(REASONS["not_shown"]) in page
    assert f"/me/claims/{made.id}/appeal" in page
    me.post(f"/me/claims/{made.id}/appeal", data={"words": "我带了租约。"})
    address = f"/c/erlonglu/desk/claims/{made.id}"
    assert f"{address}/accept" not in text_of(desk.get(address))
    seen = {"checked": "desk", "organisation": "0"}
    assert desk.post(f"{address}/accept", data=seen).status_code == 403
    other = login(world.deputy)
    assert f"{address}/accept" in text_of(other.get(address))
    assert other.post(f"{address}/accept", data=seen).status_code == 303
    acts = scalars(select(ClaimStep.act).filter_by(claim_id=made.id).order_by(ClaimStep.id))
    assert acts == ["asked", "answered", "refused", "appealed", "accepted"]
    assert "/appeal" not in text_of(me.get(f"/me/claims/{made.id}"))


def test_a_second_refusal_is_final(world: World, made: Claim) -> None:
    claim_desk.refuse(world.actor("secretary"), world.erlong, made.id, reason="not_shown")
    claims.appeal(world.newcomer.id, made.id, "请再看。")
    claim_desk.refuse(world.actor("officer"), world.erlong, made.id, reason="not_true")
    db.session.commit()
    again = lambda: claims.appeal(world.newcomer.id, made.id, "再看。")  # noqa: E731
    assert refusal(again) == "appealed"
    claim(world.newcomer, world.erlong, world.gate)


def test_an_objection_has_its_time(world: World, made: Claim, login) -> None:
    claim_desk.refuse(world.actor("secretary"), world.erlong, made.id, reason="not_shown")
    db.session.commit()
    clock.shift(timedelta(days=RULES["appeal_days"].value) + DAY)
    assert refusal(lambda: claims.appeal(world.newcomer.id, made.id, "请再看。")) == "late"
    assert "/appeal" not in text_of(login(world.newcomer).get(f"/me/claims/{made.id}"))


def test_another_reason_is_said(world: World, made: Claim) -> None:
    deputy = world.actor("deputy")
    say = lambda **how: claim_desk.refuse(deputy, world.erlong, made.id, **how)  # noqa: E731
    assert refusal(lambda: say(reason="other")) == "words"
    assert refusal(lambda: say(reason="because")) == "reason"
    say(reason="other", words="楼号不存在。")


def test_nobody_decides_their_own_claim(world: World) -> None:
    standing(world.secretary, world.building)
    own = claim(world.secretary, world.erlong, world.gate)
    secretary = world.actor("secretary")
    for do in (
        lambda: claim_desk.accept(secretary, world.erlong, own.id, checked="desk"),
        lambda: claim_desk.refuse(secretary, world.erlong, own.id, reason="not_true"),
    ):
        assert refusal(do) == "own"


def test_what_cannot_be_claimed(world: World, made: Claim) -> None:
    who = world.newcomer
    ask = lambda **how: claims.make(  # noqa: E731
        who.id, world.erlong, **({"kind": "worker", "node_id": world.gate.id, "words": "话"} | how)
    )
    assert refusal(lambda: ask(kind="resident_registered")) == "claimed"
    assert refusal(lambda: ask(kind="party_member")) == "kind"
    assert refusal(lambda: ask(kind="secretary")) == "kind"
    assert refusal(lambda: ask(node_id=world.jingji.id)) == "no_place"
    assert refusal(lambda: ask(node_id=999_999)) == "no_place"
    standing(who, world.gate, "worker")
    db.session.commit()
    assert refusal(ask) == "standing_held"
    unit = organisation(world.jingji.node)
    elsewhere = lambda: ask(kind="resident_unit", organisation_id=unit.id)  # noqa: E731
    assert refusal(elsewhere) == "organisation"


def test_only_so_many_wait(world: World) -> None:
    who = person("李多")
    most = RULES["waiting_at_most"].value
    kinds = [code for code, kind in STANDINGS.items() if kind.claimed]
    made = [claim(who, world.erlong, world.gate, code) for code in kinds[:most]]
    one_more = lambda: claim(who, world.erlong, world.gate, kinds[most])  # noqa: E731
    assert refusal(one_more) == "too_many"
    claims.withdraw(who.id, made[0].id)
    one_more()
    waiting = select(Claim.id).where(Claim.person_id == who.id, Claim.state.in_(WAITING))
    assert len(scalars(waiting)) == most


def test_opening_a_claim_is_recorded(world: World, made: Claim, login) -> None:
    client = login(world.secretary)
    client.get("/c/erlonglu/desk/claims/")
    assert scalars(select(Look.what)) == []
    client.get(f"/c/erlonglu/desk/claims/{made.id}")
    looks = scalars(select(Look))
    assert [(row.person_id, row.by_id, row.what) for row in looks] == [
        (world.newcomer.id, world.secretary.id, "claim")
    ]
    client.post(f"/c/erlonglu/desk/claims/{made.id}/ask")
    assert len(scalars(select(Look.id))) == 2


def test_who_finds_a_claim_due(app: Flask, world: World, made: Claim) -> None:
    """The own office first; the street where nobody there may decide."""

    def due(role: str) -> list[str]:
        db.session.commit()
        with app.test_request_context():
            return [item.url for item in claim_lists.due(world.actor(role), 10)]

    address = [f"/c/erlonglu/desk/claims/{made.id}"]
    for role, found in {"secretary": address, "deputy": address, "officer": []}.items():
        assert due(role) == found
    assert due("administrator") == due("newcomer") == []
    claim_desk.refuse(world.actor("secretary"), world.erlong, made.id, reason="not_shown")
    assert due("deputy") == due("secretary") == []
    claims.appeal(world.newcomer.id, made.id, "请再看。")
    assert (due("secretary"), due("deputy"), due("officer")) == ([], address, [])
    claim_desk.refuse(world.actor("deputy"), world.erlong, made.id, reason="not_shown")
    other = claim(world.newcomer, world.jingji, world.jingji.node)
    assert due("officer") == [f"/c/jingjidao/desk/claims/{other.id}"]
    clerk = person("何静")
    appoint(clerk, add_post(world.jingji.node, COMMUNITY_WORKER, "社工", "京畿道社区").id)
    world.people["clerk"] = clerk
    db.session.commit()
    assert due("officer") == []
    claim_desk.refuse(world.actor("clerk"), world.jingji, other.id, reason="not_shown")
    claims.appeal(world.newcomer.id, other.id, "请再看。")
    assert due("officer") == [f"/c/jingjidao/desk/claims/{other.id}"]
    assert due("clerk") == []


def test_a_liaison_is_accepted_for_an_organisation_of_here(world: World) -> None:
    who = person("钱联")
    made = claim(who, world.erlong, world.building, "resident_unit")
    deputy = world.actor("deputy")
    accept = lambda unit: claim_desk.accept(  # noqa: E731
        deputy, world.erlong, made.id, checked="desk", organisation_id=unit
    )
    assert refusal(lambda: accept(None)) == "organisation"
    assert refusal(lambda: accept(organisation(world.jingji.node).id)) == "organisation"
    assert refusal(lambda: accept(organisation(world.building, kind="social_org").id)) == (
        "organisation"
    )
    unit = organisation(world.building, "建行支行")
    assert accept(unit.id).organisation_id == unit.id
    db.session.commit()
    assert scalars(select(Standing.kind).filter_by(person_id=who.id)) == ["resident_unit"]


def test_a_held_standing_is_not_claimed_into_a_second(world: World, made: Claim) -> None:
    standings.grant(
        world.actor("deputy"),
        world.erlong,
        made.person_id,
        standings.Grant(kind=made.kind, node_id=made.node_id, rests_on="roll"),
    )
    db.session.commit()
    accept = lambda: claim_desk.accept(  # noqa: E731
        world.actor("secretary"), world.erlong, made.id, checked="desk"
    )
    assert refusal(accept) == "standing_held"
    assert scalars(select(Claim.state).filter_by(id=made.id)) == ["open"]
