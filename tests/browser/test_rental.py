"""A worker finds a home by the way to work, applies, follows the draw and recomputes her rank.

At both sizes: the list is frozen, an officer draws, the secretary publishes and offers, she says
yes. What the walk does not look at is played before.
"""

import re
import subprocess
import sys
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

HERE = "/c/erlonglu/rental/"
PEOPLE = ("secretary", "officer", "worker", "deputy")
DAY = timedelta(days=1)
NUMBER = "03,11,17,22,29,33+08"
OTHERS = 5


@dataclass
class Site:
    """The site of one walk: its app, server, clock, and who is signed in where."""

    app: Flask
    world: factories.World
    server: Server
    clock: Path
    cookies: dict[str, str]

    def goes_on(self, days: int) -> None:
        """Let so many days have passed since the beginning, on the server and here."""
        self.clock.write_text(str((days * DAY).total_seconds()))
        clock.shift(days * DAY)


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    app = make_app(tmp_path, found=[point("rental")])
    file = tmp_path / "clock"
    file.write_text("0")
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
    page.wait_for_load_state("load")
    assert findings(page) + too_wide(page) == []


def sends(page: Page, where: str = "main form[method=post]") -> None:
    page.locator(f"{where} button[type=submit]:visible").first.click()


def listed(site: Site) -> int:
    """List two kinds of homes, one of them near to work, and fix how those are allotted."""
    from civic_rental import allocating, fixing
    from civic_rental.home_models import Commute, Home, Listing, Workplace
    from civic_rental.models import Conversion

    with site.app.app_context():
        world = factories.World(**vars(site.world))
        home = db.session.merge(world.erlong)
        now = clock.now()
        place = Workplace(community_id=home.id, name="金融街")
        db.session.add(place)
        db.session.flush()
        for title, minutes in (("甲27号一居室", 12), ("远郊开间", 58)):
            conversion = Conversion(
                community_id=home.id,
                title=f"{title}改造",
                building=f"{title}楼",
                old_use="hotel",
                kind="apartment",
                operator="安邻公司",
                about="",
                facts=[],
                state="listed",
                entered_at=now,
                form_key=title,
                made_at=now,
            )
            db.session.add(conversion)
            db.session.flush()
            ways = {"conversion_id": conversion.id, "workplace_id": place.id}
            db.session.add(Commute(mode="transit", minutes=minutes, **ways))
            listing = Listing(
                community_id=home.id,
                conversion_id=conversion.id,
                title=title,
                kind="apartment",
                layout="一室一卫",
                area=3200,
                rent=320000,
                pay_months=1,
                deposit=320000,
                custody="托管账户",
                fees="",
                lease_months=12,
                furniture=["bed"],
                lift=True,
                step_free=True,
                text="近地铁",
                audience=["worker"],
                tiers=["partner", "far", "other"],
                homes=OTHERS + 1,
                persons=2,
                state="listed",
                form_key=title,
                made_at=now,
                published_at=now,
            )
            db.session.add(listing)
            db.session.flush()
            doors = range(1, OTHERS + 2)
            db.session.add_all(Home(listing_id=listing.id, door=f"{n}0{n}室") for n in doors)
            if minutes == 12:
                near = listing
        closes_at = now + 3 * DAY
        values = {
            "title": "甲27号首批配租",
            "listing_id": near.id,
            "tiers": allocating.tiers(near.tiers, {"partner": 2}),
            "ordering": "lottery",
            "source": "lottery",
            "issue": "第2026135期",
            "opens_at": now + timedelta(minutes=1),
            "closes_at": closes_at,
            "public_at": allocating.earliest(closes_at) + timedelta(hours=21),
        }
        lead = world.actor("secretary")
        made = allocating.draw_up(lead, home, "walk", values)
        fixing.fix(lead, made, made.version)
        db.session.commit()
        return made.id


def others(site: Site, key: int) -> None:
    """Let others apply, two of them in her tier."""
    from civic_rental import applying, handing_in, verifying
    from civic_rental.allocation_models import Allocation

    with site.app.app_context():
        world = factories.World(**vars(site.world))
        which = db.session.get(Allocation, key)
        home = db.session.merge(world.erlong)
        for number in range(OTHERS):
            who = factories.person(f"申请{number}")
            factories.standing(who, home.node, "worker")
            db.session.flush()
            actor = _actor(site, who.id)
            one = applying.start(actor, which)
            values = {"household": 1, "address": f"某街{number}号", "phone": f"1391111000{number}"}
            applying.save_household(one, one.version, values)
            applying.save_work(one, one.version, {"unit": "某司", "workplace_id": None})
            claims = {"no_home": "证明", "far": "地铁80分钟"} if number < 2 else {}
            applying.save_grounds(one, one.version, claims)
            handing_in.submit(actor, one, one.version)
            for kind in claims:
                verifying.decide(world.actor("deputy"), one, kind, holds_true=True, reason="")
        db.session.commit()


def _actor(site: Site, person_id: int) -> Actor:
    from civic.identities import actors

    found = actors.actor_for(person_id)
    assert found is not None
    return found


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_a_home_found_by_the_way_to_work_to_its_door(
    browser: Browser, site: Site, size, tmp_path
):
    key = listed(site)
    site.goes_on(1)
    with ExitStack() as stack:
        pages: dict[str, Page] = {}
        for role in PEOPLE:
            seen = stack.enter_context(window(browser, site.server.url, viewport=size))
            cookie = {"name": "session", "value": site.cookies[role], "url": site.server.url}
            seen.context.add_cookies([cookie])
            pages[role] = seen.page
        she_finds_a_home_and_applies(pages["worker"])
        others(site, key)
        her_claims_are_verified(pages["deputy"], key)
        site.goes_on(4)
        the_list_is_frozen(pages["secretary"], pages["worker"], key)
        site.goes_on(12)
        an_officer_draws_and_the_secretary_publishes(pages["officer"], pages["secretary"], key)
        she_recomputes_her_rank(pages["worker"], tmp_path)
        site.goes_on(20)
        she_is_offered_a_home_and_says_yes(pages["secretary"], pages["worker"], key)


