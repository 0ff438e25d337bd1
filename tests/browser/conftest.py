"""One browser for all walks, and sites that they walk through."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium
from tools import chromium as tool


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = tool.executable()
    if path is None:
        if os.environ.get("CIVIC_REQUIRE_BROWSER") == "1":
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    # A busy machine takes longer than the five seconds that are usual.
    expect.set_options(timeout=chromium.TIMEOUT)
    with tool.launched(path) as started:
        yield started
