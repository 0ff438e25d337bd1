"""A household ballot: from a procedure to a result that a stranger counts again."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from civic.identities.dwellings import Household, HouseholdRep
from civic.kernel import clock
from civic.kernel.db import db
from civic.procedures import loading
from tests import factories
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.server import Server, own_sqlite, serving

HERE = "/c/erlonglu"
QUESTION = "楼门口装扶手吗？"
SECRET = "test" * 8


@dataclass
class Site:
    """A site with three homes and people who are signed in."""

    server: Server
    clock: Path
    cookies: dict[str, str]
    name: str

    def moves_to(self, moment: timedelta) -> None:
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(moment.total_seconds()))
        fresh.replace(self.clock)

    def lets_in(self, context: BrowserContext, who: str) -> None:
        value = self.cookies[who]
        context.add_cookies([{"name": self.name, "value": value, "url": self.server.url}])


@pytest.fixture
def site(sqlite, tmp_path) -> Iterator[Site]:
    with own_sqlite(sqlite, tmp_path) as app:
        app.secret_key = SECRET
        signer = app.session_interface.get_signing_serializer(app)
        with app.app_context():
            world = factories.build_world()
            homes = [factories.home(world.erlong, world.gate, str(n))[0] for n in (302, 303, 304)]
            for dwelling, who in zip(homes, (world.resident, world.neighbour), strict=False):
                household = db.session.scalars(
                    select(Household.id).filter_by(dwelling_id=dwelling)
                ).one()
                since = clock.now() - factories.LONG_AGO
                key = {"household_id": household, "person_id": who.id}
                db.session.add(HouseholdRep(basis="推选", valid_from=since, **key))
            loading.sync()
            db.session.commit()
            people = {who: world.people[who] for who in ("secretary", "deputy", "resident")}
            cookies = {
                who: signer.dumps({"_user_id": factories.session_key(person)})
                for who, person in people.items()
            }
        watch = tmp_path / "clock"
        watch.write_text("0")
        with serving(tmp_path, "--testing", CIVIC_TEST_CLOCK=str(watch)) as server:
            yield Site(server, watch, cookies, app.config["SESSION_COOKIE_NAME"])
            assert "Traceback" not in (said := server.said()), said


def sends(page: Page, box: str = "main") -> None:
    page.locator(f"{box} form[method=post] button[type=submit]:visible").first.click()


def draws_a_roll(page: Page) -> str:
    page.goto(f"{HERE}/desk/rolls/new")
    page.locator("input[name=whose][value=households]").check()
    page.locator("#node").select_option(label="二龙路社区")
    sends(page)
    expect(page.locator("h1")).to_contain_text("名册")
    return page.url


def freezes(page: Page, roll: str) -> None:
    page.goto(roll)
    until = clock.local(clock.now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    form = page.locator("form[action$='/freeze']")
    form.locator("input[type=datetime-local]").fill(until)
    form.locator("button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("已冻结")


def drafts(page: Page) -> str:
    page.goto(f"{HERE}/desk/ballots/")
    page.get_by_role("link", name="起草表决").click()
    page.get_by_role("link", name="楼门（院）议事", exact=True).click()
    page.locator("main a[href*='kind=items']").click()
    page.locator("#question").fill(QUESTION)
    page.locator("#options").fill("装扶手\n钥匙由楼门长保管")
    page.locator("#roll").select_option(index=1)
    sends(page)
    expect(page.locator("main")).to_contain_text("可以开启")
    page.locator("#open button[type=submit]").click()
    # Whoever proposed it cannot open it.
    page.goto(f"{HERE}/desk/ballots/")
    page.get_by_role("link", name=QUESTION).click()
    expect(page.locator("#open button")).to_have_count(0)
    return page.url


def opens(page: Page, draft: str) -> str:
    page.goto(draft)
    page.locator("#open button[type=submit]").click()
    page.goto(draft)
    expect(page.locator("main")).to_contain_text("投票还没有开始")
    return page.url


def votes(page: Page) -> str:
    page.goto(f"{HERE}/")
    page.locator("section[aria-labelledby=waiting] a.btn").first.click()
    expect(page.locator("main")).to_contain_text("302")
    for field in page.locator(".ballot fieldset").all():
        field.locator("input[value=agree]").check()
    page.locator("#vote button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("装扶手")
    page.locator(".ballot-foot button[type=submit]").click()
    code = page.locator(".stat code").text_content() or ""
    assert re.fullmatch(r"[0-9A-Z]{4,5}(-[0-9A-Z]{4})+", code.strip()), code
    page.goto(f"{HERE}/")
    expect(page.locator("section[aria-labelledby=waiting]")).to_have_count(0)
    return code.strip()


def closes(page: Page, ballot: str) -> None:
    page.goto(f"{ballot}work")
    page.locator("form[action$='/steps/close'] button").click()


def checks(page: Page, ballot: str, folder: Path) -> None:
    """Read the result, load the votes, and count them again with the program that is offered."""
    page.goto(f"{ballot}result")
    result = page.locator("#result")
    expect(result).to_contain_text("装扶手")
    expect(result).to_contain_text("应参加 3，实际参加 1，须达到 2")
    digest = (page.locator("#check code").first.text_content() or "").strip()
    paths = []
    for link in page.locator("#check ol a").all():
        with page.expect_download() as loading_:
            link.click()
        target = folder / loading_.value.suggested_filename
        loading_.value.save_as(target)
        paths.append(target)
    bundle, program = paths
    assert program.name == "verify.py"
    command = [sys.executable, str(program), str(bundle), "--closing", digest]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "In order: 1 votes, 1 receipts." in done.stdout
    assert "REHEARSAL" not in done.stdout


def test_a_household_ballot_from_the_draft_to_the_recount(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    url = site.server.url
    with (
        window(browser, url, viewport=DESKTOP) as secretary,
        window(browser, url, viewport=DESKTOP) as deputy,
        window(browser, url, viewport=PHONE, java_script_enabled=False) as resident,
    ):
        site.lets_in(secretary.context, "secretary")
        site.lets_in(deputy.context, "deputy")
        site.lets_in(resident.context, "resident")
        freezes(deputy.page, draws_a_roll(secretary.page))
        ballot = opens(deputy.page, drafts(secretary.page))
        site.moves_to(timedelta(days=12))
        code = votes(resident.page)
        site.moves_to(timedelta(days=20))
        closes(secretary.page, ballot)
        closes(deputy.page, ballot)
        checks(resident.page, ballot, tmp_path)
        resident.page.goto(f"{ballot}check?code={code}")
        expect(resident.page.locator(".box-done")).to_be_visible()
