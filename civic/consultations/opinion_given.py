"""What the map of opinions gives the app: a job that computes it, and a panel at its case."""

import logging
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.consultations import opinion_rounds, panels
from civic.consultations.models import Consultation
from civic.consultations.panels import Panel
from civic.kernel import jobs
from civic.kernel.db import db
from civic.kernel.permissions import Actor

log = logging.getLogger(__name__)
#: Of the panels of a case.
ORDER = 10


def init() -> None:
    """Declare the panel and the job of the current app."""
    panels.register(ORDER, panel)
    every = timedelta(minutes=opinion_rounds.numbers()["rounds"]["minutes"])
    jobs.job("consultations.opinions", every, draw_due, needed=_needed)


def panel(case: Consultation, _actor: Actor, _now: datetime) -> Panel | None:
    """Lead to the map of a case that has one."""
    people = case.figures.get(opinion_rounds.PEOPLE, 0)
    groups = case.figures.get(opinion_rounds.GROUPS, 0)
    if not people:
        return None
    text = ngettext(
        "From the answers of %(num)d person.", "From the answers of %(num)d people.", people
    )
    if groups > 1:
        text = _(
            "%(groups)d groups of like answers among %(people)d people, and what unites them.",
            groups=groups,
            people=people,
        )
    return Panel(
        title=_("Map of opinions"),
        text=text,
        url=url_for("consultations.opinion_map", consultation_id=case.id),
    )


def draw_due() -> int:
    """Compute each map that is due, in a transaction of its own; return how many."""
    from civic.consultations.opinions.votes import TooLargeError  # noqa: PLC0415 - loads numpy

    drawn = 0
    for consultation_id in opinion_rounds.due():
        try:
            drawn += opinion_rounds.draw(consultation_id) is not None
        except TooLargeError as problem:
            log.warning("no map of consultation %d: %s", consultation_id, problem)
        db.session.commit()
    return drawn


def _needed() -> bool:
    return bool(opinion_rounds.due())
