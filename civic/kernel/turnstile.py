"""A turnstile before the application: few requests are worked on at a time, the others wait.

Threads of one process share one interpreter. With many at work at once each request costs about
half as much processor time again, spent on handing the interpreter over; one after the other they
are all answered sooner. What takes long holds nobody up: whoever has waited for `PATIENCE` goes in.
"""

from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import IO, TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Requests at work at a time: one computes while the other waits for the database.
TURNS = 2
#: Seconds that a request waits at most for its turn.
PATIENCE = 0.25
#: Bytes of a body kept in memory until it is whole; larger ones wait in a file.
IN_MEMORY = 256 * 1024
PIECE = 64 * 1024


class Turnstile:
    """Let requests into an application a few at a time, each with its whole body at hand.

    :param most: bytes of the largest body that is fetched before; the application refuses larger
        ones without reading them.
    """

    def __init__(self, inner: "WSGIApplication", most: int) -> None:
        self.inner = inner
        self.most = most
        self.turns = BoundedSemaphore(TURNS)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Fetch the body, wait for a turn, and answer."""
        fetched = self._fetched(environ)
        has_turn = self.turns.acquire(timeout=PATIENCE)
        try:
            return self.inner(environ, start_response)
        finally:
            if has_turn:
                self.turns.release()
            if fetched is not None:
                fetched.close()

    def _fetched(self, environ: "WSGIEnvironment") -> IO[bytes] | None:
        """Read a body to its end first: a slow connection takes nobody's turn."""
        length = environ.get("CONTENT_LENGTH") or ""
        if not (length.isdecimal() and 0 < int(length) <= self.most):
            return None
        body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed after the answer
        missing = int(length)
        while missing and (piece := environ["wsgi.input"].read(min(PIECE, missing))):
            body.write(piece)
            missing -= len(piece)
        body.seek(0)
        environ["wsgi.input"] = body
        return body


def attach(app: Flask) -> None:
    """Put a turnstile before an application."""
    app.wsgi_app = Turnstile(app.wsgi_app, app.config["MAX_CONTENT_LENGTH"])  # type: ignore[method-assign]
