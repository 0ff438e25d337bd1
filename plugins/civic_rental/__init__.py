"""Rental: old premises become homes for rent, checked, listed, applied for and drawn.

A conversion (出租房改造) goes through its states as data says, past a joint review of named
offices; its homes are listed once all checks pass.
"""

from civic_rental import allocation_models, application_models, home_models, models, views
from civic_rental.manifest import plugin

__all__ = ["plugin"]
#: Imported for the routes and tables that they add.
PARTS = (home_models, models, views)
#: Of applications and draws.
DRAW_PARTS = (allocation_models, application_models)
