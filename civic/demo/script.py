"""Read what the demonstration is made of; its days are counted from this morning (pure)."""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from civic.kernel import clock

FOLDER = Path(__file__).parent.parent / "data"
#: The hour at which a day of the demonstration begins.
MORNING = time(9)


def read(name: str) -> dict[str, Any]:
    """Return one file of the script."""
    return tomllib.loads((FOLDER / "demo" / f"{name}.toml").read_text("utf-8"))


class Calendar:
    """Turn days of the script, as `-3 18:40`, into moments.

    Day 0 is the day of the last morning, so that whatever happened on day -1 lies in the past.
    """

    def __init__(self, now: datetime) -> None:
        local = clock.local(now)
        self.today = local.date() if local.time() >= MORNING else local.date() - timedelta(days=1)

    def moment(self, words: str) -> datetime:
        """Return the moment of a day and an hour, as people here read the clock."""
        day, hour = words.split()
        date = self.today + timedelta(days=int(day))
        return datetime.combine(date, time.fromisoformat(hour), clock.ZONE)
