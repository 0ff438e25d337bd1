"""What this room gives the app: pages, tables, messages, a job, and what it stores of people."""

from flask import current_app

from civic.identities import actors
from civic.kernel.tell import telling
from civic.voting import (
    board_views,
    box,
    draft_roll_views,
    draft_views,
    due,
    entry_views,
    mandate_views,
    news,
    opening,
    own_data,
    panels,
    paper_views,
    rehearsal_views,
    roll_public,
    roll_views,
    rolls,
    sealing,
    sheets,
    views,
    waiting,
    work_views,
)

BLUEPRINTS = (views.bp, draft_views.bp, roll_views.bp, roll_public.bp)
#: They add their pages to the blueprint of ballots.
ROUTES = (
    board_views,
    draft_roll_views,
    rehearsal_views,
    work_views,
    paper_views,
    entry_views,
    mandate_views,
)
TABLES = (box, panels, rolls, sheets)
PART = own_data.PART
DUE = (due.ballots,)


def init(*followers: opening.Follower) -> None:
    """Declare kinds of message, what actors carry, and the job of the current app.

    :param followers: of rooms above, told in the acting transaction that a close has moved.
    """
    current_app.extensions[opening.FOLLOWERS] = followers
    telling().declare(*news.KINDS)
    actors.carry(waiting.CARRIED, waiting.carried)
    sealing.init()
