"""Kinds of standing that a plugin brings: granted, verified, claimed, off, and gone."""

from datetime import timedelta

import pytest
from civic_kinds import Card
from sqlalchemy import select

from civic.communities import switching
from civic.identities import codes, giving, known, services
from civic.identities.audiences import fitting_group, people_of
from civic.identities.claimed import Claim
from civic.identities.models import Standing
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import allowed
from tests.factories import claim, closed, fresh_code, scalars, standing
from tests.pages import text_of
from tests.plugged.conftest import off

DESK = "/c/erlonglu/desk/people"


def card(world, number: str = "K1") -> None:
    db.session.add(Card(community_id=world.erlong.id, number=number))
    db.session.commit()


def grant(client, world, kind: str, **more: str):
    data = {"kind": kind, "node": str(world.gate.id), "rests_on": "desk", "organisation": "0"}
    return client.post(f"{DESK}/{world.neighbour.id}/grant", data=data | more)


def kinds_of(person) -> list[tuple[str, int, str]]:
    found = scalars(select(Standing).filter_by(person_id=person.id).order_by(Standing.id))
    return [(row.kind, row.level, row.source) for row in found if "." in row.kind]


def test_staff_grant_it_where_it_is_on(world, login):
    page = text_of(login(world.secretary).get(f"{DESK}/{world.neighbour.id}/grant"))
    assert 'value="kinds.helper"' in page
    assert 'value="kinds.friend"' not in page
    assert grant(login(world.secretary), world, "kinds.helper").status_code == 303
    assert kinds_of(world.neighbour) == [("kinds.helper", 3, "desk")]
    register = text_of(login(world.secretary).get(f"{DESK}/"))
    assert "Helper" in register
    assert "Helper" in text_of(login(world.neighbour).get("/me"))


def test_a_foreign_community_neither_offers_nor_takes_it(world, login):
    path = f"/c/jingjidao/desk/people/{world.elsewhere.id}/grant"
    client = login(world.officer)
    assert "kinds.helper" not in text_of(client.get(path))
    data = {"kind": "kinds.helper", "node": str(world.jingji.id), "rests_on": "desk"}
    assert client.post(path, data=data | {"organisation": "0"}).status_code == 422
    assert kinds_of(world.elsewhere) == []


def test_its_verifier_says_the_level(world, login):
    card(world)
    done = grant(login(world.secretary), world, "kinds.carer", proof=" K1 ", rests_on="")
    assert done.status_code == 303
    assert kinds_of(world.neighbour) == [("kinds.carer", 3, "verified")]


@pytest.mark.parametrize(
    ("proof", "status", "sentence"),
    [
        ("K9", 422, "The number K9 is not on the list."),
        ("", 422, "proof-error"),
        ("crash", 503, "Kinds"),
        ("nonsense", 503, "Kinds"),
    ],
)
def test_what_does_not_hold_grants_nothing(world, login, proof, status, sentence, caplog):
    answer = grant(login(world.secretary), world, "kinds.carer", proof=proof)
    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert kinds_of(world.neighbour) == []
    assert scalars(select(Card.number)) == []
    if status == 503:
        assert "plugin kinds failed in verify of kinds.carer" in caplog.text


def test_who_may_not_vouch_is_not_offered_it(world, login):
    card(world)
    client = login(world.officer)
    assert "kinds.carer" not in text_of(client.get(f"{DESK}/{world.neighbour.id}/grant"))
    assert grant(client, world, "kinds.carer", proof="K1").status_code == 422
    with pytest.raises(Refused) as refused:
        known.check_granter(world.actor("officer"), "kinds.carer", world.erlong.path)
    assert refused.value.code == "no_permission"


