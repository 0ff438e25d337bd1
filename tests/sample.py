"""The sample plugin as if it were installed."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

from civic.kernel.plugins import GROUP

PLUGINS = Path(__file__).parent / "plugins"
if str(PLUGINS) not in sys.path:
    sys.path.append(str(PLUGINS))


def point(name: str, package: str = "") -> EntryPoint:
    """Return the entry point of a plugin."""
    return EntryPoint(name, package or f"civic_{name}", GROUP)


HELLO = point("hello")
