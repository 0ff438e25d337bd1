"""What this room gives the app: blueprints, routes, tables, a job and panels."""

from civic.consultations import (
    begin_views,
    case_clock,
    conditions,
    office,
    opinion_given,
    opinion_rows,
    opinion_views,
    own_words_views,
    process_views,
    stage_due,
    stage_rows,
    statement_views,
    views,
    way_views,
)

BLUEPRINTS = (views.bp, office.bp, way_views.bp, begin_views.bp, process_views.bp)
#: They add their pages to the blueprint of consultations.
ROUTES = (statement_views, opinion_views, own_words_views)
TABLES = (opinion_rows, stage_rows)
#: What the staff desk asks.
DUE = (stage_due.proposed, stage_due.over)
#: Conditions of moves come before the job that asks them.
JOBS = (conditions.init, case_clock.init, opinion_given.init)