def test_it_is_claimed_and_checked_at_the_desk(world, login):
    card(world)
    client = login(world.neighbour)
    page = text_of(client.get("/c/erlonglu/claims/new"))
    assert 'value="kinds.carer"' in page
    data = {"kind": "kinds.carer", "node": str(world.gate.id), "words": "K1", "organisation": "0"}
    assert client.post("/c/erlonglu/claims/new", data=data).status_code == 303
    desk = "/c/erlonglu/desk/claims"
    number = scalars(select(Claim.id))[0]
    assert f"{desk}/{number}" in text_of(login(world.secretary).get(f"{desk}/"))
    page = text_of(login(world.secretary).get(f"{desk}/{number}"))
    assert 'name="proof"' in page
    assert 'value="K1"' in page
    assert 'name="checked"' not in page
    wrong = login(world.secretary).post(f"{desk}/{number}/accept", data={"proof": "K7"})
    assert wrong.status_code == 422
    assert "K7 is not on the list" in text_of(wrong)
    assert login(world.officer).post(f"{desk}/{number}/accept").status_code == 403
    done = login(world.secretary).post(
        f"{desk}/{number}/accept", data={"proof": "K1", "organisation": "0"}
    )
    assert done.status_code == 303
    assert kinds_of(world.neighbour) == [("kinds.carer", 3, "claim")]


def test_it_gives_rights_in_its_groups_and_nothing_once_off(world, login):
    standing(world.worker, world.gate, "kinds.helper")
    standing(world.worker, world.gate, "kinds.carer")
    db.session.commit()
    actor = world.actor("worker")
    path = world.erlong.path
    assert fitting_group(actor, ["resident"], path) == "resident"
    assert world.worker.id in set(db.session.scalars(people_of(["resident"], path)))
    assert allowed(actor, "kinds.visit", path)
    assert allowed(actor, "kinds.sit", path)
    rights = text_of(login(world.resident).get("/c/erlonglu/rights"))
    assert "Carer" in rights
    off(world)
    actor = world.actor("worker")
    assert not [held for held in actor.standings if held.code.startswith("kinds.")]
    assert fitting_group(actor, ["resident"], path) is None
    assert world.worker.id not in set(db.session.scalars(people_of(["resident"], path)))
    assert not allowed(actor, "kinds.visit", path)
    mine = text_of(login(world.worker).get("/me"))
    assert "Helper" in mine
    assert text_of(login(world.worker).get("/me/data")).count("Helper") == 1
    page = text_of(login(world.secretary).get(f"{DESK}/{world.worker.id}"))
    assert "Helper" in page


def test_on_at_the_street_it_does_not_count_in_a_community_where_it_is_off(world):
    switching.switch(world.street, "kinds", on=True)
    standing(world.elsewhere, world.jingji.node, "kinds.helper")
    standing(world.worker, world.gate, "kinds.helper")
    db.session.commit()
    assert not allowed(world.actor("elsewhere"), "kinds.sit", world.street.path)
    # Held where it is on, it counts above that place too.
    assert allowed(world.actor("worker"), "kinds.sit", world.street.path)


def test_gone_it_is_read_as_a_former_kind_and_gives_nothing(world, without, bare_login):
    for kind in ("kinds.helper", "kinds.friend"):
        standing(world.worker, world.gate, kind)
    claim(world.worker, world.erlong, world.building, "kinds.helper")
    db.session.commit()
    with without.app_context():
        actor = world.actor("worker")
        assert [held.code for held in actor.standings] == ["worker"]
        path = world.erlong.path
        assert world.worker.id not in set(db.session.scalars(people_of(["resident"], path)))
        assert known.standings()["kinds.helper"].private
    client = bare_login(world.worker)
    for page in ("/me", "/me/data", "/me/claims/", "/c/erlonglu/rights"):
        answer = client.get(page)
        assert answer.status_code == 200, page
    assert "helper" in text_of(client.get("/me"))
    assert client.post("/me/data/export.html").status_code == 200
    staff = bare_login(world.secretary)
    for page in ("desk/people/", f"desk/people/{world.worker.id}", "desk/claims/", "codes/"):
        answer = staff.get(f"/c/erlonglu/{page}")
        assert answer.status_code == 200, page
        assert "helper" not in text_of(answer) or page == "desk/claims/"
    # Nothing was lost.
    assert len(kinds_of(world.worker)) == 2


