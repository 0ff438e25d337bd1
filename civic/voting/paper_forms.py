"""What clerks send: moments, whole numbers, and one paper as it was typed."""

from datetime import datetime

from flask import request
from flask_babel import lazy_gettext as _l

from civic.kernel import clock
from civic.kernel.errors import Refused
from civic.kernel.moments import MINUTE
from civic.kernel.numbers import identifier
from civic.voting import pages
from civic.voting.entries import Entry

LONGEST = 80


def moment(name: str) -> datetime:
    """Return the local moment of a field.

    :raises Refused: `date`.
    """
    try:
        typed = datetime.strptime(request.form.get(name, ""), MINUTE)  # noqa: DTZ007 - local time
    except ValueError:
        typed = None
    found = clock.typed(typed)
    if found is None:
        raise Refused("date", _l("Please enter a date and time."))
    return found


def number(name: str) -> int | None:
    """Return the whole number of a field, or none."""
    return identifier(request.form.get(name, "").strip())


def words(name: str, longest: int = LONGEST) -> str:
    """Return what was written in a field, not longer than fits."""
    return request.form.get(name, "").strip()[:longest]


def entry(serial: int | None = None) -> Entry:
    """Return one paper as it was typed.

    :param serial: where the address says which it is.
    :raises Refused: `date`.
    """
    return Entry(
        serial=serial or number("serial") or 0,
        number=number("number"),
        marks=pages.sent(request.form),
        invalid=words("invalid"),
        handed_in_at=moment("handed_in_at"),
        witnesses=(words("witness_one"), words("witness_two")),
    )


def shown(at: datetime | None) -> str:
    """Return a moment as a field of the browser takes it."""
    return at.astimezone(clock.ZONE).strftime(MINUTE) if at else ""
