"""What a case shows of arguments, questions and walls, from its own row alone."""

from datetime import UTC, datetime

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.consultations.panels import Panel, register
from civic.deliberation import arguments, asked, gate, walls
from civic.kernel import i18n
from civic.kernel.permissions import Actor, allowed

ARGUMENTS, QUESTIONS, WALLS = 30, 40, 50


def _open(case: Consultation, now: datetime, what: str) -> bool:
    return case.published_at is not None and stages.may(case, now, what)


def _arguments(case: Consultation, _actor: Actor, now: datetime) -> Panel | None:
    pros, cons = (case.figures.get(code, 0) for code in (arguments.PROS, arguments.CONS))
    running = _open(case, now, gate.ARGUMENTS)
    if not (pros or cons or running):
        return None
    said = _("%(pros)d for, %(cons)d against", pros=pros, cons=cons)
    return Panel(
        title=_("Arguments for and against"),
        text=said if pros or cons else _("Nobody has written one yet."),
        url=url_for("arguments.index", consultation_id=case.id),
        action=_("Read and weigh them") if running else "",
    )


def _questions(case: Consultation, _actor: Actor, now: datetime) -> Panel | None:
    number, owed, due = (case.figures.get(code, 0) for code in (asked.ALL, asked.OPEN, asked.DUE))
    running = _open(case, now, gate.QUESTIONS)
    if not (number or running):
        return None
    said = [
        ngettext("%(num)d question", "%(num)d questions", number)
        if number
        else _("Nobody has asked anything yet.")
    ]
    if owed:
        said.append(ngettext("%(num)d waits for its answer", "%(num)d wait for an answer", owed))
    if owed and due and due <= now.timestamp():
        said.append(_("Overdue"))
    return Panel(
        title=_("Questions to the office"),
        text=" · ".join(said),
        url=url_for("questions.index", consultation_id=case.id),
        action=_("Ask something") if running else "",
    )


def _walls(case: Consultation, actor: Actor, now: datetime) -> Panel | None:
    number, until = (case.figures.get(code, 0) for code in (walls.ALL, walls.UNTIL))
    running = _open(case, now, gate.WALL)
    if not number:
        here = g.community.id == case.community_id
        if not (running and here and allowed(actor, gate.MANAGE, g.community.path)):
            return None
        return Panel(
            title=_("Wall of dots"),
            text=_("None hangs here yet."),
            url=url_for("walls.index", consultation_id=case.id),
            action=_("Put one up"),
        )
    hangs = now.timestamp() < until
    end = i18n.moment(datetime.fromtimestamp(until, UTC))
    return Panel(
        title=_("Wall of dots"),
        text=_("Open until %(moment)s", moment=end) if hangs else _("Closed and counted"),
        url=url_for("walls.index", consultation_id=case.id),
        action=_("Place your dots") if hangs and running else "",
    )


def init() -> None:
    """Register the panels, in the current app."""
    register(ARGUMENTS, _arguments)
    register(QUESTIONS, _questions)
    register(WALLS, _walls)
