"""Take the pictures of docs/screenshots from a demonstration that is made for them.

python -m tools.screenshots [NAME …]
"""

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from civic import demo
from civic.app import create_app
from civic.communities.models import Community
from civic.consultations.models import Comment, Consultation
from civic.demo import paper
from civic.kernel import config, migrate
from civic.kernel.db import db
from civic.notices.models import Notice
from tools.catalogues import ROOT, compile_all
from tools.check_wheel import PATIENCE, fetch, free_port
from tools.chromium import HOW, executable, launched

FOLDER = ROOT / "docs" / "screenshots"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1366, "height": 768}
#: A picture ends here, however long the page is.
TALLEST = 3200
COLOURS = 192
DOWN_TO_THE_BALLOT = 1620

HOME = "/c/erlonglu/"
CASES = f"{HOME}consultations/"


@dataclass(frozen=True)
class Shot:
    """Be one picture: who looks at which page.

    :ivar path: address, where {voting} and the like stand for what the demonstration holds.
    :ivar press: what is pressed first, each a selector.
    :ivar whole: the whole page, not just what the window shows (on a desk, down to the ballot).
    :ivar table: what a spreadsheet holds that is chosen in the first field for files, before.
    :ivar only: `phone` or `desktop`, where one of them is enough.
    """

    name: str
    path: str
    role: str = ""
    press: tuple[str, ...] = ()
    whole: bool = True
    table: str = ""
    only: str = ""
    dark: bool = False
    size: int = 0


VOTE = (".ballot label >> nth=0", ".ballot button[type=submit]")
SEND = "#send button[type=submit]"
PLACES = (
    "社区,网格,小区,楼,单元,电话\n"
    "二龙路社区,第一网格,二龙路北院,北院3号楼,1单元,\n"
    "二龙路社区,第一网格,二龙路北院,北院3号楼,2单元,\n"
    "柳荫巷社区,,,柳荫巷4号楼,1单元,010-0000-1003\n"
)
#: In this order: whoever has voted sees another page afterwards.
SHOTS = (
    Shot("front", "/"),
    Shot("home-visitor", HOME),
    Shot("sign-in", "/sign-in"),
    Shot("join", "/join?code={code}"),
    Shot("sign-up", "/join?code={code}", press=("main form button[type=submit]",)),
    Shot("styleguide", "/styleguide", only="desktop"),
    Shot("home", HOME, "resident"),
    Shot("home-dark", HOME, "resident", only="phone", dark=True),
    Shot("home-largest", HOME, "resident", only="phone", size=3),
    Shot("consultations", CASES, "resident"),
    Shot("case-deliberating", "{deliberating}", "worker"),
    Shot("statements", "{deliberating}statements/", "worker"),
    Shot("offer", "{deliberating}statements/offer", "worker", only="phone"),
    Shot("thread", "{thread}", "resident"),
    Shot("result", "{closed}", "resident"),
    Shot("me", "/me", "resident"),
    Shot("case", "{voting}", "resident", whole=False),
    Shot("case-voting", "{voting}", "resident"),
    Shot("case-voting-dark", "{voting}", "resident", only="phone", dark=True),
    Shot("case-voting-largest", "{voting}", "resident", only="phone", size=3),
    Shot("case-voted", "{voting}", "resident", press=VOTE),
    Shot("desk", HOME, "secretary"),
    Shot("codes", f"{HOME}codes/", "secretary"),
    Shot("edit", "{draft}edit", "secretary"),
    Shot("hide", HOME + "moderation/hide/comment/{comment}", "secretary", only="phone"),
    Shot("moderation", f"{HOME}moderation/", "secretary"),
    Shot("notices", f"{HOME}notices/", "resident"),
    Shot("notice", "{notice}", "resident"),
    Shot("me-data", "/me/data", "resident"),
    Shot("about", f"{HOME}about"),
    Shot("ended", "/c/huaiyinli/"),
    Shot("notice-desk", f"{HOME}notices/desk", "secretary"),
    Shot("people", f"{HOME}desk/people/", "secretary"),
    Shot("admin", "/admin/", "administrator"),
    Shot("tree", "{tree}", "administrator"),
    Shot("import", "/admin/import/", "administrator", press=(SEND,), table=PLACES),
)
TITLES = {"voting": "停车", "closed": "活动室", "draft": "扶手", "deliberating": "公交"}


@dataclass(frozen=True)
class Demonstration:
    """Hold where a demonstration is served, who can sign in, and the addresses in it."""

    url: str
    people: dict[str, tuple[str, str]]
    addresses: dict[str, str]


