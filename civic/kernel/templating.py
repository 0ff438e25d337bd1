"""Templates that cost little: parts that are kept, and globals without a chain.

A macro of equal values in one language gives equal markup, so what it made can be kept. Nothing
has to be dropped when data change: other values are another key. A macro used so takes one
hashable value, reads nothing but that value, and asks neither the clock nor the request.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, Protocol

from flask import Flask
from flask.templating import Environment

from civic.kernel.catalogues import WithForms
from civic.kernel.i18n import language

#: How many parts a process keeps; at one to two kB each.
MOST = 4000


class PlainGlobals(Environment):
    """Give templates without globals of their own the dictionary of all, not a chain over it.

    Each import in a template compares its globals with those of the page, key by key in a chain.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template."""
        return super().make_globals(d) if d else self.globals


class Application(Flask):
    """Be a Flask application whose templates are `PlainGlobals`, and whose forms know languages."""

    jinja_environment = PlainGlobals
    request_class = WithForms


class _Macro(Protocol):
    def __call__(self, value: Any) -> str: ...  # noqa: ANN401 - whatever the macro shows


@lru_cache(MOST)
def _render(macro: _Macro, _language: str, value: Any) -> str:  # noqa: ANN401
    return macro(value)


def kept(macro: _Macro, value: Any) -> str:  # noqa: ANN401
    """Return what a macro makes of a value, made anew only where it is not kept."""
    return _render(macro, language(), value)  # type: ignore[arg-type] # macros are hashable


def init_app(app: Flask) -> None:
    """Let templates write `kept(macro, value)`."""
    app.jinja_env.globals["kept"] = kept
