"""Hello: a wall on which members greet their community."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Mapped
from wtforms import Form, StringField

from civic.api import Community, Model, NavItem, Owned, Permission, Plugin, db, hookimpl, require
from civic.api import lazy_gettext as _l


class Settings(Form):
    """Ask what stands on the home page."""

    prompt = StringField(_l("Words on the home page"), default="大家好！")


plugin = Plugin(
    "hello",
    __name__,
    title=_l("Wall of greetings"),
    api=">=1.0,<2",
    settings=Settings,
    permissions=[Permission("greet", _l("Write on the wall"), "participant")],
    nav=[NavItem(_l("Greetings"), "hello.wall", icon="talk")],
)


class Greeting(Owned, Model):
    """Be a greeting, which belongs to its community and says nothing of who wrote it."""

    text: Mapped[str]


@plugin.get("/")
def wall() -> str:
    """Show the greetings, the newest first."""
    query = select(Greeting).filter_by(community_id=g.community.id).order_by(Greeting.id.desc())
    return render_template("hello/wall.html", greetings=db.session.scalars(query.limit(100)).all())


@plugin.post("/")
@require("hello.greet")
def greet() -> ResponseReturnValue:
    """Write on the wall."""
    if text := request.form.get("text", "").strip()[:80]:
        db.session.add(Greeting(community_id=g.community.id, text=text))
        db.session.commit()
    return redirect(url_for(".wall"), 303)


@hookimpl
def home_panel(community: Community) -> Markup:
    """Lead to the wall from the home page."""
    panel = Markup('<p class="card"><a href="{}">{}</a></p>')
    address = url_for("hello.wall", community=community.slug)
    return panel.format(address, plugin.setting(community, "prompt"))