def she_finds_a_home_and_applies(page: Page) -> None:
    page.goto(HERE)
    page.locator("select[name=workplace]").select_option(label="金融街")
    page.locator("select[name=minutes]").select_option("15")
    page.locator("main form[role=search] button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("甲27号一居室")
    expect(page.locator("main")).not_to_contain_text("远郊开间")
    page.get_by_role("link", name="甲27号一居室").first.click()
    good(page)
    page.locator(".ask a").first.click()
    good(page)
    sends(page, "#apply form")
    good(page)
    page.locator("#household").fill("两个")
    page.locator("#phone").fill("139 2222 3333")
    page.locator("#address").fill("大兴区某镇1号楼")
    sends(page)
    expect(page.locator("[role=alert]")).to_contain_text("数字")
    expect(page.locator("#phone")).to_have_value("139 2222 3333")
    good(page)
    page.locator("#household").fill("2")
    sends(page)
    page.locator("#unit").fill("金融街某银行")
    page.locator("#workplace").select_option(label="金融街")
    good(page)
    sends(page)
    good(page)
    sends(page)
    page.locator("input[name=claim_no_home]").check()
    page.locator("#evidence_no_home").fill("无房证明第12号")
    page.locator("input[name=claim_far]").check()
    page.locator("#evidence_far").fill("大兴到金融街，地铁75分钟")
    good(page)
    sends(page)
    good(page)
    sends(page)
    expect(page.locator("h1")).to_contain_text("受理号1")
    good(page)


def her_claims_are_verified(page: Page, key: int) -> None:
    page.goto("/desk/")
    page.get_by_role("link", name="核实申报情况").first.click()
    good(page)
    page.get_by_role("link", name="受理号1").first.click()
    good(page)
    for kind in ("no_home", "far"):
        page.locator(f"#claim-{kind} input[value=yes]").check()
        sends(page, f"#claim-{kind} form")
    expect(page.locator("main")).to_contain_text("本市无房且通勤超过60分钟")
    page.goto(f"{HERE}allocations/{key}/doubles")
    good(page)


def the_list_is_frozen(page: Page, worker: Page, key: int) -> None:
    page.goto(f"{HERE}allocations/{key}/conduct")
    good(page)
    sends(page, "#freeze form")
    expect(page.locator("#draw")).to_be_visible()
    worker.goto(f"{HERE}allocations/{key}/")
    good(worker)
    worker.get_by_role("link", name="看名单").first.click()
    expect(worker.locator("#lines tbody tr")).to_have_count(OTHERS + 1)
    good(worker)


def an_officer_draws_and_the_secretary_publishes(officer: Page, page: Page, key: int) -> None:
    page.goto(f"{HERE}allocations/{key}/conduct")
    expect(page.locator("#draw form")).to_have_count(0)
    officer.goto(f"{HERE}allocations/{key}/conduct")
    good(officer)
    officer.locator("#number").fill("三号")
    sends(officer, "#draw form")
    expect(officer.locator("[role=alert]")).to_contain_text("03,11,17")
    officer.locator("#number").fill(NUMBER)
    sends(officer, "#draw form")
    expect(officer.locator("#publish")).to_be_visible()
    page.goto(f"{HERE}allocations/{key}/conduct")
    page.locator("#number").fill(NUMBER)
    good(page)
    sends(page, "#publish form")
    expect(page.locator("#offer")).to_be_visible()


def she_recomputes_her_rank(page: Page, folder: Path) -> None:
    page.goto("/c/erlonglu/")
    page.locator("section[aria-labelledby=rental-title]").get_by_role(
        "link", name="甲27号首批配租"
    ).click()
    expect(page.locator("#rank")).to_be_visible()
    good(page)
    rank = re.search(r"第(\d+)名，共6名", page.locator("#rank").inner_text())
    assert rank is not None
    page.get_by_role("link", name="自己重新算一遍").click()
    expect(page.locator("#find")).to_be_visible()
    good(page)
    files = {}
    for name in ("下载摇号文件", "下载核对程序"):
        with page.expect_download() as started:
            page.get_by_role("link", name=name).click()
        files[name] = folder / started.value.suggested_filename
        started.value.save_as(files[name])
    told = [sys.executable, "-I", str(files["下载核对程序"]), str(files["下载摇号文件"])]
    done = subprocess.run([*told, "--mine", "1"], capture_output=True, text=True, check=True)
    assert f"receipt 1 has rank {rank[1]} of 6" in done.stdout


def she_is_offered_a_home_and_says_yes(page: Page, worker: Page, key: int) -> None:
    page.goto(f"{HERE}allocations/{key}/conduct")
    sends(page, "#offer form")
    worker.goto(f"{HERE}allocations/{key}/")
    worker.get_by_role("link", name="您的申请").click()
    good(worker)
    expect(worker.locator("main")).not_to_contain_text("门牌：")
    sends(worker, "#offer form")
    expect(worker.locator("main")).to_contain_text("门牌：")
    good(worker)
