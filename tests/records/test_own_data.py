"""See, take along and correct: all of one's own, and nothing of anybody else."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select

from benchmarks import inside
from civic.communities.services import add_post
from civic.consultations import speaking
from civic.identities import collected, duties, looks
from civic.identities.looks import Look, looked
from civic.identities.models import Person
from civic.kernel import clock, own_data
from civic.kernel.db import Model, db
from civic.kernel.own_data import Part
from tests.factories import World, consultation, scalars, sign_ins
from tests.records.lives import BUILDING, DEVICE, EMAIL, NAME, PHONE, PUBLIC, Life, lived

Login = Callable[[Person | None], FlaskClient]
#: Tables in which nothing is about anybody, or about whom it is not said.
IMPERSONAL = {
    "case_ballot",
    "case_notice",
    "activation",
    "alembic_version",
    "alembic_version_core",
    "attachment",
    "audit_entry",
    "ballot",
    "ballot_option",
    "body",
    "catalogue",
    "community",
    "consultation",
    "draft_answer",
    "draft_cluster",
    "draft_version",
    "event_row",
    "hall_entry",
    "hall_item",
    "hall_old_words",
    "hold_pool",
    "holiday_year",
    "installation",
    "invite_batch",
    "job_run",
    "lesson",
    "node",
    "node_link",
    "organisation",
    "post",
    "question_answer",
    "rating_round",
    "recount",
    "resolution",
    "rule_change",
    "stage_entry",
    "stage_proposal",
    "task",
    "task_step",
    "text_draft",
    "topic_step",
    "tree_event",
    "tree_event_node",
}


@pytest.fixture
def life(world: World) -> Life:
    return lived(world)


def exported(client: FlaskClient) -> dict[str, dict[str, list[dict[str, object]]]]:
    response = client.post("/me/data/export.json")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    content = json.loads(response.data)
    return {
        part["owner"]: {table["name"]: table["rows"] for table in part["tables"]}
        for part in content["parts"]
    }


def test_the_file_holds_everything(life: Life, login: Login) -> None:
    found = exported(login(life.person))
    account = found["account"]["account"][0]
    assert (account["name"], account["public_name"], account["adult"]) == (NAME, PUBLIC, True)
    assert [row["value"] for row in found["account"]["contacts"]] == [PHONE, EMAIL]
    assert len(found["standings"]["standings"]) == 2
    assert BUILDING in found["standings"]["standings"][0]["place"]
    assert len(found["standings"]["claims"]) == 1
    assert len(found["standings"]["claim_steps"]) == 2
    assert len(found["standings"]["posts"]) == 1
    assert len(found["standings"]["codes"]) == 1
    # The other one is the session that asks.
    assert [row["device"] for row in found["access"]["sessions"]] == [DEVICE, "test"]
    assert found["access"]["second_factor"][0]["backup_codes"] == 1
    assert len(found["looks"]["looks"]) == 2
    assert len(found["messages"]["inbox"]) >= 3
    assert len(found["messages"]["mail"]) == 1
    assert len(found["acts"]["acts"]) == 1
    assert [row["choice"] for row in found["votes"]["votes"]] == ["东侧", "弃权", "东侧"]
    assert [row["text"] for row in found["consultations"]["comments"]] == [
        f"请先量路宽{number}。" for number in range(3)
    ]
    assert len(found["consultations"]["statements"]) == 1
    assert [row["answer"] for row in found["consultations"]["answers"]] == ["同意", "不同意"]
    assert len(found["moderation"]["decisions"]) == 2


def test_the_file_to_read_says_the_same(life: Life, login: Login) -> None:
    response = login(life.person).post("/me/data/export.html")
    page = response.get_data(as_text=True)
    assert "attachment" in response.headers["Content-Disposition"]
    for words in (NAME, PUBLIC, PHONE, EMAIL, DEVICE, "请先量路宽1。", "东侧"):
        assert words in page
    assert "src=" not in page
    assert "href=" not in page


@pytest.mark.parametrize("kind", ["json", "html"])
def test_nothing_of_anybody_else_is_in_the_file(
    life: Life, world: World, login: Login, kind: str
) -> None:
    others = {person.name for person in world.people.values()}
    values = [value for person in world.people.values() for value in sign_ins(person)]
    content = login(life.person).post(f"/me/data/export.{kind}").get_data(as_text=True)
    assert [value for value in (*others, *values) if value in content] == []
    db.session.commit()
    # And what is theirs is not in another's.
    other = login(world.neighbour).post(f"/me/data/export.{kind}").get_data(as_text=True)
    assert [value for value in (NAME, PUBLIC, PHONE, EMAIL) if value in other] == []


def test_the_page_shows_what_is_stored_and_why(life: Life, login: Login, app: Flask) -> None:
    page = login(life.person).get("/me/data").get_data(as_text=True)
    for words in (NAME, PHONE, EMAIL, "请先量路宽1。"):
        assert words in page
    privacy = app.test_client().get("/privacy").get_data(as_text=True)
    with app.test_request_context():
        for item in own_data.notice():
            for words in (item.field, item.purpose, item.kept):
                assert str(words) in page
                assert str(words) in privacy


def test_each_table_about_people_has_a_part(app: Flask) -> None:
    """A table that refers to a person is given out and erased, or is named above as impersonal."""
    sources = {part.export.__module__ for part in own_data.parts()} | {looks.__name__}
    text = "".join(_code(name) for name in sources)
    about: dict[str, str] = {
        mapper.local_table.name: mapper.class_.__name__
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.startswith("civic.")  # plugins of other tests say it themselves
    }
    metadata: MetaData = Model.metadata
    concerned = {
        table.name
        for table in metadata.sorted_tables
        if any(key.column.table.name == "person" for key in table.foreign_keys)
        and table.name in about
        and table.name not in IMPERSONAL
    }
    assert {name for name in concerned if about[name] not in text} == set()


def _code(module: str) -> str:
    import importlib
    from pathlib import Path

    return Path(importlib.import_module(module).__file__ or "").read_text("utf-8")


def test_a_changed_notice_has_a_new_version(app: Flask) -> None:
    """Change `collected.VERSION` and this digest together with what is collected."""
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        words = "\n".join(f"{item.field}|{item.purpose}|{item.kept}" for item in own_data.notice())
    digest = hashlib.sha256(words.encode()).hexdigest()[:12]
    assert (collected.VERSION, digest) == ("2026-12-rooms", "f893d503d9ec")


def test_the_same_owner_twice_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="twice"):
        own_data.register(
            Part(owner="votes", title="", stored=(), export=lambda _id: [], forget=print)
        )


def test_one_corrects_how_one_is_read(world: World, login: Login) -> None:
    client = login(world.resident)
    response = client.post(
        "/me/data/correct", data={"public_name": " 胡同 里的人 ", "language": "en"}
    )
    assert response.status_code == 303
    person = scalars(select(Person).filter_by(id=world.resident.id))[0]
    assert (person.public_name, person.language) == ("胡同 里的人", "en")
    client.post("/me/data/correct", data={"public_name": "", "language": "en"})
    assert scalars(select(Person.public_name).filter_by(id=person.id)) == ["王*"]


@pytest.mark.parametrize(
    "name", ["二龙路社区党委", "二龙路社区", "已注销的用户", "一二三四五六七八九十一二三"]
)
def test_nobody_is_read_as_an_office(world: World, login: Login, name: str) -> None:
    response = login(world.resident).post(
        "/me/data/correct", data={"public_name": name, "language": "en"}
    )
    assert response.status_code == 422
    assert name in response.get_data(as_text=True)
    assert scalars(select(Person.public_name).filter_by(id=world.resident.id)) == ["王*"]


def test_who_turns_eighteen_says_so_and_not_back(world: World, login: Login) -> None:
    client = login(world.minor)
    assert "adult" in client.get("/me/data/correct").get_data(as_text=True)
    form = {"public_name": "小*", "language": "zh_Hans_CN"}
    assert client.post("/me/data/correct", data=form | {"adult": "y"}).status_code == 303
    assert scalars(select(Person.adult).filter_by(id=world.minor.id)) == [True]
    assert 'name="adult"' not in client.get("/me/data/correct").get_data(as_text=True)
    client.post("/me/data/correct", data=form)
    assert scalars(select(Person.adult).filter_by(id=world.minor.id)) == [True]


def test_a_child_does_not_say_so(world: World, login: Login) -> None:
    world.minor.guardian_id = world.resident.id
    db.session.commit()
    form = {"public_name": "小*", "language": "zh_Hans_CN", "adult": "y"}
    assert login(world.minor).post("/me/data/correct", data=form).status_code == 403
    assert scalars(select(Person.adult).filter_by(id=world.minor.id)) == [False]


def test_each_look_is_shown_to_whom_it_was_at(world: World, login: Login) -> None:
    who = sign_ins(world.resident)[0]
    secretary = login(world.secretary)
    assert world.resident.name in secretary.post(
        "/c/erlonglu/desk/name", data={"account": who}
    ).get_data(as_text=True)
    secretary.post("/c/erlonglu/desk/recovery", data={"account": who, "seen": "y"})
    secretary.post("/c/erlonglu/desk/contact", data={"account": who, "who": who, "seen": "y"})
    page = login(world.resident).get("/me/looks").get_data(as_text=True)
    assert page.count("二龙路社区党委") == 3
    assert world.secretary.name not in page
    assert "二龙路社区党委" not in login(world.neighbour).get("/me/looks").get_data(as_text=True)


def test_a_look_that_failed_is_none(world: World, login: Login) -> None:
    who = sign_ins(world.elsewhere)[0]
    response = login(world.secretary).post("/c/erlonglu/desk/name", data={"account": who})
    assert response.status_code == 422
    assert scalars(select(Look.id)) == []


def test_looks_are_paged_and_expire(world: World, login: Login) -> None:
    actor = world.actor("secretary")
    long_ago = clock.now() - duties.looks_kept() - timedelta(days=1)
    with clock.at(long_ago):
        looked(actor, world.resident.id, "profile", world.erlong)
    for _ in range(looks.PER_PAGE + 5):
        looked(actor, world.resident.id, "contact", world.erlong)
    db.session.commit()
    client = login(world.resident)
    first = client.get("/me/looks").get_data(as_text=True)
    assert first.count('<li class="row">') == looks.PER_PAGE
    older = first.partition("/me/looks?before=")[2].partition('"')[0]
    assert (
        client.get(f"/me/looks?before={older}").get_data(as_text=True).count('<li class="row">')
        == 6
    )
    db.session.commit()
    assert looks.expire() == 1
    db.session.commit()
    assert len(scalars(select(Look.id))) == looks.PER_PAGE + 5


def test_a_name_is_corrected_at_the_desk(world: World, login: Login) -> None:
    who = sign_ins(world.resident)[0]
    client = login(world.secretary)
    form = {"account": who, "name": "汪桂兰", "reason": "typing_error", "seen": "y"}
    assert client.post("/c/erlonglu/desk/name/correct", data=form).status_code == 303
    person = scalars(select(Person).filter_by(id=world.resident.id))[0]
    assert (person.name, person.public_name) == ("汪桂兰", "汪*")
    for wrong in ({"reason": "x"}, {"seen": ""}, {"name": ""}):
        response = client.post("/c/erlonglu/desk/name/correct", data=form | wrong)
        assert response.status_code == 422
    own = form | {"account": sign_ins(world.secretary)[0]}
    assert client.post("/c/erlonglu/desk/name/correct", data=own).status_code == 422


def test_statements_of_the_page_do_not_grow(
    sqlite_app: Flask, request: pytest.FixtureRequest
) -> None:
    from tests.factories import build_world, session_key

    world = build_world()
    client = sqlite_app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = session_key(world.resident)
    case = consultation(world.erlong)
    counts = []
    for number in range(0, 12, 4):
        for step in range(number, number + 4):
            actor = world.actor("resident")
            speaking.comment(actor, world.erlong, case, f"话{step}", form_key=f"k{step}")
            looked(world.actor("secretary"), world.resident.id, "profile", world.erlong)
        add_post(world.erlong.node, "secretary", f"t{number}", "办")
        db.session.commit()
        for path in ("/me/data", "/me/looks"):
            client.get(path)
            with inside.statements(sqlite_app) as seen:
                assert client.get(path).status_code == 200
            counts.append((path, len(seen)))
    assert len(set(counts)) == 2, counts
    assert dict(counts)["/me/data"] <= 60
    assert dict(counts)["/me/looks"] <= 3
