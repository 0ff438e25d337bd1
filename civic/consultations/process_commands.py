"""The `civic processes` commands: list, read and check the ways that cases go."""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask

# What they need is imported when a command runs: `civic --help` should not wait for it.
if TYPE_CHECKING:
    from civic.consultations.process_words import Act
    from civic.processes.schema import Process

Guard = Callable[[Callable[..., None]], Callable[..., None]]
CATALOGUES = {"zh": "zh_Hans_CN", "en": "en"}
#: What a command exits with when its input does not do.
BAD_INPUT = 2
FILES = click.Path(path_type=Path, exists=True, dir_okay=False)


def group(make: Callable[[], Flask], guard: Guard) -> click.Group:
    """Return the group of commands.

    :param make: makes the app.
    :param guard: lets a command end with one sentence where it cannot go on.
    """
    commands = click.Group("processes", help="Read and check the ways that cases go.")

    @commands.command("list")
    @guard
    def list_() -> None:
        """List the processes that come with the platform."""
        from civic.processes import bundles  # noqa: PLC0415

        for code, template in bundles.shipped().items():
            process = template.process
            stages = sum(1 for stage in process.stages if not stage.beside)
            click.echo(f"{code} {process.version}  {stages} stages  {process.title.en}")

    @commands.command("show")
    @click.argument("code", metavar="ID")
    @click.option("--language", type=click.Choice(list(CATALOGUES)), default="en")
    @guard
    def show(code: str, language: str) -> None:
        """Read one process in plain words, stage by stage."""
        with make().app_context():
            _show(code, language)

    @commands.command("check")
    @click.argument("files", nargs=-1, required=True, metavar="FILE…", type=FILES)
    def check(files: tuple[Path, ...]) -> None:
        """Read files of processes strictly; each fault is a line `file:line: reason`."""
        _check(files)

    return commands


def _show(code: str, language: str) -> None:
    from civic.kernel import i18n  # noqa: PLC0415
    from civic.kernel.errors import Misconfigured  # noqa: PLC0415
    from civic.processes import bundles  # noqa: PLC0415

    template = bundles.shipped().get(code)
    if template is None:
        message = f"There is no process {code}: see `civic processes list`."
        raise Misconfigured(message)
    with i18n.speaking(CATALOGUES[language]):
        for line in _lines(template.process, language):
            click.echo(line)


def _lines(process: "Process", language: str) -> Iterable[str]:
    from civic.consultations import process_words  # noqa: PLC0415

    yield f"{process.title.words(language)} ({process.id} {process.version})"
    yield process.about.words(language)
    yield from (f"  {text}" for text in process.basis)
    for told in (*process_words.on_line(process, {}), *process_words.beside(process)):
        yield f"\n{told.title} ({told.code})"
        yield from (f"  {text}" for text in (told.can, told.lasts, told.basis) if text)
        yield from (f"  {title}" for title, _address in told.procedures)
        yield from _acts(told.acts)
    yield f"\n{process_words.always_title()}"
    yield from _acts(process_words.at_any_time(process))


def _acts(acts: "Sequence[Act]") -> Iterable[str]:
    for act in acts:
        yield f"  - {act.title} {act.to}: {act.who}"
        yield from (f"      {rule}" for rule in act.rules)


def _check(files: Sequence[Path]) -> None:
    from civic.procedures import bundles as procedures  # noqa: PLC0415
    from civic.processes import bundles  # noqa: PLC0415

    known = frozenset(file.stem for file in procedures.SHIPPED.glob("*.toml"))
    problems = [problem for file in files for problem in bundles.check(file, known)[1]]
    for problem in problems:
        click.echo(str(problem))
    if problems:
        sys.exit(BAD_INPUT)
    click.echo(f"{len(files)} read, nothing wrong.")
