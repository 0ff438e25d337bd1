"""Ballots on paper: printed, typed by two clerks, one decided by a third, counted and published."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from civic.kernel import clock
from tests import factories
from tests.browser.chromium import DESKTOP, window
from tests.server import Server, own_sqlite, serving
from tests.visitors import signed_in
from tests.voting.boxes import ballot
from tests.voting.sheets import roll

CLOSES = "form[action$='/steps/close'] button"
CLERKS = ("secretary", "deputy", "officer")


@dataclass
class Office:
    """The site of one walk: its app, server, clock, and the ballot that is counted."""

    app: Flask
    server: Server
    clock: Path
    ballot: int
    cookies: dict[str, str]

    def address(self, tail: str) -> str:
        return f"/c/erlonglu/ballots/{self.ballot}/{tail}"


@pytest.fixture
def office(sqlite, tmp_path) -> Iterator[Office]:
    with own_sqlite(sqlite, tmp_path) as app:
        file = tmp_path / "clock"
        file.write_text("0")
        with serving(tmp_path, "--testing", CIVIC_TEST_CLOCK=str(file)) as server:
            with app.app_context():
                world = factories.build_world()
                made = ballot(
                    world.erlong,
                    "增设电动车充电棚",
                    "更换单元门禁",
                    kind="items",
                    method="items",
                    roll_id=roll(world).id,
                    formal=True,
                    opens_at=clock.now() - timedelta(hours=3),
                )
                cookies = {
                    role: signed_in(app, server.port, world.people[role]).cookies["session"]
                    for role in CLERKS
                }
                found = Office(app, server, file, made.id, cookies)
            yield found
            assert "Traceback" not in (said := server.said()), said


def types(page: Page, office: Office, serial: int, number: int, answers: tuple[str, str]) -> None:
    page.goto(office.address("paper/enter"))
    expect(page.locator("#serial")).to_be_focused()
    page.keyboard.type(f"{serial:06d}")
    page.keyboard.press("Tab")
    page.keyboard.type(str(number))
    marks(page, answers)
    page.locator("#handed_in_at").fill(HANDED_IN)
    page.locator("#witness_one").fill("周红，社区主任")
    page.locator("#witness_two").fill("王桂兰，楼门长")
    page.locator("main form button[type=submit]").click()


def marks(page: Page, answers: tuple[str, str]) -> None:
    groups = page.locator(".sheet-marks fieldset")
    for place, words in enumerate(answers):
        groups.nth(place).get_by_label(words, exact=True).check()


HANDED_IN = clock.local(clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")


def test_papers_from_the_printer_to_the_result(browser: Browser, office: Office) -> None:
    with ExitStack() as stack:
        walk(office, *(sits_down(stack, browser, office, role) for role in CLERKS))


def sits_down(stack: ExitStack, browser: Browser, office: Office, role: str) -> Page:
    opened = stack.enter_context(window(browser, office.server.url, viewport=DESKTOP))
    cookie = {"name": "session", "value": office.cookies[role], "url": office.server.url}
    opened.context.add_cookies([cookie])
    return opened.page


def walk(office: Office, one: Page, two: Page, third: Page) -> None:
    one.goto(office.address("work"))
    one.get_by_role("link", name="纸质票、电话票与代办").click()
    one.locator("#count").fill("4")
    one.get_by_role("button", name="编号并打印").click()
    expect(one.locator("article.sheet")).to_have_count(4)
    expect(one.locator("article.sheet").first).to_contain_text("000001")

    agree, oppose = ("同意", "同意"), ("同意", "反对")
    for serial in (1, 2, 3):
        types(one, office, serial, serial, agree)
        expect(one.locator(".box-done")).to_contain_text("已录入一遍")
    for serial, answers in ((1, agree), (2, agree), (3, oppose)):
        types(two, office, serial, serial, answers)
    expect(two.locator(".box-stop, .box-error").first).to_contain_text("由第三人裁定")

    third.goto(office.address("paper/"))
    third.locator("#open").get_by_role("link", name="000003").click()
    expect(third.locator(".differs")).to_have_count(1)
    third.locator("#number").fill("3")
    marks(third, oppose)
    third.locator("#reason").fill("第二项勾在反对一栏")
    third.locator("#decide button[type=submit]").click()
    expect(third.locator("#state")).to_contain_text("已计入")

    office.clock.write_text(str(timedelta(days=1, minutes=1).total_seconds()))
    for page in (one, two):
        page.goto(office.address("work"))
        expect(page.locator("h1")).to_be_visible()
    # Until all papers are in, nobody closes it; the entry ended with the vote here.
    one.locator(CLOSES).click()
    two.goto(office.address("work"))
    two.locator(CLOSES).click()
    two.goto(office.address("result"))
    expect(two.locator("#result")).to_contain_text("纸质")
    expect(two.locator("#result")).to_contain_text("共发出4张，计入3张")
