"""A plugin that answers every hook with something one can see; a test says where that changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from sqlalchemy import ColumnElement
from wtforms import BooleanField, DateField, Form, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from civic.api import (
    Actor,
    Community,
    Delivery,
    Due,
    NavItem,
    Objection,
    Permission,
    Person,
    Plugin,
    Recipient,
    StageEntered,
    StageMove,
    Table,
    hookimpl,
)


class Settings(Form):
    """Choose how it answers in a community."""

    prompt = StringField("Prompt", [InputRequired()], default="Say hello")
    most = IntegerField("At most", [NumberRange(1, 9)], default=3)
    loud = BooleanField("Loud")
    since = DateField("Since", [Optional()])


plugin = Plugin(
    "answers",
    __name__,
    title="Answers",
    api=">=1.0,<2",
    settings=Settings,
    permissions=[Permission("act", "Act on things", ("secretary",))],
)
#: What it was told, in order.
heard: list[tuple[Any, ...]] = []
#: What a test lets it hide, refuse or carry.
hidden: set[str] = set()
refused: dict[str, str] = {}
carried: set[str] = set()
#: What a test lets it find lacking in ballots.
lacking: list[str] = []
#: What a test lets it have against acts on cases.
objections: dict[str, Objection] = {}


@plugin.get("/")
def index() -> str:
    """Be a page."""
    return "page of answers"


@plugin.get("/broken")
def broken() -> ResponseReturnValue:
    """Fail."""
    raise ZeroDivisionError


@hookimpl
def configure(app: Flask) -> None:
    """Add a filter."""
    app.jinja_env.filters["answers"] = lambda text: f"{text}!"


@hookimpl
def plugin_enabled(community: Community, actor: Actor) -> None:
    """Note it."""
    heard.append(("on", community.slug, actor.person_id))


@hookimpl
def plugin_disabled(community: Community, actor: Actor) -> None:
    """Note it."""
    heard.append(("off", community.slug, actor.person_id))


@hookimpl
def home_panel(community: Community) -> Markup:
    """Show its prompt."""
    prompt = plugin.setting(community, "prompt")
    return Markup('<p id="answers-panel">{}</p>').format(escape(prompt))


@hookimpl
def profile_panel(community: Community, person: Person, actor: Actor) -> Markup:
    """Show whom it is about."""
    own = person.id == actor.person_id
    words = f"{community.slug}, {person.public_name}, {'own' if own else 'staff'}"
    return Markup('<p id="answers-profile">{}</p>').format(words)


@hookimpl
def page_head(community: Community) -> Markup:
    """Add meta data."""
    return Markup('<meta name="answers" content="{}">').format(community.slug)


@hookimpl
def actions(community: Community, subject: Any) -> Iterable[NavItem]:
    """Offer two ways, one of them to whoever may act."""
    del community
    kind = type(subject).__name__
    yield NavItem(f"Act on {kind}", "answers.index", 2, permission="answers.act")
    yield NavItem(f"Look at {kind}", "answers.index", 1, values={"about": subject.id})


@hookimpl
def dashboard(communities: Sequence[Community], desk: bool, limit: int) -> list[Due]:
    """Let something wait in each community."""
    heard.append(("dashboard", [each.slug for each in communities], desk, limit))
    return [
        Due(
            kind="Answer",
            title=f"Waits in {each.slug}, {'desk' if desk else 'home'}",
            action="Do it",
            url=url_for("answers.index", community=each.slug),
            at=None,
            since=None,
            community_id=each.id,
        )
        for each in communities
    ]


@hookimpl
def visible(model: type[Any]) -> ColumnElement[bool] | None:
    """Hide what has certain titles."""
    return model.title.not_in(sorted(hidden)) if hidden else None


@hookimpl
def veto(act: str, subject: Any) -> str | None:
    """Refuse what it is told to."""
    heard.append(("veto", act, type(subject).__name__))
    return refused.get(act)


@hookimpl
def check_ballot(community: Community, ballot: Any) -> list[str]:
    """Find lacking what it is told to."""
    heard.append(("check_ballot", community.slug, ballot.question))
    return list(lacking)


@hookimpl
def check_stage(community: Community, move: StageMove) -> Objection | None:
    """Object to acts it is told of, and note what has come of them."""
    heard.append(("check_stage", community.slug, move.origin, move.act, move.to, move.kind))
    return objections.get(move.act)


@plugin.on(StageEntered)
def entered(event: StageEntered) -> None:
    """Note that a case has come to a stage."""
    heard.append(("entered", event.community_id, event.consultation_id, event.stage, event.kind))


@hookimpl
def render_text(text: str, markup: str) -> Markup | None:
    """Render what begins with its name."""
    if not text.startswith("answers:"):
        return None
    words = Markup('<p><strong>{}</strong> {}</p><script>alert("1")</script>')
    return words.format(markup, text.removeprefix("answers:"))


@hookimpl
def deliver(delivery: Delivery, recipient: Recipient) -> bool | None:
    """Carry kinds it is told to."""
    if delivery.kind not in carried:
        return None
    heard.append(("deliver", delivery.sentence, recipient.person_id, recipient.address))
    return True


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out a row."""
    return [Table("answers", "What it keeps", {"note": "Note"}, [[f"about {person_id}"]])]


@hookimpl
def forget_member(person_id: int) -> None:
    """Note it."""
    heard.append(("forget", person_id))
