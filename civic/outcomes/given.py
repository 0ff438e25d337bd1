"""What this room gives the app: pages, tables, what it stores of people, what is due."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any

from flask import Blueprint
from sqlalchemy import Select

from civic.consultations import checks
from civic.consultations.moving import StageEntered
from civic.kernel import events, jobs
from civic.kernel.db import db
from civic.kernel.due import Source
from civic.kernel.own_data import Part
from civic.kernel.tell import telling
from civic.outcomes import (
    carrying_out,
    desk_views,
    going_back,
    models,
    moderated,
    news,
    objecting,
    owed_views,
    owing,
    own_data,
    panels,
    rating,
    resolutions,
    views,
)

BLUEPRINTS: tuple[Blueprint, ...] = (views.bp, desk_views.bp, owed_views.bp)
#: Imported for their tables, or for the routes that they add to a blueprint above.
MODULES: tuple[ModuleType, ...] = (models,)
PARTS: tuple[Part, ...] = (own_data.PART,)
DUE: tuple[Source, ...] = (owing.due,)

HOURLY = timedelta(hours=1)


def init() -> None:
    """Declare kinds of message, panels, conditions and jobs of the current app."""
    owing.init()
    panels.init()
    moderated.init()
    telling().declare(*news.KINDS)
    events.bus().subscribe(StageEntered, "outcomes.going_back", going_back.follow)
    for check in (resolutions.CHECK, objecting.CHECK, *carrying_out.CHECKS, rating.CHECK):
        checks.register(check)
    for name, function, wanted in (
        ("outcomes.late", carrying_out.tell_late, carrying_out.newly_late),
        ("outcomes.ratings", rating.end_all, rating.over),
        ("outcomes.news", news.send_waiting, news.waiting),
    ):
        jobs.job(name, HOURLY, _committed(function), needed=_some(wanted))


def _committed(function: Callable[[], int]) -> Callable[[], int]:
    def run() -> int:
        done = function()
        db.session.commit()
        return done

    return run


def _some(wanted: Callable[[], Select[Any]]) -> Callable[[], bool]:
    return lambda: db.session.scalar(wanted().limit(1)) is not None
