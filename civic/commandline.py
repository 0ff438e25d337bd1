"""What every command needs: the app, and a sentence where it cannot go on."""

import gc
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import click
from flask import Flask

from civic.kernel import config
from civic.kernel.errors import Misconfigured, Refused

P = ParamSpec("P")


def make_app(**overrides: Any) -> Flask:  # noqa: ANN401 - settings of any type
    """Make the app from the settings of the environment."""
    # Loading makes a great many objects that stay: looking them through costs a fifth of the time.
    gc.disable()
    try:
        from civic.app import create_app  # noqa: PLC0415 - `civic --help` should not wait for it

        return create_app(config.load(**overrides))
    finally:
        gc.enable()


def sentences(command: Callable[P, None]) -> Callable[P, None]:
    """Let a command end with one sentence where it cannot go on."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (Misconfigured, Refused) as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return run
