"""An office that writes and issues notices, and what it is told."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from civic.kernel import clock, tell
from civic.kernel.db import db
from civic.kernel.holidays import HolidayYear
from civic.notices import drafts, issuing
from civic.notices.models import Notice
from civic.notices.terms import Term
from tests.factories import World

#: Fields of the form as a browser sends them.
FORM: dict[str, Any] = {
    "kind": "notice",
    "level": "ordinary",
    "title": "停水通知",
    "body": "明天**停水**。",
    "office": "二龙路社区居委会",
    "revision": "1",
}
DISPLAY = {"kind": "public_display", "display_n": 3, "objection_telephone": "010-0000-0001"}


def days_off(year: int, *, off: tuple[date, ...] = (), work: tuple[date, ...] = ()) -> None:
    """Keep a table of days off."""
    texts = [day.isoformat() for day in off], [day.isoformat() for day in work]
    now = clock.now()
    db.session.add(
        HolidayYear(year=year, off=texts[0], work=texts[1], source="test", uploaded_at=now)
    )
    db.session.commit()


def written(world: World, *lines: Term, by: str = "secretary", **fields: Any) -> Notice:
    """Keep a draft, not yet handed on."""
    at = fields.pop("at", world.erlong)
    texts = {"kind": "notice", "level": "ordinary", "title": "停水通知", "body": "明天停水。"}
    draft = drafts.Draft(**(texts | {"office": "居委会", "terms": lines} | fields))
    made = drafts.create(world.actor(by), at, draft)
    db.session.commit()
    return made


def submitted(world: World, *lines: Term, by: str = "secretary", **fields: Any) -> Notice:
    at = fields.get("at", world.erlong)
    made = written(world, *lines, by=by, **fields)
    drafts.submit(world.actor(by), at, made.id)
    db.session.commit()
    return made


def issued(
    world: World, *lines: Term, by: str = "secretary", check: str = "deputy", **fields: Any
) -> Notice:
    at = fields.get("at", world.erlong)
    made = submitted(world, *lines, by=by, **fields)
    issuing.issue(world.actor(check), at, made.id, made.revision)
    db.session.commit()
    return made


@pytest.fixture
def told(app: Flask) -> list[tell.News]:
    """What would be told, in order."""
    found: list[tell.News] = []
    telling: tell.Telling = app.extensions["civic_telling"]
    before, telling.teller = telling.teller, found.append
    yield found
    telling.teller = before


@pytest.fixture
def later() -> Callable[[datetime | timedelta], None]:
    """A function that moves the clock on."""

    def move(to: datetime | timedelta) -> None:
        clock.shift(to if isinstance(to, timedelta) else to - datetime.now(clock.ZONE))

    return move
