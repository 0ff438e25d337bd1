"""What is erased by itself after its years."""

from datetime import time, timedelta

from civic.identities import looks
from civic.kernel import jobs
from civic.kernel.db import db

DAY = timedelta(days=1)
NIGHT = time(3, 30)


def init() -> None:
    """Let the current app erase old looks, once a night and where there are any."""
    jobs.job("records.looks", DAY, _looks, at=NIGHT, needed=looks.any_old)


def _looks() -> None:
    looks.expire()
    db.session.commit()
