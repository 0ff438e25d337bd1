"""Jobs of several machines: Huey carries the names of due runs over Redis to whoever is free.

The table of runs stays the truth: a name that is carried twice runs once, and one that is lost is
offered again at the next look.
"""

import logging
from threading import Event
from typing import Any

from flask import Flask

from civic.kernel import jobs
from civic.kernel.config import Settings
from civic.kernel.errors import Misconfigured

log = logging.getLogger(__name__)

QUEUE = "civic_jobs"


class Carrier:
    """Offer what is due, and run what is offered.

    :ivar queue: the queue of Huey; made from the settings where it is not given.
    """

    def __init__(self, app: Flask, queue: Any = None) -> None:  # noqa: ANN401 - Huey has no types
        """Tell the queue what to do with a name."""
        self.app = app
        self.queue = queue or _queue(app.config["SETTINGS"])
        self.run = self.queue.task(name="run")(self._run)

    def _run(self, name: str) -> bool:
        return jobs.run(self.app, name)

    def offer(self) -> list[str]:
        """Put the jobs that are due into the queue, but for those that lie there; return these."""
        due = jobs.due(self.app)
        if not due:
            return []
        lying = {task.args[0] for task in self.queue.pending()}
        offered = [name for name in due if name not in lying]
        for name in offered:
            self.run(name)
        return offered

    def work(self) -> bool:
        """Run the next that lies in the queue, waiting a second for it; tell whether one did."""
        task = self.queue.dequeue()
        if task is not None:
            self.queue.execute(task)
        return task is not None

    def offer_until(self, stop: Event, pause: float = jobs.PAUSE) -> None:
        """Look for what is due, again and again, until told to stop.

        While Redis is away this process runs the jobs itself: the table of runs is enough.
        """
        while not stop.wait(pause):
            try:
                try:
                    self.offer()
                except Exception:
                    log.exception("jobs could not be given to Redis; they run here")
                    jobs.run_due(self.app)
            except Exception:
                log.exception("jobs could not be looked at; they are tried again")

    def work_until(self, stop: Event, pause: float = jobs.PAUSE) -> None:
        """Run what is offered until told to stop."""
        while not stop.is_set():
            try:
                self.work()
            except Exception:
                log.exception("no job could be taken from Redis; it is tried again")
                stop.wait(pause)


def _queue(settings: Settings) -> Any:  # noqa: ANN401 - Huey has no types
    try:
        # Here, since only sites with Redis need it.
        from huey import RedisHuey  # noqa: PLC0415
        from huey.serializer import SignedSerializer  # noqa: PLC0415
    except ImportError as error:
        message = "CIVIC_REDIS_URL is set, but Redis needs more: pip install 'civic[redis]'."
        raise Misconfigured(message) from error
    # Signed: what lies in Redis is unpickled, and whoever can write there must not run code here.
    serializer = SignedSerializer(secret=settings.secret_key, salt=QUEUE)
    return RedisHuey(QUEUE, url=settings.redis_url, results=False, serializer=serializer)
