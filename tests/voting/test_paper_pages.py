"""Papers over pages: printed, typed by two, decided by a third, scanned, handed a receipt."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from benchmarks import inside
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.voting import mandates, own_data, papers, sealing, voters
from civic.voting.entries import decide, enter
from civic.voting.models import Ballot
from civic.voting.sheets import Mandate, Sheet, SheetScan
from tests.factories import World, rows, scalars, sign_ins
from tests.pages import text_of
from tests.voting.boxes import ballot
from tests.voting.sheets import entry, on_paper, roll

Login = Callable[[Person | None], FlaskClient]
DAY = timedelta(days=1)


def typed(at: Any) -> str:
    return clock.local(at).strftime("%Y-%m-%dT%H:%M")


def address(made: Ballot, tail: str = "") -> str:
    return f"/c/erlonglu/ballots/{made.id}/paper/{tail}"


def paper(made: Ballot, serial: int, number: int, answer: str, **more: str) -> dict[str, str]:
    marks = {f"o{option['id']}": answer for option in made.rules["options"]}
    seen = {"witness_one": "周红，社区主任", "witness_two": "王桂兰，楼门长"}
    at = typed(clock.now() - timedelta(hours=1))
    return (
        {"serial": f"{serial:06d}", "number": str(number), "handed_in_at": at} | marks | seen | more
    )


@pytest.fixture
def motion(world: World) -> Ballot:
    return on_paper(
        world,
        "增设电动车充电棚",
        "更换单元门",
        kind="items",
        method="items",
        secrecy="named",
        area=True,
        count=5,
    )


def test_a_run_is_printed_with_all_that_a_paper_needs(
    app: Flask, world: World, login: Login, motion: Ballot
) -> None:
    secretary = login(world.secretary)
    index = text_of(secretary.get(address(motion)))
    assert "000001–000005" in index
    page = text_of(secretary.get(address(motion, "print?first=1&last=5")))
    assert page.count('<article class="sheet">') == 5
    for words in (
        "000003",
        "增设电动车充电棚",
        "同意",
        "反对",
        "弃权",
        "签名",
        "<svg",
        motion.question,
    ):
        assert words in page, words
    sent = secretary.post(address(motion, "issue"), data={"count": "", "each_right": "1"})
    assert sent.status_code == 303
    mine = text_of(secretary.get(sent.location + "&large=1"))
    assert "2单元103室" in mine
    assert "60" in mine
    assert "sheets-large" in mine
    assert secretary.post(address(motion, "issue"), data={"count": "x"}).status_code == 422
    count = text_of(secretary.get(address(motion, "count-sheet")))
    assert "监票" in count
    assert "2单元104室" in text_of(secretary.get(address(motion, "roll")))
    secret = ballot(world.erlong, roll_id=roll(world).id)
    sent = secretary.post(
        address(secret, "issue"),
        data={"count": "2", "entries_until": typed(secret.closes_at + DAY)},
    )
    page = text_of(secretary.get(sent.location))
    assert "不要签名" in page
    assert 'sheet-sign"><p>签名' not in page


def test_papers_are_typed_twice_decided_and_published(
    app: Flask, world: World, login: Login, motion: Ballot
) -> None:
    one, two, third = (login(world.people[role]) for role in ("secretary", "deputy", "officer"))
    for serial, number in ((1, 1), (2, 2), (3, 3)):
        answer = one.post(address(motion, "enter"), data=paper(motion, serial, number, "agree"))
        assert answer.status_code == 303, text_of(answer)
    again = one.post(address(motion, "enter"), data=paper(motion, 1, 1, "agree"))
    assert again.status_code == 403
    assert "另一位" in text_of(again) or "同事" in text_of(again)
    # The second clerk is offered no marks of the first, and what was wrong stays on the form.
    wrong = two.post(address(motion, "enter"), data=paper(motion, 1, 9, "agree"))
    assert wrong.status_code == 404
    assert 'value="000001"' in text_of(wrong)
    two.post(address(motion, "enter"), data=paper(motion, 1, 1, "agree"))
    two.post(address(motion, "enter"), data=paper(motion, 2, 2, "oppose"))
    two.post(address(motion, "enter"), data=paper(motion, 3, 3, "agree", invalid="unsigned"))
    assert rows(select(Sheet.serial, Sheet.state).order_by(Sheet.serial).limit(3)) == [
        (1, "counted"),
        (2, "differs"),
        (3, "differs"),
    ]
    assert "agree" not in text_of(one.get(address(motion, "sheets/2")))
    page = text_of(third.get(address(motion, "sheets/2")))
    assert "≠" in page
    sent = paper(motion, 2, 2, "agree", reason="勾在同意一栏")
    assert two.post(address(motion, "sheets/2/decide"), data=sent).status_code == 403
    assert third.post(address(motion, "sheets/2/decide"), data=sent).status_code == 303
    assert third.post(address(motion, "sheets/2/decide"), data=sent).status_code == 409
    lost = paper(motion, 3, 3, "agree", invalid="unsigned", reason="没有签名")
    assert third.post(address(motion, "sheets/3/decide"), data=lost).status_code == 303
    slip = text_of(third.get(address(motion, "sheets/1/receipt")))
    assert "<svg" in slip
    assert third.get(address(motion, "sheets/3/receipt")).status_code == 422
    who = {"counters": "周红，社区主任\n王桂兰，居民代表"}
    assert one.post(address(motion, "counters"), data=who).status_code == 303
    with clock.at(motion.closes_at + timedelta(minutes=1)):
        assert one.post(address(motion, "done")).status_code == 303
        assert one.post(address(motion, "done")).status_code == 403
        assert two.post(address(motion, "done")).status_code == 303
        sealing.run()
        result = text_of(login(None).get(f"/c/erlonglu/ballots/{motion.id}/result"))
    assert "000003" in result
    assert "缺少签名" in result
    assert "王桂兰，居民代表" in result


def test_open_papers_are_declared_void_by_two(
    app: Flask, world: World, login: Login, motion: Ballot
) -> None:
    one, two = login(world.secretary), login(world.deputy)
    one.post(address(motion, "enter"), data=paper(motion, 1, 1, "agree"))
    assert one.post(address(motion, "void"), data={"reason": ""}).status_code == 422
    assert one.post(address(motion, "void"), data={"reason": "遗失"}).status_code == 303
    assert one.post(address(motion, "void")).status_code == 403
    assert two.post(address(motion, "void")).status_code == 303
    assert scalars(select(Sheet.state).filter_by(serial=1)) == ["void"]
    assert two.post(address(motion, "void")).status_code == 409


def test_a_call_over_pages(app: Flask, world: World, login: Login, motion: Ballot) -> None:
    one = login(world.secretary)
    said = paper(motion, 0, 3, "agree") | {"channel": "telephone", "reason": "行动不便"}
    wrong = one.post(address(motion, "assist"), data=said | {"reason": ""})
    assert wrong.status_code == 422
    assert 'value="telephone" checked' in text_of(wrong)
    assert one.post(address(motion, "assist"), data=said).status_code == 303
    inbox = text_of(login(world.elsewhere).get("/inbox"))
    assert "3号" in inbox
    assert "同意" not in inbox


def picture() -> tuple[io.BytesIO, str]:
    stream = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(stream, "PNG")
    stream.seek(0)
    return stream, "2单元101室王桂兰.png"


def test_scans_are_kept_looked_at_and_deleted(
    app: Flask, world: World, login: Login, motion: Ballot
) -> None:
    one = login(world.secretary)
    sent = one.post(address(motion, "sheets/1/scans"), data={"file": picture()})
    assert sent.status_code == 303
    [(scan, name, where)] = rows(select(SheetScan.id, SheetScan.name, SheetScan.stored))
    assert name == "000001.webp"
    stored = app.config["SETTINGS"].instance / "uploads" / where
    assert stored.exists()
    shown = one.get(address(motion, f"scans/{scan}"))
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert "ballot.scan_seen" in scalars(select(AuditEntry.act))
    assert one.post(address(motion, f"scans/{scan}/delete")).status_code == 409
    with clock.at(motion.closes_at + 2 * DAY):
        sealing.run()
        assert one.post(address(motion, f"scans/{scan}/delete")).status_code == 303
    assert not stored.exists()
    secret = on_paper(world, count=2)
    refused = one.post(address(secret, "sheets/1/scans"), data={"file": picture()})
    assert refused.status_code == 409
    assert one.post(address(motion, "sheets/99/scans"), data={"file": picture()}).status_code == 404


def test_a_mandate_takes_two_and_lasts_until_it_is_used(
    app: Flask, world: World, login: Login
) -> None:
    made = ballot(
        world.erlong,
        roll_id=roll(world).id,
        procedure={"data": {"proxy": "written", "proxy_most": 1}},
    )
    one, two = login(world.secretary), login(world.deputy)
    account = sign_ins(world.neighbour)[0]
    now = clock.now()
    said = {
        "number": "1",
        "name": "陈志强",
        "account": account,
        "signed_at": typed(now - timedelta(hours=2)),
        "valid_until": typed(now + DAY),
    }
    for more, status in (
        ({"number": "99"}, 404),
        ({"account": "nobody@example.org"}, 422),
        ({"account": "?"}, 422),
        ({"valid_until": typed(now - DAY)}, 422),
        ({"signed_at": "x"}, 422),
        ({"name": " "}, 422),
        ({"number": "2"}, 422),
    ):
        answer = one.post(address(made, "mandates"), data=said | more)
        assert answer.status_code == status, (more, text_of(answer)[:3000])
    assert one.post(address(made, "mandates"), data=said).status_code == 303
    [mandate] = scalars(select(Mandate.id))
    assert one.post(address(made, "mandates"), data=said | {"number": "4"}).status_code == 422
    assert one.post(address(made, "mandates"), data=said).status_code == 422
    path = address(made, f"mandates/{mandate}")

    def rights() -> list[str]:
        db.session.commit()
        with app.test_request_context():
            found = voters.voter(world.actor("neighbour"), db.session.get(Ballot, made.id), ())
        db.session.commit()
        return [one.right.key for one in found.rights]

    assert rights() == ["household:2"]
    for number in range(3):
        sent = one.post(f"{path}/scans", data={"file": picture()})
        assert sent.status_code == (303 if number < 2 else 422)
    scan = scalars(select(SheetScan.id))[0]
    assert f"scans/{scan}" in text_of(one.get(address(made, "mandates")))
    assert one.post(path).status_code == 403
    assert two.post(path).status_code == 303
    assert rights() == ["household:2", "household:1"]
    page = text_of(login(world.neighbour).get(f"/c/erlonglu/ballots/{made.id}/"))
    assert "凭书面委托" in page
    with clock.at(now + DAY):
        assert rights() == ["household:2"]
    right = papers.right(made, 1)
    other = ballot(world.erlong, roll_id=made.roll_id)
    assert not mandates.held(other, world.neighbour.id)
    db.session.commit()
    assert two.post(path, data={"revoke": "1"}).status_code == 303
    assert rights() == ["household:2"]
    assert two.post(path, data={"revoke": "1"}).status_code == 409
    assert right.key == "household:1"


def test_no_mandate_where_the_procedure_knows_none(
    app: Flask, world: World, login: Login, motion: Ballot
) -> None:
    now = clock.now()
    said = {"number": "4", "name": "某人", "signed_at": typed(now), "valid_until": typed(now + DAY)}
    answer = login(world.secretary).post(address(motion, "mandates"), data=said)
    assert answer.status_code == 422
    assert scalars(select(Mandate.id)) == []


def test_pages_of_papers_ask_no_more_for_more_sheets(
    app: Flask, world: World, login: Login, motion: Ballot
) -> None:
    client = login(world.secretary)
    paths = ("", "print?first=1&last=900", "count-sheet", "roll", "enter", "sheets/1")

    def counts() -> list[int]:
        found = []
        for path in paths:
            with inside.statements(app) as seen:
                assert client.get(address(motion, path)).status_code == 200
            found.append(len(seen))
        return found

    counts()
    few = counts()
    papers.issue(world.actor("secretary"), motion, count=120, entries_until=motion.closes_at + DAY)
    papers.issue(
        world.actor("secretary"),
        motion,
        count=0,
        entries_until=motion.closes_at + DAY,
        each_right=True,
    )
    db.session.commit()
    # One statement more where sheets bear a number: their rights, all at once.
    assert [more - less for more, less in zip(counts(), few, strict=True)] == [0, 1, 0, 0, 0, 0]


def test_what_is_said_of_a_secret_paper_holds_no_choice(
    app: Flask, world: World, login: Login
) -> None:
    made = on_paper(world)
    chosen = str(made.rules["options"][1]["id"])
    entries = (entry(made, 1, 1, 0), entry(made, 1, 1, 1))
    for role, typed_ in zip(("secretary", "deputy"), entries, strict=True):
        enter(world.actor(role), made, typed_)
    decide(world.actor("officer"), made, entry(made, 1, 1, 1), "看清了")
    db.session.commit()
    row = rows(select(Sheet.first_typed, Sheet.second_typed).filter_by(serial=1))
    assert row == [(None, None)]
    said = [
        data
        for act, data in rows(select(AuditEntry.act, AuditEntry.data))
        if act == "ballot.paper_entered"
    ]
    assert said == [{"serial": 1, "state": "counted", "reason": ""}]
    pages = "".join(
        text_of(login(world.officer).get(address(made, path)))
        for path in ("", "sheets/1", "sheets/1/receipt")
    )
    assert "西侧" not in pages
    assert chosen


def test_a_proxy_reads_of_their_mandate_and_leaves_it(
    app: Flask, world: World, login: Login
) -> None:
    made = ballot(world.erlong, roll_id=roll(world).id, procedure={"data": {"proxy": "written"}})
    mandates.propose(
        world.actor("secretary"),
        made,
        4,
        "陈志强",
        person_id=world.neighbour.id,
        signed_at=clock.now(),
        valid_until=made.closes_at,
    )
    db.session.commit()
    tables = {table.name: table.rows for table in own_data.PART.export(world.neighbour.id)}
    assert [row[0] for row in tables["rights"]] == ["2单元102室", "2单元104室"]
    assert tables["ballot_acts"] == []
    tables = {table.name: table.rows for table in own_data.PART.export(world.secretary.id)}
    assert "mandate" in [row[0] for row in tables["ballot_acts"]]
    own_data.PART.forget(world.neighbour.id)
    db.session.commit()
    assert rows(select(Mandate.person_id, Mandate.name)) == [(None, "-")]
