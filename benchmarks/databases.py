"""Make applications over databases of their own, in a folder or on a server."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from flask import Flask
from sqlalchemy import create_engine, make_url, text

from civic.app import create_app
from civic.kernel import config, migrate
from civic.kernel.db import db

Made = TypeVar("Made")


@dataclass(frozen=True)
class Place(Generic[Made]):
    """Be an application and what was written into its database."""

    app: Flask
    made: Made


@contextmanager
def place(folder: Path, server: str, fill: Callable[[], Made]) -> Iterator[Place[Made]]:
    """Give an application over a new database that is filled and analysed.

    :param folder: of the instance; its name is that of the database on a server.
    :param server: address of a PostgreSQL server where databases may be made; SQLite if empty.
    """
    name = f"civic_bench_{folder.name}"
    url = ""
    if server:
        _databases(server, _drop(name), f"CREATE DATABASE {name}")
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
    began = time.monotonic()
    app = create_app(config.load({}, instance=folder, database_url=url), found=[])
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        migrate.upgrade()
        made = fill()
        db.session.commit()
        with db.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
        print(f"{folder.name}: written in {time.monotonic() - began:.0f} s", flush=True)
    try:
        yield Place(app, made)
    finally:
        with app.app_context():
            db.engine.dispose()
        if server:
            _databases(server, _drop(name))


def _drop(name: str) -> str:
    return f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"


def _databases(server: str, *statements: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
