"""The `civic` command."""

import os
import sys
from pathlib import Path

import click

from civic import firstrun, job_commands, plugin_commands
from civic.commandline import make_app, sentences
from civic.consultations import process_commands as processes
from civic.consultations.opinion_command import opinions
from civic.kernel.errors import Misconfigured
from civic.procedures import commands as procedures
from civic.voting.command import tally, verify


@click.group()
@click.version_option(package_name="civic")
def main() -> None:
    """Let a neighbourhood decide things together."""


main.add_command(tally)
main.add_command(verify)
main.add_command(opinions)


@main.command()
@firstrun.options
@sentences
def init(**given: str | None) -> None:
    """Begin a real site: its street and its first administrator; asks for what is not given."""
    firstrun.run(make_app, given)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--workers", default=1, show_default=True, help="More than one needs PostgreSQL and Redis."
)
@click.option(
    "--testing", is_flag=True, help="Let CIVIC_TEST_CLOCK move the clock (loopback only)."
)
@sentences
def serve(host: str, port: int, workers: int, *, testing: bool) -> None:
    """Serve the site."""
    from civic import server  # noqa: PLC0415

    app = make_app()
    settings = app.config["SETTINGS"]
    if workers > 1 and (not settings.redis_url or settings.database.startswith("sqlite")):
        message = (
            "Several workers need PostgreSQL and Redis: set CIVIC_DATABASE_URL and CIVIC_REDIS_URL."
        )
        raise Misconfigured(message)
    server.check(app, host, port, testing=testing)
    server.follow_test_clock(settings)
    server.serve(app, host, port, workers=workers)


@main.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("civic-demo"), show_default=True
)
@sentences
def demo(port: int, host: str, folder: Path) -> None:
    """Load invented data into an empty folder and serve them on this machine."""
    from civic import demo as data  # noqa: PLC0415
    from civic import server  # noqa: PLC0415
    from civic.kernel import migrate  # noqa: PLC0415

    if not server.is_loopback(host):
        message = f"The demonstration is served on this machine only, not on {host}."
        raise Misconfigured(message)

    server.check_port(host, port)
    app = make_app(instance=folder, database_url="")
    with app.app_context():
        try:
            migrate.upgrade()
        except Misconfigured as failed:  # of plugins alone: the demonstration runs without them
            click.echo(str(failed), err=True)
        sign_ins = data.ensure(folder.absolute(), click.echo)
    server.check(app, host, port, testing=False)
    click.echo(data.greeting(f"http://{host}:{port}", sign_ins, folder.absolute()))
    server.serve(app, host, port, workers=1)


main.add_command(procedures.group(make_app, sentences))
main.add_command(processes.group(make_app, sentences))


@main.group()
def db() -> None:
    """Bring the tables up to date, or check them."""


@db.command("upgrade")
@sentences
def upgrade() -> None:
    """Bring the tables of the core and of each plugin to their newest version, and load bundles."""
    from civic.kernel import migrate  # noqa: PLC0415

    with make_app().app_context():
        migrate.upgrade()
        procedures.load_bundles()


@db.command("downgrade")
@click.argument("owner")
@click.argument("revision")
@sentences
def downgrade(owner: str, revision: str) -> None:
    """Take the tables of one owner back to a revision."""
    from civic.kernel import migrate  # noqa: PLC0415

    with make_app().app_context():
        migrate.downgrade(owner, revision)


@db.command("revision")
@click.argument("owner", default="civic")
@click.option("-m", "--message", required=True)
@sentences
def revision(owner: str, message: str) -> None:
    """Write a migration for what the models have changed."""
    from civic.kernel import migrate  # noqa: PLC0415

    with make_app().app_context():
        migrate.revise(owner, message)


@db.command("check")
@sentences
def check() -> None:
    """Build an empty database from the migrations and compare it with the models."""
    import tempfile  # noqa: PLC0415

    from civic.kernel import migrate  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        app = make_app(instance=folder, database_url="", secret_key="x" * 32)
        with app.app_context():
            migrate.upgrade()
            found = {owner.name: migrate.differences(owner) for owner in migrate.owners()}
    for name, differences in found.items():
        click.echo(f"{name}: {'; '.join(map(str, differences)) or 'migrations and models agree'}")
    if any(found.values()):
        sys.exit(1)


@main.group("import")
def import_() -> None:
    """Bring in data of elsewhere."""


@import_.command("polis")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--community", "slug", required=True, help="Its name in addresses.")
@sentences
def import_polis(folder: Path, slug: str) -> None:
    """Bring in a consultation that Polis exported, as a closed one; twice changes nothing."""
    from civic.communities import services as communities  # noqa: PLC0415
    from civic.consultations import imports, polis  # noqa: PLC0415
    from civic.kernel import migrate  # noqa: PLC0415
    from civic.kernel.db import db as database  # noqa: PLC0415

    with make_app().app_context():
        migrate.ready()
        community = communities.find(slug)
        export = polis.read(folder)
        with click.progressbar(
            length=len(export.votes),
            label="Votes",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as bar:
            done = imports.import_polis(community, export, bar.update)
        database.session.commit()
    counts = f"{len(export.statements)} statements, {len(export.acts)} participants, "
    counts += f"{len(export.votes)} votes"
    what = "Imported" if done.new else "Already here, nothing changed"
    click.echo(f"{what}: {done.consultation.title} ({counts}).")


main.add_command(job_commands.group)
main.add_command(plugin_commands.group)


@main.group()
def audit() -> None:
    """Look after the chain of official acts."""


@audit.command("verify")
@click.option("--noted", help="A fingerprint that somebody wrote down: it must be in the chain.")
@sentences
def verify_chain(noted: str | None) -> None:
    """Check that no entry of the chain was changed or taken out."""
    from civic.kernel import audit as chain  # noqa: PLC0415

    with make_app().app_context():
        broken = list(chain.broken())
        missing = bool(noted) and not chain.holds(noted or "")
    if broken:
        click.echo(f"The chain is broken at: {', '.join(map(str, broken))}", err=True)
        sys.exit(1)
    if missing:
        click.echo(
            "The chain does not hold the noted fingerprint: it was cut or replaced.", err=True
        )
        sys.exit(1)
    click.echo("The chain is whole.")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
