"""Arguments, questions and walls as people and offices meet them on pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from civic.consultations import panels
from civic.deliberation import arguments, asked, walls
from civic.deliberation.models import Argument, Question, Wall
from civic.kernel import clock
from civic.kernel.db import db
from tests.deliberation.conftest import argued, hung, talks
from tests.deliberation.conftest import asked as ask
from tests.factories import World, case_by_process, scalars
from tests.pages import text_of

Login = Callable[..., FlaskClient]
HTMX = {"HX-Request": "true"}


def test_arguments_are_written_and_weighed(world: World, login: Login) -> None:
    case = talks(world)
    here = f"/c/erlonglu/consultations/{case.id}/arguments"
    resident, neighbour, visitor = (
        login(world.people.get(role)) for role in ("resident", "neighbour", "")
    )
    words = {"side": "against", "title": "太吵<b>", "words": "夜里", "form_key": "k"}
    for changed, status in (
        ({"side": ""}, 422),
        ({"title": ""}, 422),
        ({"words": "长" * 500}, 422),
        ({}, 303),
        ({}, 303),
    ):
        answer = resident.post(here, data=words | changed)
        assert answer.status_code == status
        if status == 422:
            assert 'name="words"' in text_of(answer)
    [made] = scalars(Argument.__table__.select().with_only_columns(Argument.id))
    seen = text_of(visitor.get(here))
    assert "太吵&lt;b&gt;" in seen
    assert "/sign-in" in seen
    assert "rate" not in seen
    assert "take-back" in text_of(resident.get(here))
    assert f"{here}/{made}/rate" in text_of(neighbour.get(here))
    part = neighbour.post(f"{here}/{made}/rate", data={"wants": "yes"}, headers=HTMX)
    assert "<html" not in text_of(part)
    assert 'value="no"' in text_of(part)
    assert neighbour.post(f"{here}/{made}/rate", data={"wants": "no"}).status_code == 303
    assert visitor.get(f"{here}/{made}/take-back").status_code == 404
    assert neighbour.post(f"{here}/{made}/take-back").status_code == 404
    assert "太吵" in text_of(resident.get(f"{here}/{made}/take-back"))
    assert resident.post(f"{here}/{made}/take-back").status_code == 303
    assert "太吵" not in text_of(visitor.get(here))


def test_more_of_one_side_stands_on_pages_of_its_own(world: World, login: Login) -> None:
    case = talks(world)
    author = world.people["neighbour"].id
    for number in range(arguments.PER_PAGE + 1):
        db.session.add(
            Argument(
                consultation_id=case.id,
                side="for",
                title=f"理由{number:02}",
                author_id=author,
                form_key=f"n{number}",
                at=clock.now(),
            )
        )
    db.session.commit()
    here = f"/c/erlonglu/consultations/{case.id}/arguments"
    page = text_of(login(None).get(here))
    assert "理由00" not in page
    last = asked.Place(0, 2)
    assert f"side=for&amp;after={last}" in page
    more = text_of(login(None).get(f"{here}?side=for&after={last}"))
    assert "理由00" in more
    assert "理由20" not in more
    assert login(None).get(f"{here}?side=x&after=y").status_code == 200


def test_a_question_is_asked_wanted_and_answered(world: World, login: Login) -> None:
    case = talks(world)
    here = f"/c/erlonglu/consultations/{case.id}/questions"
    resident, neighbour, secretary, visitor = (
        login(world.people.get(role)) for role in ("resident", "neighbour", "secretary", "")
    )
    assert resident.post(here, data={"words": ""}).status_code == 422
    for _ in range(2):
        answer = resident.post(here, data={"words": "怎么收费？", "form_key": "k"})
        assert answer.status_code == 303
    [made] = scalars(Question.__table__.select().with_only_columns(Question.id))
    one = f"{here}/{made}"
    assert answer.location.endswith(one)
    assert "怎么收费" in text_of(visitor.get(here))
    assert one in text_of(secretary.get("/desk/"))
    assert one in text_of(visitor.get("/c/erlonglu/owed/"))
    part = neighbour.post(f"{one}/support", data={"wants": "yes"}, headers=HTMX)
    assert "<html" not in text_of(part)
    assert 'value="no"' in text_of(part)
    assert neighbour.post(f"{one}/support", data={"wants": "yes"}).status_code == 303
    assert resident.post(f"{one}/take-back").status_code == 409
    assert resident.post(one, data={"words": "x"}).status_code == 403
    with clock.at(clock.now() + timedelta(days=12)):
        assert "逾期" in text_of(visitor.get(one))
    for data, status in (
        ({"words": ""}, 422),
        ({"words": "每月150元"}, 303),
        ({"words": "每月120元"}, 409),
        ({"words": "每月120元", "reason": "写错了"}, 303),
    ):
        answer = secretary.post(one, data=data)
        assert answer.status_code == status
    seen = text_of(visitor.get(one))
    assert seen.index("每月120元") < seen.index("每月150元")
    assert "写错了" in seen
    assert "120元" in text_of(visitor.get(here))
    assert "每月" not in text_of(visitor.get(f"{here}?before={made}"))
    assert "每月" not in text_of(visitor.get(f"{here}?after=0-1"))
    other = resident.post(here, data={"words": "几点？", "form_key": "l"}).location
    assert "几点" in text_of(resident.get(f"{other}/take-back"))
    assert resident.post(f"{other}/take-back").status_code == 303
    assert visitor.get(other).status_code == 404


def test_dots_are_placed_and_nobody_sees_a_count_before(world: World, login: Login) -> None:
    case = talks(world)
    here = f"/c/erlonglu/consultations/{case.id}/walls"
    resident, neighbour, secretary, visitor = (
        login(world.people.get(role)) for role in ("resident", "neighbour", "secretary", "")
    )
    assert visitor.get(here).status_code == secretary.get(f"{here}/new").status_code == 200
    assert resident.get(f"{here}/new").status_code == 403
    end = clock.local(clock.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    form = {"title": "先做什么？", "items": "路灯\n车位\n花坛", "dots": "2", "closes_at": end}
    form |= {"form_key": "k"}
    for changed, status in (
        ({"title": ""}, 422),
        ({"dots": "x"}, 422),
        ({"closes_at": ""}, 422),
        ({}, 303),
        ({}, 303),
    ):
        answer = secretary.post(f"{here}/new", data=form | changed)
        assert answer.status_code == status
        if status == 422:
            assert "花坛" in text_of(answer)
    [made] = scalars(Wall.__table__.select().with_only_columns(Wall.id))
    one = f"{here}/{made}"
    items = [f"item-{item.id}" for item in walls.items(made)]
    db.session.commit()
    for chosen, status in ((items, 422), (items[:1], 303), (items[:2], 303)):
        answer = resident.post(one, data=dict.fromkeys(chosen, "1"))
        assert answer.status_code == status
        if status == 422:
            assert text_of(answer).count("checked") == 3
    assert neighbour.post(one, data={items[0]: "1", items[2]: ""}).status_code == 303
    assert resident.post(one, data={items[0]: "9"}).status_code == 422
    assert resident.post(one, data={items[0]: "-1"}).status_code == 422
    for client in (resident, neighbour, secretary, visitor):
        assert "%" not in text_of(client.get(one)).partition("<main")[2]
    assert text_of(resident.get(one)).count("checked") == 2
    assert visitor.post(one, data={items[0]: "1"}).status_code == 401
    with clock.at(clock.now() + timedelta(hours=6)):
        page = text_of(visitor.get(one))
        assert "67%" in page
        assert resident.post(one, data={items[0]: "1"}).status_code == 409
        assert one in text_of(visitor.get(here))
    several = hung(world, case, form_key="s", several=True)
    assert "<select" in text_of(resident.get(f"{here}/{several.id}"))


def test_a_wall_is_taken_down_on_its_page(world: World, login: Login) -> None:
    case = talks(world)
    wall = hung(world, case)
    one = f"/c/erlonglu/consultations/{case.id}/walls/{wall.id}"
    secretary = login(world.people["secretary"])
    assert secretary.get(f"{one}/withdraw").status_code == 200
    assert secretary.post(f"{one}/withdraw", data={"reason": ""}).status_code == 422
    assert secretary.post(f"{one}/withdraw", data={"reason": "漏了一项"}).status_code == 303
    assert "漏了一项" in text_of(login(None).get(one))


@pytest.mark.parametrize("role", ["resident", "secretary"])
def test_a_case_leads_to_what_is_open_in_it(world: World, app, role: str) -> None:
    case = talks(world)

    def titles() -> list[str]:
        found = panels.of(case, world.actor(role), clock.now())
        return [panel.url.rpartition("/")[2] for panel in found]

    with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/"):
        app.preprocess_request()
        offices = ["walls"] if role == "secretary" else []
        assert titles() == ["arguments", "questions", *offices]
    argued(world, case)
    ask(world, case)
    hung(world, case)
    with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/"):
        app.preprocess_request()
        assert titles() == ["arguments", "questions", "walls"]
        with clock.at(case.closes_at):
            assert titles()[:3] == ["arguments", "questions", "walls"]


def test_what_is_no_published_case_is_not_here(world: World, login: Login) -> None:
    case = talks(world)
    case.published_at = None
    db.session.commit()
    for page in ("arguments", "questions", "walls", "questions/1", "walls/1"):
        answer = login(world.people["secretary"]).get(f"/c/erlonglu/consultations/{case.id}/{page}")
        assert answer.status_code == 404


@pytest.mark.parametrize("end", ["0001-01-01T00:00", "9999-12-31T23:59", "2200-01-01T00:00"])
def test_an_end_that_nobody_means_is_refused(world: World, login: Login, end: str) -> None:
    case = case_by_process(world.erlong, "open_space")
    found = case.process["data"]["stages"]
    case.stage = next(one["code"] for one in found if "wall" in one.get("can", ()))
    db.session.commit()
    secretary = login(world.people["secretary"])
    form = {"title": "先做什么？", "items": "路灯\n车位\n花坛", "dots": "2", "form_key": "k"}
    here = f"/c/erlonglu/consultations/{case.id}/walls/new"
    fitting = clock.local(clock.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    for changed in ({"closes_at": end}, {"closes_at": fitting, "dots": "9" * 5000}):
        answer = secretary.post(here, data=form | changed)
        assert answer.status_code == 422
        assert "花坛" in text_of(answer)
        assert changed["closes_at"] in text_of(answer)


def test_what_is_hidden_stands_nowhere(world: World, login: Login) -> None:
    case = talks(world)
    here = f"/c/erlonglu/consultations/{case.id}"
    resident, neighbour, secretary, deputy, visitor = (
        login(world.people.get(role))
        for role in ("resident", "neighbour", "secretary", "deputy", "")
    )
    argument = {"side": "for", "title": "脏的标题", "words": "脏的理由", "form_key": "a"}
    assert neighbour.post(f"{here}/arguments", data=argument).status_code == 303
    question = {"words": "脏的问题？", "form_key": "q"}
    one = neighbour.post(f"{here}/questions", data=question).location
    pages = [f"{here}/arguments", f"{here}/arguments?side=for", f"{here}/questions", one]
    pages += [f"{here}/", "/c/erlonglu/owed/", "/c/erlonglu/", "/"]
    seen = "".join(text_of(visitor.get(page)) for page in pages)
    assert seen.count("脏的标题") >= 2
    assert seen.count("脏的问题") >= 3
    assert "脏的问题" in text_of(deputy.get("/desk/"))
    for kind in ("argument", "question"):
        hide = f"/c/erlonglu/moderation/hide/{kind}/1"
        assert resident.post(hide, data={"reason": "insult"}).status_code == 403
        assert secretary.post(hide, data={"reason": "insult"}).status_code == 303
    for client in (visitor, resident, neighbour, secretary, deputy):
        for page in (*pages, "/desk/"):
            assert "脏" not in text_of(client.get(page, follow_redirects=True)), page


def test_what_comes_after_the_close_is_told_so(world: World, login: Login) -> None:
    case = talks(world)
    here = f"/c/erlonglu/consultations/{case.id}"
    made, wall = ask(world, case), hung(world, case)
    resident, secretary = login(world.people["resident"]), login(world.people["secretary"])
    dots = {f"item-{walls.items(wall.id)[0].id}": "1"}
    asked_, hangs, end = made.id, wall.id, case.closes_at
    db.session.commit()
    with clock.at(end):
        for page, data in (
            ("arguments", {"side": "for", "title": "好", "form_key": "a"}),
            ("questions", {"words": "吗？", "form_key": "q"}),
            (f"questions/{asked_}/support", {"wants": "yes"}),
            (f"walls/{hangs}", dots),
        ):
            assert resident.post(f"{here}/{page}", data=data).status_code == 409, page
        withdraw = f"{here}/walls/{hangs}/withdraw"
        assert secretary.post(withdraw, data={"reason": "晚了"}).status_code == 409


def test_where_texts_are_checked_first_they_go_to_the_office(world: World, login: Login) -> None:
    case = talks(world)
    case.checked_first = True
    db.session.commit()
    here = f"/c/erlonglu/consultations/{case.id}"
    resident, visitor = login(world.people["resident"]), login(None)
    sent = (
        ("arguments", {"side": "for", "title": "先看标题", "form_key": "a"}),
        ("questions", {"words": "先看问题？", "form_key": "q"}),
    )
    for page, data in sent:
        for _ in range(2):
            answer = resident.post(f"{here}/{page}", data=data)
            assert answer.status_code == 303
            assert "#waiting-" in answer.location
        assert "先看" not in text_of(visitor.get(f"{here}/{page}"))
        assert "先看" not in text_of(resident.get(f"{here}/{page}"))
    assert text_of(login(world.people["deputy"]).get("/c/erlonglu/moderation/")).count("先看") >= 2


def test_an_answered_question_offers_no_button(world: World, login: Login) -> None:
    case = talks(world)
    made = ask(world, case)
    one = f"/c/erlonglu/consultations/{case.id}/questions/{made.id}"
    resident, secretary = login(world.people["resident"]), login(world.people["secretary"])
    part = text_of(resident.post(f"{one}/support", data={"wants": "yes"}, headers=HTMX))
    assert f"{one}/support" in part
    assert secretary.post(one, data={"words": "好。"}).status_code == 303
    answer = resident.post(f"{one}/support", data={"wants": "no"}, headers=HTMX)
    assert answer.status_code == 409
    assert f"{one}/support" not in text_of(answer)
