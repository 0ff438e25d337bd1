"""Jobs: what the site does by itself at intervals, one process at a time."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model


class JobRun(Model):
    """Keep when a job is due next, and how its last run went.

    :ivar due_at: not before this; whoever moves it forward runs the job.
    """

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
