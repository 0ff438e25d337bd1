"""Pages of visitors, kept as they were sent until anything at all is written.

A visitor has no session, so that all visitors with the same choices get the same page. Before one
is sent again the database is asked for its version, which every commit of every process changes:
what is kept is never older than the last write. What only the time changes (a stage that begins,
"three days left") is taken up within `SECONDS`.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import Engine, text

from civic.kernel import clock, i18n
from civic.kernel.db import db

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECONDS = 5
#: Pages and bytes that a process keeps at most.
MOST, MOST_BYTES = 500, 16 * 1024 * 1024
LARGEST = 256 * 1024
SESSION = "session"
#: Choices of a visitor that a page depends on.
CHOICES = (i18n.COOKIE, "size")
HEADERS = (
    "wsgi.url_scheme",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_HX_REQUEST",
    "HTTP_HX_HISTORY_RESTORE_REQUEST",
)
#: What a browser is told again when its copy still holds.
KEPT_WITHOUT_BODY = frozenset({"etag", "vary", "cache-control", "date"})


@dataclass(frozen=True)
class Page:
    """Hold a page as it was sent, and when and of which version of the database it was made."""

    version: object
    made: datetime
    headers: list[tuple[str, str]]
    etag: str
    body: bytes


class PageCache:
    """Answer visitors from memory, around an application."""

    def __init__(self, inner: "WSGIApplication", version: Callable[[], object]) -> None:
        """Start empty.

        :param version: returns a value that differs after every commit to the database.
        """
        self.inner = inner
        self.version = version
        self.pages: OrderedDict[tuple[str, ...], Page] = OrderedDict()
        self.bytes = 0
        self.lock = Lock()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Send the kept page if it holds, else ask the application and keep what fits."""
        key = _key(environ)
        if key is None:
            return self.inner(environ, start)
        version, now = self.version(), clock.now()
        page = self.pages.get(key)
        young = timedelta(seconds=SECONDS)
        if page and page.version == version and timedelta() <= now - page.made < young:
            return _send(page, environ, start)
        return self._ask(key, version, now, environ, start)

    def _ask(
        self,
        key: tuple[str, ...],
        version: object,
        now: datetime,
        environ: "WSGIEnvironment",
        start: "StartResponse",
    ) -> Iterable[bytes]:
        # Asked without its condition, so that there is a body to keep; `_send` looks at it.
        asked = environ.pop("HTTP_IF_NONE_MATCH", None)
        said: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], Any]:  # noqa: ANN401
            said[:] = [status, headers, *rest]
            return lambda _: None

        answer = self.inner(environ, note)
        status, headers = said[0], said[1]
        names = {name.lower(): value for name, value in headers}
        length = names.get("content-length", "")
        fits = (
            status.startswith("200")
            and names.get("content-type", "").startswith("text/html")
            and "set-cookie" not in names
            and length.isdecimal()
            and int(length) <= LARGEST
        )
        if not fits:
            start(status, headers, *said[2:])
            return answer
        try:
            body = b"".join(answer)
        finally:
            if close := getattr(answer, "close", None):
                close()
        page = Page(version, now, headers, names.get("etag", ""), body)
        self._keep(key, page)
        if asked is not None:
            environ["HTTP_IF_NONE_MATCH"] = asked
        return _send(page, environ, start)

    def _keep(self, key: tuple[str, ...], page: Page) -> None:
        with self.lock:
            old = self.pages.pop(key, None)
            self.bytes += len(page.body) - (len(old.body) if old else 0)
            self.pages[key] = page
            while len(self.pages) > MOST or self.bytes > MOST_BYTES:
                self.bytes -= len(self.pages.popitem(last=False)[1].body)


def _key(environ: "WSGIEnvironment") -> tuple[str, ...] | None:
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_RANGE" in environ:
        return None
    chosen = ("",) * len(CHOICES)
    if said := environ.get("HTTP_COOKIE"):
        try:
            cookies = SimpleCookie(said)
        except CookieError:
            return None
        if SESSION in cookies or f"{SESSION}=" in said:
            return None
        chosen = tuple(cookies[name].value if name in cookies else "" for name in CHOICES)
    path = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    return (*path, *(environ.get(name, "") for name in HEADERS), *chosen)


def _send(page: Page, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    tags = environ.get("HTTP_IF_NONE_MATCH", "")
    if page.etag and page.etag in [tag.strip() for tag in tags.split(",")]:
        start(
            "304 NOT MODIFIED",
            [pair for pair in page.headers if pair[0].lower() in KEPT_WITHOUT_BODY],
        )
        return [b""]
    start("200 OK", page.headers)
    return [page.body]


def attach(app: Flask) -> PageCache:
    """Put the cache before an app that is about to be served, and return it."""
    with app.app_context():
        engine = db.engine
    sqlite = engine.dialect.name == "sqlite"
    cache = PageCache(app.wsgi_app, SqliteVersion(engine) if sqlite else PostgresqlVersion(engine))
    app.wsgi_app = cache  # type: ignore[assignment, method-assign]
    return cache


class SqliteVersion:
    """Ask a file for the number that every commit of another connection changes."""

    def __init__(self, engine: Engine) -> None:
        """Open a connection for this alone; it never writes, so that all writers are others."""
        path = engine.url.database or ""
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.lock = Lock()

    def __call__(self) -> object:
        """Return the version of what can be read now."""
        with self.lock:
            return self.connection.execute("PRAGMA data_version").fetchone()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class PostgresqlVersion:
    """Ask a server which transactions have ended and which are under way.

    The number of the newest alone would stay the same as one under way commits.
    """

    def __init__(self, engine: Engine) -> None:
        """Keep the engine, outside of any transaction."""
        self.engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.query = text("SELECT pg_current_snapshot()::text")

    def __call__(self) -> object:
        """Return the version of what can be read now."""
        with self.engine.connect() as connection:
            return connection.scalar(self.query)

    def close(self) -> None:
        """Do nothing: the connections are the engine's."""
