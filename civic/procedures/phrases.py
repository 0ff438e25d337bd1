"""Pieces of plain words: lists, lengths of time, days, in the language of the page."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from civic.kernel import i18n
from civic.kernel.periods import Kind, Period, Unit
from civic.procedures.schema import Text


def say(text: Text) -> str:
    """Return words of a procedure in the language of the page."""
    return text.words(i18n.language())


def listed(items: Sequence[str], last: str) -> str:
    """Join words as the language does: a, b or c."""
    if len(items) < 2:  # noqa: PLR2004 - one needs no joint
        return "".join(items)
    return _(", ").join(items[:-1]) + last + items[-1]


def either(items: Sequence[str]) -> str:
    """Join words of which one is enough."""
    return listed(items, _(" or "))


def length(period: Period) -> str:
    """Write a length of time: 15 days, 7 working days, 2 months."""
    if period.kind is Kind.WORKING:
        return ngettext("%(num)d working day", "%(num)d working days", period.n)
    if period.unit is Unit.MONTH:
        return ngettext("%(num)d month", "%(num)d months", period.n)
    if period.unit is Unit.YEAR:
        return ngettext("%(num)d year", "%(num)d years", period.n)
    return ngettext("%(num)d day", "%(num)d days", period.n)


def day(at: date) -> str:
    """Write a day in full."""
    if i18n.language() == i18n.DEFAULT:
        return f"{at.year}年{at.month}月{at.day}日"
    return f"{at.day} {i18n.MONTHS[at.month - 1]} {at.year}"
