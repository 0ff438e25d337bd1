"""Split a text into its numbered paragraphs (pure)."""

import re

_BETWEEN = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


def split(body: str) -> list[str]:
    """Return the paragraphs of a text in order: what stands between blank lines."""
    return [one.strip("\n") for one in _BETWEEN.split(body) if one.strip()]
