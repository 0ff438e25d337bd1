"""A text walked through its pages, from the first word of the office to its last answer."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from civic.consultations import panels
from civic.consultations.models import Consultation
from civic.kernel import clock
from tests.drafting.conftest import BODY, TITLE, answered, published, said, written
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


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2200-01-01"])
def test_a_day_that_nobody_means_is_refused(world: World, login: Login, day: str) -> None:
    case, _first = published(world)
    written(world, case, "新的一段。", revision=1)
    secretary = login(world.people["secretary"])
    work = f"{here(case)}/work"
    publish = {"revision": "2", "note": "改了一处", "until": day}
    answer = secretary.post(f"{work}/publish", data=publish)
    assert answer.status_code == 422
    assert "改了一处" in text_of(answer)
    assert day in text_of(answer)
    assert secretary.post(f"{work}/prolong", data={"prolong-until": day}).status_code == 422
    answer = secretary.post(f"{work}/publish", data=publish | {"until": "", "revision": "9" * 5000})
    assert answer.status_code == 409
    assert "改了一处" in text_of(answer)


def test_what_is_hidden_stands_nowhere(world: World, login: Login) -> None:
    days_off(world)
    case, _first = published(world)
    comment = said(world, case, words="脏话在此", wording="脏的写法", paragraph=2)
    secretary, resident, neighbour, visitor = (
        login(world.people.get(role)) for role in ("secretary", "resident", "neighbour", "")
    )
    page = here(case)
    gathered = {"comment": str(comment.id), "cluster": "", "title": "同类"}
    assert secretary.post(f"{page}/work/answers", data=gathered).status_code == 303
    given = {"verdict": "partly", "reason": "改一半。", "seen": "0"}
    assert secretary.post(f"{page}/work/answers/cluster/1", data=given).status_code == 303
    text = {"title": TITLE, "body": BODY.replace("每年", "每季"), "revision": "1"}
    assert secretary.post(f"{page}/work", data=text).status_code == 303
    assert secretary.post(f"{page}/work/publish", data={"revision": "2"}).status_code == 303
    other = said(world, case, "neighbour", words="另一句脏话", version=2)
    paths = [
        *("", "?version=1", "/comments", "/comments?state=partly", "/comments?cluster=1"),
        *("/comments?paragraph=2&version=1", f"/comments/{comment.id}", f"/comments/{other.id}"),
        *("/comments/new?paragraph=2", "/compare", "/print"),
    ]
    pages = [f"{page}{path}" for path in paths]
    pages += [f"/c/erlonglu/consultations/{case.id}/", "/c/erlonglu/owed/", "/c/erlonglu/", "/"]
    offices = [f"{page}/work/answers", f"{page}/work/answers/cluster/1", f"{page}/work"]
    seen = "".join(text_of(visitor.get(one)) for one in pages)
    assert "脏话在此" in seen
    assert "另一句脏话" in seen
    for one in (comment, other):
        hide = f"/c/erlonglu/moderation/hide/draft_comment/{one.id}"
        assert resident.post(hide, data={"reason": "insult"}).status_code == 403
        assert secretary.post(hide, data={"reason": "insult"}).status_code == 303
    everybody = [(client, one) for client in (visitor, resident, secretary) for one in pages]
    everybody += [(neighbour, f"/c/erlonglu/consultations/{case.id}/"), (secretary, "/desk/")]
    everybody += [(secretary, one) for one in offices] + [(resident, "/desk/")]
    for client, one in everybody:
        shown = text_of(client.get(one, follow_redirects=True))
        for words in ("脏话", "脏的写法"):
            assert words not in shown, one
    for one in ("/c/erlonglu/moderation/", *offices):
        assert resident.get(one).status_code == 403


def test_a_comment_after_the_close_is_told_so(world: World, login: Login) -> None:
    case, _first = published(world)
    sent = {"paragraph": "1", "version": "1", "words": "晚了", "form_key": "w"}
    comment = said(world, case, "neighbour")
    resident = login(world.people["resident"])
    with clock.at(case.closes_at):
        assert resident.post(f"{here(case)}/comments", data=sent).status_code == 409
        support = f"{here(case)}/comments/{comment.id}/support"
        assert resident.post(support, data={"wants": "yes"}).status_code == 409
