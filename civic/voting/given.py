"""What this room gives the app: pages, tables, messages, a job, and what it stores of people."""

from civic.kernel.tell import telling
from civic.voting import board_views, box, news, own_data, rolls, sealing, views, work_views

#: The other two add their pages to the same blueprint.
BLUEPRINT = views.bp
ROUTES = (board_views, work_views)
TABLES = (box, rolls)
PART = own_data.PART


def init() -> None:
    """Declare kinds of message and the job of the current app."""
    telling().declare(*news.KINDS)
    sealing.init()
