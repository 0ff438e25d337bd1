"""Ballots that the office writes: from a procedure to a fingerprint, or to the bin."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.identities.dwellings import Household, HouseholdRep
from civic.identities.models import Person
from civic.kernel import clock, holidays
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.periods import HolidayTable
from civic.kernel.permissions import Actor
from civic.notifications.models import InboxItem
from civic.procedures import loading, services
from civic.procedures.models import ProcedureVersion
from civic.procedures.snapshots import fingerprint
from civic.voting import by_procedure, drafting, opening, rehearsing
from civic.voting.models import Ballot, BallotOption
from civic.voting.rolls import Roll, RollObjection, VotingRight
from tests.factories import LONG_AGO, World, home, rows, scalars
from tests.pages import text_of
from tests.voting.boxes import bundle, check, close

DESK = "/c/erlonglu/desk/ballots/"
Login = Callable[[Person | None], FlaskClient]
MINUTE = "%Y-%m-%dT%H:%M"


def local(days: float) -> str:
    return clock.local(clock.now() + timedelta(days=days)).strftime(MINUTE)


@pytest.fixture
def street(world: World) -> World:
    """Three homes, two of which somebody speaks for; the procedures are there."""
    homes = [home(world.erlong, world.gate, number)[0] for number in ("302", "303", "304")]
    voices = [world.resident, world.neighbour]
    for dwelling, who in zip(homes, voices, strict=False):
        household = scalars(select(Household.id).filter_by(dwelling_id=dwelling))[0]
        db.session.add(
            HouseholdRep(
                household_id=household,
                person_id=who.id,
                basis="推选",
                valid_from=clock.now() - LONG_AGO,
            )
        )
    loading.sync()
    db.session.commit()
    return world


def frozen(login: Login, world: World, whose: str = "households", days: float = 7) -> int:
    first, second = login(world.secretary), login(world.deputy)
    sent = first.post(
        "/c/erlonglu/desk/rolls/new",
        data={"whose": whose, "node": world.erlong.id, "level": "2"},
    )
    done = second.post(f"{sent.location}/freeze", data={"until": local(days)})
    assert done.status_code == 303
    found: int = scalars(select(Roll.id).order_by(Roll.id.desc()))[0]
    return found


def entered(roll: int | str = "", **values: Any) -> dict[str, Any]:
    return {
        "procedure": "household_poll",
        "kind": "items",
        "question": "楼门口装扶手吗？",
        "options": "装扶手\n由楼门长保管钥匙",
        "roll": roll,
        "opens_at": local(9),
        "closes_at": local(12),
        "secrecy": "sealed",
        "shows": "at_close",
        "tie": "show-all",
        "method": "",
    } | values


def drafted(client: FlaskClient, **values: Any) -> str:
    sent = client.post(f"{DESK}new", data=entered(**values))
    assert sent.status_code == 303, text_of(sent)
    return str(sent.location)


def ballot() -> Ballot:
    db.session.expire_all()
    found = db.session.scalars(select(Ballot).order_by(Ballot.id.desc())).first()
    assert found is not None
    return found


def test_the_steps_lead_from_the_procedure_to_the_form(street: World, login: Login) -> None:
    client = login(street.secretary)
    assert "household_poll" in text_of(client.get(f"{DESK}new"))
    assert "owner_found" not in text_of(client.get(f"{DESK}new"))
    kinds = text_of(client.get(f"{DESK}new?procedure=household_poll"))
    assert "kind=items" in kinds
    assert "kind=dots" not in kinds
    form = text_of(client.get(f"{DESK}new?procedure=household_poll&kind=items"))
    assert 'name="roll"' in form
    assert 'name="audience"' not in form
    assert client.get(f"{DESK}new?procedure=nothing").status_code == 409
    assert text_of(client.get(DESK))


def test_a_household_ballot_is_opened_by_two_people(street: World, login: Login) -> None:
    first, second = login(street.secretary), login(street.deputy)
    page = drafted(first, roll=frozen(login, street))
    number = page.rsplit("/", 1)[1]
    assert login(street.resident).get(page).status_code == 403
    assert login(street.resident).get(f"/c/erlonglu/ballots/{number}/").status_code == 404
    shown = text_of(first.get(page))
    assert "box-stop" not in shown
    steps = f"/c/erlonglu/ballots/{number}/steps/open"
    assert first.post(steps).status_code == 303
    # It waits on the desk of everybody but the one who proposed it.
    assert f'href="{page}"' in text_of(second.get("/desk/"))
    assert f'href="{page}"' not in text_of(first.get("/desk/"))
    assert first.post(steps, data={"confirm": "1"}).status_code == 403
    assert second.post(steps, data={"confirm": "1"}).status_code == 303
    made = ballot()
    assert made.fingerprint
    assert made.rules["procedure"]["id"] == "household_poll"
    assert made.rules["procedure"]["binding"] == "self_governance"
    told = scalars(select(InboxItem.person_id).order_by(InboxItem.person_id))
    assert told == sorted([street.resident.id, street.neighbour.id])
    assert login(street.resident).get(f"/c/erlonglu/ballots/{number}/").status_code == 200
    for tail, method in (("/edit", "get"), ("/edit", "post"), ("/remove", "post")):
        assert getattr(first, method)(f"{page}{tail}").status_code == 409
    acts = scalars(select(AuditEntry.act).order_by(AuditEntry.id))
    assert acts[-2:] == ["ballot.drafted", "ballot.opened"]


def test_an_announced_ballot_waits_for_those_on_its_roll(street: World, login: Login) -> None:
    drafted(login(street.secretary), roll=frozen(login, street))
    made = ballot()
    opening.fix(made)
    db.session.commit()
    home_page, topics = "/c/erlonglu/", "/c/erlonglu/consultations/"
    link = f"/c/erlonglu/ballots/{made.id}/"
    mine = login(street.resident)
    for page in (home_page, topics):
        assert link in text_of(mine.get(page))
        assert link not in text_of(login(street.elsewhere).get(page))
        assert link not in text_of(login(None).get(page))
    assert f"{link}#vote" not in text_of(mine.get(home_page))
    with clock.at(made.opens_at):
        client = login(street.resident)
        assert f"{link}#vote" in text_of(client.get(home_page))
        ids = [option["id"] for option in made.rules["options"]]
        db.session.commit()
        client.post(f"{link}cast", data={f"o{ids[0]}": "agree"})
        page = text_of(client.get(home_page))
        assert f"{link}#vote" not in page
        assert link in page
    assert link in text_of(login(None).get("/c/erlonglu/ballots/"))


def test_a_change_takes_back_what_was_proposed(street: World, login: Login) -> None:
    first, second = login(street.secretary), login(street.deputy)
    roll = frozen(login, street)
    page = drafted(first, roll=roll)
    steps = f"/c/erlonglu/ballots/{page.rsplit('/', 1)[1]}/steps/open"
    first.post(steps)
    form = text_of(first.get(f"{page}/edit"))
    assert "由楼门长保管钥匙" in form
    done = first.post(f"{page}/edit", data=entered(roll=roll, options="只装扶手"))
    assert done.location == page
    assert scalars(select(BallotOption.text)) == ["只装扶手"]
    assert second.post(steps, data={"confirm": "1"}).status_code == 409
    # Another promise of secrecy is another ballot.
    done = first.post(f"{page}/edit", data=entered(roll=roll, secrecy="detached"))
    assert done.status_code == 303
    assert rows(select(Ballot.secrecy, Ballot.changeable)) == [("detached", False)]
    assert first.post(f"{done.location}/remove").status_code == 303
    assert scalars(select(Ballot.id)) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"opens_at": local(3)}, "楼门（院）议事"),
        ({"roll": ""}, "楼门（院）议事"),
        ({"secrecy": "named"}, ""),
        ({"options": "装\n装"}, ""),
        ({"question": ""}, ""),
        ({"opens_at": local(12), "closes_at": local(9)}, ""),
        ({"opens_at": "morgen"}, ""),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    street: World, login: Login, values: dict[str, Any], words: str
) -> None:
    client = login(street.secretary)
    data = entered(**({"roll": frozen(login, street, days=2)} | values))
    sent = client.post(f"{DESK}new", data=data)
    if values.keys() == {"opens_at"} and "T" in values["opens_at"]:
        # Dates are judged when it is opened: what is in time today may be late tomorrow.
        assert sent.status_code == 303
        page = text_of(client.get(sent.location))
        assert "box-stop" in page
        assert words in page
        with pytest.raises(Refused) as refused:
            opening.fix(ballot())
        assert refused.value.code == "notice_period"
        return
    assert sent.status_code == 422
    assert words in text_of(sent)
    assert scalars(select(Ballot.id)) == []


def test_a_roll_must_be_settled_before_the_vote_begins(street: World, login: Login) -> None:
    client = login(street.secretary)
    roll = frozen(login, street, days=30)
    drafted(client, roll=roll)
    made = ballot()
    with pytest.raises(Refused) as refused:
        opening.fix(made)
    assert refused.value.code == "roll_window"
    db.session.get_one(Roll, roll).objections_until = clock.now() + timedelta(days=7)
    objection = RollObjection(
        roll_id=roll, person_id=street.resident.id, text="302搬走了", made_at=clock.now()
    )
    db.session.add(objection)
    with pytest.raises(Refused) as refused:
        opening.fix(made)
    assert refused.value.code == "roll_objections"
    objection.outcome, objection.answer = "dismissed", "没有搬走"
    objection.answered_at = clock.now()
    assert opening.fix(made)


def test_a_roll_of_another_unit_or_without_area_is_refused(street: World, login: Login) -> None:
    client = login(street.secretary)
    people = frozen(login, street, "residents")
    sent = client.post(f"{DESK}new", data=entered(roll=people))
    assert sent.status_code == 422
    owners = frozen(login, street, "owners")
    values = entered(roll=owners, procedure="owner_special", secrecy="named", opens_at=local(20))
    values["closes_at"] = local(30)
    sent = client.post(f"{DESK}new", data=values)
    assert sent.status_code == 303, text_of(sent)
    # In Beijing owners vote in another system: this is a mirror of it at most.
    assert by_procedure.of(ballot()).binding in {"mirror", "advisory"}


def test_a_missing_table_of_days_off_is_said_and_never_guessed(street: World, login: Login) -> None:
    client = login(street.secretary)
    page = drafted(client, roll=frozen(login, street))
    made = ballot()
    # As if the notice were counted in working days.
    data = made.procedure["data"] | {
        "times": {"notice": {"n": 3, "kind": "working"}, "objections": {"n": 5, "kind": "working"}}
    }
    made.procedure = made.procedure | {"data": data, "fingerprint": fingerprint(data)}
    db.session.commit()
    shown = text_of(client.get(page))
    year = str(clock.local(clock.now()).year)
    assert shown.count(year) > 2
    assert "box-stop" in shown
    for each in (int(year), int(year) + 1):
        off = frozenset({date(each, 1, 1)})
        table = HolidayTable(year=each, off=off, work=frozenset(), source="t")
        holidays.replace(table, street.administrator.id)
    db.session.commit()
    assert "box-stop" not in text_of(client.get(page))


def test_a_later_version_of_the_procedure_does_not_touch_what_is_fixed(
    street: World, login: Login
) -> None:
    client = login(street.secretary)
    page = drafted(client, roll=frozen(login, street))
    version = services.one_in_force("household_poll")
    made = ballot()
    opening.fix(made)
    db.session.commit()
    before = dict(made.rules["procedure"])
    other = drafted(client, roll=made.roll_id)
    columns = {
        column.key: getattr(version, column.key)
        for column in ProcedureVersion.__table__.columns
        if column.key != "id"
    }
    db.session.add(ProcedureVersion(**columns | {"number": 2}))
    db.session.commit()
    db.session.refresh(made)
    assert made.rules["procedure"] == before
    with pytest.raises(Refused) as refused:
        opening.fix(ballot())
    assert refused.value.code == "procedure_changed"
    assert page != other


def test_a_rehearsal_is_voted_in_counted_and_thrown_away(street: World, login: Login) -> None:
    client = login(street.secretary)
    page = drafted(client, roll=frozen(login, street))
    begun = client.post(f"{page}/rehearse")
    assert begun.status_code == 303
    made = ballot()
    assert made.rehearsal
    ids = [option["id"] for option in made.rules["options"]]
    db.session.commit()
    for number in (1, 2, 3):
        data = {f"o{one}": "agree" for one in ids} | {"right": f"test:{number}"}
        sent = client.post(f"/c/erlonglu/ballots/{made.id}/cast", data=data)
        assert sent.status_code == 303
    for tail in ("", "board", "check", "receipt?right=test:1", "work"):
        page_ = text_of(client.get(f"{begun.location}{tail}"))
        assert "<title>演练" in page_
        assert 'class="rehearsal"' in page_
    assert login(street.resident).get(begun.location).status_code == 404
    assert client.post(f"{DESK}{made.id}/finish").status_code == 303
    late = client.post(f"/c/erlonglu/ballots/{made.id}/cast", data=data | {"right": "test:4"})
    assert late.status_code == 409
    db.session.refresh(made)
    assert check(bundle(made), made.closing_hash)["rehearsal"] is True
    result = text_of(client.get(f"/c/erlonglu/ballots/{made.id}/result"))
    assert 'class="rehearsal"' in result
    assert "20" in result
    assert made.closing["roll"]["heads"] == 20
    assert client.post(f"{DESK}{made.id}/discard").status_code == 303
    assert scalars(select(Ballot.rehearsal)) == [False]
    for act in ("finish", "discard"):
        assert client.post(f"{page}/{act}").status_code == 409


def test_a_real_vote_cannot_be_thrown_away(street: World, login: Login) -> None:
    drafted(login(street.secretary), roll=frozen(login, street))
    made = ballot()
    opening.fix(made)
    for act in (drafting.remove, rehearsing.discard):
        with pytest.raises(Refused):
            act(Actor(), made)


def test_the_sentence_of_a_result_comes_from_the_copied_procedure(
    street: World, login: Login
) -> None:
    client = login(street.secretary)
    drafted(client, roll=frozen(login, street))
    made = ballot()
    opening.fix(made)
    db.session.commit()
    ids = [option["id"] for option in made.rules["options"]]
    with clock.at(made.opens_at):
        for who in (street.resident, street.neighbour):
            data = {f"o{ids[0]}": "agree", f"o{ids[1]}": "oppose"}
            sent = login(who).post(f"/c/erlonglu/ballots/{made.id}/cast", data=data)
            assert sent.status_code == 303, text_of(sent)
    close(made)
    first, second = by_procedure.outcomes(made).values()
    assert "2" in first
    assert "3" in first
    assert "100 %" in first
    assert first != second
    found = made.closing["result"]["outcome"]
    assert found == {str(ids[0]): "passed", str(ids[1]): "failed"}
    with clock.at(made.closes_at):
        assert first in text_of(client.get(f"/c/erlonglu/ballots/{made.id}/result"))


@pytest.mark.parametrize(
    ("procedure", "kind", "values"),
    [
        ("street_advisory", "one", {}),
        ("street_advisory", "approval", {"min": "1", "max": "2", "seats": "1"}),
        ("street_advisory", "score", {"low": "0", "high": "5", "seats": "1"}),
        ("street_advisory", "ranking", {"min": "1", "max": "0", "ties": "y", "method": "schulze"}),
        ("dot_vote", "dots", {"dots": "5", "each": "0", "seats": "2"}),
        (
            "street_advisory",
            "budget",
            {
                "options": "扶手 20000\n长椅，8000元\n树 12,000",
                "min": "1",
                "max": "0",
                "total": "30000",
                "voter_total": "0",
                "method": "equal-shares",
            },
        ),
    ],
)
def test_each_kind_of_paper_is_written(
    street: World, login: Login, procedure: str, kind: str, values: dict[str, str]
) -> None:
    client = login(street.secretary)
    form = text_of(client.get(f"{DESK}new?procedure={procedure}&kind={kind}"))
    assert "<form" in form
    data = {"procedure": procedure, "kind": kind, "audience": ["resident"]}
    data |= {"options": "甲\n乙\n丙"} | values
    page = drafted(client, **data)
    shown = client.get(page)
    assert shown.status_code == 200
    assert "box-done" in text_of(shown)
    assert client.get(f"{page}/edit").status_code == 200
    assert client.post(f"{page}/rehearse").status_code == 303
    made = ballot()
    assert client.get(f"/c/erlonglu/ballots/{made.id}/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("approval", {"min": "3", "max": "2"}),
        ("approval", {"min": "1", "max": "9"}),
        ("approval", {"min": "x", "max": "2"}),
        ("approval", {"min": "1", "max": "0", "seats": "3"}),
        ("score", {"low": "5", "high": "5"}),
        ("ranking", {"min": "1", "method": "greedy"}),
        ("ranking", {"min": "1", "method": "irv", "seats": "2"}),
        ("budget", {"min": "1", "options": "甲\n乙 3", "total": "9", "method": "greedy"}),
        ("budget", {"min": "1", "options": "甲 5\n乙 3", "total": "", "method": "greedy"}),
        ("budget", {"min": "1", "options": "甲 5\n乙 30", "total": "9", "method": "greedy"}),
        ("one", {"audience": ["resident", "worker"]}),
        ("one", {"audience": []}),
        ("one", {"audience": ["martian"]}),
    ],
)
def test_limits_that_do_not_fit_are_refused(
    street: World, login: Login, kind: str, values: dict[str, Any]
) -> None:
    client = login(street.secretary)
    data = entered(**({"audience": ["resident"], "options": "甲\n乙\n丙", "method": ""} | values))
    data |= {"procedure": "street_advisory", "kind": kind}
    sent = client.post(f"{DESK}new", data=data)
    assert sent.status_code == 422
    assert 'class="error"' in text_of(sent)


def test_test_voters_own_something_where_area_counts(street: World, login: Login) -> None:
    client = login(street.secretary)
    page = drafted(
        client,
        roll=frozen(login, street, "owners"),
        procedure="owner_special",
        secrecy="named",
        opens_at=local(20),
        closes_at=local(30),
    )
    assert client.post(f"{page}/rehearse").status_code == 303
    made = ballot()
    address = f"/c/erlonglu/ballots/{made.id}/"
    total, ids = made.rules["roll"]["area_cm2"], [one["id"] for one in made.rules["options"]]
    db.session.commit()
    assert "50 平方米" in text_of(client.get(address))
    for number in range(1, 17):
        answer = {f"o{one}": "agree" for one in ids}
        client.post(f"{address}cast", data=answer | {"right": f"test:{number}"})
    client.post(f"{DESK}{made.id}/finish")
    db.session.refresh(made)
    record = check(bundle(made), made.closing_hash)
    assert record["roll"]["area_cm2"] == total
    used = sum(made.rules["roll"]["areas_cm2"][:16])
    assert record["result"]["area_cm2"][str(ids[0])]["agree"] == used
    # 16 of 20 heads are enough; their areas decide whether the vote is valid, as in the real one.
    enough = 3 * used >= 2 * total
    assert (record["result"]["outcome"][str(ids[0])] != "inquorate") is enough
    assert "m²" in text_of(client.get(f"{address}result"))


def test_an_audience_becomes_a_list_in_one_step_and_takes_paper(
    street: World, login: Login
) -> None:
    first, second = login(street.secretary), login(street.deputy)
    page = drafted(
        first,
        procedure="street_advisory",
        kind="one",
        audience=["resident"],
        options="甲\n乙",
        method="plurality",
        opens_at=local(20),
        closes_at=local(25),
    )
    sent = first.post(f"{page}/list")
    assert sent.status_code == 303, text_of(sent)
    assert first.post(f"{page}/list").status_code == 409
    assert "box-stop" in text_of(first.get(page))
    assert first.post(f"{sent.location}/freeze", data={"until": local(6)}).status_code == 403
    assert second.post(f"{sent.location}/freeze", data={"until": local(6)}).status_code == 303
    made = ballot()
    assert (made.audience, made.roll_id) == ([], scalars(select(Roll.id))[0])
    keys = set(scalars(select(VotingRight.key).filter_by(roll_id=made.roll_id)))
    assert f"person:{street.resident.id}" in keys
    opening.fix(made)
    db.session.commit()
    issued = first.post(
        f"/c/erlonglu/ballots/{made.id}/paper/issue",
        data={"count": "3", "entries_until": local(26)},
    )
    assert issued.status_code in {200, 303}, text_of(issued)
