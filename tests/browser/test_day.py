"""A resident's day, from the code in the letter box to the result."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import String, cast, func, select

from civic.consultations.models import Comment, Statement, StatementVote
from civic.consultations.statements import offer
from civic.identities import codes
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.voting.box import UsedRight
from civic.voting.models import BallotOption
from tests import factories
from tests.browser.chromium import DESKTOP, PHONE, Window, window
from tests.server import Server, own_sqlite, serving

ANSWERS = ("agree", "disagree", "pass")
STATEMENTS = 12
OFFERED = "雨天应当允许在楼门口临时停车。"
MARK = "document.documentElement.dataset.mark"


@dataclass
class Day:
    """The site of one walk: its app, its server, the file that moves its clock, and what to do."""

    app: Flask
    server: Server
    clock: Path
    case: int
    ballot: int
    code: str

    def moves_to(self, moment: timedelta) -> None:
        """Move the server's clock so far after the walk began."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(moment.total_seconds()))
        fresh.replace(self.clock)

    def counts(self, query) -> int:
        """Ask the database how many rows there are."""
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(query.subquery()))


@pytest.fixture
def day(sqlite, tmp_path) -> Iterator[Day]:
    with own_sqlite(sqlite, tmp_path) as app:
        with app.app_context():
            world = factories.build_world()
            case = factories.consultation(world.erlong)
            second = factories.person("孙健")
            factories.standing(second, world.building)
            for number in range(STATEMENTS):
                author = (world.actor("neighbour"), factories.actor(second))[number % 2]
                offer(author, world.erlong, case, f"第{number + 1}条：先把消防通道划出来。")
            [fresh] = codes.make(
                Actor(), world.gate, "resident_living", 1, community_id=world.erlong.id
            )
            db.session.commit()
            ids = case.id, case.ballot_id
        clock = tmp_path / "clock"
        clock.write_text("0")
        with serving(tmp_path, "--testing", CIVIC_TEST_CLOCK=str(clock)) as server:
            yield Day(app, server, clock, *ids, fresh.code)
            assert "Traceback" not in (said := server.said()), said


