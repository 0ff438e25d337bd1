"""What this room gives the app: pages, tables, what it stores of people, what is due."""

from types import ModuleType

from flask import Blueprint

from civic.halls import minute_rows, models
from civic.kernel.due import Source
from civic.kernel.own_data import Part

BLUEPRINTS: tuple[Blueprint, ...] = ()
#: Imported for their tables, or for the routes that they add to a blueprint above.
MODULES: tuple[ModuleType, ...] = (models, minute_rows)
PARTS: tuple[Part, ...] = ()
DUE: tuple[Source, ...] = ()


def init() -> None:
    """Declare kinds of message, panels, conditions and jobs of the current app."""
