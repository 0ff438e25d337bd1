"""A plugin as small as one can be that has everything: the tests' sample of the contract."""

from dataclasses import dataclass

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from civic.api import (
    Community,
    Event,
    Model,
    NavItem,
    Owned,
    Permission,
    Plugin,
    db,
    hookimpl,
    publish,
    require,
    see_other,
)

plugin = Plugin(
    "hello",
    __name__,
    title="Hello",
    api=">=1.0,<2",
    permissions=[Permission("greet", "Say hello", ("resident",))],
    nav=[NavItem("Say hello", "hello.index", order=50)],
)


class Greeting(Owned, Model):
    """Be one word of greeting."""

    words: Mapped[str]
    heard: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True, kw_only=True)
class Greeted(Event):
    """Say that somebody greeted."""

    greeting_id: int


@plugin.get("/")
def index() -> ResponseReturnValue:
    """Show how often somebody greeted."""
    return render_template("hello/index.html", count=count(g.community.id))


@plugin.post("/")
@require("hello.greet")
def greet() -> ResponseReturnValue:
    """Greet."""
    made = Greeting(community_id=g.community.id, words=request.form["words"], heard=False)
    db.session.add(made)
    db.session.flush()
    publish(Greeted(community_id=g.community.id, greeting_id=made.id))
    db.session.commit()
    return see_other(request.path)


@plugin.on(Greeted)
def listen(event: Greeted) -> None:
    """Remember that a greeting was heard."""
    found = db.session.get(Greeting, event.greeting_id)
    assert found is not None
    found.heard = True


def count(community_id: int) -> int:
    """Return how often somebody greeted."""
    query = select(func.count()).select_from(Greeting).filter_by(community_id=community_id)
    return db.session.scalar(query) or 0


def panel(community: Community) -> Markup:
    """Return the panel; apart, so that a test can make it fail."""
    return Markup('<p id="hello-panel">{}</p>').format(escape(community.name))


@hookimpl
def home_panel(community: Community) -> Markup:
    """Show a panel; of what the hook is called with it takes only what it needs."""
    return panel(community)
