"""The register: who is found, what is shown and recorded, and how standings change."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic.identities import standings
from civic.identities.kinds import STANDINGS
from civic.identities.looks import Look
from civic.identities.models import Contact, Person, Standing
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests.factories import World, claim, organisation, person, scalars, sign_ins, standing
from tests.pages import text_of

HERE = "/c/erlonglu/desk/people/"
DAY = timedelta(days=1)


def grant(world: World, who: Person, **wanted: object) -> Standing:
    fields = {"kind": "owner", "node_id": world.gate.id, "rests_on": "desk"} | wanted
    made = standings.grant(world.actor("deputy"), world.erlong, who.id, standings.Grant(**fields))
    db.session.commit()
    return made


def refusal(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    db.session.rollback()
    return refused.value.code


def names(client, query: str) -> set[str]:
    page = text_of(client.get(HERE, query_string={"q": query}))
    return {
        who.name for who in db.session.scalars(select(Person)) if f">{who.name}</a></p>" in page
    }


def test_who_is_on_the_register(world: World, login) -> None:
    waiting, gone, old = person("赵等"), person("钱走"), person("孙旧")
    claim(waiting, world.erlong, world.gate)
    for who, days in ((gone, 10), (old, 400)):
        standing(who, world.gate).valid_from = clock.now() - 500 * DAY
        held = db.session.scalars(select(Standing).filter_by(person_id=who.id)).one()
        held.valid_to = clock.now() - days * DAY
    member = person("李党")
    standing(member, world.gate, "party_member")
    db.session.commit()
    assert names(login(world.secretary), "") == {"王桂兰", "陈志强", "小王", "赵等", "钱走"}


def test_who_is_found(world: World, login) -> None:
    client = login(world.secretary)
    number = Contact(person_id=world.resident.id, kind="phone", value="+8613800138000")
    db.session.add(number)
    db.session.commit()
    mail = sign_ins(world.resident)[0]
    for query in ("王", "王桂兰", "138 0013 8000", mail.upper()):
        assert names(client, query) == {"王桂兰"}
    for query in ("桂兰", "1380013", mail[:4], "%", "_", "赵敏", sign_ins(world.elsewhere)[0]):
        assert names(client, query) == set()


def test_a_private_standing_is_neither_shown_nor_searched_nor_changed(world: World, login) -> None:
    hidden = standing(world.resident, world.gate, "party_member")
    db.session.commit()
    client = login(world.secretary)
    title = str(STANDINGS["party_member"].title)
    address = f"{HERE}{world.resident.id}"
    for page in (HERE, address, f"{address}/grant"):
        assert title not in text_of(client.get(page))
    assert client.get(f"{address}/standings/{hidden.id}").status_code == 404
    ended = client.post(f"{address}/standings/{hidden.id}/end", data={"reason": "x"})
    assert ended.status_code == 404
    assert refusal(lambda: grant(world, world.resident, kind="party_member")) == "kind"


def test_each_look_is_recorded_and_contacts_are_masked(world: World, login) -> None:
    client = login(world.secretary)
    mail = sign_ins(world.resident)[0]
    address = f"{HERE}{world.resident.id}"
    assert mail not in text_of(client.get(address))
    assert mail in text_of(client.post(f"{address}/contacts"))
    looks = scalars(select(Look).order_by(Look.id))
    assert [(row.person_id, row.by_id, row.what) for row in looks] == [
        (world.resident.id, world.secretary.id, what) for what in ("profile", "contact")
    ]


def test_granting(world: World, app: Flask) -> None:
    telling, news = app.extensions["civic_telling"], []
    before, telling.teller = telling.teller, news.append
    try:
        day = clock.local(clock.now()).date() + DAY
        made = grant(world, world.resident, last_day=day, rests_on="roll")
    finally:
        telling.teller = before
    assert (made.level, made.source, made.verified_by) == (4, "roll", world.deputy.id)
    assert [(row.people, row.values["what"]) for row in news] == [([world.resident.id], "granted")]
    entry = scalars(select(AuditEntry).filter_by(act="standing.granted"))[0]
    assert (entry.subject, entry.data) == (
        f"standing:{made.id}",
        {"kind": "owner", "rests_on": "roll"},
    )
    assert world.actor("resident").groups(world.erlong.path) >= {"owner"}
    clock.shift(2 * DAY)
    assert "owner" not in world.actor("resident").groups(world.erlong.path)


def test_what_is_not_granted(world: World) -> None:
    today = clock.local(clock.now()).date()
    secretary = world.actor("secretary")
    wanted = standings.Grant(kind="owner", node_id=world.gate.id, rests_on="desk")
    oneself = lambda: standings.grant(  # noqa: E731
        secretary, world.erlong, world.secretary.id, wanted
    )
    assert refusal(oneself) == "own"
    resident = world.resident
    assert refusal(lambda: grant(world, resident, node_id=world.jingji.id)) == "no_place"
    assert refusal(lambda: grant(world, resident, node_id=world.street.id)) == "no_place"
    assert refusal(lambda: grant(world, resident, last_day=today - DAY)) == "past"
    assert refusal(lambda: grant(world, resident, kind="resident_unit")) == "organisation"
    grant(world, resident, node_id=world.building.id)
    assert refusal(lambda: grant(world, resident, node_id=world.building.id)) == "standing_held"
    grant(world, resident)


def test_renewing_raising_and_ending(world: World, login) -> None:
    today = clock.local(clock.now()).date()
    made = grant(world, world.resident, last_day=today + 10 * DAY, rests_on="attested")
    client = login(world.secretary)
    address = f"{HERE}{world.resident.id}/standings/{made.id}"
    assert client.post(f"{address}/renew", data={"last_day": "2001-01-01"}).status_code == 422
    later = (today + 100 * DAY).isoformat()
    assert client.post(f"{address}/renew", data={"last_day": later}).status_code == 303
    assert client.post(f"{address}/raise", data={"rests_on": "desk"}).status_code == 303
    assert client.post(f"{address}/raise", data={"rests_on": "attested"}).status_code == 422
    assert client.post(f"{address}/end", data={"reason": ""}).status_code == 422
    assert client.post(f"{address}/end", data={"reason": "已搬走"}).status_code == 303
    assert client.post(f"{address}/end", data={"reason": "已搬走"}).status_code == 409
    row = scalars(select(Standing).filter_by(id=made.id))[0]
    assert (row.level, row.end_reason, row.ended_by) == (3, "已搬走", world.secretary.id)
    assert row.valid_to <= clock.now()
    acts = scalars(select(AuditEntry.act).order_by(AuditEntry.id))
    assert acts[-4:] == [f"standing.{act}" for act in ("granted", "renewed", "raised", "ended")]
    assert "已搬走" not in str(scalars(select(AuditEntry.data)))
    grant(world, world.resident)


def test_an_organisation_ends_with_its_liaisons(world: World, login) -> None:
    unit = organisation(world.building, "建行支行")
    grant(world, world.resident, kind="resident_unit", organisation_id=unit.id)
    client = login(world.secretary)
    address = f"/c/erlonglu/desk/organisations/{unit.id}"
    assert "王桂兰" in text_of(client.get(HERE, query_string={"organisation": unit.id}))
    assert client.post(f"{address}/end").status_code == 303
    assert client.post(f"{address}/end").status_code == 409
    row = scalars(select(Standing).filter_by(organisation_id=unit.id))[0]
    assert row.valid_to is not None
    assert row.end_reason
    taken = {"name": "另一家", "kind": "resident_unit", "node": world.gate.id}
    for status in (303, 409):
        sent = client.post(
            "/c/erlonglu/desk/organisations/new", data=taken | {"credit_code": "91x"}
        )
        assert sent.status_code == status
