"""Where plugins are on, how they are set there, and whether something of them is paused."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import g
from sqlalchemy import ColumnElement, ForeignKey, exists, select
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
    return next((row for row in rows(community) if row.plugin == plugin), None)


def on_in(community_id: int) -> frozenset[str]:
    """Return the names of the plugins that are on in a community, asked anew."""
    query = select(Activation.plugin).filter_by(community_id=community_id, on=True)
    return frozenset(db.session.scalars(query))


def rows(community: "Community") -> Sequence[Activation]:
    """Return what a community has chosen about each plugin, asked only where it is not loaded."""
    if "activations" not in community.__dict__:
        return db.session.scalars(select(Activation).filter_by(community_id=community.id)).all()
    return community.activations


def on(community: "Community") -> frozenset[str]:
    """Return the names of the plugins that are on in a community."""
    return frozenset(row.plugin for row in rows(community) if row.on)


def on_at(community_id: int) -> frozenset[str]:
    """Return the names of the plugins that are on in a community known by its id.

    The community of a page is known with its plugins, and not asked about again.
    """
    here: Community | None = g.get("community")
    return on(here) if here is not None and here.id == community_id else on_in(community_id)


def governs(plugin: str, model: type[Any]) -> ColumnElement[bool]:
    """Return the condition on rows that the plugin is on in the community they belong to."""
    return exists().where(
        Activation.plugin == plugin,
        Activation.on,
        Activation.community_id == model.community_id,
    )


def presenting(community: "Community") -> frozenset[str]:
    """Return the names of the plugins that are on in a community and not paused there."""
    found = rows(community)
    return frozenset(row.plugin for row in found if row.on and row.paused_at is None)
