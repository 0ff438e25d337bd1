"""Plan tasks, report how far they are, and say which are late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Exists, Select, exists, select
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.consultations import figures, public
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import CaseBallot, StageEntry
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.outcomes import news, resolutions
from civic.outcomes.models import Task, TaskStep

LONGEST, LONGEST_LINE = 4000, 200
MOST_TASKS, FULL = 50, 100
#: Of the panel: weight of all tasks, weight times progress, tasks that are not done, and the
#: earliest date by which one of these is due.
WEIGHT, DONE, OPEN, DUE = "tasks_weight", "tasks_done", "tasks_open", "tasks_due"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Hold what the office plans."""

    title: str
    body: str
    helpers: str
    due_at: datetime
    weight: int
    form_key: str


def plan(actor: Actor, community: Community, case_id: int, wanted: Plan) -> Task:
    """Plan a task of a published resolution; a form sent twice is kept once.

    :raises Refused: `not_resolved`, `words`, `weight`, `due` or `many`.
    """
    case = public.held(community, case_id)
    now = clock.now()
    if resolutions.standing(case) is None or not resolutions.ripe(case, now):
        message = _l("Tasks carry out a published resolution; there is none yet.")
        raise Refused("not_resolved", message, HTTPStatus.CONFLICT)
    lines = [text.plain(one) for one in (wanted.title, wanted.body, wanted.helpers)]
    if not lines[0] or not lines[1] or max(map(len, lines)) > LONGEST_LINE:
        raise Refused("words", _l("Please write what is done, and who is responsible for it."))
    if not 1 <= wanted.weight <= FULL:
        raise Refused("weight", _l("The weight is a whole number from 1 to 100."))
    if wanted.due_at <= now:
        raise Refused("due", _l("Please choose a date that is still to come."))
    mine = select(Task).filter_by(made_by=actor.person_id, form_key=wanted.form_key)
    before = db.session.scalar(mine)
    if before is not None:
        return before
    if len(tasks(case.id)) >= MOST_TASKS:
        raise Refused("many", _l("A case has at most 50 tasks."))
    made = Task(
        consultation_id=case.id,
        title=lines[0],
        body=lines[1],
        helpers=lines[2],
        weight=wanted.weight,
        progress=0,
        due_at=wanted.due_at,
        form_key=wanted.form_key,
        made_by=actor.person_id,
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    count(case)
    resolutions.recorded(
        "task.planned", actor, community, case.id, task=made.id, due=made.due_at.isoformat()
    )
    return made


def report(
    actor: Actor,
    community: Community,
    case_id: int,
    task_id: int,
    *,
    progress: int,
    words: str,
    form_key: str,
) -> TaskStep:
    """Say how far a task is, and what shows it; what was said before stays.

    :raises Refused: `words`, `progress` or `done`.
    """
    case = public.held(community, case_id)
    mine = select(TaskStep).filter_by(by_id=actor.person_id, form_key=form_key)
    before = db.session.scalar(mine)
    if before is not None:
        return before
    query = select(Task).filter_by(id=task_id, consultation_id=case.id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise resolutions.missing()
    words = text.plain(words)
    if not words or len(words) > LONGEST:
        message = _l("Please write what was done and what shows it, in at most 4,000 characters.")
        raise Refused("words", message)
    if not 0 <= progress <= FULL:
        raise Refused("progress", _l("Progress is a whole number from 0 to 100."))
    if found.done_at is not None:
        raise Refused("done", _l("This task is done."), HTTPStatus.CONFLICT)
    made = TaskStep(
        task_id=found.id,
        at=clock.now(),
        by_id=actor.person_id,
        post=resolutions.office(actor, community),
        progress=progress,
        words=words,
        form_key=form_key,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(mine).one()
    found.progress, found.done_at = progress, made.at if progress == FULL else None
    db.session.flush()
    count(case)
    resolutions.recorded(
        "task.reported", actor, community, case.id, task=found.id, progress=progress
    )
    if found.done_at is not None:
        news.happened(community, case, news.DONE)
    return made


def count(case: Consultation) -> None:
    """Keep the figures of the tasks at the case."""
    found = in_force(case)
    left = [one for one in found if one.done_at is None]
    due = min((int(one.due_at.timestamp()) for one in left), default=0)
    wanted = {
        WEIGHT: sum(one.weight for one in found),
        DONE: sum(one.weight * one.progress for one in found),
        OPEN: len(left),
        DUE: due,
    }
    for code, number in wanted.items():
        figures.add(case.id, code, number - case.figures.get(code, 0))


def overall(weight: int, done: int) -> Fraction:
    """Return how far all tasks are together, as an exact share."""
    return Fraction(done, weight * FULL) if weight else Fraction(0)


def tasks(case_id: int) -> Sequence[Task]:
    """Return the tasks of a case, the earliest due first."""
    query = select(Task).filter_by(consultation_id=case_id).order_by(Task.due_at, Task.id)
    return db.session.scalars(query).all()


def in_force(case: Consultation) -> Sequence[Task]:
    """Return the tasks of what stands now, without those of what a later vote overtook."""
    since = resolutions.in_force_since(case)
    return [one for one in tasks(case.id) if since is not None and one.made_at >= since]


def steps(case_id: int, limit: int = 200) -> dict[int, list[TaskStep]]:
    """Return what was reported of the tasks of a case, the newest first, by task."""
    query = (
        select(TaskStep)
        .join(Task, Task.id == TaskStep.task_id)
        .where(Task.consultation_id == case_id)
        .order_by(TaskStep.id.desc())
        .limit(limit)
    )
    found: dict[int, list[TaskStep]] = {}
    for step in db.session.scalars(query):
        found.setdefault(step.task_id, []).append(step)
    return found


def late(task: Task, now: datetime) -> bool:
    """Tell whether a task is overdue."""
    return task.done_at is None and task.due_at <= now


def overtaken() -> Exists:
    """Tell in queries of tasks which ones carry out what was voted on again since."""
    again = exists().where(
        StageEntry.consultation_id == Task.consultation_id, StageEntry.at > Task.made_at
    )
    same = CaseBallot.consultation_id == StageEntry.consultation_id
    return again.where(same, CaseBallot.purpose == StageEntry.stage)


def newly_late() -> Select[Task]:
    """Select tasks that are overdue and of which nobody was told."""
    late_now = Task.done_at.is_(None), Task.due_at <= clock.now(), Task.told_overdue.is_(False)
    return select(Task).where(*late_now, ~overtaken())


def tell_late() -> int:
    """Tell followers of tasks that have become overdue; return how many."""
    found = db.session.scalars(newly_late().order_by(Task.consultation_id)).all()
    for task in found:
        case = db.session.get_one(Consultation, task.consultation_id)
        community = db.session.get_one(Community, case.community_id)
        case = public.held(community, case.id)
        db.session.refresh(task)
        if late(task, clock.now()) and not task.told_overdue:
            task.told_overdue = True
            news.happened(community, case, news.OVERDUE)
    return len(found)


def _unplanned(case: Consultation) -> list[str]:
    if in_force(case):
        return []
    return [_("No task is planned yet. Plan at least one, with who is responsible and by when.")]


def _undone(case: Consultation) -> list[str]:
    found = in_force(case)
    if not found:
        return _unplanned(case)
    return [
        _("Not done yet: %(title)s (%(progress)d%%)", title=task.title, progress=task.progress)
        for task in found
        if task.done_at is None
    ]


CHECKS = (
    Check("tasks_planned", _l("Tasks are planned, each with who is responsible"), _unplanned),
    Check("tasks_done", _l("All tasks are done"), _undone),
)
