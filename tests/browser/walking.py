"""Long walks: a site with people of different standings and posts, each at their own window."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.identities.dwellings import Household, HouseholdRep
from civic.kernel import clock, holidays
from civic.kernel.db import db
from civic.kernel.periods import HolidayTable
from civic.procedures import loading
from tests import factories
from tests.browser.chromium import DESKTOP, PHONE, Window, window
from tests.databases import Sqlite
from tests.factories import World
from tests.server import Server, own_sqlite, serving

HERE = "/c/erlonglu"
MINUTE = "%Y-%m-%dT%H:%M"
SECRET = "test" * 8
#: Where pictures of the main steps go, for whoever wants to look at them.
SHOTS = os.environ.get("CIVIC_WALK_SHOTS", "")
STAFF = ("secretary", "deputy", "officer")
#: Whoever lives or works here besides `factories.build_world`: name and kind of standing.
MORE = {"lodger": ("何梅", "resident_living"), "owner": ("孙丽", "resident_registered")}
#: Which home each of those who vote for one stands for.
HOMES = {"301": "resident", "302": "neighbour", "303": "owner", "304": ""}


@dataclass
class Walk:
    """One site, the file that moves its clock, and whoever walks there.

    :ivar made: numbers of what was there before.
    :ivar gone: how far the clock has been moved.
    """

    app: Flask
    server: Server
    clock: Path
    browser: Browser
    cookies: dict[str, str]
    stack: ExitStack
    made: dict[str, int]
    gone: timedelta = timedelta()
    people: dict[str, "Walker"] = field(default_factory=dict)

    def __getattr__(self, role: str) -> "Walker":
        """Return who has a role; their window opens when they first come."""
        if role not in self.cookies:
            raise AttributeError(role)
        if role not in self.people:
            self.people[role] = self._comes(role)
        return self.people[role]

    def _comes(self, role: str) -> "Walker":
        size = DESKTOP if role in STAFF else PHONE
        opened = window(self.browser, self.server.url, viewport=size, has_touch=size is PHONE)
        found = self.stack.enter_context(opened)
        if value := self.cookies[role]:
            name = self.app.config["SESSION_COOKIE_NAME"]
            cookie = {"name": name, "value": value, "url": self.server.url}
            found.context.add_cookies([cookie])
        if SHOTS:
            found.context.set_default_timeout(4000)
        return Walker(role, found.page, self, found)

    def waits(self, **length: float) -> None:
        """Let time go by."""
        self.passes(self.now() + timedelta(**length))

    def passes(self, moment: datetime) -> None:
        """Let it be one hour later than a moment."""
        self.gone = moment + timedelta(hours=1) - clock.now()
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(self.gone.total_seconds()))
        fresh.replace(self.clock)

    def case(self, number: int) -> Consultation:
        """Return a case as it stands."""
        with self.app.app_context():
            found = db.session.get_one(Consultation, number)
            db.session.expunge(found)
            return found

    def lasts(self, number: int, least: timedelta = timedelta(days=7)) -> None:
        """Let the present stage of a case last as long as its period says."""
        ends = stages.until(self.case(number))
        assert ends is not None
        assert ends - self.now() > least, ends
        self.passes(ends)

    def now(self) -> datetime:
        """Return what the server takes for the present."""
        return clock.now() + self.gone

    def field(self, **later: float) -> str:
        """Return a moment so far from the present as a field takes it."""
        return clock.local(self.now() + timedelta(**later)).strftime(MINUTE)


@dataclass
class Walker:
    """Somebody at a window of their own."""

    role: str
    page: Page
    walk: Walk
    window: Window

    def goes(self, path: str, *, shot: str = "") -> None:
        """Open a page of the community; a refusal is looked at with `refused`."""
        answer = self.page.goto(path if path.startswith(("/", "http")) else f"{HERE}/{path}")
        assert answer is not None
        assert answer.status == 200, (answer.status, self.page.locator("main").inner_text())
        self.shot(shot)

    def refused(self, what: str | Locator, *words: str, status: int = 403) -> None:
        """Open a page, or press a button, that is not for this person now, and read why."""
        self.window.forbidden = True
        if isinstance(what, str):
            answer = self.page.goto(what if what.startswith("/") else f"{HERE}/{what}")
        else:
            with self.page.expect_navigation() as opened:
                what.click()
            answer = opened.value
        assert answer is not None
        assert answer.status == status, (answer.status, self.page.locator("main").inner_text())
        self.sees("", *words)  # asks the page: what the browser complained of has been heard then
        self.window.forbidden = False

    def fills(self, **values: str) -> None:
        """Fill fields by their ids."""
        for name, value in values.items():
            self.page.locator(f"#{name}").fill(value)

    def sends(self, box: str = "main") -> None:
        """Press the first button of a part of the page that sends something."""
        buttons = self.page.locator(f"{box} form[method=post] button[type=submit]:visible")
        buttons.first.click()

    def follows(self, words: str) -> None:
        """Follow a link of the page."""
        self.page.locator("main").get_by_role("link", name=words).first.click()

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)

    def sees_not(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).not_to_contain_text(each)

    def done(self, words: str = "") -> None:
        """Check that the page says that something was done."""
        expect(self.page.locator(".flashes")).to_contain_text(words)

    def shot(self, name: str) -> None:
        """Take a picture, where somebody wants to look at it."""
        if SHOTS and name:
            self.page.screenshot(path=Path(SHOTS) / f"{name}-{self.role}.png", full_page=True)


def people_of(world: World) -> None:
    """Let more people live and work here, and choose who votes for each home."""
    for role, (name, kind) in MORE.items():
        world.people[role] = factories.person(name)
        factories.standing(world.people[role], world.gate, kind)
    factories.standing(world.worker, world.erlong, "worker")
    factories.standing(world.neighbour, world.gate, "resident_registered")
    since = clock.now() - factories.LONG_AGO
    for number, role in HOMES.items():
        dwelling, _owner = factories.home(world.erlong, world.gate, number)
        query = select(Household.id).filter_by(dwelling_id=dwelling)
        key = {"household_id": db.session.scalars(query).one()}
        if role:
            who = world.people[role]
            db.session.add(HouseholdRep(basis="推选", valid_from=since, person_id=who.id, **key))
    year = clock.local(clock.now()).year
    for one in (year, year + 1):
        days = HolidayTable(year=one, off=frozenset(), work=frozenset(), source="测试用表")
        holidays.replace(days, world.administrator.id)


@contextmanager
def walking(
    browser: Browser,
    sqlite: Sqlite,
    folder: Path,
    prepare: Callable[[World], dict[str, int]] = lambda _world: {},
) -> Iterator[Walk]:
    """Serve a site with its people until the walk is over.

    :param prepare: makes what is there before the walk begins, and returns numbers of it.
    """
    with own_sqlite(sqlite, folder) as app:
        app.secret_key = SECRET
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        with app.app_context():
            world = factories.build_world()
            people_of(world)
            loading.sync()
            db.session.commit()
            made = prepare(world)
            cookies = {"visitor": ""} | {
                role: signer.dumps({"_user_id": factories.session_key(who)})
                for role, who in world.people.items()
            }
        watch = folder / "clock"
        watch.write_text("0")
        with serving(folder, "--testing", CIVIC_TEST_CLOCK=str(watch)) as server:
            with ExitStack() as stack:
                yield Walk(app, server, watch, browser, cookies, stack, made)
            assert "Traceback" not in (said := server.said()), said
