"""The parking consultation of 二龙路, from the first word to the rated result."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import parking_begun, parking_done, parking_talked, parking_voted
from tests.browser.walking import walking
from tests.databases import Sqlite


def test_a_consultation_goes_through_every_stage(
    browser: Browser, sqlite: Sqlite, tmp_path: Path
) -> None:
    with walking(browser, sqlite, tmp_path) as walk:
        case = parking_begun.begins(walk)
        parking_talked.talks(walk, case)
        for step in (*parking_voted.STEPS, *parking_done.STEPS):
            step(walk, case)
