"""The three lists, at both sizes: a canteen in the afternoon, a club that needs a room.

A bank's liaison offers, the club posts, staff check both; the match is explained, both sides say
yes, the project is led to its end, and the side in need rates it.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from civic.communities import switching
from civic.identities.models import Standing
from civic.kernel import clock, holidays, migrate
from civic.kernel.db import db
from civic.kernel.periods import HolidayTable
from tests import factories
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.browser.test_pages import findings, too_wide
from tests.databases import Postgresql, make_app
from tests.installed import command
from tests.sample import point
from tests.server import ROOT, Server, serving
from tests.visitors import signed_in

HERE = "/c/erlonglu/party/"
PEOPLE = ("secretary", "resident", "bank")
THURSDAY = "3"


@dataclass
class Site:
    """The site of one walk: its app, server, and who is signed in where."""

    app: Flask
    world: factories.World
    server: Server
    cookies: dict[str, str]


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    app = make_app(tmp_path, found=[point("party")])
    with app.app_context():
        migrate.upgrade()
        world = factories.build_world()
        switching.switch(world.erlong, "party", on=True)
        unit = factories.organisation(world.gate, "金融银行")
        bank = world.people["bank"] = factories.person("钱联络")
        held = factories.standing(bank, world.gate, "resident_unit")
        db.session.get(Standing, held.id).organisation_id = unit.id
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
        with serving(tmp_path, "--testing") as server:
            with app.app_context():
                cookies = {
                    role: signed_in(app, server.port, world.people[role]).cookies["session"]
                    for role in PEOPLE
                }
            yield Site(app, world, server, cookies)
            assert "Traceback" not in (said := server.said()), said
    finally:
        Postgresql._dispose(app)


def good(page: Page) -> None:
    """Look for what axe finds serious, and for a page that is wider than the screen."""
    assert findings(page) + too_wide(page) == []


def sends(page: Page, where: str = "main form[method=post]") -> None:
    page.locator(f"{where} button[type=submit]:visible").first.click()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_canteen_to_the_rating(browser: Browser, site: Site, size):
    with ExitStack() as stack:
        pages: dict[str, Page] = {}
        for role in PEOPLE:
            seen = stack.enter_context(window(browser, site.server.url, viewport=size))
            cookie = {"name": "session", "value": site.cookies[role], "url": site.server.url}
            seen.context.add_cookies([cookie])
            pages[role] = seen.page
        the_bank_offers_its_canteen(pages["bank"])
        the_club_needs_a_room(pages["resident"])
        staff_check_both(pages["secretary"])
        both_sides_say_yes(pages["bank"], pages["resident"])
        the_project_comes_to_its_end(pages["resident"])
        it_stands_on_the_lists(pages["bank"])


def the_bank_offers_its_canteen(page: Page) -> None:
    page.goto("/c/erlonglu/party/resources/")
    good(page)
    page.locator("main").get_by_role("link", name="发布资源").first.click()
    good(page)
    page.locator("#kind").select_option("canteen")
    page.locator("#title").fill("职工食堂下午开放")
    page.locator("#place_id").select_option(index=1)
    for day in "01234":
        page.locator(f"input[name=days_1][value='{day}']").check()
    page.locator("#begins_1").fill("14:00")
    page.locator("#capacity").fill("60")
    sends(page)
    expect(page.locator("[role=alert]").first).to_contain_text("起止时间")
    expect(page.locator("#title")).to_have_value("职工食堂下午开放")
    expect(page.locator("input[name=days_1][value='4']")).to_be_checked()
    good(page)
    page.locator("#ends_1").fill("17:00")
    sends(page)
    expect(page.locator("main")).to_contain_text("周一至周五 14:00–17:00")
    expect(page.locator("main")).to_contain_text("待审核")
    good(page)


def the_club_needs_a_room(page: Page) -> None:
    page.goto("/c/erlonglu/party/needs/")
    good(page)
    page.locator("main").get_by_role("link", name="发布需求").first.click()
    good(page)
    page.locator("#group_name").fill("夕阳红合唱队")
    page.locator("#kind").select_option("venue")
    page.locator("#title").fill("周四排练场地")
    page.locator("#place_id").select_option(index=1)
    page.locator(f"input[name=days_1][value='{THURSDAY}']").check()
    page.locator("#begins_1").fill("14:00")
    page.locator("#ends_1").fill("16:00")
    page.locator("#heads").fill("20")
    last = clock.local(clock.now()).date() + timedelta(days=90)
    page.locator("#by_day").fill(last.isoformat())
    sends(page)
    expect(page.locator("main")).to_contain_text("周四 14:00–16:00")
    good(page)


def staff_check_both(page: Page) -> None:
    for kind in ("待审核的资源", "待审核的需求"):
        page.goto("/desk/")
        row = page.locator("main li", has_text=kind)
        row.get_by_role("link").last.click()
        good(page)
        page.locator("input[name=act][value=publish]").check()
        sends(page, "#check form")
    expect(page.locator("#matches")).to_contain_text("职工食堂下午开放")
    good(page)
    page.get_by_role("link", name="看看哪些资源符合").click()
    expect(page.locator("main")).to_contain_text("周四 14:00–16:00在对方开放时间")
    good(page)


def both_sides_say_yes(bank: Page, club: Page) -> None:
    bank.goto("/c/erlonglu/")
    bank.locator("section[aria-labelledby=party-lists-title]").get_by_role(
        "link", name="周四排练场地"
    ).click()
    expect(bank.locator("#why")).to_contain_text("周四 14:00–16:00在对方开放时间")
    expect(bank.locator("#why")).to_contain_text("“食堂”也可以用作“场地”")
    good(bank)
    sends(bank, "section[aria-labelledby=answer-resource] form")
    expect(bank.locator("main")).to_contain_text("同意")
    expect(bank.locator("section[aria-labelledby=answer-resource]")).to_have_count(0)
    good(bank)
    club.goto("/c/erlonglu/")
    club.get_by_role("link", name="答复对接建议").first.click()
    good(club)
    sends(club, "section[aria-labelledby=answer-need] form")
    expect(club.locator("h1")).to_contain_text("周四排练场地")
    expect(club.locator("#matches")).to_contain_text("最近几次")
    good(club)


def the_project_comes_to_its_end(page: Page) -> None:
    page.locator("#plan-form textarea").fill("每周四下午排练两小时，结束后复原桌椅。")
    page.locator("#plan-form input[name=lead][value=need]").check()
    sends(page, "#plan-form")
    expect(page.locator("#steps")).to_contain_text("复原桌椅")
    page.get_by_text("添加步骤").click()
    page.locator("#step-form input[name=words]").fill("到前台登记")
    due = clock.local(clock.now()).date() + timedelta(days=2)
    page.locator("#step-form input[name=due]").fill(due.isoformat())
    sends(page, "#step-form")
    page.get_by_role("button", name="标为已完成").click()
    expect(page.locator("#steps")).to_contain_text("已完成")
    good(page)
    page.locator("form:has(input[value=begin]) button").click()
    page.get_by_text("提交结项报告并完成").first.click()
    page.locator("form:has(input[value=finish]) textarea").fill("排练十二次，重阳节演出一场。")
    page.locator("form:has(input[value=finish]) button").click()
    expect(page.locator("#report")).to_contain_text("重阳节演出")
    good(page)
    page.locator("input[name=stars][value='5']").check()
    page.locator("section[aria-labelledby^=rate-] textarea").fill("地方宽敞，音响也好。")
    sends(page, "section[aria-labelledby^=rate-] form")
    expect(page.locator("#ratings")).to_contain_text("地方宽敞")
    good(page)


def it_stands_on_the_lists(page: Page) -> None:
    for path in ("projects/", "lists/print", "needs/?mine=1", "resources/?kind=canteen"):
        page.goto(f"{HERE}{path}")
        good(page)
    page.goto(f"{HERE}projects/")
    expect(page.locator("main")).to_contain_text("已评价")
