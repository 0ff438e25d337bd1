"""What this room gives the app: pages, tables, messages, a job, and what it stores of people."""

from flask import current_app

from civic.kernel.tell import telling
from civic.voting import (
    board_views,
    box,
    draft_views,
    news,
    opening,
    own_data,
    rolls,
    sealing,
    views,
    work_views,
)

#: The others add their pages to the same blueprint.
BLUEPRINT = views.bp
ROUTES = (board_views, draft_views, work_views)
TABLES = (box, rolls)
PART = own_data.PART


def init(*followers: opening.Follower) -> None:
    """Declare kinds of message and the job of the current app.

    :param followers: of rooms above, told in the acting transaction that a close has moved.
    """
    current_app.extensions[opening.FOLLOWERS] = followers
    telling().declare(*news.KINDS)
    sealing.init()
