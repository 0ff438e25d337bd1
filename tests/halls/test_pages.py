"""A meeting walked through its pages: phone, desk, wall, minutes, print."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks import inside
from civic.consultations import panels
from civic.consultations.models import Consultation
from civic.halls import hands, pages
from civic.halls.minute_rows import HallMotion
from civic.halls.models import HallHand, HallMeeting
from civic.kernel import clock
from civic.kernel.db import db
from tests.factories import (
    World,
    build_world,
    consultation,
    person,
    scalars,
    session_key,
    standing,
)
from tests.halls.conftest import closed, noted, opened, planned, raised
from tests.pages import text_of

Login = Callable[..., FlaskClient]
PART = {"HX-Request": "true"}
AMENDS = {
    "item": "1",
    "amend-words": "东侧10个",
    "amend-mover_label": "乙",
    "amend-seconder_label": "丙",
}


def test_a_meeting_walked_to_its_signed_minutes(world: World, login: Login) -> None:
    case = consultation(world.erlong)
    secretary, chair, resident, neighbour, visitor = (
        login(world.people.get(role))
        for role in ("secretary", "deputy", "resident", "neighbour", "")
    )
    hall = f"/c/erlonglu/consultations/{case.id}/hall"
    assert secretary.get(f"{hall}/new").status_code == 200
    plan = {
        "title": "停车<b>会",
        "place": "二层",
        "starts_at": "2030-01-01T09:00",
        "chair": str(world.people["deputy"].id),
        "secretary": str(world.people["secretary"].id),
        "items": "东侧\n\n西侧",
        "turn_seconds": "60",
        "turns_each": "1",
        "majority": "half",
        "form_key": "p",
    }
    wrong = ({"starts_at": ""}, {"secretary": plan["chair"]}, {"items": " "}, {"majority": "x"})
    for change in ({"turns_each": "999"}, {"chair": "9999"}, *wrong):
        answer = secretary.post(f"{hall}/new", data=plan | change)
        assert answer.status_code == 422, change
        assert "二层" in text_of(answer)
    for _ in range(2):
        assert secretary.post(f"{hall}/new", data=plan).status_code == 303
    [made] = scalars(select(HallMeeting.id))
    here = f"{hall}/{made}"
    desk = f"{here}/desk"
    assert secretary.post(f"{here}/plan", data=plan | {"title": "停车会"}).status_code == 303
    assert resident.post(f"{here}/hand").status_code == 409
    for path in (f"{hall}/", f"{here}/", f"{here}/screen", f"{here}/minutes", f"{here}/plan"):
        assert secretary.get(path).status_code == 200, path
    steps = [
        (secretary, "desk/open", {}, 403),
        (chair, "desk/open", {}, 303),
        (chair, "desk/open", {}, 409),
        (resident, "hand", {}, 303),
        (neighbour, "hand", {}, 303),
        (secretary, "desk/add", {"add-label": ""}, 422),
        (secretary, "desk/add", {"add-label": "蓝衣老人"}, 303),
        (secretary, "desk/next", {"item": "0"}, 403),
        (chair, "desk/next", {"item": "0"}, 303),
        (chair, "desk/next", {"item": "0"}, 409),
        (resident, "here", {}, 303),
        (resident, "here", {}, 303),
        (secretary, "desk/move", {"move-words": "东侧12个车位"}, 422),
        (
            secretary,
            "desk/move",
            {"move-words": "东侧12个车位", "move-mover": "1", "move-seconder_label": ""},
            303,
        ),
        (secretary, "desk/move", {"move-words": "西侧", "move-mover_label": "甲"}, 409),
        (resident, "second", {"motion": "1"}, 409),
        (neighbour, "second", {"motion": "1"}, 303),
        (chair, "desk/debate", {"item": "1"}, 303),
        (chair, "desk/put", {"item": "1"}, 409),
        (chair, "desk/end", {"item": "1"}, 303),
        (chair, "desk/put", {"item": "1"}, 409),
        (secretary, "desk/amend", AMENDS, 303),
        (chair, "desk/debate", {"item": "2"}, 303),
        (chair, "desk/put", {"item": "2", "put-reason": "时间不够"}, 303),
        (secretary, "desk/record", {"item": "2", "record-in_favour": "5"}, 422),
        (secretary, "desk/record", {"item": "2", **counted(5, 5)}, 303),
        (chair, "desk/put", {"item": "1", "put-reason": "时间不够"}, 303),
        (secretary, "desk/record", {"item": "1", **counted(9, 2)}, 303),
        (secretary, "desk/take", {"take-kind": "task", "take-words": "划线"}, 422),
        (secretary, "desk/take", {"take-kind": "task", "take-words": "划线", "take-who": "居委会",
                                  "take-due": "2026-02-30", "take-form_key": "t"}, 422),
        (secretary, "desk/take", {"take-kind": "task", "take-words": "划线", "take-who": "居委会",
                                  "take-form_key": "t"}, 303),
        (chair, "desk/go", {"item": "7"}, 404),
        (chair, "desk/go", {"item": "2"}, 303),
        (chair, "desk/close", {}, 422),
        (secretary, "desk/present", {"present-present": "14"}, 303),
        (secretary, "desk/nonsense", {}, 404),
    ]  # fmt: skip
    for client, act, data, status in steps:
        answer = client.post(f"{here}/{act}", data=data)
        assert answer.status_code == status, (act, data, text_of(answer))
        if status in {409, 422} and act.startswith("desk/"):
            kept = [words for key, words in data.items() if "-" in key]
            assert all(words in text_of(answer) for words in kept), act
        for page in (f"{here}/", f"{here}/screen", f"{here}/minutes"):
            assert resident.get(page).status_code == 200
    minutes = text_of(visitor.get(f"{here}/minutes"))
    assert "9" in minutes
    assert "时间不够" in minutes
    assert world.people["resident"].public_name in minutes
    assert world.people["resident"].name not in minutes
    number = minutes.count('id="entry-')
    assert number == 4
    entry = {"item": "4", "correct-4-words": "划线，月底前", "correct-4-seen": "1"}
    assert secretary.post(f"{desk}/correct", data=entry).status_code == 303
    answer = secretary.post(f"{desk}/correct", data=entry | {"correct-4-words": "别的话"})
    assert answer.status_code == 409
    assert "别的话" in text_of(answer)
    assert "<del" in text_of(visitor.get(f"{here}/minutes"))
    for client, act, status in (
        (chair, "desk/sign", 409),
        (chair, "desk/close", 303),
        (secretary, "desk/sign", 403),
    ):
        assert client.post(f"{here}/{act}", data={}).status_code == status, act
    assert f"{here}/desk" in text_of(chair.get("/desk/"))
    assert "<b>会" not in text_of(visitor.get(f"{here}/minutes/print"))
    assert chair.post(f"{desk}/sign", data={}).status_code == 303
    assert (
        secretary.post(f"{desk}/take", data={"take-kind": "note", "take-words": "晚了"}).status_code
        == 409
    )
    assert "14" in text_of(visitor.get(f"{here}/minutes/print"))


def counted(in_favour: int, against: int) -> dict[str, str]:
    return {
        "record-in_favour": str(in_favour),
        "record-against": str(against),
        "record-abstained": "1",
        "record-counter": "马淑芬",
        "record-other_counter": "高大鹏",
    }


def test_motions_and_hands_are_handled_at_the_desk(world: World, login: Login) -> None:
    case, made = opened(world)
    raised(world, case, made, "resident", "neighbour")
    first, second = scalars(select(HallHand.id).order_by(HallHand.id))
    secretary, chair, resident = (
        login(world.people[r]) for r in ("secretary", "deputy", "resident")
    )
    desk = f"/c/erlonglu/consultations/{case.id}/hall/{made.id}/desk"
    steps = [
        (resident, "down", {"item": str(second)}, 403),
        (secretary, "down", {"item": "x"}, 409),
        (secretary, "down", {"item": str(first)}, 303),
        (secretary, "down", {"item": str(first)}, 409),
        (secretary, "move", {"move-words": "东侧划线，夜间收费", "move-mover": str(second)}, 303),
        (secretary, "second", {"item": "1"}, 422),
        (secretary, "second", {"item": "1", "second-seconder_label": "长" * 41}, 422),
        (secretary, "second", {"item": "1", "second-seconder": str(second)}, 409),
        (secretary, "second", {"item": "1", "second-seconder": "999"}, 409),
        (secretary, "second", {"item": "9", "second-seconder_label": "乙"}, 409),
        (resident, "second", {"item": "1", "second-seconder_label": "乙"}, 403),
        (secretary, "second", {"item": "1", "second-seconder_label": "乙"}, 303),
        (secretary, "divide", {"item": "1", "divide-parts": "东侧划线\n夜间收费"}, 403),
        (chair, "divide", {"item": "1", "divide-parts": "东侧划线\n \n"}, 422),
        (chair, "divide", {"item": "9", "divide-parts": "东侧划线\n夜间收费"}, 409),
        (chair, "divide", {"item": "1", "divide-parts": "东侧划线\n\n夜间收费"}, 303),
        (chair, "divide", {"item": "2", "divide-parts": "划线\n不划线"}, 409),
        (resident, "withdraw", {"item": "2"}, 403),
        (secretary, "withdraw", {"item": "3"}, 409),
        (secretary, "withdraw", {"item": "2"}, 303),
        (secretary, "withdraw", {"item": "3"}, 303),
        (secretary, "withdraw", {"item": "3"}, 409),
    ]
    for client, act, data, status in steps:
        answer = client.post(f"{desk}/{act}", data=data)
        assert answer.status_code == status, (act, data, text_of(answer))
        if (status, act) in {(422, "second"), (422, "divide")}:
            assert all(one.strip() in text_of(answer) for one in data.values()), act
        if status == 303:
            anchors = {"down": "queue"}
            assert answer.location.endswith(f"{desk}#{anchors.get(act, 'motion')}")
            forms = text_of(chair.get(desk))
            states = scalars(select(HallMotion.state).order_by(HallMotion.number))
            may_divide = states[-1:] == ["seconded"] and len(states) == 1
            assert (f'{desk}/divide"' in forms) == may_divide, act
    assert scalars(select(HallMotion.state).order_by(HallMotion.number)) == [
        "divided",
        "withdrawn",
        "withdrawn",
    ]
    assert scalars(select(HallHand.id)) == [second]


def test_calling_off_and_handing_over_lose_nothing_that_was_typed(
    world: World, login: Login
) -> None:
    case, made = planned(world)
    here = f"/c/erlonglu/consultations/{case.id}/hall/{made.id}"
    secretary, resident = login(world.people["secretary"]), login(world.people["resident"])
    for reason in ("", " ", "雨" * 501):
        answer = secretary.post(f"{here}/call-off", data={"off-reason": reason})
        assert answer.status_code == 422, reason
        assert "off-reason-error" in text_of(answer)
        assert reason in text_of(answer)
        assert made.place in text_of(answer)
    assert resident.post(f"{here}/call-off", data={"off-reason": "改期"}).status_code == 403
    assert secretary.post(f"{here}/call-off", data={"off-reason": "改期"}).status_code == 303
    assert secretary.post(f"{here}/call-off", data={"off-reason": "改期"}).status_code == 409
    assert "改期" in text_of(secretary.get(f"{here}/"))
    case, made = opened(world, case, form_key="next")
    here = f"/c/erlonglu/consultations/{case.id}/hall/{made.id}"
    people = {role: str(world.people[role].id) for role in ("officer", "secretary")}
    same = {"chair": people["officer"], "secretary": people["officer"], "reason": "主持人病假"}
    answer = secretary.post(f"{here}/lead", data=same)
    assert answer.status_code == 422
    assert "主持人病假" in text_of(answer)
    assert made.chair_id == world.people["deputy"].id
    assert secretary.post(f"{here}/lead", data=same | {"reason": ""}).status_code == 422
    assert resident.post(f"{here}/lead", data=same).status_code == 403
    other = same | {"secretary": people["secretary"]}
    assert secretary.post(f"{here}/lead", data=other).status_code == 303
    db.session.refresh(made)
    assert str(made.chair_id) == people["officer"]


def test_the_room_leads_to_the_ballot_of_its_case(world: World, login: Login) -> None:
    def links(stage: str) -> str:
        case, made = planned(world, consultation(world.erlong, stage=stage), form_key=stage)
        room = f"/c/erlonglu/consultations/{case.id}/"
        page = text_of(login(world.people["resident"]).get(f"{room}hall/{made.id}/"))
        return "vote" if f'href="{room}#vote"' in page else "case"

    assert links("voting") == "vote"
    assert links("deliberating") == "case"


def test_the_room_leads_to_a_linked_ballot_from_its_vote_on(world: World, app: Flask) -> None:
    case = consultation(world.erlong)
    db.session.expunge(case)
    case.stage, case.ballot_id, case.figures = "one", None, {"ballot": 7}
    with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/"):
        app.preprocess_request()
        found = []
        for kind in ("deliberating", "voting", "counting"):
            case.present = {"code": "one", "kind": kind}
            found.append(pages.ballot(case, clock.now()))
    assert [bool(url) for url, _votes in found] == [False, True, True]
    assert [votes for _url, votes in found] == [False, True, False]
    assert found[1][0].endswith("/7/")


def test_a_part_is_sent_only_when_something_is_new(world: World, login: Login) -> None:
    case, made = opened(world)
    client, chair = login(world.people["resident"]), login(world.people["deputy"])
    here = f"/c/erlonglu/consultations/{case.id}/hall/{made.id}"
    seen = made.revision
    for page, who in (
        (f"{here}/", client),
        (f"{here}/screen", client),
        (f"{here}/minutes", client),
        (f"{here}/desk", chair),
    ):
        assert who.get(f"{page}?seen={seen}", headers=PART).status_code == 204, page
        answer = who.get(f"{page}?seen={seen - 1}", headers=PART)
        assert answer.status_code == 200, page
        assert "<html" not in text_of(answer)
        assert "<html" in text_of(who.get(f"{page}?seen={seen}"))
    assert client.post(f"{here}/hand").status_code == 303
    assert client.get(f"{here}/?seen={seen}", headers=PART).status_code == 200
    assert client.post(f"{here}/lower").status_code == 303
    assert f'{here}/here"' in text_of(client.get(f"{here}/"))
    assert client.post(f"{here}/here").status_code == 303
    assert f'{here}/here"' not in text_of(client.get(f"{here}/"))
    assert client.get(f"{here}/desk").status_code == 403


def test_a_case_leads_to_its_meeting(world: World, app: Flask) -> None:
    case = consultation(world.erlong)

    def panel() -> list[str]:
        with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/"):
            app.preprocess_request()
            found = panels.of(
                db.session.get_one(Consultation, case.id), world.actor("resident"), clock.now()
            )
            return [one.url for one in found if "/hall/" in one.url]

    assert panel() == []
    _case, made = closed(world, case)
    hall = f"/c/erlonglu/consultations/{case.id}/hall/"
    assert panel() == [f"{hall}{made.id}/minutes"]
    planned(world, case, form_key="next")
    assert panel() == [f"{hall}{made.id + 1}/"]


def test_statements_of_a_meeting_do_not_grow(sqlite_app: Flask) -> None:
    world = build_world()
    case, made = opened(world)
    here = f"/c/erlonglu/consultations/{case.id}/hall/{made.id}"
    clients = {}
    for role in ("resident", "deputy"):
        clients[role] = sqlite_app.test_client()
        with clients[role].session_transaction() as session:
            session["_user_id"] = session_key(world.people[role])
    visited = [
        (f"{here}/", "resident", 9),
        (f"{here}/screen", "resident", 7),
        (f"{here}/minutes", "resident", 7),
        (f"{here}/minutes/print", "resident", 7),
        (f"{here}/desk", "deputy", 10),
        (f"/c/erlonglu/consultations/{case.id}/hall/", "resident", 5),
    ]

    def count(path: str, role: str) -> int:
        clients[role].get(path)
        with inside.statements(sqlite_app) as seen:
            assert clients[role].get(path).status_code == 200, path
        return len(seen)

    few = [count(path, role) for path, role, _most in visited]
    for (path, _role, most), number in zip(visited, few, strict=True):
        assert number <= most, (path, number)
    for number in range(30):
        one = person(f"张{number}")
        standing(one, world.gate)
        world.people[f"p{number}"] = one
        db.session.commit()
        raised(world, case, made, f"p{number}")
        noted(world, case, made, f"第{number}条")
    called = hands.call_next(world.actor("deputy"), world.erlong, case.id, made.id, seen=0)
    hands.end(world.actor("deputy"), world.erlong, case.id, made.id, seen=called.id)
    db.session.commit()
    assert [count(path, role) for path, role, _most in visited] == few
