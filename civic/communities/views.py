"""Which community a page belongs to."""

from typing import Any

from flask import Flask, current_app, g, request

from civic.communities import ended, services
from civic.kernel.db import SAFE
from civic.kernel.errors import Refused


def init_app(app: Flask) -> None:
    """Let each address below /c/<community>/ know its community, and keep it in links."""

    @app.url_value_preprocessor
    def enter(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.community, g.astray = None, None
        if values and "community" in values:
            try:
                g.community = services.find(values.pop("community"))
            except Refused as refused:
                g.astray = refused

    @app.url_defaults
    def stay(endpoint: str, values: dict[str, Any]) -> None:
        community = g.get("community")
        if community is None or "community" in values:
            return
        if app.url_map.is_endpoint_expecting(endpoint, "community"):
            values["community"] = community.slug


def admit() -> None:
    """Refuse addresses of no community, and what would write at one that has ended.

    Asked before each request, once it is known who asks: the page that says so has their frame.

    :raises Refused: `no_community` or `ended`.
    """
    if g.astray is not None:
        raise g.astray
    if g.community is not None and request.method not in SAFE:
        ended.check(g.community, current_app.view_functions.get(request.endpoint or ""))
