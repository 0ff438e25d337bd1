"""A Chromium that is found on this machine, and pages that tell what goes wrong in them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

#: Names one, where it is not found by itself.
VARIABLE = "CIVIC_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
MISSING = (
    "NO BROWSER WALKS: no Chromium was found. Get one with `apt install chromium`, "
    f"or name yours in {VARIABLE}."
)
TIMEOUT = 15_000
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
#: What the browser says of an answer that is an error on purpose; the page shows its sentence.
REFUSED = ("status of 404", "status of 409", "status of 422", "status of 429")


def executable() -> str | None:
    """Return the path of a Chromium, or None where there is none."""
    if named := os.environ.get(VARIABLE):
        return named if Path(named).is_file() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Window:
    """A browser window, and what its pages complained of."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    #: While the network is away on purpose, the browser says so.
    away: bool = False

    def hear(self, message: ConsoleMessage) -> None:
        if message.type != "error" or self.away:
            return
        if not any(status in message.text for status in REFUSED):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def fail(self, error: object) -> None:
        self.complaints.append(f"{self.page.url}: {error}")


@contextmanager
def window(browser: Browser, url: str, **options: object) -> Iterator[Window]:
    """Open a window; what its console reports as an error fails whoever opened it."""
    context = browser.new_context(base_url=url, locale="zh-CN", **options)
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    found = Window(context, page)
    page.on("console", found.hear)
    page.on("pageerror", found.fail)
    try:
        yield found
    except Exception as error:
        error.add_note(f"on {page.url}:\n{page.locator('body').inner_text()[:3000]}")
        raise
    finally:
        context.close()
    assert not found.complaints, "\n".join(found.complaints)
