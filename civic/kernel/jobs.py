"""Jobs: what the site does by itself at intervals, one process at a time.

Nothing that people rely on to happen at a moment (an opening, a close) rests on a job having run.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from threading import Event
from typing import TypeAlias

from flask import Flask, current_app
from sqlalchemy import ForeignKey, not_, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel import clock
from civic.kernel.db import Model, db, reading

log = logging.getLogger(__name__)

#: Seconds between two looks at what is due.
PAUSE = 5.0
#: A run that is due later than its interval allows was written by a clock that was wrong.
SLACK = timedelta(hours=1)


class JobRun(Model):
    """Keep when a job is due next, and how its last run went.

    :ivar name: that of the job; a job of a plugin has a run for each community, `NAME.job@12`.
    :ivar due_at: not before this; whoever moves it forward runs the job.
    :ivar error: kind of the error that ended the last run; its details stand in the log alone.
    """

    name: Mapped[str] = mapped_column(primary_key=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    due_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Job:
    """Be something to do at intervals, or once a day at a time of day here.

    :ivar function: does it, in an app context of its own; it may commit in parts.
    :ivar needed: tells, by reading alone, whether there is anything to do; so that a site on which
        nothing happens writes nothing, and what is kept of its pages stays good.
    :ivar community_id: the one community that it is about, for a job of a plugin.
    :ivar alone: for how long no other run begins while one has not come to its end.
    """

    name: str
    every: timedelta
    function: Callable[[], object]
    at: time | None = None
    needed: Callable[[], bool] | None = None
    community_id: int | None = None
    alone: timedelta = timedelta()

    def following(self, now: datetime) -> datetime:
        """Return when a job that is run now is due again."""
        if self.at is None:
            return now + self.every
        today = clock.local(now)
        due = today.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return due if due > today else due + timedelta(days=1)

    def is_due(self, due: datetime | None, now: datetime) -> bool:
        """Tell whether a run is due, by the moment that its row holds."""
        return due is None or due <= now or due > self.following(now) + SLACK


#: Finds, by reading alone, the jobs that there are at the moment, each with a name of its own.
Source: TypeAlias = Callable[[], Iterable[Job]]


def init_app(app: Flask) -> None:
    """Give an app its own list of jobs."""
    app.extensions["civic_jobs"] = {}
    app.extensions["civic_job_sources"] = []


def job(
    name: str,
    every: timedelta,
    function: Callable[[], object],
    *,
    at: time | None = None,
    needed: Callable[[], bool] | None = None,
) -> None:
    """Add a job to the current app; jobs that are due together run in this order.

    :param at: time of day of a job that runs once a day; `every` is a day then.
    :param needed: asked, in a transaction that only reads, before each run.
    :raises ValueError: for a name that is taken.
    """
    known: dict[str, Job] = current_app.extensions["civic_jobs"]
    if name in known:
        message = f"job {name} is declared twice"
        raise ValueError(message)
    known[name] = Job(name, every, function, at, needed)


def add_source(source: Source) -> None:
    """Add jobs to the current app that come and go while it runs."""
    current_app.extensions["civic_job_sources"].append(source)


def due(app: Flask) -> list[str]:
    """Return the names of the jobs that are due and have something to do."""
    with app.app_context(), reading():
        return [item.name for item in _due() if item.needed is None or item.needed()]


def run_due(app: Flask) -> list[str]:
    """Run each job that is due and that no other process has taken; return their names."""
    with app.app_context(), reading():
        found = _due()
    return [item.name for item in found if _take(app, item)]


def run(app: Flask, name: str) -> bool:
    """Run one job, if it is still due and no other process has taken it; tell whether it ran."""
    with app.app_context(), reading():
        item = next((item for item in _due() if item.name == name), None)
    return item is not None and _take(app, item)


def run_until(app: Flask, stop: Event, pause: float = PAUSE) -> None:
    """Run what is due, again and again, until told to stop."""
    while not stop.wait(pause):
        try:
            run_due(app)
        except Exception:
            log.exception("jobs could not be looked at; they are tried again")


def _due() -> list[Job]:
    now = clock.now()
    items: list[Job] = list(current_app.extensions["civic_jobs"].values())
    for source in current_app.extensions["civic_job_sources"]:
        items += source()
    rows = dict(db.session.execute(select(JobRun.name, JobRun.due_at)).all())
    return [item for item in items if item.is_due(rows.get(item.name), now)]


def _take(app: Flask, item: Job) -> bool:
    with app.app_context():
        started = _claim(item)
        if started is not None:
            _run(item, started)
        return started is not None


def _claim(item: Job) -> datetime | None:
    """Move a due job forward; return the moment by which this process knows its run, or None."""
    with reading():
        due = db.session.scalar(select(JobRun.due_at).filter_by(name=item.name))
        idle = item.needed is not None and not item.needed()
    now = clock.now()
    if idle or not item.is_due(due, now):
        return None
    if due is None:
        insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        first = now if item.at is None else item.following(now)
        row = insert(JobRun).values(
            name=item.name, community_id=item.community_id, due_at=first, error=""
        )
        db.session.execute(row.on_conflict_do_nothing())
    latest = item.following(now) + SLACK
    ended = or_(
        JobRun.started_at.is_(None),
        JobRun.finished_at.is_not(None),
        not_(JobRun.started_at.between(now - item.alone, now)),
    )
    taken = db.session.execute(
        update(JobRun)
        .where(JobRun.name == item.name, or_(JobRun.due_at <= now, JobRun.due_at > latest))
        .where(ended if item.alone else true())
        .values(due_at=item.following(now), started_at=now, finished_at=None, error="")
        .returning(JobRun.name)
    ).all()
    db.session.commit()
    return now if taken else None


def _run(item: Job, started: datetime) -> None:
    error = ""
    try:
        item.function()
        db.session.commit()
    except Exception as problem:
        db.session.rollback()
        log.exception("job %s failed; it is due again at its next time", item.name)
        error = type(problem).__name__
    db.session.execute(
        update(JobRun)
        .where(JobRun.name == item.name, JobRun.started_at == started)
        .values(finished_at=clock.now(), error=error)
    )
    db.session.commit()
