"""Events, at both sizes: a fair waits for its permit; a group waits, is asked, comes and rates."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from civic.kernel import clock
from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests import factories
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.browser.test_pages import findings, too_wide
from tests.installed import command
from tests.server import ROOT, Server, own_sqlite, serving
from tests.visitors import signed_in

HERE = "/c/erlonglu/events/"
PEOPLE = ("deputy", "secretary", "resident", "neighbour")
PERMIT = "京公大活〔2026〕7号"


@dataclass
class Site:
    """The site of one walk: its app, server, clock, and who is signed in where."""

    app: Flask
    server: Server
    clock: Path
    cookies: dict[str, str]

    def goes_on(self, moment: timedelta) -> None:
        self.clock.write_text(str(moment.total_seconds()))


@pytest.fixture
def site(sqlite, tmp_path) -> Iterator[Site]:
    with own_sqlite(sqlite, tmp_path) as app:
        file = tmp_path / "clock"
        file.write_text("0")
        done = command(app, str(ROOT), "db", "upgrade")
        assert done.returncode == 0, done.stderr
        with app.app_context():
            world = factories.build_world()
            db.session.add(Activation(community_id=world.erlong.id, plugin="events"))
            db.session.commit()
        with serving(tmp_path, "--testing", CIVIC_TEST_CLOCK=str(file)) as server:
            with app.app_context():
                cookies = {
                    role: signed_in(app, server.port, world.people[role]).cookies["session"]
                    for role in PEOPLE
                }
            yield Site(app, server, file, cookies)
            assert "Traceback" not in (said := server.said()), said


def sends(page: Page, where: str = "main") -> None:
    page.locator(f"{where} form[method=post] button[type=submit]:visible").first.click()


def good(page: Page) -> None:
    """Look for what axe finds serious, and for a page that is wider than the screen."""
    assert findings(page) + too_wide(page) == []


def writes(page: Page, title: str, begins: datetime, **fields: str) -> None:
    page.goto(f"{HERE}office/new")
    local = clock.local(begins)
    values = {
        "title": title,
        "place": "社区礼堂",
        "starts_at": f"{local:%Y-%m-%dT10:00}",
        "ends_at": f"{local:%Y-%m-%dT12:00}",
        "organiser": "二龙路社区",
        "lead": "孙伟",
    } | fields
    for name, value in values.items():
        page.locator(f"#{name}").fill(value)
    for box in page.locator("input[name=facts]").all()[:2]:
        box.check()


def decides(page: Page, address: str) -> None:
    page.goto("/desk/")
    page.goto(address)
    page.locator("input[name=act][value=accept]").check()
    sends(page, "#decide")
    expect(page.locator("main")).to_contain_text("决定已保存")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_fair_and_a_group(browser: Browser, site: Site, size):
    with ExitStack() as stack:
        pages: dict[str, Page] = {}
        for role in PEOPLE:
            opened = stack.enter_context(window(browser, site.server.url, viewport=size))
            cookie = {"name": "session", "value": site.cookies[role], "url": site.server.url}
            opened.context.add_cookies([cookie])
            pages[role] = opened.page
        a_fair_is_stopped_until_its_permit_is_there(pages["deputy"], pages["secretary"])
        a_group_waits_comes_and_rates(site, pages)


def a_fair_is_stopped_until_its_permit_is_there(deputy: Page, secretary: Page) -> None:
    writes(deputy, "新春游园会", clock.now() + timedelta(days=80), expected="1200")
    good(deputy)
    sends(deputy)
    expect(deputy.locator("#checks")).to_contain_text("安全工作方案还缺")
    expect(deputy.locator("#file button")).to_have_count(0)
    deputy.locator("#file a").click()
    for box in deputy.locator("input[name=plan]").all():
        box.check()
    sends(deputy)
    good(deputy)
    sends(deputy, "#file")
    address = deputy.url
    decides(secretary, address)
    good(secretary)
    deputy.goto(address)
    expect(deputy.locator("#publish")).to_contain_text("现在还不能发布")
    expect(deputy.locator("#publish button")).to_have_count(0)
    secretary.locator("#number").fill(PERMIT)
    secretary.locator("#office").fill("西城分局")
    sends(secretary, "#permit")
    deputy.reload()
    sends(deputy, "#publish")
    deputy.goto(HERE)
    expect(deputy.locator("main")).to_contain_text("新春游园会")


def is_asked(page: Page) -> None:
    """See the offer on the home page; an event tells it, right after the answer to who left."""
    for _ in range(50):
        page.goto("/c/erlonglu/")
        if "确认来不来" in page.locator("main").inner_text():
            return
        sleep(0.2)
    expect(page.locator("main")).to_contain_text("确认来不来")


def a_group_waits_comes_and_rates(site: Site, pages: dict[str, Page]) -> None:
    deputy, secretary = pages["deputy"], pages["secretary"]
    resident, neighbour = pages["resident"], pages["neighbour"]
    begins = clock.now() + timedelta(days=10)
    opens = clock.local(begins).replace(hour=10, minute=0, second=0) - timedelta(hours=2)
    writes(deputy, "合唱会", begins, expected="30", capacity="4")
    sends(deputy)
    sends(deputy, "#file")
    decides(secretary, deputy.url)
    deputy.reload()
    sends(deputy, "#publish")
    page = deputy.url.removesuffix("filing")
    for who, text in ((neighbour, "报名成功"), (resident, "您已开始排队")):
        who.goto("/c/erlonglu/")
        who.get_by_role("link", name="合唱会").first.click()
        good(who)
        who.locator("#places").fill("3")
        sends(who, "#sign-up")
        expect(who.locator("main")).to_contain_text(text)
    expect(resident.locator("#mine")).to_contain_text("下一位就是您")
    good(resident)
    neighbour.locator("#mine summary").click()
    neighbour.locator("button[value=leave]").click()
    is_asked(resident)
    resident.goto(page)
    expect(resident.locator("#mine")).to_contain_text("为您保留了3个名额")
    good(resident)
    resident.locator("button[value=accept]").click()
    resident.locator("#mine a").first.click()
    good(resident)
    code = (resident.locator(".secret").first.text_content() or "").strip()
    site.goes_on(opens - clock.now())
    secretary.goto(f"{page}people")
    good(secretary)
    secretary.locator("#code input").fill(code.lower())
    secretary.locator("#code button").click()
    expect(secretary.locator("h1")).to_have_text("王桂兰")
    good(secretary)
    sends(secretary, "#admit")
    expect(secretary.locator("#facts")).to_contain_text("3")
    secretary.go_back()
    secretary.reload()
    expect(secretary.locator("main")).to_contain_text("已经入场")
    site.goes_on(timedelta(days=11))
    resident.goto(page)
    resident.locator("input[name=stars][value='5']").check()
    resident.locator("#words").fill("唱得高兴")
    sends(resident, "#rate")
    expect(resident.locator("main")).to_contain_text("谢谢")
    expect(resident.locator("#feedback")).to_contain_text("5人以上")
    good(resident)
