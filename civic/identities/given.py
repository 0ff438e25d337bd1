"""What this room gives the app: its pages, kinds of message, what is due, and its tables."""

from civic.identities import (
    appointed,
    batch_views,
    claim_desk_views,
    claim_lists,
    claim_views,
    claimed,
    contact_views,
    desk,
    due,
    dwelling_views,
    dwellings,
    joining_views,
    looks,
    organisation_views,
    own_access,
    own_data,
    own_property,
    own_standings,
    people_views,
    post_views,
    rights_views,
    security_views,
    sign_in_views,
    telling,
    views,
)

BLUEPRINTS = (
    views.bp,
    desk.bp,
    people_views.bp,
    organisation_views.bp,
    dwelling_views.bp,
    claim_views.bp,
    rights_views.bp,
    post_views.bp,
)
#: Imported for the routes that they add to the blueprint of another module.
ROUTES = (
    batch_views,
    claim_desk_views,
    contact_views,
    joining_views,
    security_views,
    sign_in_views,
)
NEWS = (*telling.KINDS, appointed.KIND)
DUE = (claim_lists.due, due.terms)
#: Imported for their tables.
TABLES = (claimed, dwellings, looks)
#: What is stored about people here, from the ground up.
PARTS = (
    own_data.ACCOUNT,
    own_standings.STANDING,
    own_property.PART,
    own_access.ACCESS,
    own_access.LOOKS,
)