def test_a_code_for_it_waits_while_it_is_off(world):
    code = fresh_code(world, standing="kinds.helper")
    off(world)
    with pytest.raises(Refused) as refused:
        codes.look_up(code)
    assert refused.value.code == "code_off"
    with pytest.raises(Refused) as refused:
        codes.make(
            world.actor("secretary"), world.gate, "kinds.helper", 1, community_id=world.erlong.id
        )
    assert refused.value.code == "kind"
    switching.switch(world.erlong, "kinds", on=True)
    made = codes.redeem(codes.look_up(code), world.worker.id)
    assert (made.kind, made.level) == ("kinds.helper", 2)
    db.session.rollback()


def test_a_plugin_gives_and_ends_its_own(world, login):
    made = giving.give_standing(world.erlong, world.resident.id, "kinds.friend", level=2)
    db.session.commit()
    assert "Friend in need" in text_of(login(world.resident).get("/me"))
    assert "Friend in need" not in text_of(
        login(world.secretary).get(f"{DESK}/{world.resident.id}")
    )
    entry = scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))[0]
    assert (entry.act, entry.actor) == ("standing.granted", "kinds")
    with pytest.raises(Refused) as refused:
        giving.give_standing(world.erlong, world.resident.id, "resident_registered", level=4)
    assert refused.value.code == "kind"
    with pytest.raises(Refused) as refused:
        giving.give_standing(world.jingji, world.elsewhere.id, "kinds.friend", level=2)
    assert refused.value.code == "kind"
    with pytest.raises(Refused) as refused:
        giving.end_standing(world.jingji, made.id, "It is over.")
    assert refused.value.code == "no_standing"
    ended = giving.end_standing(world.erlong, made.id, "It is over.")
    assert ended.end_reason == "It is over."
    db.session.commit()
    assert not services.standings(world.resident.id)[1:]


def test_a_plugin_looks_up_who_holds_its_own(world, login):
    for who, place in ((world.resident, world.gate), (world.neighbour, world.erlong.node)):
        standing(who, place, "kinds.friend")
    ended = standing(world.deputy, world.gate, "kinds.friend")
    ended.valid_to = ended.valid_from + timedelta(seconds=1)
    standing(world.elsewhere, world.jingji.node, "kinds.friend")
    db.session.commit()
    found = giving.holders(world.erlong, "kinds.friend")
    wanted = sorted((each.name, each.id) for each in (world.resident, world.neighbour))
    assert [(each.name, each.person_id) for each in found] == wanted
    closed(world.neighbour)
    db.session.commit()
    assert len(giving.holders(world.erlong, "kinds.friend")) == 1
    assert giving.holders(world.erlong, "kinds.helper") == []
    with pytest.raises(Refused) as refused:
        giving.holders(world.erlong, "resident_living")
    assert refused.value.code == "kind"


def test_a_verified_level_is_not_raised_by_hand(world, login):
    held = standing(world.neighbour, world.gate, "kinds.carer", level=2)
    db.session.commit()
    path = f"{DESK}/{world.neighbour.id}/standings/{held.id}"
    answer = login(world.secretary).post(f"{path}/raise", data={"rests_on": "desk"})
    assert answer.status_code == 422
    # Only who may vouch ends it.
    assert login(world.officer).post(f"{path}/end", data={"reason": "x"}).status_code == 403
    assert login(world.secretary).post(f"{path}/end", data={"reason": "x"}).status_code == 303


def test_an_account_with_such_a_standing_can_be_closed(world, login):
    standing(world.worker, world.gate, "kinds.helper")
    closed(world.worker)
    db.session.commit()
    assert world.worker.closed_at is not None


def test_organisations_of_its_kind(world, login):
    client = login(world.secretary)
    path = "/c/erlonglu/desk/organisations/new"
    assert "kinds.guild" in text_of(client.get(path))
    data = {"name": "行会", "kind": "kinds.guild", "node": str(world.gate.id)}
    assert client.post(path, data=data).status_code == 303
    off(world)
    assert "Speaker of a guild" in text_of(client.get("/c/erlonglu/desk/organisations/"))
    assert "kinds.guild" not in text_of(client.get(path))
