"""What this room gives the app: pages, tables, what it stores of people, what is due."""

from types import ModuleType

from flask import Blueprint

from civic.consultations import owed
from civic.kernel.due import Source
from civic.kernel.own_data import Part
from civic.kernel.tell import telling
from civic.topics import (
    catalogue_views,
    conditions,
    desk_views,
    due,
    models,
    moderated,
    owing,
    own_data,
    own_views,
    views,
)
from civic.topics.telling import KINDS

BLUEPRINTS: tuple[Blueprint, ...] = (
    views.bp,
    own_views.bp,
    desk_views.bp,
    catalogue_views.bp,
)
#: Imported for their tables, or for the routes that they add to a blueprint above.
MODULES: tuple[ModuleType, ...] = (models,)
PARTS: tuple[Part, ...] = (own_data.PART,)
DUE: tuple[Source, ...] = (due.topics, due.appeals)


def init() -> None:
    """Declare kinds of message, panels, conditions and jobs of the current app."""
    telling().declare(*KINDS)
    moderated.init()
    conditions.init()
    owed.register(owing.topics)
