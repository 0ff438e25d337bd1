"""Make the dates of a series from its rule (RFC 5545), in local time (pure)."""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus

from civic.api import Refused, clock
from civic.api import lazy_gettext as _l

#: What staff choose from; any other rule of RFC 5545 may be written.
WEEKLY, FORTNIGHTLY, MONTHLY = "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY"
TITLES = {
    WEEKLY: _l("Every week"),
    FORTNIGHTLY: _l("Every two weeks"),
    MONTHLY: _l("Every month, on the same day"),
}
FREQUENCIES = ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY")
MOST = 60


def read(rule: str) -> str:
    """Return a rule as it is kept.

    :raises Refused: `rule` for what is none, and for one that is more often than daily.
    """
    from dateutil import rrule  # noqa: PLC0415 - rarely needed

    tidy = "".join(rule.split()).upper().removeprefix("RRULE:")
    known = tidy if tidy.startswith(FREQUENCIES) and "\n" not in rule.strip() else ""
    try:
        rrule.rrulestr(known, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - local by intent
    except (ValueError, TypeError, AttributeError) as error:
        message = _l("This is no rule of a series. Write, for example, FREQ=WEEKLY;BYDAY=TU.")
        raise Refused("rule", message, HTTPStatus.UNPROCESSABLE_ENTITY) from error
    return tidy


def dates(rule: str, first: datetime, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when a series takes place after a moment and up to another.

    The hour stays as people read the clock, whatever the zone does.

    :param first: when it takes place for the first time.
    """
    from dateutil import rrule  # noqa: PLC0415

    def naive(moment: datetime) -> datetime:
        return clock.local(moment).replace(tzinfo=None)

    rows = rrule.rrulestr(rule, dtstart=naive(first).replace(second=0, microsecond=0))
    for moment in rows.xafter(naive(after), count=MOST):
        if moment > naive(until):
            return
        yield moment.replace(tzinfo=clock.ZONE)