@contextmanager
def demonstration(folder: Path) -> Iterator[Demonstration]:
    """Serve a fresh demonstration in a folder until the block ends."""
    people, addresses = _load(folder)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "civic.cli", "demo", "--port", str(port)]
    log = folder.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--folder", str(folder)], cwd=ROOT, stdout=output, stderr=output
        )
        try:
            end = time.monotonic() + PATIENCE
            while fetch(url) is None:
                if process.poll() is not None or time.monotonic() > end:
                    sys.exit(log.read_text("utf-8"))
                time.sleep(0.3)
            yield Demonstration(url, people, addresses)
        finally:
            process.terminate()
            process.wait(30)


def _load(folder: Path) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    app = create_app(config.load({}, instance=folder))
    with app.app_context():
        migrate.upgrade()
        people = {who.role: (who.identifier, who.password) for who in demo.ensure(folder)}
        found = paper.load(folder)
        assert found is not None  # noqa: S101 - made with the demonstration
        addresses = {"code": found.codes[0]}
        for name, title in TITLES.items():
            query = select(Consultation).where(Consultation.title.contains(title))
            case = db.session.scalars(query.options(joinedload(Consultation.community))).one()
            addresses[name] = f"/c/{case.community.slug}/consultations/{case.id}/"
            if name == "voting":
                replies = select(Comment).filter_by(consultation_id=case.id, level=2)
                reply = db.session.scalars(replies.where(Comment.office.is_not(None))).first()
                assert reply is not None  # noqa: S101 - the demonstration has official answers
                addresses["thread"] = f"{addresses[name]}comments/{reply.parent_id}"
                addresses["comment"] = str(reply.parent_id)
        notice = select(Notice.id).where(Notice.title.contains("扶手实施"))
        addresses["notice"] = f"{HOME}notices/{db.session.scalars(notice).one()}"
        node = select(Community.id).where(Community.slug == "erlonglu")
        addresses["tree"] = f"/admin/tree/{db.session.scalars(node).one()}/"
        db.session.rollback()
        db.engine.dispose()
    return people, addresses


def take(browser: Browser, site: Demonstration, names: list[str]) -> None:
    """Take the pictures, or those that are named."""
    for shot in SHOTS:
        for kind, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
            if shot.only not in {"", kind} or (names and shot.name not in names):
                continue
            context = browser.new_context(
                base_url=site.url,
                viewport=viewport,
                locale="zh-CN",
                color_scheme="dark" if shot.dark else "light",
            )
            page = context.new_page()
            if shot.role:
                _sign_in(page, *site.people[shot.role])
            context.add_cookies([{"name": "size", "value": str(shot.size), "url": site.url}])
            page.goto(shot.path.format(**site.addresses))
            if shot.table:
                page.locator("input[type=file]").first.set_input_files(
                    {"name": "新楼.csv", "mimeType": "text/csv", "buffer": shot.table.encode()}
                )
            for selector in shot.press:
                if page.locator(selector).is_visible():
                    page.locator(selector).click()
                    page.wait_for_load_state("networkidle")
                    page.locator(".htmx-request").wait_for(state="detached")
            if kind == "desktop" and not shot.whole:
                page.set_viewport_size({"width": DESKTOP["width"], "height": DOWN_TO_THE_BALLOT})
            _keep(page, FOLDER / f"{shot.name}-{kind}.png", whole=shot.whole)
            context.close()


def _sign_in(page: Page, who: str, password: str) -> None:
    page.goto("/sign-in")
    page.locator("#who").fill(who)
    page.locator("#password").fill(password)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/c/**")


def _keep(page: Page, path: Path, *, whole: bool) -> None:
    """Write a picture in few colours, which text and flat areas do not miss."""
    if whole:
        # The window grows with the page, so that the bar at its foot covers nothing in the middle.
        height = page.evaluate("document.documentElement.scrollHeight")
        width = page.evaluate("innerWidth")
        page.set_viewport_size({"width": width, "height": min(height, TALLEST)})
        page.evaluate("scrollTo(0, 0)")
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    taken.quantize(COLOURS).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KB")


def main() -> None:
    """Take all pictures, or those named on the command line."""
    path = executable()
    if path is None:
        sys.exit(f"No Chromium was found. {HOW}")
    compile_all()
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder) / "demo") as site,
        launched(path) as browser,
    ):
        take(browser, site, sys.argv[1:])


if __name__ == "__main__":
    main()
