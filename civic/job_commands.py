"""The commands `civic jobs …`."""

import signal
from threading import Event

import click

from civic.commandline import make_app, sentences


@click.group("jobs")
def group() -> None:
    """Do what the site does by itself at intervals."""


@group.command("run")
@sentences
def run_jobs() -> None:
    """Run each job that is due, once, as a timer of the system may do (with CIVIC_JOBS=0)."""
    from civic.kernel import jobs, migrate  # noqa: PLC0415

    app = make_app()
    with app.app_context():
        migrate.ready()
    for name in jobs.run_due(app):
        click.echo(name)


@group.command("work")
@sentences
def work() -> None:
    """Run jobs until told to stop, on a machine that serves no pages."""
    from civic import server  # noqa: PLC0415
    from civic.kernel import migrate  # noqa: PLC0415

    app = make_app()
    with app.app_context():
        migrate.ready()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    end = server.start_jobs(app)
    stop.wait()
    end()


@group.command("retry")
@sentences
def retry() -> None:
    """Let events that plugins failed on be delivered again, those that were given up, too."""
    from civic.kernel import undelivered  # noqa: PLC0415
    from civic.kernel.db import db  # noqa: PLC0415

    with make_app().app_context():
        count = undelivered.retry()
        db.session.commit()
    click.echo(f"{count} events are tried again.")
