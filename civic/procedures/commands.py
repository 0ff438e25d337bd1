"""The `civic procedures` commands: list, read, check and load procedures."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask

# What needs the database is imported when a command runs: `civic --help` should not wait for it.
if TYPE_CHECKING:
    from civic.procedures.bundles import Draft
    from civic.procedures.loading import Loaded

Guard = Callable[[Callable[..., None]], Callable[..., None]]
CATALOGUES = {"zh": "zh_Hans_CN", "en": "en"}
#: What a command exits with when its input does not do.
BAD_INPUT = 2
FILES = click.Path(path_type=Path, exists=True, dir_okay=False)
JURISDICTION = click.option("--jurisdiction", help="As CN-BJ. [default: that of the site]")


def load_bundles() -> "Loaded":
    """Load the bundles that are here and commit; twice changes nothing."""
    from civic.kernel.db import db  # noqa: PLC0415
    from civic.procedures import loading  # noqa: PLC0415

    done = loading.sync()
    db.session.commit()
    return done


def group(make: Callable[[], Flask], guard: Guard) -> click.Group:
    """Return the group of commands.

    :param make: makes the app.
    :param guard: lets a command end with one sentence where it cannot go on.
    """
    commands = click.Group("procedures", help="Read, check and load procedures.")

    @commands.command("list")
    @JURISDICTION
    @guard
    def list_(jurisdiction: str | None) -> None:
        """List the procedures of the bundles that are here, as they hold somewhere."""
        with make().app_context():
            _list(jurisdiction)

    @commands.command("show")
    @click.argument("code", metavar="ID")
    @JURISDICTION
    @click.option("--language", type=click.Choice(list(CATALOGUES)), default="en")
    @guard
    def show(code: str, jurisdiction: str | None, language: str) -> None:
        """Read one procedure in plain words, as its bundle has it."""
        with make().app_context():
            _show(code, jurisdiction, language)

    @commands.command("check")
    @click.argument("files", nargs=-1, required=True, metavar="FILE…", type=FILES)
    def check(files: tuple[Path, ...]) -> None:
        """Read procedure files strictly; each fault is a line `file:line: reason`."""
        _check(files)

    @commands.command("load")
    @click.argument("files", nargs=-1, metavar="[FILE…]", type=FILES)
    @click.option("--adopted-by", default="", help="Which body of the street has adopted them.")
    @click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="On which day.")
    @guard
    def load(files: tuple[Path, ...], adopted_by: str, on: datetime | None) -> None:
        """Load the bundles that are here, or files that a body of the street has adopted."""
        with make().app_context():
            _load(files, adopted_by.strip(), on)

    return commands


def _list(jurisdiction: str | None) -> None:
    here = _here()
    place = _place(jurisdiction)
    for draft in _drafts():
        found = draft.resolve(place)
        if found is not None:
            procedure, _data = found
            state = here.get(procedure.id, "not loaded")
            what = f"{procedure.jurisdiction}  {procedure.binding}  {state}"
            click.echo(f"{procedure.id} {procedure.version}  {what}  {procedure.title.en}")


def _show(code: str, jurisdiction: str | None, language: str) -> None:
    from civic.kernel import i18n  # noqa: PLC0415
    from civic.kernel.errors import Misconfigured  # noqa: PLC0415
    from civic.procedures.words import describe  # noqa: PLC0415

    place = _place(jurisdiction)
    draft = next((each for each in _drafts() if each.data["id"] == code), None)
    found = draft.resolve(place) if draft else None
    if found is None:
        message = f"There is no procedure {code} for {place}: see `civic procedures list`."
        raise Misconfigured(message)
    procedure, _data = found
    with i18n.speaking(CATALOGUES[language]):
        click.echo(f"{procedure.title.words(language)} ({code} {procedure.version})")
        click.echo(procedure.about.words(language))
        for line in describe(procedure, confirmed=False):
            click.echo(f"\n{line.title}")
            for text in line.texts:
                click.echo(f"  {text}")


def _check(files: Sequence[Path]) -> None:
    from civic.procedures import bundles  # noqa: PLC0415

    problems = [problem for file in files for problem in bundles.check(file)[1]]
    for problem in problems:
        click.echo(str(problem))
    if problems:
        sys.exit(BAD_INPUT)
    click.echo(f"{len(files)} read, nothing wrong.")


def _load(files: Sequence[Path], adopted_by: str, on: datetime | None) -> None:
    from civic.kernel.db import db  # noqa: PLC0415
    from civic.kernel.errors import Misconfigured  # noqa: PLC0415
    from civic.procedures import loading  # noqa: PLC0415

    if bool(files) != bool(adopted_by):
        message = "Files and --adopted-by belong together: somebody has adopted what they say."
        raise Misconfigured(message)
    _ready()
    if files:
        done = loading.load_files(files, loading.Adoption(adopted_by, on.date() if on else None))
        db.session.commit()
    else:
        done = load_bundles()
    click.echo(_said(done))
    if done.refused:
        raise Misconfigured("\n".join(done.refused))


def _ready() -> None:
    from civic.kernel import migrate  # noqa: PLC0415
    from civic.kernel.errors import Misconfigured  # noqa: PLC0415

    if migrate.pending():
        message = "The database is not up to date: run `civic db upgrade`."
        raise Misconfigured(message)


def _place(given: str | None) -> str:
    from civic.kernel.errors import Misconfigured  # noqa: PLC0415
    from civic.procedures import loading, overlays  # noqa: PLC0415

    if given is None:
        return loading.site_jurisdiction()
    if given not in overlays.jurisdictions():
        known = ", ".join(sorted(overlays.jurisdictions()))
        message = f"The jurisdiction {given} is not known; known are: {known}."
        raise Misconfigured(message)
    return given


def _drafts() -> "list[Draft]":
    """Return the procedures of all bundles; faults end the command."""
    from civic.kernel.errors import Misconfigured  # noqa: PLC0415
    from civic.procedures import bundles, loading  # noqa: PLC0415

    drafts, problems = [], []
    for source in loading.sources():
        found, faults = bundles.load(source)
        drafts += found
        problems += faults
    if problems:
        raise Misconfigured(bundles.lines(problems))
    return drafts


def _here() -> dict[str, str]:
    """Return how each procedure stands in the site, by id; nothing where there are no tables."""
    from civic.kernel import migrate  # noqa: PLC0415
    from civic.procedures import services  # noqa: PLC0415

    if migrate.pending():
        return {}
    here = dict.fromkeys(services.codes(), "ended")
    for version in services.in_force():
        confirmed = "confirmed" if version.confirmation else "not confirmed"
        here[version.code] = f"version {version.number}, {confirmed}"
    return here


def _said(done: "Loaded") -> str:
    words = {
        "loaded": done.added,
        "here already": done.same,
        "left as the street has adopted it": done.kept,
        "not for this jurisdiction": done.elsewhere,
    }
    return "\n".join(f"{what}: {', '.join(names)}" for what, names in words.items() if names)
