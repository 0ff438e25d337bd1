"""What this room gives the app: tables, what it stores of people, messages, a job."""

from datetime import timedelta
from types import ModuleType

from civic.holds import line, models, news, own_data
from civic.kernel import events, jobs
from civic.kernel.own_data import Part
from civic.kernel.tell import telling

#: Imported for their tables.
TABLES: tuple[ModuleType, ...] = (models,)
PARTS: tuple[Part, ...] = (own_data.PART,)
#: What is offered waits for hours: a minute more or less does not count.
OFTEN = timedelta(minutes=1)


def init() -> None:
    """Declare kinds of message, who hears of claims, and the job of the current app."""
    telling().declare(*news.KINDS)
    events.bus().subscribe(line.ClaimMoved, "holds.told", news.heard)
    jobs.job("holds.run", OFTEN, line.run, needed=lambda: bool(line.due()))
