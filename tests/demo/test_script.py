"""The days of the demonstration are counted from this morning, whatever time it is."""

from datetime import UTC, datetime, timedelta

import pytest

from civic.demo.script import Calendar, read
from civic.kernel import clock


@pytest.mark.parametrize("hour", range(24))
def test_the_day_before_is_over_and_the_next_has_not_begun(hour: int):
    now = datetime(2026, 12, 31, hour, 30, tzinfo=UTC)
    calendar = Calendar(now)
    assert calendar.moment("-1 23:59") < now
    assert now - timedelta(hours=24) < calendar.moment("0 09:00") <= now
    assert calendar.moment("+1 09:00") > now


def test_hours_are_those_that_people_here_read():
    calendar = Calendar(datetime(2026, 12, 31, 2, tzinfo=UTC))
    assert calendar.moment("+1 18:30") == datetime(2027, 1, 1, 10, 30, tzinfo=UTC)
    assert clock.local(calendar.moment("-2 09:00")).isoformat() == "2026-12-29T09:00:00+08:00"


def test_everything_said_lies_in_the_past_and_inside_its_case():
    calendar = Calendar(clock.now())
    for name in ("bus", "parking", "room"):
        script = read(name)
        opens, closes = (calendar.moment(script[key]) for key in ("opens", "closes"))
        said = [*script["statements"], *script["comment"]]
        said += [reply for row in script["comment"] for reply in row.get("replies", ())]
        for row in said:
            assert opens <= calendar.moment(row["at"]) < min(closes, clock.now()), row
        for row in script["comment"]:
            for reply in row.get("replies", ()):
                assert calendar.moment(reply["at"]) > calendar.moment(row["at"]), reply


def test_the_two_open_cases_have_as_much_as_promised():
    bus, parking = read("bus"), read("parking")
    assert len(bus["statements"]) >= 20
    assert len(parking["statements"]) >= 15
    assert len(parking["options"]) == 4
    replies = [reply for row in parking["comment"] for reply in row.get("replies", ())]
    assert len(parking["comment"]) + len(replies) >= 25
    assert sum(reply.get("official", False) for reply in replies) >= 8
