"""Topics in the words of their pages."""

from typing import Any, NamedTuple

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from civic.identities import known
from civic.kernel import i18n
from civic.kernel.permissions import Actor, allowed
from civic.moderation.reasons import REASONS
from civic.topics import scales, states
from civic.topics.models import Topic, TopicStep

STATES = {
    states.HANDED_IN: _l("Newly handed in"),
    states.SCREENING: _l("Being looked at"),
    states.ACCEPTED: _l("Taken into consultation"),
    states.HANDED_OVER: _l("Handed over"),
    states.RESIDENTS: _l("Left to residents"),
    states.REFUSED: _l("Not taken up"),
    states.MERGED: _l("Merged into another"),
    states.WITHDRAWN: _l("Taken back"),
}
#: Kind of badge and icon of each state.
LOOKS = {
    states.HANDED_IN: ("act", "clock"),
    states.SCREENING: ("act", "talk"),
    states.ACCEPTED: ("done", "check"),
    states.HANDED_OVER: ("done", "office"),
    states.RESIDENTS: ("done", "people"),
    states.REFUSED: ("stop", "stop"),
    states.MERGED: ("", "check"),
    states.WITHDRAWN: ("", "disagree"),
}
ACTS = {
    "handed_in": _l("Newly handed in"),
    states.TRIAGE: _l("Weighed"),
    states.LANE: _l("Given to somebody else"),
    states.ACCEPT: _l("Taken into consultation"),
    states.HAND_OVER: _l("Handed over"),
    states.LEAVE: _l("Left to residents"),
    states.REFUSE: _l("Not taken up"),
    states.MERGE: _l("Merged into another topic"),
    states.WITHDRAW: _l("Taken back by its author"),
    states.APPEAL: _l("Somebody appealed against the refusal"),
    states.UPHOLD: _l("The appeal was right; it is looked at again"),
    states.KEEP: _l("The appeal was answered; it stays refused"),
}


class TopicRow(NamedTuple):
    """Be a topic as a row of a list, in words."""

    id: int
    title: str
    url: str
    work_url: str
    state: str
    kind: str
    icon: str
    meta: list[str]


def title(topic: Topic) -> str:
    """Return the title of a topic, or what stands in its place where it is hidden."""
    return topic.title or _("A topic that was hidden")


def row(topic: Topic, slug: str = "", *, place: str = "") -> TopicRow:
    """Return a topic as a row of a list."""
    kind, icon = LOOKS[topic.state]
    base = f"/c/{slug or g.community.slug}"
    return TopicRow(
        id=topic.id,
        title=title(topic),
        url=f"{base}/topics/{topic.id}/",
        work_url=f"{base}/desk/topics/{topic.id}",
        state=str(STATES[topic.state]),
        kind=kind,
        icon=icon,
        meta=[place, lane(topic), askers(topic), i18n.day(topic.created_at)],
    )


def lane(topic: Topic) -> str:
    """Return who deals with a topic, in words."""
    return str(scales.lanes()[topic.lane]) if topic.lane else ""


def askers(topic: Topic) -> str:
    """Return how many want to know, in words."""
    if topic.asker_count < 1:
        return ""
    return ngettext(
        "%(num)d person wants to know", "%(num)d people want to know", topic.asker_count
    )


def weight(topic: Topic) -> list[tuple[str, str]]:
    """Return what triage found, each with its name."""
    if topic.urgency is None:
        return []
    return [
        (str(scale.title), str(scale.levels.get(getattr(topic, name), "")))
        for name, scale in scales.scales().items()
    ]


def answer(topic: Topic) -> str:
    """Return the answer of a topic, as everybody may read it."""
    if topic.state == states.WITHDRAWN:
        return _("Whoever handed it in took it back before it was decided.")
    return topic.answer


def shown(topic: Topic, actor: Actor) -> dict[str, Any]:
    """Return what the page of a topic shows."""
    kind, icon = LOOKS[topic.state]
    titles = {code: str(item.title) for code, item in known.standings().items()}
    moderates = allowed(actor, "consultations.moderate", g.community.path)
    case = topic.consultation
    return {
        "id": topic.id,
        "title": title(topic),
        "html": Markup(topic.html),  # noqa: S704 - sanitised when written
        "hidden": str(REASONS[topic.decision.reason]) if topic.decision else "",
        "state": str(STATES[topic.state]),
        "kind": kind,
        "icon": icon,
        "code": topic.state,
        "lane": lane(topic),
        "askers": askers(topic),
        "place": " · ".join(filter(None, (topic.node.name if topic.node else "", topic.place))),
        "author": _author(topic),
        "byline": " · ".join(filter(None, (topic.home, titles.get(topic.standing)))),
        "at": topic.created_at,
        "due": topic.answer_due,
        "answer": answer(topic),
        "office": topic.answer_office,
        "answered_at": topic.answered_at,
        "reason": str(scales.reasons().get(topic.reason, "")) if topic.reason else "",
        "handed_to": topic.handed_to,
        "into_url": url_for("topics.show", topic_id=topic.merged_into) if topic.merged_into else "",
        "case": case.title if case and case.published_at else "",
        "case_url": url_for("consultations.show", consultation_id=case.id)
        if case and case.published_at
        else "",
        "weight": weight(topic),
        "hide_url": url_for("moderation.hide_form", kind="topic", text_id=topic.id)
        if moderates and topic.hidden_by is None
        else "",
    }


def _author(topic: Topic) -> str:
    if topic.author is not None:
        return topic.author.public_name
    if topic.source == "counter":
        return _("Written down at the counter")
    return _("From another list")


def events(found: list[TopicStep]) -> list[dict[str, Any]]:
    """Return what happened to a topic, for the timeline."""
    return [
        {
            "title": _happened(step),
            "at": step.at,
            "when": "",
            "state": "now" if number == len(found) else "past",
            "text": " ".join(filter(None, (_words(step), _entry(step)))),
        }
        for number, step in enumerate(found, 1)
    ]


def _happened(step: TopicStep) -> str:
    what = str(ACTS[step.act])
    if step.act in {states.TRIAGE, states.LANE} and step.code in scales.lanes():
        what = (
            f"{what}：{scales.lanes()[step.code]}"
            if _zh()
            else (f"{what}: {scales.lanes()[step.code]}")
        )
    return f"{what} · {step.post}" if step.post else what


def _zh() -> bool:
    return not i18n.language().startswith("en")


def _words(step: TopicStep) -> str:
    if step.act == states.REFUSE and step.code in scales.reasons():
        return f"{scales.reasons()[step.code]} · {step.words}"
    return step.words


def _entry(step: TopicStep) -> str:
    if step.entry is None:
        return ""
    obligation = scales.obligations()[step.entry.obligation]
    return _(
        "Catalogue, no. %(number)s: %(title)s (%(obligation)s).",
        number=step.entry.number,
        title=step.entry.title,
        obligation=obligation,
    )
