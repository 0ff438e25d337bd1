"""The options of a choice in a form."""

from collections.abc import Iterable
from typing import Any

from wtforms.fields import choices


def listed(options: Iterable[tuple[object, object]]) -> list[Any]:
    """Return options, given as values and labels, as form fields want them."""
    # Plain pairs are deprecated; the stubs of WTForms do not know their successor yet.
    return [choices.SelectChoice(value, label) for value, label in options]  # type: ignore[attr-defined]
