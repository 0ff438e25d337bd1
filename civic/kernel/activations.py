"""Where plugins are on, how they are set there, and whether something of them is paused."""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import g
from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    ScalarSelect,
    case,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from civic.kernel.db import Model, db

if TYPE_CHECKING:
    from civic.communities.models import Community

#: Follows the name of a paused plugin, where names stand in one text.
PAUSED = "!"


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


def switched(community_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """Return the expression for the plugins that are on in a community, as one text.

    One value of the statement that finds a community: rows of their own would cost each page more
    than all that the plugins do.
    """
    name = Activation.plugin + case((Activation.paused_at.is_(None), ""), else_=PAUSED)
    return (
        select(func.aggregate_strings(name, " "))
        .where(Activation.community_id == community_id, Activation.on)
        .scalar_subquery()
    )


@lru_cache(1000)
def _read(text: str) -> tuple[frozenset[str], frozenset[str]]:
    names = text.split()
    return (
        frozenset(name.removesuffix(PAUSED) for name in names),
        frozenset(name for name in names if not name.endswith(PAUSED)),
    )


def _text(community: "Community") -> str:
    known = community.__dict__
    if "switched" in known:
        return known["switched"] or ""
    found = db.session.scalar(select(switched(literal(community.id))))
    set_committed_value(community, "switched", found)
    return found or ""


def on(community: "Community") -> frozenset[str]:
    """Return the names of the plugins that are on in a community."""
    return _read(_text(community))[0]


def presenting(community: "Community") -> frozenset[str]:
    """Return the names of the plugins that are on in a community and not paused there."""
    return _read(_text(community))[1]


def on_in(community_id: int) -> frozenset[str]:
    """Return the names of the plugins that are on in a community, asked anew."""
    query = select(Activation.plugin).filter_by(community_id=community_id, on=True)
    return frozenset(db.session.scalars(query))


def on_at(community_id: int) -> frozenset[str]:
    """Return the names of the plugins that are on in a community known by its id.

    The community of a page is known with its plugins, and not asked about again.
    """
    here: Community | None = g.get("community")
    return on(here) if here is not None and here.id == community_id else on_in(community_id)


def settings(community: "Community") -> dict[str, dict[str, Any]]:
    """Return what a community has set in each plugin; asked once for a page, for all of them."""
    kept: dict[int, dict[str, dict[str, Any]]] = g.setdefault("plugin_settings", {})
    if community.id not in kept:
        query = select(Activation.plugin, Activation.settings)
        rows = db.session.execute(query.filter_by(community_id=community.id))
        kept[community.id] = {row.plugin: row.settings for row in rows}
    return kept[community.id]


def changed(community: "Community") -> None:
    """Forget what is known of a community's plugins, after it was changed in this transaction."""
    community.__dict__.pop("switched", None)
    g.pop("plugin_settings", None)


def governs(plugin: str, model: type[Any]) -> ColumnElement[bool]:
    """Return the condition on rows that the plugin is on in the community they belong to."""
    return exists().where(
        Activation.plugin == plugin,
        Activation.on,
        Activation.community_id == model.community_id,
    )
