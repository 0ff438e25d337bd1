"""Two quarters of a joint meeting, at both sizes, chaired by the head of a unit.

Topics, agenda, a notice that all but one acknowledge, attendance, minutes with a comment, signed
and issued; a task stays open, and the agenda of the next meeting opens with it. The body and its
seats are played before.
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
from civic.procedures import loading
from tests import factories
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.browser.test_pages import findings, too_wide
from tests.databases import Postgresql, make_app
from tests.installed import command
from tests.sample import point
from tests.server import ROOT, Server, serving
from tests.visitors import signed_in

HERE = "/c/erlonglu/party/"
PEOPLE = ("secretary", "deputy", "resident", "neighbour")
UNITS = ("启衡证券", "明川银行", "丰盛医院", "二龙路中学")
DAYS = timedelta(days=1)


@dataclass
class Site:
    """The site of one walk: its app, server, clock, and who is signed in where."""

    app: Flask
    world: factories.World
    server: Server
    clock: Path
    cookies: dict[str, str]
    passed: int = 0

    def goes_on(self, days: int) -> None:
        """Let days pass on the server and here."""
        self.passed += days
        self.clock.write_text(str((self.passed * DAYS).total_seconds()))
        clock.shift(self.passed * DAYS)


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    app = make_app(tmp_path, found=[point("party")])
    file = tmp_path / "clock"
    file.write_text("0")
    with app.app_context():
        migrate.upgrade()
        loading.sync()
        world = factories.build_world()
        switching.switch(world.erlong, "party", on=True)
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


def moves(page: Page, to: str) -> None:
    page.locator(f"form:has(input[name=to][value={to}]) button").click()


def founded(site: Site) -> tuple[int, list[int]]:
    """Found a body of four units; the heads of the first two chair in turn."""
    from civic_party import bodies, quarters, seats

    with site.app.app_context():
        world = factories.World(**vars(site.world))
        home = db.session.merge(world.erlong)
        lead = world.actor("secretary")
        body = bodies.found_body(
            lead, home, kind="grand_working_committee", title="大工委", begins_on=date(2020, 1, 1)
        )
        ids = []
        for place, name in enumerate(UNITS):
            unit = factories.organisation(home.node, name)
            seat = seats.give(lead, body, organisation_id=unit.id)
            ids.append(seat.id)
            who = world.people[("resident", "neighbour")[place]] if place < 2 else None
            if who is None:
                seats.fill(lead, body, seat.id, name=f"代表{place}", title="")
                continue
            held = factories.standing(db.session.merge(who), home.node, "resident_unit")
            held.organisation_id = unit.id
            db.session.flush()
            seats.fill(lead, body, seat.id, name="", title="总经理", person_id=who.id)
        starts = quarters.quarter_of(bodies.today())
        bodies.set_rota(lead, body, starts=starts, seat_ids=ids[:2])
        db.session.commit()
        return body.id, ids


def chair(site: Site, body_id: int, meeting: int, ids: list[int]) -> str:
    """Return who is in the chair of a meeting."""
    from civic_party import bodies
    from civic_party.meeting_models import Meeting
    from civic_party.models import Body

    with site.app.app_context():
        found = db.session.get(Meeting, meeting)
        seat = bodies.chair(db.session.get(Body, body_id), found.quarter)
        return PEOPLE[2 + ids.index(seat)]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_two_quarters_and_a_task_that_stays_open(browser: Browser, site: Site, size):
    body, ids = founded(site)
    with ExitStack() as stack:
        pages: dict[str, Page] = {}
        for role in PEOPLE:
            seen = stack.enter_context(window(browser, site.server.url, viewport=size))
            cookie = {"name": "session", "value": site.cookies[role], "url": site.server.url}
            seen.context.add_cookies([cookie])
            pages[role] = seen.page
        meeting = called(site, pages["secretary"], body, 20)
        proposed(pages["resident"], "夜间错时停车", at_home=True)
        agenda(site, pages["secretary"], meeting, 6)
        noticed(pages, meeting)
        site.goes_on(14)
        held(pages["deputy"], meeting)
        head = pages[chair(site, body, meeting, ids)]
        written(site, pages, head, meeting)
        second = called(site, pages["secretary"], body, 90)
        proposed(pages["neighbour"], "食堂午后开放", at_home=False)
        agenda(site, pages["secretary"], second, 76)
        carried(pages["neighbour"], second)


def called(site: Site, page: Page, body: int, days: int) -> int:
    page.goto(f"{HERE}bodies/{body}")
    good(page)
    page.get_by_role("link", name="召集联席会议").click()
    good(page)
    day = clock.local(clock.now() + days * DAYS)
    page.locator("#starts_at").fill(f"{day:%Y-%m-%d}T14:00")
    page.locator("#place").fill("街道会议室")
    sends(page)
    expect(page.locator("main")).to_contain_text("征集议题")
    good(page)
    return int(page.url.rsplit("/", 1)[1])


def proposed(page: Page, title: str, *, at_home: bool) -> None:
    if at_home:
        page.goto("/c/erlonglu/")
        page.get_by_role("link", name="提出议题").first.click()
    else:
        page.goto(HERE)
    good(page)
    page.get_by_role("link", name="提出议题").first.click()
    good(page)
    page.locator("#title").fill("")
    page.locator("#text").fill("19点以后车位空着。")
    page.locator("#title").fill(title)
    sends(page)
    expect(page.locator("#agenda")).to_contain_text(title)
    good(page)


def agenda(site: Site, page: Page, meeting: int, days: int) -> None:
    page.goto(f"{HERE}meetings/{meeting}")
    page.locator("form:has(button[value=accept]) button").first.click()
    site.goes_on(days)
    page.goto(f"{HERE}meetings/{meeting}")
    moves(page, "agenda")
    expect(page.locator("#agenda")).to_contain_text("议题1")
    good(page)


def noticed(pages: dict[str, Page], meeting: int) -> None:
    office = pages["secretary"]
    moves(office, "noticed")
    for role in ("resident", "neighbour"):
        page = pages[role]
        page.goto(f"{HERE}meetings/{meeting}")
        good(page)
        page.locator("section[id^=receipt-] button").click()
        expect(page.locator("main")).to_contain_text("已签收通知")
    office.reload()
    row = office.locator("#roll tr", has_text=UNITS[2])
    row.get_by_role("button").click()
    expect(office.locator("#roll")).to_contain_text("4 个单位中，3 个已签收通知")
    good(office)
    for sheet in ("notice", "sign-in", "missing"):
        office.goto(f"{HERE}meetings/{meeting}/print/{sheet}")
        good(office)
    expect(office.locator("tbody tr")).to_have_count(1)
    expect(office.locator("tbody")).to_contain_text(UNITS[3])


def held(page: Page, meeting: int) -> None:
    page.goto(f"{HERE}meetings/{meeting}")
    moves(page, "open")
    page.get_by_role("link", name="登记到会").click()
    good(page)
    for place, how in enumerate(("present", "present", "represented", "excused")):
        page.locator("fieldset").nth(place).locator(f"input[value={how}]").check()
    sends(page)
    expect(page.locator("[role=alert]")).to_contain_text(UNITS[2])
    page.locator("input[name^=who_]").nth(2).fill("周老师")
    sends(page)
    expect(page.locator("main")).to_contain_text("到会 3 个")
    good(page)
    page.get_by_role("link", name="回到会议").click()
    page.get_by_role("link", name="决定和督办").click()
    good(page)
    page.locator("#words").fill("同意试行一个季度。")
    page.locator("input[name=way][value=vote]").check()
    for name, count in (("agree", 3), ("against", 1), ("abstained", 0)):
        page.locator(f"#{name}").fill(str(count))
    sends(page, "#decision form")
    expect(page.locator("[role=alert]")).to_contain_text("4 票")
    page.locator("#against").fill("0")
    sends(page, "#decision form")
    page.locator("#tasks #title").fill("开放五十个夜间车位")
    page.locator("#owner").select_option(label=UNITS[1])
    page.locator("input[name=helpers]").nth(2).check()
    day = clock.local(clock.now() + 120 * DAYS)
    page.locator("#due_on").fill(f"{day:%Y-%m-%d}")
    sends(page, "#tasks form:has(#due_on)")
    expect(page.locator("#tasks")).to_contain_text("开放五十个夜间车位")
    good(page)


def written(site: Site, pages: dict[str, Page], head: Page, meeting: int) -> None:
    clerk = pages["deputy"]
    clerk.goto(f"{HERE}meetings/{meeting}/minutes/write")
    good(clerk)
    clerk.locator("#opinions").fill("各单位赞成先试行。")
    sends(clerk)
    clerk.goto(f"{HERE}meetings/{meeting}")
    moves(clerk, "drafting")
    clerk.goto(f"{HERE}meetings/{meeting}/minutes")
    good(clerk)
    moves(clerk, "commenting")
    for role, words in (("resident", ""), ("neighbour", "请写明只在夜间。")):
        page = pages[role]
        page.goto(f"{HERE}meetings/{meeting}/minutes")
        good(page)
        page.locator("[id^=remark-] textarea").first.fill(words)
        sends(page, "[id^=remark-]")
        expect(page.locator("#remarks")).to_contain_text(words or "同意")
    clerk.goto(f"{HERE}meetings/{meeting}/minutes")
    clerk.locator("input[name=adopted][value=yes]").check()
    clerk.locator("[id^=answer-]").fill("已写明，车位只在夜间开放。")
    sends(clerk, "#remarks form")
    good(clerk)
    head.goto(f"{HERE}meetings/{meeting}/minutes")
    moves(head, "signed")
    expect(head.locator("[role=alert]")).to_contain_text("征求意见")
    site.goes_on(5)
    head.goto(f"{HERE}meetings/{meeting}/minutes")
    moves(head, "signed")
    head.goto(f"{HERE}meetings/{meeting}/minutes")
    expect(head.locator("main")).to_contain_text("主持单位已签字")
    good(head)
    office = pages["secretary"]
    office.goto(f"{HERE}meetings/{meeting}/minutes")
    moves(office, "issued")
    office.goto(f"{HERE}meetings/{meeting}/print/minutes")
    good(office)
    expect(office.locator("article")).to_contain_text("同意试行一个季度。")
    clerk.goto("/desk/")  # whoever issued the minutes drafted the bulletin; another one issues it
    expect(clerk.locator("main")).to_contain_text("联席会议纪要")


def carried(page: Page, meeting: int) -> None:
    page.goto(f"{HERE}meetings/{meeting}")
    expect(page.locator("#agenda")).to_contain_text("未办结的事项")
    expect(page.locator("#agenda li").first).to_contain_text("开放五十个夜间车位")
    expect(page.locator("#agenda li").first).to_contain_text("结转 1 次")
    page.get_by_role("link", name="开放五十个夜间车位").click()
    good(page)
    expect(page.locator("main")).to_contain_text("办理中")
    page.locator("#words").fill("已划线三十个。")
    sends(page, "#report form")
    expect(page.locator("#steps")).to_contain_text("已划线三十个。")
    page.goto(f"{HERE}tasks/")
    good(page)
    expect(page.locator("main")).to_contain_text("开放五十个夜间车位")
