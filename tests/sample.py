"""The sample plugin as if it were installed, and which plugins are bundled."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

from civic.kernel.plugins import GROUP

PLUGINS = Path(__file__).parent / "plugins"
#: Plugins that are installed together with the core, by name.
BUNDLED = sorted(
    path.name.removeprefix("civic_")
    for path in (Path(__file__).parent.parent / "plugins").glob("civic_*")
)
if str(PLUGINS) not in sys.path:
    sys.path.append(str(PLUGINS))


def point(name: str, package: str = "") -> EntryPoint:
    """Return the entry point of a plugin."""
    return EntryPoint(name, package or f"civic_{name}", GROUP)


HELLO = point("hello")
