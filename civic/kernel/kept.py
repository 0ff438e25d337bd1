"""Keep rendered parts of pages: a macro of equal values in one language gives equal markup.

Nothing has to be dropped when data change: other values are another key. A macro used so takes one
hashable value, reads nothing but that value, and calls neither the clock nor the request.
"""

from functools import lru_cache
from typing import Any, Protocol

from flask import Flask

from civic.kernel.i18n import language

#: How many parts a process keeps; at one to two kB each.
MOST = 4000


class _Macro(Protocol):
    def __call__(self, value: Any) -> str: ...  # noqa: ANN401 - whatever the macro shows


@lru_cache(MOST)
def _render(macro: _Macro, _language: str, value: Any) -> str:  # noqa: ANN401
    return macro(value)


def render(macro: _Macro, value: Any) -> str:  # noqa: ANN401
    """Return what a macro makes of a value, made anew only where it is not kept."""
    return _render(macro, language(), value)


def init_app(app: Flask) -> None:
    """Let templates write `kept(macro, value)`."""
    app.jinja_env.globals["kept"] = render
