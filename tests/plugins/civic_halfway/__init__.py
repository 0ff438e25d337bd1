"""A plugin whose second migration fails after it has changed things."""

from sqlalchemy.orm import Mapped

from civic.api import Model, Owned, Plugin

plugin = Plugin("halfway", __name__, title="Halfway", api=">=1.0,<2")


class Step(Owned, Model):
    """Be one step on the way."""

    words: Mapped[str]


@plugin.get("/")
def index() -> str:
    """Show that it is here."""
    return "halfway"
