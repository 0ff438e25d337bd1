"""The commands `civic plugins …`."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ParamSpec

import click

from civic.commandline import make_app, sentences
from civic.kernel.errors import Misconfigured

if TYPE_CHECKING:
    from civic.plugin_life import Removed

P = ParamSpec("P")
RESTART = "Start the site again: a running one keeps to what it knew when it started."


@click.group("plugins")
def group() -> None:
    """Look after plugins: what is here, where it is on, how it comes and goes."""


def on_site(command: Callable[P, None]) -> Callable[P, None]:
    """Run a command on a site whose core tables are up to date."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with make_app().app_context():
            _core_ready()
            command(*args, **kwargs)

    return sentences(run)


@group.command("list")
@on_site
def list_() -> None:
    """Name each plugin: how it stands, its version, where it is on, and what to do."""
    _held_back()
    _list()


@group.command("new")
@click.argument("name")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where to write it; else civic-NAME."
)
@sentences
def new(name: str, folder: Path | None) -> None:
    """Write a working plugin, with a page, a table, texts in Chinese, and tests."""
    from civic import scaffold  # noqa: PLC0415
    from civic.kernel import plugins  # noqa: PLC0415

    folder = folder or Path(f"civic-{name}")
    with TemporaryDirectory() as nowhere:  # no site is needed, and none is begun
        app = make_app(instance=Path(nowhere), database_url="", secret_key="x" * 32)
        with app.app_context():
            taken = plugins.registry().taken
    for path in scaffold.write(name, folder, taken):
        click.echo(path)
    click.echo(f"Read {folder / 'README.md'} for what comes next.")


@group.command("install")
@click.argument("name")
@sentences
def install(name: str) -> None:
    """Make the tables of a plugin whose package is installed."""
    from civic import plugin_life  # noqa: PLC0415

    with make_app().app_context():
        _core_ready()
        plugin_life.admit(name)
    with make_app().app_context():  # anew: it is only now that it is loaded
        plugin_life.install(name)
    click.echo(f"{name} is installed. {RESTART}")
    click.echo(f"Then switch it on where it is wanted: civic plugins enable {name} COMMUNITY")


@group.command("enable")
@click.argument("name")
@click.argument("community")
@on_site
def enable(name: str, community: str) -> None:
    """Switch a plugin on in a community."""
    from civic import plugin_life  # noqa: PLC0415

    _held_back()
    home = plugin_life.switch(name, community, on=True)
    click.echo(f"{name} is on in {home.name}.")


@group.command("disable")
@click.argument("name")
@click.argument("community")
@on_site
def disable(name: str, community: str) -> None:
    """Switch a plugin off in a community; its data stay."""
    from civic import plugin_life  # noqa: PLC0415

    home = plugin_life.switch(name, community, on=False)
    click.echo(f"{name} is off in {home.name}; its data stay.")


@group.command("check")
@click.argument("name")
@sentences
def check(name: str) -> None:
    """Run the published checklist on a plugin, on a database of its own."""
    if importlib.util.find_spec("pytest") is None:
        message = "The checklist runs in pytest: pip install pytest, in this environment."
        raise Misconfigured(message)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["--civic-conformance", name]
    with TemporaryDirectory() as nowhere:  # where no settings of pytest lie
        done = subprocess.run(command, cwd=nowhere, check=False)  # noqa: S603 - our own words
    sys.exit(done.returncode)


@group.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@on_site
def remove(name: str, *, yes: bool) -> None:
    """Switch a plugin off everywhere, write its data into files, and drop its tables."""
    from civic import plugin_life  # noqa: PLC0415

    plugin_life.known(name)
    _sure(f"{name} will be switched off everywhere and its tables dropped. Go on?", yes=yes)
    _say(name, plugin_life.remove(name))


@group.command("purge")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@on_site
def purge(name: str, *, yes: bool) -> None:
    """Write what a plugin that is gone has left into files, and drop its tables."""
    from civic import plugin_life  # noqa: PLC0415

    plugin_life.known(name)
    _sure(f"What {name} has left will be dropped. Go on?", yes=yes)
    _say(name, plugin_life.purge(name))


def _core_ready() -> None:
    from civic.kernel import migrate  # noqa: PLC0415

    if migrate.CORE in migrate.pending():
        message = "The database is not up to date: run `civic db upgrade`."
        raise Misconfigured(message)


def _held_back() -> None:
    """Let plugins whose tables are behind stand as they do in a served site."""
    from civic.kernel import migrate  # noqa: PLC0415

    migrate.ready()


def _sure(question: str, *, yes: bool) -> None:
    if not yes and not sys.stdin.isatty():
        message = "Nobody is here to be asked: say --yes to go on."
        raise Misconfigured(message)
    if not yes:
        click.confirm(question, abort=True)


def _list() -> None:
    from civic import plugin_life  # noqa: PLC0415
    from civic.kernel import plugin_states, undelivered  # noqa: PLC0415

    found = plugin_states.states()
    if not found:
        click.echo("No plugins are here.")
    troubles = undelivered.troubles()
    for each in found:
        words = [each.name, each.state, each.version, each.api and f"civic.api {each.api}"]
        click.echo("  ".join(word for word in words if word))
        if each.on:
            homes = ", ".join(f"{home.name} ({home.slug})" for home in plugin_life.where_on(each))
            click.echo(f"    on in {homes}")
        for line in (each.reason, each.todo):
            if line:
                click.echo(f"    {line}")
        for trouble in troubles:
            if trouble.subscriber.startswith(f"{each.name}."):
                click.echo(
                    f"    {trouble.subscriber} fails with {trouble.error}: {trouble.waiting} "
                    f"are tried again, {trouble.given_up} were given up (civic jobs retry)"
                )


def _say(name: str, done: "Removed") -> None:
    if done.off:
        click.echo(f"Switched off in: {', '.join(done.off)}")
    click.echo(f"Its data: {done.folder} (personal data may be among them: keep them accordingly)")
    click.echo(f"Dropped: {', '.join(done.tables) or 'no tables'}")
    if done.package:
        click.echo(f"Now uninstall its package: pip uninstall {done.package}")
    click.echo(f"{name} is not loaded any more. {RESTART}")
    click.echo(f"To have it again, empty: civic plugins install {name}")
