"""Quarters as numbers, and who chairs which: the rota with its swaps (pure).

A quarter is 4 times its year plus 0 to 3, so that the next one is one more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

IN_A_YEAR, MONTHS = 4, 3


@dataclass(frozen=True)
class Order:
    """Be one version of a rota: from a quarter on, these seats take the chair in turn."""

    starts: int
    seats: tuple[int, ...]


def quarter_of(day: date) -> int:
    """Return the quarter in which a day lies."""
    return day.year * IN_A_YEAR + (day.month - 1) // MONTHS


def first_day(quarter: int) -> date:
    """Return the first day of a quarter."""
    year, part = divmod(quarter, IN_A_YEAR)
    return date(year, part * MONTHS + 1, 1)


def last_day(quarter: int) -> date:
    """Return the last day of a quarter."""
    return first_day(quarter + 1) - timedelta(days=1)


def year_and_part(quarter: int) -> tuple[int, int]:
    """Return the year of a quarter, and which of the four it is, from 1 on."""
    year, part = divmod(quarter, IN_A_YEAR)
    return year, part + 1


def turn_of(quarter: int, orders: Sequence[Order]) -> int | None:
    """Return the seat whose turn a quarter is, by the newest order that has begun; or None."""
    begun = [order for order in orders if order.starts <= quarter and order.seats]
    if not begun:
        return None
    order = max(begun, key=lambda each: each.starts)
    return order.seats[(quarter - order.starts) % len(order.seats)]


def chair_of(quarter: int, orders: Sequence[Order], swaps: Sequence[tuple[int, int]]) -> int | None:
    """Return the seat that chairs a quarter, by the rota and the swaps in order of their record.

    A swap changes who had come to chair two quarters when it was recorded. The last one is looked
    through first: whoever chairs now had the other quarter before.
    """
    for first, second in reversed(swaps):
        if quarter == first:
            quarter = second
        elif quarter == second:
            quarter = first
    return turn_of(quarter, orders)
