"""What this room gives the app: pages, tables, what it stores of people, what is due."""

from types import ModuleType

from flask import Blueprint

from civic.consultations import checks
from civic.deliberation import (
    argument_views,
    asked,
    models,
    moderated,
    news,
    owing,
    own_data,
    panels,
    question_views,
    wall_views,
)
from civic.kernel.due import Source
from civic.kernel.own_data import Part
from civic.kernel.tell import telling

BLUEPRINTS: tuple[Blueprint, ...] = (argument_views.bp, question_views.bp, wall_views.bp)
#: Imported for their tables, or for the routes that they add to a blueprint above.
MODULES: tuple[ModuleType, ...] = (models,)
PARTS: tuple[Part, ...] = (own_data.PART,)
DUE: tuple[Source, ...] = (owing.due,)


def init() -> None:
    """Declare kinds of message, panels, conditions and jobs of the current app."""
    owing.init()
    panels.init()
    moderated.init()
    telling().declare(*news.KINDS)
    checks.register(asked.CHECK)
