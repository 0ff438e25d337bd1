"""Jobs: what the site does by itself at intervals, one process at a time.

Nothing that people rely on to happen at a moment (an opening, a close) rests on a job having run.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from threading import Event

from flask import Flask, current_app
from sqlalchemy import or_, select, update
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

    :ivar due_at: not before this; whoever moves it forward runs the job.
    :ivar error: kind of the error that ended the last run; its details stand in the log alone.
    """

    name: Mapped[str] = mapped_column(primary_key=True)
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
    """

    name: str
    every: timedelta
    function: Callable[[], object]
    at: time | None = None
    needed: Callable[[], bool] | None = None

    def following(self, now: datetime) -> datetime:
        """Return when a job that is run now is due again."""
        if self.at is None:
            return now + self.every
        today = clock.local(now)
        due = today.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return due if due > today else due + timedelta(days=1)


def init_app(app: Flask) -> None:
    """Give an app its own list of jobs."""
    app.extensions["civic_jobs"] = {}


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


def run_due(app: Flask) -> list[str]:
    """Run each job that is due and that no other process has taken; return their names."""
    ran = []
    for item in list(app.extensions["civic_jobs"].values()):
        with app.app_context():
            started = _claim(item)
            if started is not None:
                _run(item, started)
                ran.append(item.name)
    return ran


def run_until(app: Flask, stop: Event, pause: float = PAUSE) -> None:
    """Run what is due, again and again, until told to stop."""
    while not stop.wait(pause):
        try:
            run_due(app)
        except Exception:
            log.exception("jobs could not be looked at; they are tried again")


def _claim(item: Job) -> datetime | None:
    """Move a due job forward; return the moment by which this process knows its run, or None."""
    now = clock.now()
    latest = item.following(now) + SLACK
    with reading():
        due = db.session.scalar(select(JobRun.due_at).filter_by(name=item.name))
        idle = item.needed is not None and not item.needed()
    if idle:
        return None
    if due is None:
        insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        first = now if item.at is None else item.following(now)
        row = insert(JobRun).values(name=item.name, due_at=first, error="")
        db.session.execute(row.on_conflict_do_nothing())
    elif now < due <= latest:
        return None
    taken = db.session.execute(
        update(JobRun)
        .where(JobRun.name == item.name, or_(JobRun.due_at <= now, JobRun.due_at > latest))
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
