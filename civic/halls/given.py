"""What this room gives the app: pages, tables, what it stores of people, what is due."""

from types import ModuleType

from flask import Blueprint

from civic.consultations import checks
from civic.consultations import panels as case_panels
from civic.halls import (
    desk_views,
    minute_rows,
    models,
    own_data,
    panels,
    plan_views,
    views,
)
from civic.halls import due as unsigned
from civic.kernel.due import Source
from civic.kernel.own_data import Part

BLUEPRINTS: tuple[Blueprint, ...] = (views.bp, plan_views.bp, desk_views.bp)
#: Imported for their tables, or for the routes that they add to a blueprint above.
MODULES: tuple[ModuleType, ...] = (models, minute_rows)
PARTS: tuple[Part, ...] = (own_data.PART,)
DUE: tuple[Source, ...] = (unsigned.due,)


def init() -> None:
    """Declare panels and conditions of the current app."""
    case_panels.register(panels.ORDER, panels.panel)
    checks.register(panels.CHECK)
