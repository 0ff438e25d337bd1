"""What a case shows of resolution, execution and rating, from its own row alone."""

from datetime import UTC, datetime

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.consultations.models import Consultation
from civic.consultations.panels import Panel, register
from civic.kernel import i18n
from civic.kernel.permissions import Actor, allowed
from civic.outcomes import carrying_out, objecting, pages, rating, resolutions

RESOLUTION, EXECUTION, RATING = 70, 80, 85


def _url(page: str, case: Consultation) -> str:
    return url_for(f"outcomes.{page}", consultation_id=case.id)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _resolution(case: Consultation, actor: Actor, now: datetime) -> Panel | None:
    # None hangs of what has gone back to the vote: the office writes the next one.
    hung = case.figures.get(resolutions.UNTIL, 0)
    if not hung and resolutions.ripe(case, now) and _office(case, actor):
        return Panel(
            title=_("Resolution"),
            text=_("It is not written yet."),
            url=url_for("outcome_desk.work", consultation_id=case.id),
            action=_("Write it"),
        )
    if not case.figures.get(resolutions.FIGURE):
        return None
    until = _moment(hung)
    waiting = case.figures.get(objecting.FIGURE, 0)
    text = [
        _("Hanging until %(moment)s", moment=i18n.last_day(until)) if now < until else _("Has hung")
    ]
    if not hung:
        text = [_("This was voted on again since.")]
    if waiting:
        text.append(
            ngettext(
                "%(num)d objection has no answer yet.",
                "%(num)d objections have no answer yet.",
                waiting,
            )
        )
    return Panel(
        title=_("Resolution"),
        text=" · ".join(text),
        url=_url("resolution", case),
        action=_("Read it, or object") if now < until else "",
    )


def _office(case: Consultation, actor: Actor) -> bool:
    here = g.community.id == case.community_id
    return here and allowed(actor, resolutions.MANAGE, g.community.path)


def _execution(case: Consultation, _actor: Actor, now: datetime) -> Panel | None:
    weight = case.figures.get(carrying_out.WEIGHT, 0)
    if not weight:
        return None
    share = carrying_out.overall(weight, case.figures.get(carrying_out.DONE, 0))
    text = [_("%(share)d%% done", share=pages.percent(share))]
    left, due = (case.figures.get(code, 0) for code in (carrying_out.OPEN, carrying_out.DUE))
    if left and due and _moment(due) <= now:
        text.append(_("Overdue"))
    return Panel(title=_("How it is carried out"), text=" · ".join(text), url=_url("tasks", case))


def _rating(case: Consultation, _actor: Actor, now: datetime) -> Panel | None:
    until, rated = (case.figures.get(code, 0) for code in (rating.UNTIL, rating.RATED))
    if until and now < _moment(until):
        return Panel(
            title=_("Is it solved?"),
            text=_("Those who took part are asked."),
            url=_url("rate_page", case),
            action=_("Rate it"),
        )
    if not rated:
        return None
    return Panel(
        title=_("Is it solved?"),
        text=_(
            "%(solved)d of %(all)d say that it is solved.",
            solved=case.figures.get(rating.SOLVED_NOW, 0),
            all=rated,
        ),
        url=_url("rate_page", case),
    )


def init() -> None:
    """Register the panels, in the current app."""
    register(RESOLUTION, _resolution)
    register(EXECUTION, _execution)
    register(RATING, _rating)
