"""What is counted without a clock: SQL statements, and bytes of pages and of a first view."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from civic.kernel.db import db

#: Files that a browser fetches with a page.
FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')
SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the SQL statements and commits that happen meanwhile; savepoints are left out."""
    found: list[str] = []

    def executed(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(SAVEPOINTS):
            found.append(statement)

    def committed(_conn: object) -> None:
        found.append("COMMIT")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "commit", committed)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", executed)
        event.remove(engine, "commit", committed)


@dataclass(frozen=True)
class Weight:
    """Hold what a first view of a page transfers; sizes in bytes, packed ones as sent.

    :ivar requests: the page and the files it names.
    """

    html: int
    packed: int
    requests: int
    total: int
    style: int
    script: int


def first_view(client: FlaskClient, path: str) -> Weight:
    """Fetch a page and the files it names, packed as browsers ask for them."""
    packed = _sent(client, path)
    html = gzip.decompress(packed)
    names = dict.fromkeys(FILES.findall(html.decode()))
    files = {name: len(_sent(client, name)) for name in names}
    return Weight(
        html=len(html),
        packed=len(packed),
        requests=1 + len(files),
        total=len(packed) + sum(files.values()),
        style=sum(size for name, size in files.items() if name.endswith(".css")),
        script=sum(size for name, size in files.items() if name.endswith(".js")),
    )


def _sent(client: FlaskClient, path: str) -> bytes:
    with client.get(path, headers={"Accept-Encoding": "gzip"}) as response:
        return response.data
