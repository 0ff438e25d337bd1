"""Which official acts everybody may read, and what they are called (`data/acts.toml`)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from civic.kernel import i18n

FILE = Path(__file__).parent.parent / "data" / "acts.toml"


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def public() -> tuple[str, ...]:
    """Return the codes of the acts that everybody may read."""
    return tuple(_read()["public"])


def kinds() -> list[str]:
    """Return the kinds of public acts, as `notice`, in the order of the file."""
    return list(dict.fromkeys(code.split(".")[0] for code in public()))


def kind(code: str) -> str:
    """Return what the acts of a kind are about, in the language of the page."""
    return _in_words(_read()["kinds"][code])


def words(act: str) -> str:
    """Return what a public act is called, in the language of the page."""
    return _in_words(_read()["public"][act])


def reasoned(act: str) -> bool:
    """Tell whether everybody may read the reason that was given with a public act."""
    return bool(_read()["public"].get(act, {}).get("reason"))


def closed(act: str) -> bool:
    """Tell whether an act is declared as one that is not for everybody."""
    return any(
        act == code or (code.endswith(".") and act.startswith(code)) for code in _read()["closed"]
    )


def _in_words(given: dict[str, Any]) -> str:
    return str(given["en" if i18n.language().startswith("en") else "zh"])