@dataclass
class Walker:
    """Somebody who walks through one day in one window."""

    day: Day
    window: Window
    script: bool

    @property
    def page(self) -> Page:
        return self.window.page

    def mark(self) -> None:
        """Leave a mark in the document, which does not outlive it."""
        if self.script:
            self.page.evaluate(f"{MARK} = 'here'")

    def stayed(self) -> None:
        """Check that the document is still the one that was marked."""
        if self.script:
            assert self.page.evaluate(MARK) == "here", "the page was loaded again"

    def twice(self, button: Locator) -> None:
        """Press a button as people do who are used to double clicks; no script, no protection."""
        (button.dblclick if self.script else button.click)()

    def opens_the_case(self) -> None:
        self.page.goto(f"/c/erlonglu/consultations/{self.day.case}/")
        self.mark()

    def joins(self) -> None:
        page = self.page
        page.goto(f"/join?code={self.day.code}")
        expect(page.locator("#code")).to_have_value(self.day.code)
        page.locator(".code-form button[type=submit]").click()
        notice = page.locator("#collected")
        expect(notice).to_be_visible()
        # What is kept is said above the first field.
        assert notice.bounding_box()["y"] < page.locator("#name").bounding_box()["y"]
        page.get_by_label("您的姓名").fill("张桂兰")
        page.locator("#who").fill("138 0013 8000")
        page.locator("#password").fill("三只猫 在屋顶 唱歌")
        page.locator("#again").fill("三只猫 在屋顶 唱歌")
        page.locator("input[name=adult][value=yes]").check()
        form = page.locator("form", has=page.locator("#again"))
        form.locator("input[name=agree]").check()
        form.locator("button[type=submit]").click()
        expect(page.locator("h1")).to_contain_text("张桂兰")

    def goes_to_what_waits(self) -> None:
        page = self.page
        page.locator(".todo a", has_text="说说您的想法").click()
        expect(page.locator("h1")).to_have_text("二龙路停车怎么办？")
        self.mark()

    def answers_ten(self) -> None:
        page = self.page
        seen = set()
        for number in range(10):
            card = page.locator("form.statement")
            quote = card.locator("blockquote")
            before = quote.get_attribute("id")
            assert before not in seen
            seen.add(before)
            card.locator(f"button[value={ANSWERS[number % 3]}]").click()
            expect(page.locator(f"#{before}")).to_have_count(0)
            expect(page.locator("form.statement .steps")).to_contain_text(f"{number + 2}")
            if self.script:
                expect(quote).to_be_focused()
        self.stayed()
        assert self.day.counts(select(StatementVote).where(StatementVote.at.is_not(None))) == (
            STATEMENTS + 10
        )

    def offers_one(self) -> None:
        page = self.page
        page.locator("a[href$='/statements/offer']").first.click()
        page.locator("#words").fill(OFFERED)
        self.twice(page.locator("form.form button[type=submit]"))
        expect(page.locator(".flashes")).to_contain_text("观点")
        assert self.day.counts(select(Statement).filter_by(text=OFFERED)) == 1
        # Back leads to the form, and again back to the case as it was, both still good to use.
        page.go_back()
        page.go_back()
        expect(page.locator("h1")).to_have_text("二龙路停车怎么办？")
        expect(page.locator("form.statement blockquote")).to_be_visible()

    def comments(self) -> None:
        page = self.page
        self.opens_the_case()
        words = page.locator("#discussion textarea")
        button = page.locator("#discussion form button[type=submit]")
        if self.script:
            self.window.away = True
            self.window.context.set_offline(offline=True)
            words.fill("请先量一量路宽，再说车位。")
            button.click()
            expect(page.locator("#discussion .failed")).to_have_text(
                page.locator("body").get_attribute("data-unsent")
            )
            expect(words).to_have_value("请先量一量路宽，再说车位。")
            self.window.context.set_offline(offline=False)
            self.window.away = False
        else:
            words.fill("请先量一量路宽，再说车位。")
        self.twice(button)
        expect(page.locator("article.comment")).to_have_count(1)
        expect(page.locator("article.comment")).to_contain_text("请先量一量路宽")
        expect(page.locator("article.comment")).to_contain_text("张*")
        self.stayed()
        assert self.day.counts(select(Comment)) == 1
        button.click()  # nothing written
        expect(page.locator("#discussion .error").first).to_be_visible()
        expect(page.locator("article.comment")).to_have_count(1)
        if self.script:
            expect(page.locator("#discussion textarea")).to_be_focused()

    def votes_and_changes_it(self) -> None:
        page = self.page
        self.day.moves_to(timedelta(days=1, hours=2))
        page.goto("/c/erlonglu/")
        page.locator(".todo a", has_text="投票").click()
        expect(page.locator(".ballot button[type=submit]")).to_be_visible()
        self.mark()
        expect(page.locator("#result")).to_have_count(0)
        page.locator(".ballot label", has_text="西侧").click()
        self.twice(page.locator(".ballot button[type=submit]"))
        done = page.locator("#vote .box-done")
        expect(done).to_contain_text("您已投票")
        self.stayed()
        assert self.chosen() == ["西侧"]
        expect(page.locator("#asked")).to_contain_text("您已投票")  # and asks no more
        page.locator("#vote details summary").click()
        page.locator(".ballot label", has_text="东侧").click()
        page.locator(".ballot button[type=submit]").click()
        expect(page.locator("#vote details.fold")).to_have_attribute("class", "fold")
        self.until(lambda: self.chosen() == ["东侧"])
        expect(done).to_contain_text("您已投票")
        self.stayed()
        # No running result, to nobody, on no page of it.
        for path in ("", "statements/", "comments"):
            page.goto(f"/c/erlonglu/consultations/{self.day.case}/{path}")
            expect(page.locator("#result, .result-rows")).to_have_count(0)

    def until(self, holds) -> None:
        for _ in range(50):
            if holds():
                return
            self.page.wait_for_timeout(100)
        assert holds()

    def chosen(self) -> list[str]:
        """Return what the box holds of this person."""
        with self.day.app.app_context():
            query = (
                select(BallotOption.text)
                .join(UsedRight, UsedRight.choice == cast(BallotOption.id, String))
                .where(UsedRight.ballot_id == self.day.ballot)
            )
            return list(db.session.scalars(query))

    def reads_the_result(self) -> None:
        page = self.page
        self.day.moves_to(timedelta(days=3, hours=1))
        page.goto("/c/erlonglu/")
        page.get_by_role("link", name="二龙路停车怎么办？").first.click()
        result = page.locator("#result")
        expect(result).to_contain_text("得票最多：东侧")
        expect(result.locator(".result-rows li").first).to_contain_text("100%")
        expect(result).to_contain_text("100% = 1张")
        expect(result).to_contain_text("不含弃权")
        expect(page.locator("#vote, form.statement, #discussion form")).to_have_count(0)


SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", SIZES)
def test_a_residents_day(browser: Browser, day: Day, size: str, script: bool):
    options = {"viewport": SIZES[size], "java_script_enabled": script, "has_touch": size == "phone"}
    with window(browser, day.server.url, **options) as found:
        walker = Walker(day, found, script)
        walker.joins()
        walker.goes_to_what_waits()
        walker.answers_ten()
        walker.offers_one()
        walker.comments()
        walker.votes_and_changes_it()
        walker.reads_the_result()
