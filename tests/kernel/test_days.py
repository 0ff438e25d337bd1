"""How a day is written: of a date, and of a moment as people here read the clock."""

from datetime import UTC, date, datetime

from flask import Flask

from civic.kernel import clock
from civic.kernel.i18n import day


def test_a_date_stays_its_day_and_a_moment_is_read_here(app: Flask) -> None:
    year = clock.local(clock.now()).year
    with app.test_request_context("/"):
        assert day(date(year, 3, 1)) == "3月1日"
        assert day(date(2020, 3, 1)) == "2020年3月1日"
        assert day(datetime(2020, 2, 29, 16, 30, tzinfo=UTC)) == "2020年3月1日"
