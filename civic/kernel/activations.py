"""Where plugins are on, how they are set there, and whether something of them is paused."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, db

if TYPE_CHECKING:
    from civic.communities.models import Community


class Activation(Model):
    """Keep what a community has chosen about a plugin; off, the row stays, as all its data do.

    :ivar settings: JSON values by the names of the form's fields.
    :ivar paused_at: since when its presentation hooks are not called here.
    :ivar paused_hook: the hook that was slow.
    """

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    plugin: Mapped[str] = mapped_column(primary_key=True)
    on: Mapped[bool] = mapped_column(default=True)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    paused_at: Mapped[datetime | None]
    paused_hook: Mapped[str] = mapped_column(default="")


def find(community: "Community", plugin: str) -> Activation | None:
    """Return what a community has chosen about a plugin, or None where it never had it on."""
    if "activations" in inspect(community).unloaded:
        return db.session.get(Activation, (community.id, plugin))
    return next((row for row in community.activations if row.plugin == plugin), None)


def on_in(community_id: int) -> frozenset[str]:
    """Return the names of the plugins that are on in a community, asked anew."""
    query = select(Activation.plugin).filter_by(community_id=community_id, on=True)
    return frozenset(db.session.scalars(query))
