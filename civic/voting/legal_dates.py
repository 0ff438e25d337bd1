"""The legal dates of a ballot: reckoned with the site's days off, shown, and kept to."""

from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l

from civic.kernel import clock, holidays, i18n
from civic.kernel.errors import Refused
from civic.kernel.periods import TableMissing
from civic.procedures import dates
from civic.procedures.pages import around
from civic.procedures.phrases import length, say
from civic.procedures.schema import Procedure


def shown(procedure: Procedure, opens_at: datetime, closes_at: datetime) -> list[dict[str, str]]:
    """Return the dates around a ballot in words, or which table of days off is missing."""
    return around(procedure, opens_at, closes_at, holidays.load())


def check_notice(procedure: Procedure, opens_at: datetime) -> None:
    """Refuse a vote that would begin before the notice of it has hung long enough.

    It hangs from the moment the rules are fixed, which is now.

    :raises Refused: `notice_period` with the rule's name, `holidays` where it cannot be reckoned.
    """
    period = procedure.times.notice
    if period is None:
        return
    try:
        earliest = dates.earliest_opening(procedure, clock.now(), holidays.load())
    except TableMissing as missing:
        raise Refused(
            "holidays",
            _l(
                "“%(rule)s” counts working days, and the table of days off of %(year)s is not "
                "here. Ask the administrator to upload it; nothing is guessed."
            ),
            HTTPStatus.CONFLICT,
            {"rule": say(procedure.title), "year": missing.year},
        ) from missing
    if opens_at < earliest:
        raise Refused(
            "notice_period",
            _l(
                "“%(rule)s” asks that a vote is announced %(length)s before it begins. Announced "
                "today, it can begin %(moment)s at the earliest. Please choose a later beginning."
            ),
            HTTPStatus.CONFLICT,
            {
                "rule": say(procedure.title),
                "length": length(period),
                "moment": i18n.moment(earliest),
            },
        )
