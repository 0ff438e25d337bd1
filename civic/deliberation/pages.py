"""Arguments, questions and walls in the words of their pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.deliberation import arguments, asked, gate, questions, walls
from civic.deliberation.models import Argument, Question, QuestionAnswer, Wall, WallItem
from civic.deliberation.places import Place
from civic.deliberation.rules import rules
from civic.identities import known
from civic.identities.names import GONE
from civic.kernel import i18n
from civic.kernel.permissions import Actor, allowed
from civic.moderation.reasons import ALL as REASONS

MODERATE = "consultations.moderate"


def _said(one: Argument | Question, actor: Actor, kind: str) -> dict[str, Any]:
    """Return what arguments and questions have in common; author and decision must be loaded."""
    code = one.decision.reason if one.decision is not None else ""
    hidden = _("Hidden by the office: %(reason)s", reason=REASONS[code]) if code else ""
    own = actor.person_id is not None and one.author_id == actor.person_id
    moderates = allowed(actor, MODERATE, g.community.path)
    standing = known.standings().get(one.standing)
    byline = (one.place, str(standing.title) if standing else "")
    report = not (hidden or moderates or own)
    return {
        "id": one.id,
        "words": one.words,
        "author": GONE if one.author.closed_at is not None else one.author.public_name,
        "place": " · ".join(filter(None, byline)),
        "at": one.at,
        "hidden": hidden,
        "own": own,
        "objection_url": url_for("moderation.mine") if hidden and own else "",
        "hide_url": url_for("moderation.hide_form", kind=kind, text_id=one.id)
        if moderates and not hidden
        else "",
        "report_url": url_for("moderation.report_form", kind=kind, text_id=one.id)
        if report
        else "",
    }


def argument(one: Argument, actor: Actor, *, convinces: bool, rates: bool) -> dict[str, Any]:
    """Return an argument as a list shows it.

    :param convinces: whether it convinces the reader; `rates` whether they may say so now.
    """
    found = _said(one, actor, arguments.KIND)
    address: dict[str, Any] = {"consultation_id": one.consultation_id, "argument_id": one.id}
    stands = not found["hidden"]
    return found | {
        "title": one.title,
        "convinced": one.convinced,
        "convinces": convinces,
        "rate_url": url_for("arguments.rate", **address)
        if rates and stands and not found["own"]
        else "",
        "take_back_url": url_for("arguments.take_back_form", **address)
        if stands and found["own"]
        else "",
    }


def sides(
    case: Consultation, actor: Actor, codes: Sequence[str], after: str, *, rates: bool
) -> list[dict[str, Any]]:
    """Return a page of the arguments of each side."""
    place = Place.read(after)
    found = {code: arguments.listed(case.id, code, place) for code in codes}
    ids = [one.id for listed in found.values() for one in listed]
    mine = arguments.convincing(actor.person_id, ids)

    def more(code: str) -> str:
        if len(found[code]) < arguments.PER_PAGE:
            return ""
        last = found[code][-1]
        goes_on = str(Place(last.convinced, last.id))
        return url_for("arguments.index", consultation_id=case.id, side=code, after=goes_on)

    return [
        {
            "code": code,
            "count": case.figures.get(arguments.figure(code), 0),
            "rows": [argument(one, actor, convinces=one.id in mine, rates=rates) for one in listed],
            "more": more(code),
        }
        for code, listed in found.items()
    ]


def question(
    one: Question,
    actor: Actor,
    now: datetime,
    answers: Sequence[QuestionAnswer],
    *,
    wants: bool,
    supports: bool,
) -> dict[str, Any]:
    """Return a question as a list shows it.

    :param answers: its answer in all wordings, the newest last.
    :param wants: whether the reader wants to know it too; `supports` whether they may say so now.
    """
    found = _said(one, actor, questions.KIND)
    address: dict[str, Any] = {"consultation_id": one.consultation_id, "question_id": one.id}
    stands = not found["hidden"]
    free = one.answered_at is None and not one.supports
    return found | {
        "url": url_for("questions.show", **address),
        "supports": one.supports,
        "wants": wants,
        "support_url": url_for("questions.support", **address)
        if supports and stands and not found["own"] and one.answered_at is None
        else "",
        "take_back_url": url_for("questions.take_back_form", **address)
        if stands and found["own"] and free
        else "",
        "due_at": one.due_at,
        "basis": rules().answer_basis.words(i18n.language()) if one.due_at else "",
        "late": stands and asked.late(one, now),
        "answer": answers[-1] if answers else None,
        "earlier": list(reversed(answers[:-1])),
    }


def wall(one: Wall, case: Consultation, now: datetime) -> dict[str, Any]:
    """Return a wall as a list shows it."""
    if one.withdrawn_at is not None:
        state, badge = _("Taken down"), "stop"
    elif walls.closed(one, now):
        state, badge = _("Closed and counted"), "done"
    elif stages.may(case, now, gate.WALL):
        state, badge = _("Dots can be placed"), "act"
    else:
        state, badge = _("No dots at this stage"), ""
    return {
        "id": one.id,
        "title": one.title,
        "url": url_for("walls.show", consultation_id=one.consultation_id, wall_id=one.id),
        "dots": one.dots,
        "several": one.several,
        "office": one.office,
        "opened_at": one.opened_at,
        "closes_at": one.closes_at,
        "open": one.withdrawn_at is None and not walls.closed(one, now),
        "withdrawn_at": one.withdrawn_at,
        "reason": one.withdrawn_reason,
        "state": state,
        "badge": badge,
    }


def hanging(
    items: Sequence[WallItem], mine: Mapping[int, int], sent: Mapping[int, int] | None
) -> list[dict[str, Any]]:
    """Return the items of a wall with one's own dots, or with those that were sent last."""
    shown = mine if sent is None else sent
    return [{"id": one.id, "text": one.text, "mine": shown.get(one.id, 0)} for one in items]


def result(found: Wall, items: Sequence[WallItem], now: datetime) -> dict[str, Any] | None:
    """Return the counted dots of a wall, most of them first; nothing before it closes."""
    counted = walls.counted(found, now)
    if counted is None:
        return None
    dots, people = counted
    rows = [{"label": one.text, "count": dots[one.id], "kind": ""} for one in items]
    return {
        "rows": sorted(rows, key=lambda row: -int(str(row["count"]))),
        "dots": sum(dots.values()),
        "people": people,
    }


def bounds() -> dict[str, int]:
    """Return the lengths that forms say beforehand."""
    found = rules()
    return {
        "title": found.argument_title,
        "words": found.argument_words,
        "question": found.question_words,
        "answer": found.answer_words,
        "reason": found.answer_reason,
        "wall": found.wall_title,
        "wall_reason": found.wall_reason,
    }
