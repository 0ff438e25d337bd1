"""Ids of rows, as they come in addresses and forms."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

#: The largest id that both databases can hold.
LARGEST = 2**31 - 1


class IdConverter(IntegerConverter):
    """Take ids that a row can have; an address with a larger number does not exist."""

    def __init__(self, url_map: Map, **limits: Any) -> None:  # noqa: ANN401 - as Werkzeug has it
        """Set the limit that no table exceeds."""
        super().__init__(url_map, **{"max": LARGEST, **limits})


def init_app(app: Flask) -> None:
    """Let `<int:…>` in addresses mean an id."""
    app.url_map.converters["int"] = IdConverter


def identifier(text: str) -> int | None:
    """Read an id from a form; nothing where it is none that a row can have."""
    found = int(text) if text.isdecimal() and len(text) <= len(str(LARGEST)) else None
    return found if found is not None and found <= LARGEST else None
