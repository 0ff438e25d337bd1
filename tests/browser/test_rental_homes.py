"""A conversion, at both sizes: through the joint review with a condition, to homes that are found.

A check that fails names its rule and its cure. What the walk does not look at is played before.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from civic.communities import switching
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

HERE = "/c/erlonglu/rental/"
PEOPLE = ("secretary", "deputy", "officer", "worker")
DOOR = "3层301"


@dataclass
class Site:
    """The site of one walk: its app, server, and who is signed in where."""

    app: Flask
    world: factories.World
    server: Server
    cookies: dict[str, str]


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    app = make_app(tmp_path, found=[point("rental")])
    with app.app_context():
        migrate.upgrade()
        world = factories.build_world()
        switching.switch(world.erlong, "rental", on=True)
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


def sends(page: Page, where: str = "main") -> None:
    page.locator(f"{where} form[method=post] button[type=submit]:visible").first.click()


def _on_record(world: factories.World, row, day: date) -> None:
    from civic_rental import recording, states

    for code in states.way().states[row.state].records:
        recording.record(world.actor("deputy"), row, code, "示例1号", day, "已核对")


def asked(site: Site) -> int:
    """Take a conversion in, and lead it to its joint review; three offices pass it on paper."""
    from civic_rental import conversions, moving, reviewing

    with site.app.app_context():
        world = factories.World(**vars(site.world))
        home = db.session.merge(world.erlong)
        writes, leads = world.actor("deputy"), world.actor("secretary")
        today = clock.local(clock.now()).date() - timedelta(days=1)
        values = {"title": "甲9号改造公寓", "building": "二龙路甲9号", "old_use": "rental"}
        values |= {"kind": "apartment", "operator": "安居公司", "about": ""}
        row = conversions.write(writes, home, values, "walk")
        for to in ("eligibility", "demand", "neighbours", "joint_review"):
            _on_record(world, row, today)
            conversions.add_partner(writes, row, "明川银行", 4)
            moving.move(leads, row, to, "")
        for office in ("housing", "planning", "urban"):
            said = reviewing.record_letter(writes, row, office, "pass", "", f"函{office}")
            reviewing.confirm(leads, said)
        db.session.commit()
        return row.id


def converted(site: Site, key: int) -> None:
    """Let the works be done, and write homes down whose deposit is too high."""
    from civic_rental import commutes, conversions, listings, moving
    from civic_rental.models import Conversion
    from civic_rental.words import codes

    with site.app.app_context():
        world = factories.World(**vars(site.world))
        home = db.session.merge(world.erlong)
        writes, leads = world.actor("deputy"), world.actor("secretary")
        row = db.session.get(Conversion, key)
        today = clock.local(clock.now()).date() - timedelta(days=1)
        for to in ("works", "acceptance", "inspection"):
            _on_record(world, row, today)
            moving.move(leads, row, to, "")
        _on_record(world, row, today)
        conversions.tick(writes, row, codes("conversion", "fact"))
        values = {"title": "朝南一居室", "kind": "apartment", "layout": "一室一卫", "area": 3200}
        values |= {"rent": 320000, "pay_months": 1, "deposit": 640000, "custody": "托管账户"}
        values |= {"fees": "", "lease_months": 12, "furniture": ["bed"], "lift": True}
        values |= {"step_free": False, "text": "近地铁", "audience": ["worker"], "tiers": ["other"]}
        rooms = [{"use": "bedroom", "area": 1500, "persons": 2, "window": True}]
        made = listings.write(writes, row, values, rooms, "walk")
        listings.set_doors(writes, made, [DOOR])
        ways = [("金融街", 14, 6, 31), ("西单", 40, 20, 25)]
        commutes.apply(writes, home, commutes.planned(row.id, ways))
        db.session.commit()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_joint_review_to_a_home_that_is_found(browser: Browser, site: Site, size):
    key = asked(site)
    with ExitStack() as stack:
        pages: dict[str, Page] = {}
        for role in PEOPLE:
            seen = stack.enter_context(window(browser, site.server.url, viewport=size))
            cookie = {"name": "session", "value": site.cookies[role], "url": site.server.url}
            seen.context.add_cookies([cookie])
            pages[role] = seen.page
        a_letter_carries_a_condition(pages["deputy"], pages["secretary"], key)
        street_and_community_pass_it(pages["officer"], pages["secretary"], key)
        converted(site, key)
        a_check_names_rule_and_cure(pages["deputy"], pages["secretary"], key)
        the_condition_is_met_and_homes_are_published(pages["secretary"], key)
        a_worker_finds_it_by_the_way_to_work(pages["worker"])


def a_letter_carries_a_condition(deputy: Page, secretary: Page, key: int) -> None:
    deputy.goto(f"{HERE}conversions/{key}/review")
    good(deputy)
    deputy.locator("#letter summary").click()
    letter = deputy.locator("#letter form")
    letter.locator("select[name=office]").select_option("fire")
    letter.locator("input[name=opinion][value=condition]").check()
    letter.locator("#letter-words").fill("增设第二个安全出口")
    letter.locator("input[name=letter]").fill("消审31号")
    letter.locator("button[type=submit]").click()
    fire = deputy.locator("#office-fire")
    expect(fire).to_contain_text("待第二人确认")
    expect(fire).to_contain_text("另一人")
    secretary.goto("/desk/")
    secretary.locator("main").get_by_role("link", name="核对来函").first.click()
    good(secretary)
    secretary.locator("#office-fire").get_by_role("button", name="确认").click()
    expect(secretary.locator("#office-fire")).to_contain_text("条件待落实")


def street_and_community_pass_it(officer: Page, secretary: Page, key: int) -> None:
    for page in (officer, secretary):
        page.goto(f"{HERE}conversions/{key}/review")
        own = page.locator("#give form")
        own.locator("input[name=opinion][value=condition]").check()
        own.locator("button[type=submit]").click()
        expect(page.locator("[role=alert]").first).to_contain_text("条件")
        own.locator("input[name=opinion][value=pass]").check()
        own.locator("button[type=submit]").click()
        expect(page.locator(".flashes")).to_contain_text("部门意见已提交")
    secretary.goto(f"{HERE}conversions/{key}/review/print")
    good(secretary)
    secretary.goto(f"{HERE}conversions/{key}/")
    good(secretary)
    secretary.locator("#move").get_by_role("button", name="认定").click()
    expect(secretary.locator(".flashes")).to_contain_text("认定")
    # Its number is recorded by the page; all that follows is played.
    secretary.locator("#number").fill("西住认〔2026〕3号")
    secretary.locator("#day").fill(f"{clock.local(clock.now()):%Y-%m-%d}")
    sends(secretary, "#records")
    expect(secretary.locator("#records")).to_contain_text("西住认〔2026〕3号")


def a_check_names_rule_and_cure(deputy: Page, secretary: Page, key: int) -> None:
    secretary.goto(f"{HERE}conversions/{key}/")
    expect(secretary.locator("#lacks")).to_contain_text("增设第二个安全出口")
    secretary.locator("#move").get_by_role("button", name="已上架").click()
    expect(secretary.locator("[role=alert]").first).to_contain_text("还不能进入下一步")
    expect(secretary.locator("#lacks")).to_contain_text("押金不超过一个月租金")
    expect(secretary.locator("#lacks")).to_contain_text("3,200")
    good(secretary)
    deputy.goto(f"{HERE}conversions/{key}/")
    deputy.locator("#homes").get_by_role("link", name="朝南一居室").click()
    expect(deputy.locator("#checks")).to_contain_text("押金")
    good(deputy)
    deputy.locator("main").get_by_role("link", name="修改").click()
    good(deputy)
    deputy.locator("#deposit").fill("很多")
    sends(deputy)
    expect(deputy.locator("[role=alert]").first).to_contain_text("金额")
    deputy.locator("#deposit").fill("3200")
    sends(deputy)
    expect(deputy.locator("#checks")).to_contain_text("各项标准均符合")


def the_condition_is_met_and_homes_are_published(secretary: Page, key: int) -> None:
    secretary.goto(f"{HERE}conversions/{key}/review")
    fire = secretary.locator("#office-fire")
    fire.locator("summary").click()
    fire.locator("textarea").fill("东侧出口已建成")
    fire.get_by_role("button", name="登记").click()
    expect(secretary.locator("#office-fire")).to_contain_text("条件已落实")
    secretary.goto(f"{HERE}conversions/{key}/")
    secretary.locator("#move").get_by_role("button", name="已上架").click()
    expect(secretary.locator(".flashes")).to_contain_text("已上架")
    secretary.locator("#homes").get_by_role("link", name="朝南一居室").click()
    secretary.get_by_role("button", name="发布房源").click()
    expect(secretary.locator(".flashes")).to_contain_text("房源已公开")
    good(secretary)


def a_worker_finds_it_by_the_way_to_work(page: Page) -> None:
    page.goto("/c/erlonglu/")
    page.locator("section[aria-labelledby=rental-title]").get_by_role("link", name="全部").click()
    good(page)
    page.locator("#workplace").select_option(label="西单")
    page.locator("#minutes").select_option("15")
    page.get_by_role("button", name="查找房源").click()
    expect(page.locator("main")).to_contain_text("没有符合条件的房源")
    good(page)
    page.locator("#workplace").select_option(label="金融街")
    page.get_by_role("button", name="查找房源").click()
    expect(page.locator("main")).to_contain_text("步行14分钟")
    page.locator("main").get_by_role("link", name="朝南一居室").click()
    good(page)
    expect(page.locator("#ways")).to_contain_text("金融街")
    expect(page.locator("main")).not_to_contain_text(DOOR)
    page.locator("main").get_by_role("link", name="打印张贴").click()
    good(page)
    expect(page.locator("main")).not_to_contain_text(DOOR)
