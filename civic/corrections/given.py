"""What this room gives the app: pages, tables, what it stores of people, what is due."""

from datetime import datetime, timedelta
from types import ModuleType

from flask import Blueprint, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select

from civic.consultations import checks, owed, panels, stages
from civic.consultations.models import Consultation
from civic.consultations.panels import Panel
from civic.corrections import (
    desk_views,
    due,
    effects,
    moderated,
    news,
    noted,
    owing,
    own_data,
    resolution_target,
    rule_views,
    services,
    suspending,
    targets,
    views,
    voting_again,
)
from civic.corrections.models import GATHERING, Correction
from civic.kernel import clock, jobs, public_notes
from civic.kernel.db import db
from civic.kernel.due import Source
from civic.kernel.own_data import Part
from civic.kernel.permissions import Actor
from civic.kernel.tell import telling

BLUEPRINTS: tuple[Blueprint, ...] = (views.bp, desk_views.bp)
#: Imported for their tables, or for the routes that they add to a blueprint above.
MODULES: tuple[ModuleType, ...] = (rule_views,)
PARTS: tuple[Part, ...] = (own_data.PART,)
DUE: tuple[Source, ...] = (due.corrections,)
#: Of the panels of a case.
ORDER = 90
HOURLY = timedelta(hours=1)


def init() -> None:
    """Declare kinds of message, panels, conditions and jobs of the current app."""
    targets.init()
    effects.init()
    resolution_target.init()
    moderated.init()
    telling().declare(*news.KINDS)
    public_notes.register(noted.standing)
    checks.register(suspending.CHECK)
    checks.register(voting_again.CHECK)
    owed.register(owing.corrections)
    panels.register(ORDER, _panel)
    jobs.job("corrections.lapse", HOURLY, _lapse, needed=_needed)


def _panel(case: Consultation, _actor: Actor, _now: datetime) -> Panel | None:
    running = case.figures.get("corrections_open", 0)
    decided = case.figures.get("corrections_decided", 0)
    if not running and not decided:
        return None
    text = []
    if running:
        text.append(_("%(running)d being examined", running=running))
    if decided:
        text.append(_("%(decided)d decided", decided=decided))
    if running and case.stage is not None and stages.kind(case) == stages.SUSPENDED:
        text.append(_("The matter rests"))
    return Panel(
        title=_("Corrections"),
        text=" · ".join(text),
        url=url_for("corrections.index"),
    )


def _over() -> Select[int]:
    return select(Correction.id).where(
        Correction.state == GATHERING, Correction.gather_until <= clock.now()
    )


def _needed() -> bool:
    return db.session.scalar(_over().limit(1)) is not None


def _lapse() -> int:
    done = services.lapse()
    db.session.commit()
    return done
