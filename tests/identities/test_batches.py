"""Batches of codes: their letters, their counts, and taking codes back."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from civic.identities import batches, codes
from civic.identities.models import InviteBatch, InviteCode, Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from tests.factories import World, build_world, fresh_code, organisation, person, scalars
from tests.pages import text_of

HERE = "/c/erlonglu/codes/"


def letters(world: World, login, **changes: object) -> str:
    form = {"node": world.gate.id, "standing": "resident_living", "count": 3, "organisation": 0}
    answer = login(world.secretary).post(HERE, data=form | changes)
    assert answer.status_code == 200
    return text_of(answer)


def codes_on(page: str) -> list[str]:
    return re.findall(r'letter-code" translate="no">([A-Z0-9-]+)<', page)


def test_a_letter_is_all_that_one_needs(world: World, login) -> None:
    page = unescape(letters(world, login))
    made = codes_on(page)
    assert len(set(made)) == 3
    assert page.count("data:image/svg+xml") == 3
    for words in ("6号楼 2单元", "010-0000-0001", "9:00–17:00", "http://localhost/join"):
        assert page.count(words) >= 3
    batch = scalars(select(InviteBatch))[0]
    assert (batch.size, batch.made_by) == (3, world.secretary.id)


def test_the_picture_leads_to_the_filled_in_page(app: Flask, world: World, client) -> None:
    import segno

    code = fresh_code(world)
    address = f"http://localhost/join?code={code}"
    drawn = batches.picture(address)
    same = segno.make(address, error="m", micro=False)
    assert drawn == same.svg_data_uri(scale=4, border=2, dark="#000", light="#fff", omitsize=True)
    page = text_of(client.get(f"/join?code={code}"))
    assert f'value="{code}"' in page
    assert client.post("/join", data={"code": code}).location == "/sign-up"


def test_two_hundred_letters_stay_light(world: World, login) -> None:
    page = letters(world, login, count=200)
    assert len(codes_on(page)) == 200
    assert len(page.encode()) < 1_500_000


def test_the_people_of_a_unit_act_for_it(world: World, login) -> None:
    unit = organisation(world.building, "建行支行")
    foreign = organisation(world.jingji.node, "外单位")
    page = letters(world, login, standing="worker", organisation=unit.id, count=1)
    assert "建行支行" in page
    codes.redeem(codes.look_up(codes_on(page)[0]), world.elsewhere.id)
    db.session.commit()
    held = select(Standing.organisation_id).filter_by(person_id=world.elsewhere.id, kind="worker")
    assert scalars(held) == [unit.id]
    form = {"node": world.gate.id, "standing": "worker", "count": 1, "organisation": foreign.id}
    assert login(world.secretary).post(HERE, data=form).status_code == 422


def test_a_code_that_was_taken_back_says_so(world: World, client, login) -> None:
    code = fresh_code(world)
    row = scalars(select(InviteCode))[0]
    desk = login(world.secretary)
    address = f"{HERE}{row.batch_id}/{row.id}/revoke"
    assert desk.post(address).status_code == 303
    assert desk.post(address).status_code == 409
    client.set_cookie("lang", "en")
    page = text_of(client.post("/join", data={"code": code}))
    assert "has taken this code back" in page
    with pytest.raises(Refused) as refused:
        codes.redeem(row, world.elsewhere.id)
    assert refused.value.code == "code_used"
    db.session.rollback()


def test_a_used_code_stays_when_its_batch_is_taken_back(world: World, login) -> None:
    made = codes.make(Actor(), world.gate, "resident_living", 3, community_id=world.erlong.id)
    codes.redeem(made[0].row, world.elsewhere.id)
    db.session.commit()
    batch_id = made[0].row.batch_id
    assert login(world.secretary).post(f"{HERE}{batch_id}/revoke").status_code == 303
    counts = batches.one(world.erlong, batch_id).counts
    db.session.commit()
    assert counts == batches.Counts(used=1, revoked=2)
    used = login(world.secretary).post(f"{HERE}{batch_id}/{made[0].row.id}/revoke")
    assert used.status_code == 409
    assert scalars(select(InviteCode.revoked_at).filter_by(id=made[0].row.id)) == [None]


def test_nobody_needs_a_second_code_for_one_place(world: World) -> None:
    row = codes.look_up(fresh_code(world))
    with pytest.raises(Refused) as refused:
        codes.redeem(row, world.resident.id)
    assert refused.value.code == "standing_held"
    db.session.rollback()
    codes.redeem(row, world.elsewhere.id)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(st.sampled_from(("use", "take one", "take all", "wait")), max_size=6),
    size=st.integers(1, 6),
)
def test_the_counts_make_up_the_batch(sqlite_app: Flask, acts: list[str], size: int) -> None:
    db.session.rollback()
    clock.shift(timedelta())
    world = getattr(sqlite_app, "batch_world", None) or build_world()
    sqlite_app.batch_world = world
    made = codes.make(Actor(), world.gate, "worker", size, community_id=world.erlong.id)
    batch_id, left = made[0].row.batch_id, [item.row for item in made]
    secretary = world.actor("secretary")
    for act in acts:
        if act == "wait":
            clock.shift(codes.VALID + timedelta(minutes=1))
        elif act == "take all":
            batches.revoke(secretary, world.erlong, batch_id)
        elif left:
            row = left.pop()
            try:
                if act == "use":
                    codes.redeem(row, person("新人").id)
                else:
                    batches.revoke_one(secretary, world.erlong, batch_id, row.id)
            except Refused:
                pass
        counts = batches.one(world.erlong, batch_id).counts
        assert counts.used + counts.revoked + counts.expired + counts.left == size
    clock.shift(timedelta())
    db.session.commit()
