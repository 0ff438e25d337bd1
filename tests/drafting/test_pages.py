"""A text walked through its pages, from the first word of the office to its last answer."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from civic.consultations import panels
from civic.consultations.models import Consultation
from civic.kernel import clock
from tests.drafting.conftest import BODY, TITLE, answered, published, said
from tests.factories import World, case_by_process, consultation
from tests.outcomes.conftest import days_off
from tests.pages import text_of

Login = Callable[..., FlaskClient]
HTMX = {"HX-Request": "true"}


def here(case: Consultation) -> str:
    return f"/c/erlonglu/consultations/{case.id}/draft"


def test_a_text_walked_to_its_answers(  # noqa: PLR0915 - one walk
    world: World, login: Login
) -> None:
    days_off(world)
    case = consultation(world.erlong)
    page = here(case)
    work = f"{page}/work"
    visitor, resident, secretary, deputy = (
        login(world.people.get(role)) for role in ("", "resident", "secretary", "deputy")
    )
    for path in ("", "/comments", "/comments/new", "/compare", "/print", "/comments/1"):
        assert visitor.get(f"{page}{path}").status_code == 404, path
    assert secretary.get(work).status_code == 200
    assert secretary.get(f"{work}/answers").status_code == 404
    text = {"title": TITLE, "body": BODY + "\n\n<script>x</script>", "revision": "0"}
    day = clock.local(clock.now() + timedelta(days=1)).date().isoformat()
    steps = [
        ("", text | {"title": ""}, 422),
        ("", text, 303),
        ("", text | {"body": "改一处"}, 409),
        ("/close", {}, 409),
        ("/publish", {"revision": "1", "until": "2020-01-01"}, 422),
        ("/publish", {"revision": "1", "until": "x"}, 422),
        ("/publish", {"revision": "7", "until": day}, 409),
        ("/publish", {"revision": "1", "until": day}, 303),
        ("/publish", {"revision": "1", "until": day}, 409),
        ("/prolong", {"prolong-until": ""}, 422),
        ("/close", {}, 409),
    ]
    for act, data, status in steps:
        answer = secretary.post(f"{work}{act}", data=data)
        assert answer.status_code == status, (act, data, text_of(answer))
        if act == "" and status == 409:
            shown = text_of(answer)
            assert "改一处" in shown
            assert "第二段：抽签每年一次。" in shown
            assert 'name="revision" type="hidden" value="1"' in shown
    shown = text_of(visitor.get(page))
    assert "&lt;script&gt;x" in shown
    assert "/sign-in?next=" in shown
    assert "/comments/new" not in shown
    assert "/comments/new?paragraph=2" in text_of(resident.get(page))
    form = text_of(resident.get(f"{page}/comments/new?paragraph=2"))
    assert "第二段：抽签每年一次。" in form
    assert resident.get(f"{page}/comments/new?paragraph=9").status_code == 404
    part = text_of(resident.get(f"{page}/comments/new?paragraph=2", headers=HTMX))
    assert "<main" not in part
    sent = {"paragraph": "2", "version": "1", "words": "太少了<b>", "form_key": "k"}
    assert resident.post(f"{page}/comments", data=sent | {"words": ""}).status_code == 422
    long = resident.post(f"{page}/comments", data=sent | {"words": "长" * 1001}, headers=HTMX)
    assert long.status_code == 422
    assert "长" * 1001 in text_of(long)
    assert 'aria-invalid="true"' in text_of(long)
    old = resident.post(f"{page}/comments", data=sent | {"version": "7"})
    assert old.status_code == 409
    assert "太少了&lt;b&gt;" in text_of(old)
    first = resident.post(f"{page}/comments", data=sent)
    assert first.status_code == 303
    one = first.headers["Location"]
    assert resident.post(f"{page}/comments", data=sent).headers["Location"] == one
    done = resident.post(f"{page}/comments", data=sent | {"form_key": "h"}, headers=HTMX)
    assert 'id="p2"' in text_of(done)
    assert "data-say=" in text_of(done)
    assert text_of(visitor.get(page)).count("太少了&lt;b&gt;") == 2
    neighbour = login(world.people["neighbour"])
    for wants, count in (("yes", "1"), ("yes", "1"), ("no", "0"), ("yes", "1")):
        answer = neighbour.post(f"{one}/support", data={"wants": wants}, headers=HTMX)
        assert answer.status_code == 200
        assert ("· 1" in text_of(answer)) is (count == "1")
    assert neighbour.post(f"{one}/support", data={"wants": "no"}).status_code == 303
    assert resident.post(f"{one}/support", data={}).status_code == 409
    keys = re.findall(r'name="comment" value="(\d+)"', text_of(secretary.get(f"{work}/answers")))
    assert len(keys) == 2
    gathered = {"comment": keys, "cluster": "", "title": "抽签次数"}
    for data, status in (
        ({"cluster": "", "title": "x"}, 422),
        (gathered | {"title": ""}, 422),
        (gathered, 303),
    ):
        assert secretary.post(f"{work}/answers", data=data).status_code == status
    assert secretary.post(f"{work}/answers/out", data={"comment": keys[0]}).status_code == 303
    alone = f"{work}/answers/comment/{keys[0]}"
    many = f"{work}/answers/cluster/1"
    assert secretary.get(f"{work}/answers/comment/999").status_code == 404
    assert secretary.get(f"{work}/answers/cluster/999").status_code == 404
    given = {"verdict": "partly", "reason": "每半年一次。", "seen": "0"}
    for address, data, status in (
        (alone, {"verdict": "", "seen": "0"}, 422),
        (alone, given | {"reason": ""}, 422),
        (alone, given, 303),
        (alone, given, 409),
        (alone, given | {"seen": "1", "reason": "每季一次。"}, 303),
        (many, given, 303),
    ):
        answer = deputy.post(address, data=data)
        assert answer.status_code == status, (address, data, text_of(answer))
    seen = text_of(visitor.get(f"{page}/comments/{keys[0]}"))
    assert seen.index("每季一次。") < seen.index("每半年一次。")
    listed = text_of(visitor.get(f"{page}/comments?state=partly"))
    assert listed.count('id="comment-') == 2
    assert "抽签次数" in listed
    for query, shown_ in (("state=open", 0), ("paragraph=2", 2), ("paragraph=0", 0)):
        assert text_of(visitor.get(f"{page}/comments?{query}")).count('id="comment-') == shown_
    assert text_of(visitor.get(f"{page}/comments?cluster=1")).count('id="comment-') == 1
    for query in ("cluster=9", "version=9&paragraph=1"):
        assert visitor.get(f"{page}/comments?{query}").status_code == 404
    text |= {"body": BODY.replace("每年一次", "每季一次"), "revision": "1"}
    assert secretary.post(work, data=text).status_code == 303
    again = {"revision": "2", "note": "抽签改为每季一次。", "until": day}
    assert secretary.post(f"{work}/publish", data=again).status_code == 303
    compared = text_of(visitor.get(f"{page}/compare"))
    assert "<ins>季</ins>" in compared
    assert compared.count('id="comment-') == 2
    assert visitor.get(f"{page}/compare?new=1").status_code == 404
    assert "每年一次" in text_of(visitor.get(f"{page}?version=1"))
    assert visitor.get(f"{page}?version=9").status_code == 404
    assert "每季一次" in text_of(visitor.get(f"{page}/print"))
    assert "comment-" in text_of(resident.get(f"{one}"))
    assert resident.get(f"{one}/take-back").status_code == 200
    assert resident.post(f"{one}/take-back", data={}).status_code == 303
    assert "太少了" not in text_of(visitor.get(one))
    assert resident.get(f"{one}/take-back").status_code == 404
    with clock.at(clock.now() + timedelta(days=3)):
        assert secretary.post(f"{work}/close", data={}).status_code == 303
        assert secretary.get(work).status_code == 200


def test_who_may_not_comment_sees_why(world: World, login: Login) -> None:
    case, _first = published(world)
    worker = login(world.people["worker"])
    for path in ("", "/comments/new?paragraph=1"):
        shown = text_of(worker.get(here(case) + path))
        assert "<textarea" not in shown
        assert "box-info" in shown
    sent = {"paragraph": "1", "version": "1", "words": "话"}
    assert worker.post(f"{here(case)}/comments", data=sent).status_code == 403


def test_a_case_leads_to_its_text(world: World, app) -> None:
    days_off(world)
    case = case_by_process(world.erlong, "hearing", stage="drafting")
    address = f"/c/erlonglu/consultations/{case.id}/"

    def shown(role: str) -> list[str]:
        with app.test_request_context(address):
            app.preprocess_request()
            found = panels.of(case, world.actor(role), clock.now())
            return [f"{panel.url} {panel.text} {panel.action}" for panel in found]

    assert not any("draft" in one for one in shown("resident"))
    assert any("draft/work" in one for one in shown("secretary"))
    case, _first = published(world, case)
    [one] = [one for one in shown("resident") if "/draft" in one]
    assert one.endswith(" ")  # at this stage one reads, and comments at the next
    case.stage = "commenting"
    made = said(world, case)
    [one] = [one for one in shown("resident") if "/draft" in one]
    assert "1" in one
    assert not one.endswith(" ")
    answered(world, case, made)


def test_checked_first_goes_to_the_office_before(world: World, login: Login) -> None:
    case, _first = published(world)
    case.checked_first = True
    sent = {"paragraph": "1", "version": "1", "words": "先看", "form_key": "w"}
    resident = login(world.people["resident"])
    answer = resident.post(f"{here(case)}/comments", data=sent)
    assert answer.status_code == 303
    assert "#waiting-" in answer.headers["Location"]
    assert "先看" not in text_of(resident.get(here(case)))
    waits = text_of(login(world.people["deputy"]).get("/c/erlonglu/moderation/"))
    assert "先看" in waits
