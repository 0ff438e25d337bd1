"""Browser windows that tell what goes wrong in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tools.chromium import HOW

MISSING = f"NO BROWSER WALKS: no Chromium was found. {HOW}"
TIMEOUT = 15_000
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
#: What the browser says of an answer that is an error on purpose; the page shows its sentence.
REFUSED = ("status of 404", "status of 409", "status of 422", "status of 429")
#: What it says where somebody may not be; only `Walker.refused` goes there on purpose.
FORBIDDEN = "status of 403"


@dataclass
class Window:
    """A browser window, and what its pages complained of."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    #: While the network is away on purpose, the browser says so.
    away: bool = False
    #: While a page is opened that is not open to whoever looks.
    forbidden: bool = False

    def hear(self, message: ConsoleMessage) -> None:
        if message.type != "error" or self.away:
            return
        if self.forbidden and FORBIDDEN in message.text:
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
