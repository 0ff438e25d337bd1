"""What this room gives the app beside its blueprints: routes, tables, a job and panels."""

from civic.consultations import (
    opinion_given,
    opinion_rows,
    opinion_views,
    own_words_views,
    stage_rows,
)

#: They add their pages to the blueprint of consultations.
ROUTES = (opinion_views, own_words_views)
TABLES = (opinion_rows, stage_rows)
init = opinion_given.init
