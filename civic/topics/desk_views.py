"""Pages on which the office weighs topics and answers them."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from civic.communities import ended
from civic.communities.ended import outlives
from civic.consultations import queries
from civic.consultations.models import Consultation
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import require, visible
from civic.topics import appeals, catalogue, deciding, listing, pages, scales, services, states, who
from civic.topics.forms import (
    NONE,
    AcceptForm,
    ActForm,
    AnswerForm,
    HandOverForm,
    LaneForm,
    MergeForm,
    RefuseForm,
    TriageForm,
)
from civic.topics.models import Topic, TopicAppeal

if TYPE_CHECKING:
    from collections.abc import Callable

bp = Blueprint("topic_desk", __name__, url_prefix="/c/<community>/desk/topics")
ANSWER = "answer"
FORMS: dict[str, type[ActForm]] = {
    states.TRIAGE: TriageForm,
    states.LANE: LaneForm,
    states.ACCEPT: AcceptForm,
    states.HAND_OVER: HandOverForm,
    states.LEAVE: ActForm,
    states.REFUSE: RefuseForm,
    states.MERGE: MergeForm,
    ANSWER: AnswerForm,
}
#: Refusals that a form shows, each at its field; the others are pages of their own.
FIELDS = {"words": "words", "entry": "entry", "to": "to", "into": "into", "same_lane": "lane"}


@bp.get("/")
@require(who.MANAGE)
def index() -> str:
    """List what waits: first what nobody has weighed, then what weighs most."""
    found = listing.on_desk(g.community, _after())
    last = found.topics[-1] if found.more else None
    return render_template(
        "topics/desk.html",
        topics=[(pages.row(topic), topic.answer_due, topic.rank) for topic in found.topics],
        untriaged=scales.UNTRIAGED,
        now=clock.now(),
        older_url=url_for(".index", after=f"{last.rank}-{last.id}") if last else "",
        newest_url=url_for(".index") if request.args.get("after") else "",
    )


def _after() -> tuple[int, int] | None:
    rank, _dash, number = request.args.get("after", "").partition("-")
    found = identifier(rank), identifier(number)
    return (found[0], found[1]) if found[0] is not None and found[1] is not None else None


@bp.get("/<int:topic_id>")
@require(who.MANAGE)
def show(topic_id: int) -> ResponseReturnValue:
    """Show one topic to the office, with the acts that are possible."""
    return _page(services.find(g.community, topic_id))


def _page(
    topic: Topic, status: int = 200, sent: tuple[str, ActForm] | None = None
) -> ResponseReturnValue:
    waiting = _appeal(topic)
    forms: dict[str, ActForm] = {}
    for act, kind in FORMS.items():
        possible = (
            waiting is not None if act == ANSWER else states.possible(act, topic.state, topic.lane)
        )
        if possible:
            forms[act] = sent[1] if sent and sent[0] == act else kind(formdata=None, prefix=act)
            if not sent or sent[0] != act:
                forms[act].prepare(**_offered(act))
                _proposed(forms[act], topic)
    person_id = g.actor.person_id
    page = render_template(
        "topics/work.html",
        topic=pages.shown(topic, g.actor),
        events=pages.events(list(listing.steps(topic.id))),
        forms=forms,
        sent=sent[1] if sent else None,
        own=topic.author_id == person_id,
        appeal=waiting,
        second_person=waiting is not None and person_id in {waiting.refused_by, waiting.person_id},
        now=clock.now(),
    )
    return page, status


def _appeal(topic: Topic) -> TopicAppeal | None:
    if topic.state != states.REFUSED:
        return None
    found = appeals.of_step(appeals.refusal_of(topic).id)
    return found if found is not None and found.answered_at is None else None


def _proposed(form: ActForm, topic: Topic) -> None:
    """Fill in what triage found before."""
    if isinstance(form, TriageForm) and topic.urgency is not None:
        for name in (*scales.NAMES, "lane"):
            form[name].data = getattr(topic, name)


def _offered(act: str) -> dict[str, list[tuple[str, str]]]:
    if act == states.TRIAGE:
        found = catalogue.choices(g.community)
        rows = [
            (str(one.id), f"{one.number} {one.title}（{scales.obligations()[one.obligation]}）")
            for one in found
        ]
        return {"entry": [(NONE, _("None of them")), *rows]}
    if act == states.ACCEPT:
        return {"case": [(NONE, _("A new case: its draft is begun")), *_cases()]}
    return {}


def _cases() -> list[tuple[str, str]]:
    """Return the cases of the community that are not over, the newest first."""
    query = (
        select(Consultation.id, Consultation.title)
        .where(Consultation.community_id == g.community.id, visible(g.actor, Consultation))
        .where(queries.going_on(clock.now()))
        .order_by(Consultation.id.desc())
        .limit(listing.PER_PAGE)
    )
    return [(str(row[0]), row[1]) for row in db.session.execute(query)]


def _do(act: str, topic_id: int, form: Any) -> object:  # noqa: ANN401 - the form of the act
    here = (g.actor, g.community, topic_id)
    words = form.words.data or ""
    done: dict[str, Callable[[], object]] = {
        states.TRIAGE: lambda: deciding.triage(*here, form.weight()),
        states.LANE: lambda: deciding.change_lane(*here, form.lane.data, words),
        states.ACCEPT: lambda: deciding.accept(*here, words, form.chosen()),
        states.HAND_OVER: lambda: deciding.hand_over(
            *here, words, channel=form.channel.data, to=form.to.data or ""
        ),
        states.LEAVE: lambda: deciding.leave_to_residents(*here, words),
        states.REFUSE: lambda: deciding.refuse(*here, form.reason.data, words),
        states.MERGE: lambda: deciding.merge(*here, form.into.data, words),
        ANSWER: lambda: appeals.answer(*here, upheld=form.outcome.data == "upheld", words=words),
    }
    return done[act]()


@bp.post("/<int:topic_id>/<any(triage, lane, accept, hand_over, leave, refuse, merge, answer):act>")
@require(who.MANAGE)
@outlives
def decide(topic_id: int, act: str) -> ResponseReturnValue:
    """Do what the office decided; whoever asked is told."""
    if act == states.ACCEPT:
        ended.check(g.community, None)
    form = FORMS[act](prefix=act)
    form.prepare(**_offered(act))
    found = services.find(g.community, topic_id)
    if not form.validate_on_submit():
        return _page(found, 422, (act, form))
    try:
        _do(act, topic_id, form)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if FIELDS.get(refused.code) not in form:
            raise
        form[FIELDS[refused.code]].errors = [str(refused)]
        return _page(services.find(g.community, topic_id), refused.status, (act, form))
    flash(_("Done. Whoever asked is told, and the page of the topic says why."), "done")
    return see_other(url_for(".show", topic_id=topic_id))
