"""Find tasks by filters, as pages and as a spreadsheet, and what waits for the office."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from civic.api import Actor, Community, db, sheets
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_party import bodies, flow, quarters, seats
from civic_party.bodies_declared import TASKS
from civic_party.meeting_models import Meeting
from civic_party.models import Seat
from civic_party.record_models import (
    DONE,
    DROPPED,
    MADE,
    REMINDED,
    REPORT,
    REPORTED,
    RETURNED,
    RUNNING,
    UNDONE,
    Action,
    Remark,
)

PAGE, MOST_ROWS = 40, 5000
LATE = "late"
#: States of tasks, and what is late, as pages and filters name them.
TITLES = {
    RUNNING: _l("to be done"),
    REPORTED: _l("to be checked"),
    LATE: _l("late"),
    DONE: _l("done"),
    DROPPED: _l("taken out"),
}
STEP_TITLES = {
    MADE: _l("The meeting gave the task"),
    REPORT: _l("Its owner reported"),
    RETURNED: _l("The office sent it back"),
    REMINDED: _l("It was called to mind"),
    DONE: _l("The office found it done"),
    DROPPED: _l("Taken out of the draft of the minutes"),
}


@dataclass(frozen=True)
class Asked:
    """Say which tasks are looked for.

    :ivar state: of `TITLES`, or empty for all.
    :ivar quarter: of the meeting that gave them, 0 for all.
    :ivar mine: only those of one's own units.
    :ivar after: number of the task after which the page begins.
    """

    body_id: int = 0
    state: str = ""
    quarter: int = 0
    mine: bool = False
    after: int = 0


def _found(community: Community, actor: Actor, asked: Asked) -> Select[Action, int]:
    query = (
        select(Action, Meeting.quarter)
        .join(Meeting, Meeting.id == Action.meeting_id)
        .where(Action.community_id == community.id)
    )
    if asked.body_id:
        query = query.where(Action.body_id == asked.body_id)
    if asked.state == LATE:
        query = query.where(Action.state.in_(UNDONE), Action.due_on < bodies.today())
    elif asked.state:
        query = query.where(Action.state == asked.state)
    if asked.quarter:
        query = query.where(Meeting.quarter == asked.quarter)
    if asked.mine:
        own = select(Seat.id).where(seats.acts_on(actor.person_id))
        query = query.where(Action.seat_id.in_(own))
    return query.order_by(Action.id.desc())


def page(community: Community, actor: Actor, asked: Asked) -> tuple[list[tuple[Action, int]], int]:
    """Return a page of tasks with their quarters, the newest first, and where the next begins."""
    query = _found(community, actor, asked).limit(PAGE + 1)
    if asked.after:
        query = query.where(Action.id < asked.after)
    found = [(row[0], row[1]) for row in db.session.execute(query)]
    return found[:PAGE], found[PAGE - 1][0].id if len(found) > PAGE else 0


def quarters_of(community: Community) -> Sequence[int]:
    """Return the quarters that have meetings here, the newest first, two years of them."""
    query = select(Meeting.quarter).filter_by(community_id=community.id).distinct()
    return db.session.scalars(query.order_by(Meeting.quarter.desc()).limit(8)).all()


def rows(community: Community, actor: Actor, asked: Asked) -> list[Sequence[sheets.Cell]]:
    """Return tasks as the rows of a table."""
    query = _found(community, actor, asked).limit(MOST_ROWS)
    found: list[Sequence[sheets.Cell]] = []
    for task, quarter in db.session.execute(query):
        year, part = quarters.year_and_part(quarter)
        found.append(
            (
                f"{year}年第{part}季度",
                task.body.title,
                task.title,
                task.seat.name,
                "、".join(each.seat.name for each in task.helpers),
                task.due_on.isoformat(),
                str(TITLES[task.state]),
                task.carried_over,
                task.evidence,
            )
        )
    return found


def spreadsheet(community: Community, actor: Actor, asked: Asked) -> bytes:
    """Return tasks as a spreadsheet."""
    return sheets.write_xlsx(rows(community, actor, asked), TASKS, _("Tasks of meetings"))


def all_tasks(community: Community) -> list[Sequence[sheets.Cell]]:
    """Return all tasks of a community as rows, for the tables of the site."""
    return rows(community, Actor(), Asked())


def to_check(community_ids: Collection[int], limit: int) -> Sequence[Action]:
    """Return the tasks that their owners have reported done, the earliest report first."""
    query = select(Action).where(Action.community_id.in_(community_ids), Action.state == REPORTED)
    return db.session.scalars(query.order_by(Action.reported_at, Action.id).limit(limit)).all()


def to_move(community_ids: Collection[int], limit: int) -> Sequence[tuple[Meeting, int]]:
    """Return the meetings under way, the earliest first, with how many comments wait in each."""
    waits = (
        select(Remark.id)
        .where(Remark.meeting_id == Meeting.id, Remark.words != "", Remark.answered_at.is_(None))
        .exists()
    )
    query = (
        select(Meeting, waits)
        .where(Meeting.community_id.in_(community_ids))
        .where(Meeting.state.not_in((flow.CALL, flow.ISSUED, flow.CANCELLED)))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return [(row[0], int(row[1])) for row in db.session.execute(query)]
