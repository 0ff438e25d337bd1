"""What this room gives the app: its pages, and what all rooms ask of what a plugin declares."""

from civic.admin import (
    body_views,
    holidays,
    import_views,
    plugin_views,
    processing_views,
    reform_views,
    table_views,
    tree_views,
    views,
)
from civic.communities import known as places
from civic.identities import known as standings
from civic.kernel import exchange
from civic.notices import plugged as readers

BLUEPRINTS = (
    views.bp,
    plugin_views.bp,
    import_views.bp,
    table_views.bp,
    processing_views.bp,
    tree_views.bp,
    holidays.bp,
)
#: Imported for the routes that they add to the blueprint of another module.
ROUTES = (reform_views, body_views)
#: What is asked of a plugin before it is taken in.
CHECKS = (places.check, standings.check_declared, readers.check, exchange.check)
