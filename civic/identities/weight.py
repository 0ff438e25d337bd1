"""Acts of weight: they ask for the password again where it was not given lately."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def of_weight(view: Callable[P, R]) -> Callable[P, R]:
    """Guard a view that takes an act of weight, so that an open screen is not enough for it."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        return view(*args, **kwargs)

    guarded.of_weight = True  # type: ignore[attr-defined]
    return guarded
