"""Serve the site: gunicorn with threads, after everything that must hold has been checked."""

import errno
import gc
import socket
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from threading import Event, Thread
from time import monotonic
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from civic.kernel import carrying, clock, installation, jobs, migrate, pagecache, turnstile
from civic.kernel.config import Settings
from civic.kernel.db import db
from civic.kernel.errors import Misconfigured

THREADS = 32
#: Seconds that a job may take to come to its end when the server stops; what it misses is redone.
JOBS_END = 5
#: Jobs that one process runs at a time, so that one that takes long keeps no other waiting.
HANDS = 2
#: Objects made beyond those let go before a process looks for rings among them.
YOUNG = 10_000


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check(app: Flask, host: str, port: int, *, testing: bool) -> None:
    """Refuse to serve what must not be served.

    :raises Misconfigured: with one sentence that says what to do.
    """
    settings: Settings = app.config["SETTINGS"]
    if app.debug:
        message = "Debug is on. Serve without FLASK_DEBUG: it would let visitors run code."
        raise Misconfigured(message)
    if settings.test_clock and not (testing and is_loopback(host)):
        message = "CIVIC_TEST_CLOCK moves the clock and is for tests. Unset it to serve."
        raise Misconfigured(message)
    with app.app_context():
        migrate.ready()
        if installation.is_demo() and not is_loopback(host):
            message = (
                f"This is a demonstration with known passwords; it is not served on {host}. "
                "Use 127.0.0.1, or CIVIC_INSTANCE with a folder of its own for a real site."
            )
            raise Misconfigured(message)
    check_port(host, port)


def check_port(host: str, port: int) -> None:
    """Refuse a port that cannot be listened on.

    :raises Misconfigured: when somebody else has it, or the system keeps it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            reason = (
                "is taken"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error.strerror})"
            )
            message = (
                f"Port {port} on {host} {reason}. Choose another with --port (make run PORT=…)."
            )
            raise Misconfigured(message) from error


class _Server(BaseApplication):  # type: ignore[misc]
    """Run an app in workers that begin with what has been loaded, and share no connection."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        with self.app.app_context():
            db.engine.dispose(close=False)  # those connections are of the process that began
        turnstile.attach(self.app)
        pagecache.attach(self.app)
        gc.set_threshold(YOUNG)
        return self.app


def start_jobs(app: Flask) -> Callable[[], None]:
    """Let threads run the jobs that are due; return what stops them, after the one they are at.

    With Redis they share the jobs with all processes of the site.
    """
    stop = Event()
    if app.config["SETTINGS"].redis_url:
        carrier = carrying.Carrier(app)
        works = [carrier.offer_until, *[carrier.work_until] * HANDS]
    else:
        works = [partial(jobs.run_until, app)] * HANDS
    threads = [
        Thread(target=work, args=(stop,), name=f"civic-jobs-{number}", daemon=True)
        for number, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()

    def end() -> None:
        stop.set()
        latest = monotonic() + JOBS_END
        for thread in threads:
            thread.join(max(0, latest - monotonic()))

    return end


def _begin_jobs(worker: Any) -> None:  # noqa: ANN401 - gunicorn's worker
    app: Flask = worker.app.wsgi()
    if app.config["SETTINGS"].jobs:
        worker.civic_end_jobs = start_jobs(app)


def _end_jobs(_server: object, worker: Any) -> None:  # noqa: ANN401 - gunicorn's worker
    getattr(worker, "civic_end_jobs", bool)()


def serve(app: Flask, host: str, port: int, *, workers: int, quiet: bool = True) -> None:
    """Serve until the process is told to stop."""
    # What is loaded by now stays: nobody need look through it for what can be let go.
    gc.collect()
    gc.freeze()
    bind = f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"
    options = {
        "bind": bind,
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 10,
        "keepalive": 5,
        "control_socket_disable": True,
        "loglevel": "warning" if quiet else "info",
        "post_worker_init": _begin_jobs,
        "worker_exit": _end_jobs,
    }
    _Server(app, options).run()


def follow_test_clock(settings: Settings) -> None:
    """Let the clock follow the file of a browser test, if one is set."""
    if settings.test_clock:
        from pathlib import Path  # noqa: PLC0415

        clock.follow(Path(settings.test_clock))
