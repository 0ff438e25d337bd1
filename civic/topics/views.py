"""Pages of topics for everybody: the list, one topic, and handing one in."""

from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities.ended import outlives
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed
from civic.topics import (
    appeals,
    asking,
    deciding,
    joining,
    listing,
    pages,
    scales,
    services,
    states,
    who,
)
from civic.topics.forms import AppealForm, TopicForm
from civic.topics.models import Topic

bp = Blueprint("topics", __name__, url_prefix="/c/<community>/topics")
#: Refusals that the form shows; the others are pages of their own.
AT_FORM = {"empty": "title", "too_long": "words", "too_many": "title", "no_place": "node"}


@bp.get("/")
def index() -> str:
    """List the topics of this community, the newest first."""
    state, lane = request.args.get("state", ""), request.args.get("lane", "")
    state = state if state in states.STATES else ""
    lane = lane if lane in states.LANES else ""
    case_id = identifier(request.args.get("case", ""))
    found = listing.listed(
        g.community,
        state=state,
        lane=lane,
        case_id=case_id,
        before=identifier(request.args.get("before", "")),
    )
    chosen: dict[str, Any] = {"state": state or None, "lane": lane or None, "case": case_id}
    older = ""
    if found.more:
        older = url_for(".index", **chosen, before=found.topics[-1].id)
    return render_template(
        "topics/index.html",
        topics=[pages.row(topic) for topic in found.topics],
        states=[(code, str(pages.STATES[code])) for code in states.STATES],
        lanes=[(code, str(words)) for code, words in scales.lanes().items()],
        state=state,
        lane=lane,
        older_url=older,
        newest_url=url_for(".index", **chosen) if request.args.get("before") else "",
        hands_in=who.why_not(g.actor, g.community.path) is None,
        manages=allowed(g.actor, who.MANAGE, g.community.path),
    )


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    refusal = who.why_not(g.actor, g.community.path)
    if refusal is not None:
        raise refusal
    return _form_page(TopicForm(formdata=None))


def _form_page(
    form: TopicForm, status: int = 200, similar: list[pages.TopicRow] | None = None
) -> ResponseReturnValue:
    form.offer((node.id, node.name) for node in services.places(g.community))
    page = render_template(
        "topics/new.html",
        form=form,
        similar=similar or [],
        own=who.speaks(g.actor, g.community.path),
    )
    return page, status


@bp.post("/new")
def create() -> ResponseReturnValue:
    """Take a topic; those that say nearly the same are shown first, once."""
    form = TopicForm()
    refusal = who.why_not(g.actor, g.community.path)
    if refusal is not None:
        raise refusal
    if not form.validate_on_submit():
        return _form_page(form, 422)
    draft = form.draft()
    if "anyway" not in request.form and who.speaks(g.actor, g.community.path):
        alike = services.duplicates(g.community, draft.title, draft.text)
        if alike and not any(topic.form_key == form.form_key.data for topic in alike):
            return _form_page(form, similar=[pages.row(topic) for topic in alike])
    try:
        key = (form.form_key.data or "")[:40]
        made = services.hand_in(g.actor, g.community, draft, form_key=key)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in AT_FORM:
            raise
        form[AT_FORM[refused.code]].errors = [str(refused)]
        return _form_page(form, refused.status)
    flash(_("Your topic is handed in. Below stands by when it is answered."), "done")
    return see_other(url_for(".show", topic_id=made.id))


@bp.get("/<int:topic_id>/")
def show(topic_id: int) -> ResponseReturnValue:
    """Show one topic: what it says, where it stands, what happened and why."""
    return _page(services.find(g.community, topic_id))


def _page(
    topic: Topic, status: int = 200, *, appeal: AppealForm | None = None
) -> ResponseReturnValue:
    person_id = g.actor.person_id
    own = person_id is not None and topic.author_id == person_id
    asks = asking.asks(person_id, topic.id)
    waits = topic.state in {*states.OPEN, states.ACCEPTED}
    page = render_template(
        "topics/show.html",
        topic=pages.shown(topic, g.actor),
        events=pages.events(list(listing.steps(topic.id))),
        own=own,
        asks=asks,
        may_join=waits and not asks and who.speaks(g.actor, g.community.path),
        may_leave=asks and not own,
        may_withdraw=own and topic.state in states.OPEN,
        appeal=(appeal or AppealForm(formdata=None)) if appeals.open_to(g.actor, topic) else None,
        appeal_until=topic.appeal_until,
        manages=allowed(g.actor, who.MANAGE, g.community.path),
        basis=scales.clocks().basis,
        now=clock.now(),
    )
    return page, status


@bp.post("/<int:topic_id>/join")
def join(topic_id: int) -> ResponseReturnValue:
    """Join a topic instead of sending one of one's own."""
    joining.join(g.actor, g.community, topic_id)
    db.session.commit()
    flash(_("You have joined. The answer will come to you too."), "done")
    return see_other(url_for(".show", topic_id=topic_id))


@bp.post("/<int:topic_id>/leave")
@outlives
def leave(topic_id: int) -> ResponseReturnValue:
    """Not want to know any more."""
    who.known_here(g.actor)
    joining.leave(g.actor, g.community, topic_id)
    db.session.commit()
    flash(_("You have left this topic. No answer will come to you."), "done")
    return see_other(url_for(".show", topic_id=topic_id))


@bp.post("/<int:topic_id>/withdraw")
@outlives
def withdraw(topic_id: int) -> ResponseReturnValue:
    """Take back a topic of one's own."""
    who.known_here(g.actor)
    deciding.withdraw(g.actor, g.community, topic_id)
    db.session.commit()
    flash(_("You have taken the topic back. Whoever joined it is told."), "done")
    return see_other(url_for(".show", topic_id=topic_id))


@bp.post("/<int:topic_id>/appeal")
@outlives
def appeal(topic_id: int) -> ResponseReturnValue:
    """Appeal against a refusal."""
    who.known_here(g.actor)
    form = AppealForm()
    found = services.find(g.community, topic_id)
    if not form.validate_on_submit() and asking.asks(g.actor.person_id, found.id):
        return _page(found, 422, appeal=form)
    appeals.appeal(g.actor, g.community, topic_id, form.words.data or "?")
    db.session.commit()
    flash(_("Your appeal is on its way. Somebody else than who refused it answers."), "done")
    return see_other(url_for(".show", topic_id=topic_id))
