"""What this room gives the app: pages, tables, messages, a job, and what it stores of people."""

from civic.kernel.tell import telling
from civic.voting import (
    board_views,
    box,
    news,
    own_data,
    roll_public,
    roll_views,
    rolls,
    sealing,
    views,
    work_views,
)

BLUEPRINTS = (views.bp, roll_views.bp, roll_public.bp)
#: They add their pages to the blueprint of ballots.
ROUTES = (board_views, work_views)
TABLES = (box, rolls)
PART = own_data.PART


def init() -> None:
    """Declare kinds of message and the job of the current app."""
    telling().declare(*news.KINDS)
    sealing.init()
