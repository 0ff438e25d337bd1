"""What tests register at cases goes away with them: the app is that of other tests, too."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture(autouse=True)
def _registered(request: pytest.FixtureRequest) -> Iterator[None]:
    if "app" not in request.fixturenames:
        yield
        return
    app: Flask = request.getfixturevalue("app")
    checks = app.extensions["civic_case_checks"]
    panels = app.extensions["civic_case_panels"]
    before = dict(checks), list(panels)
    yield
    checks.clear()
    checks.update(before[0])
    panels[:] = before[1]
