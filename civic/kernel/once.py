"""What several hooks of one page ask of the database is asked once."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import g

P = ParamSpec("P")
R = TypeVar("R")


def once_a_request(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function be called once for each page and arguments; it gives the same thing again.

    For what `home_panel` and `dashboard` of a plugin both show: the home page allows a plugin one
    SELECT. Arguments have to be hashable. Nothing that decides may rest on it: what is found can
    have changed since, by the same request even.
    """

    @wraps(function)
    def found(*args: P.args, **named: P.kwargs) -> R:
        made: dict[Any, R] = g.setdefault("civic_once", {})
        key = (function, args, *sorted(named.items()))
        if key not in made:
            made[key] = function(*args, **named)
        return made[key]

    return found
