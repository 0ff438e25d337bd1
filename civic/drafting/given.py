"""What this room gives the app: pages, tables, what it stores of people, what is due."""

from types import ModuleType

from flask import Blueprint

from civic.consultations import checks
from civic.consultations.moving import StageEntered
from civic.drafting import (
    answer_views,
    conditions,
    desk_views,
    list_views,
    models,
    moderated,
    news,
    owing,
    own_data,
    own_views,
    panels,
    views,
    writing,
)
from civic.kernel import events
from civic.kernel.due import Source
from civic.kernel.own_data import Part
from civic.kernel.tell import telling

BLUEPRINTS: tuple[Blueprint, ...] = (views.bp, desk_views.bp)
#: Imported for their tables, or for the routes that they add to a blueprint above.
MODULES: tuple[ModuleType, ...] = (models, list_views, own_views, answer_views)
PARTS: tuple[Part, ...] = (own_data.PART,)
DUE: tuple[Source, ...] = (owing.due,)


def init() -> None:
    """Declare kinds of message, panels, conditions and jobs of the current app."""
    owing.init()
    panels.init()
    moderated.init()
    telling().declare(*news.KINDS)
    events.bus().subscribe(StageEntered, "drafting.follow", writing.follow)
    for check in conditions.CHECKS:
        checks.register(check)
