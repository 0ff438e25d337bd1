"""A call, at both sizes: nine applications, five experts of whom one is involved, three awards.

One objection is upheld and changes the list. What the walk does not look at is played before.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from civic.communities import switching
from civic.kernel import clock, holidays, migrate
from civic.kernel.db import db
from civic.kernel.periods import HolidayTable
from civic.kernel.permissions import Actor
from tests import factories
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.browser.test_pages import findings, too_wide
from tests.databases import Postgresql, make_app
from tests.installed import command
from tests.sample import point
from tests.server import ROOT, Server, serving
from tests.visitors import signed_in

HERE = "/c/erlonglu/incubator/"
PEOPLE = ("secretary", "resident", "neighbour")
CRITERIA = ("need", "design", "ability", "budget", "novelty", "lasting")
DAYS = timedelta(days=1)


@dataclass
class Site:
    """The site of one walk: its app, server, clock, and who is signed in where."""

    app: Flask
    world: factories.World
    server: Server
    clock: Path
    cookies: dict[str, str]

    def goes_on(self, days: int) -> None:
        """Let days pass on the server and here."""
        self.clock.write_text(str((days * DAYS).total_seconds()))
        clock.shift(days * DAYS)


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    app = make_app(tmp_path, found=[point("incubator")])
    file = tmp_path / "clock"
    file.write_text("0")
    with app.app_context():
        migrate.upgrade()
        world = factories.build_world()
        switching.switch(world.erlong, "incubator", on=True)
        today = clock.local(clock.now()).date()
        for year in (today.year, today.year + 1):
            table = HolidayTable(
                year=year, off=frozenset({date(year, 1, 1)}), work=frozenset(), source="test"
            )
            holidays.replace(table, world.people["secretary"].id)
        db.session.commit()
    done = command(app, str(ROOT), "db", "upgrade")
    assert done.returncode == 0, done.stderr
    try:
        with serving(tmp_path, "--testing", CIVIC_TEST_CLOCK=str(file)) as server:
            with app.app_context():
                cookies = {
                    role: signed_in(app, server.port, world.people[role]).cookies["session"]
                    for role in PEOPLE
                }
            yield Site(app, world, server, file, cookies)
            assert "Traceback" not in (said := server.said()), said
    finally:
        clock.shift(timedelta())
        Postgresql._dispose(app)


def good(page: Page) -> None:
    """Look for what axe finds serious, and for a page that is wider than the screen."""
    assert findings(page) + too_wide(page) == []


def sends(page: Page, where: str = "main form[method=post]") -> None:
    page.locator(f"{where} button[type=submit]:visible").first.click()


@dataclass
class Played:
    """Numbers of what was played before."""

    call: int
    experts: list[int]


def opened(site: Site) -> Played:
    """Open a call, file nine organisations, and let eight of them hand an application in."""
    from civic_incubator import calls, drafts, registry, seating

    with site.app.app_context():
        world = factories.World(**vars(site.world))
        home = db.session.merge(world.erlong)
        lead = world.actor("secretary")
        now = clock.now()
        values = {"title": "老人用餐公益创投", "text": "让老人吃上热饭。", "expert_weight": 60}
        values |= {"resident_weight": 40, "pot": 10000000, "most": 4000000}
        values |= {"opens_at": now - DAYS, "closes_at": now + 5 * DAYS}
        call = calls.draw_up(lead, home, values, "meals")
        calls.move(lead, call, calls.OPEN)
        for number in range(9):
            who = (
                world.actor("resident") if number == 8 else Actor(person_id=_made(f"申报{number}"))
            )
            about = {"name": f"第{number + 1}服务队", "kind": "convenience"}
            made = registry.propose(who, home, about | {"people": 9, "about": "送餐"})
            registry.file(lead, made, "filed", f"金备{number}", date(2026, 3, 2))
            if number == 8:
                continue
            one = drafts.start(who, call, made)
            whole = {"title": f"项目{number + 1}", "partner_id": home.id}
            drafts.save(who, one, one.version, whole | {"worker": "何社工", "agency": "惠邻"})
            answers = {"need": "没人做饭", "meals": "40", "over80": "12", "delivery": "both"}
            answers |= {"licence": "yes", "activities": "送餐"}
            drafts.save_answers(who, one, one.version, answers)
            line = drafts.Wanted("goods", "食材", 3000000 + number * 10000)
            drafts.save_lines(who, one, one.version, [line])
            drafts.submit(who, one, one.version)
        experts = [_made(f"专家{number}") for number in range(4)]
        experts.append(world.people["neighbour"].id)
        for person_id in experts:
            who = db.session.get(factories.Person, person_id)
            factories.standing(who, home.node, "incubator.expert")
        db.session.flush()
        seating.seat_experts(lead, call, experts)
        db.session.commit()
        return Played(call.id, experts)


def _made(name: str) -> int:
    found = factories.person(name)
    db.session.flush()
    return found.id


def reviewed(site: Site, played: Played) -> None:
    """Let the last day pass, check all forms, and let four of the experts score."""
    from civic_incubator import calls, panel, seating
    from civic_incubator.models import Call

    site.goes_on(6)
    with site.app.app_context():
        world = factories.World(**vars(site.world))
        lead = world.actor("secretary")
        call = db.session.get(Call, played.call)
        calls.move(lead, call, calls.SCREENING)
        from civic_incubator import listing

        for one in listing.applications(call):
            seating.screen(lead, one, passed=True, reason="")
        calls.move(lead, call, calls.REVIEW)
        wanted = panel.reviewed(call)
        for place, person_id in enumerate(played.experts[:4]):
            seat = seating.own_seat(Actor(person_id=person_id), call)
            panel.declare(
                Actor(person_id=person_id), seat, [panel.Word(one.id, False) for one in wanted]
            )
            for number, one in enumerate(wanted):
                marks = {code: (number * 2 + place + n) % 6 for n, code in enumerate(CRITERIA)}
                panel.mark(seat, one, marks, "")
        db.session.commit()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_call_to_the_second_list(browser: Browser, site: Site, size):
    played = opened(site)
    with ExitStack() as stack:
        pages: dict[str, Page] = {}
        for role in PEOPLE:
            seen = stack.enter_context(window(browser, site.server.url, viewport=size))
            cookie = {"name": "session", "value": site.cookies[role], "url": site.server.url}
            seen.context.add_cookies([cookie])
            pages[role] = seen.page
        the_ninth_is_written(pages["resident"])
        reviewed(site, played)
        an_expert_is_involved_in_one(pages["neighbour"], played)
        three_are_awarded(pages["secretary"], played)
        one_objects(pages["resident"], played)
        the_list_is_drawn_anew(pages["secretary"], pages["resident"], played)


def the_ninth_is_written(page: Page) -> None:
    page.goto("/c/erlonglu/")
    page.locator("section[aria-labelledby=incubator-title]").get_by_role(
        "link", name="老人用餐公益创投"
    ).click()
    good(page)
    sends(page, "#apply form")
    good(page)
    page.locator("#title").fill("楼下的饭桌")
    page.locator("input[name=partner]").first.check()
    page.locator("#worker").fill("何社工")
    page.locator("#agency").fill("惠邻社工事务所")
    sends(page)
    page.locator("#need").fill("独居老人中午没人做饭")
    page.locator("#meals").fill("很多")
    sends(page)
    expect(page.locator("[role=alert]")).to_contain_text("整数")
    expect(page.locator("#need")).to_have_value("独居老人中午没人做饭")
    good(page)
    page.locator("#meals").fill("30")
    page.locator("#over80").fill("9")
    page.locator("input[name=delivery]").first.check()
    page.locator("input[name=licence]").first.check()
    page.locator("#activities").fill("与单位食堂合作")
    sends(page)
    good(page)
    page.locator("#text_1").fill("食材")
    page.locator("#fen_1").fill("40000.01")
    sends(page)
    expect(page.locator("[role=alert]")).to_contain_text("0.01")
    page.locator("#fen_1").fill("40000")
    sends(page)
    good(page)
    sends(page)
    expect(page.locator("main")).to_contain_text("9 号")
    good(page)


def an_expert_is_involved_in_one(page: Page, played: Played) -> None:
    page.goto("/c/erlonglu/")
    page.get_by_role("link", name="为项目打分").first.click()
    good(page)
    for box in page.locator("input[type=radio][value=no]").all():
        box.check()
    page.locator("input[type=radio][value=yes]").nth(2).check()
    page.locator("input[name^=reason_]").nth(2).fill("我是该组织的顾问")
    sends(page)
    expect(page.locator("#projects li").nth(2)).to_contain_text("不为它打分")
    expect(page.locator("#projects li").nth(2).locator("a")).to_have_count(0)
    good(page)
    page.locator("#projects a").first.click()
    good(page)
    for code in CRITERIA:
        page.locator(f"input[name={code}][value='4']").check()
    page.locator("input[name=novelty][value=na]").check()
    sends(page)
    expect(page.locator("#projects li").first).to_contain_text("已打分")


def three_are_awarded(page: Page, played: Played) -> None:
    page.goto(f"{HERE}calls/{played.call}/")
    page.locator("form:has(input[value=deciding]) button").click()
    page.locator("#staff").get_by_role("link", name="拟定立项名单").click()
    good(page)
    filled = [box for box in page.locator("input[name^=fen_]").all() if box.input_value()]
    assert len(filled) == 3
    sends(page)
    expect(page.locator("#list-1 tbody tr").nth(2)).to_be_visible()
    good(page)


def one_objects(page: Page, played: Played) -> None:
    page.goto(f"{HERE}calls/{played.call}/awards")
    page.locator("#text").fill("第一名合作的食堂已经停业")
    sends(page, "#object form")
    expect(page.locator("#objections")).to_contain_text("等待答复")
    good(page)


def the_list_is_drawn_anew(page: Page, resident: Page, played: Played) -> None:
    page.goto("/desk/")
    page.locator("main").get_by_role("link", name="答复异议").first.click()
    good(page)
    page.locator("input[name=upheld][value=yes]").check()
    page.locator("#text").fill("经核实，食堂确已停业。")
    sends(page)
    page.locator("input[name^=fen_]").first.fill("")
    page.locator("#note").fill("异议成立，原第一名退出。")
    sends(page)
    expect(page.locator("#list-2")).to_contain_text("异议成立，原第一名退出。")
    resident.reload()
    expect(resident.locator("#list-1")).to_contain_text("已不再有效")
    expect(resident.locator("#objections")).to_contain_text("经核实，食堂确已停业。")
    good(resident)
    for path in ("ranking", "awards/print"):
        resident.goto(f"{HERE}calls/{played.call}/{path}")
        good(resident)
