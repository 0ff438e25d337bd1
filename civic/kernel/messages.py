"""Kinds of message of plugins: what they say is asked with care, wherever it is shown."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from civic.kernel import faults
from civic.kernel.tell import Kind

log = logging.getLogger(__name__)
T = TypeVar("T")


def careful(plugin: str, kind: Kind) -> Kind:
    """Return a kind that shows its title, and leads home, where the plugin fails to say more."""
    return replace(
        kind,
        sentence=_tried(plugin, kind, kind.sentence, lambda: str(kind.title)),
        address=_tried(plugin, kind, kind.address, lambda: "/"),
        still=_tried(plugin, kind, kind.still, lambda: False),
    )


def _tried(
    plugin: str, kind: Kind, function: Callable[..., T], otherwise: Callable[[], T]
) -> Callable[..., T]:
    def tried(*values: Any) -> T:  # noqa: ANN401 - those of the kind
        try:
            return function(*values)
        except Exception as error:
            log.exception("plugin %s failed in a message of the kind %s", plugin, kind.code)
            faults.note(plugin, f"message {kind.code}", None, error)
            return otherwise()

    return tried
