"""Rental: old premises become homes for rent, checked, listed, applied for and drawn.

A conversion (出租房改造) goes through its states as data says, past a joint review of named
offices; its homes are listed once all checks pass.
"""

from civic_rental import (
    conversion_views,
    home_models,
    home_views,
    models,
    record_views,
    review_views,
    views,
)
from civic_rental.manifest import plugin

__all__ = ["plugin"]
#: Imported for the routes and tables that they add.
PARTS = (conversion_views, home_models, home_views, models, record_views, review_views, views)
