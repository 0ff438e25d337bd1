"""Pages of homes that everybody reads: the list, and one home."""

from flask.typing import ResponseReturnValue

from civic_rental.manifest import plugin
from civic_rental.pages import show


@plugin.get("/")
def index() -> ResponseReturnValue:
    """Show the homes that are for rent."""
    return show("index")
