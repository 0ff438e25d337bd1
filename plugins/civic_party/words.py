"""Read what is data, and say its words in the language of the page."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import get_locale

from civic.api import gettext as _
from civic_party import quarters

FOLDER = Path(__file__).parent / "data"


@cache
def data(name: str) -> dict[str, Any]:
    """Return a file of the plugin's data."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def said(item: Mapping[str, Any]) -> str:
    """Return the words of something that has them in Chinese and in English."""
    locale = get_locale()
    code = "en" if locale is not None and locale.language == "en" else "zh"
    return str(item.get(code) or item.get("zh") or item.get("en") or item["code"])


def titles(name: str, table: str) -> dict[str, str]:
    """Return the words of all entries of a table by their codes, in the order of the file."""
    return {item["code"]: said(item) for item in data(name)[table]}


def quarter_words(quarter: int) -> str:
    """Return what a quarter is called."""
    year, part = quarters.year_and_part(quarter)
    return _("Quarter %(part)d of %(year)d", part=part, year=year)
