"""People at their browsers, as far as HTTP goes: cookies, forms with their tokens, redirects."""

import http.client
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from threading import Barrier
from urllib.parse import urlencode, urlsplit

from flask import Flask

from civic.identities.models import Person
from tests.factories import session_key

TIMEOUT = 60
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


@dataclass
class Answer:
    """What came back: the status, where one is sent on to, and the page."""

    status: int
    location: str
    text: str

    @property
    def ok(self) -> bool:
        return self.status in {200, 303}


@dataclass
class Visitor:
    """One browser with its cookies."""

    port: int
    #: English, whose texts need no compiled catalogue.
    cookies: dict[str, str] = field(default_factory=lambda: {"lang": "en"})

    def connect(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        connection.connect()
        return connection

    def ask(
        self,
        method: str,
        path: str,
        fields: dict[str, str] | None = None,
        before: Callable[[], object] = bool,
    ) -> Answer:
        """Send one request; what is to happen first, happens when the line is open."""
        connection = self.connect()
        try:
            headers = {"Connection": "close"}
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
            body = None
            if fields is not None:
                body = urlencode(fields)
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            before()
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            for value in response.headers.get_all("Set-Cookie", []):
                self.cookies |= {key: item.value for key, item in SimpleCookie(value).items()}
            return Answer(response.status, response.headers.get("Location", ""), text)
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(
        self, path: str, fields: dict[str, str], before: Callable[[], object] = bool
    ) -> Answer:
        return self.ask("POST", path, fields, before)

    def hidden(self, path: str) -> dict[str, str]:
        """Open a page and return what its forms carry along: token, form key, code."""
        answer = self.get(path)
        assert answer.status == 200, (answer.status, answer.location, answer.text[-2000:])
        found = [dict(_ATTRIBUTE.findall(tag)) for tag in _INPUT.findall(answer.text)]
        values = {
            tag["name"]: unescape(tag.get("value", ""))
            for tag in found
            if tag.get("type") == "hidden" and "name" in tag
        }
        assert values.get("csrf_token"), f"no token on {path}"
        return values

    def copy(self) -> "Visitor":
        """Return the same browser's second tab."""
        return Visitor(self.port, dict(self.cookies))


def signed_in(app: Flask, port: int, person: Person, **how: bool) -> Visitor:
    """Return a browser in which somebody is signed in, by a cookie signed as the server does."""
    serializer = app.session_interface.get_signing_serializer(app)
    held = {"_user_id": session_key(person, **how), "_fresh": True, "_permanent": True}
    return Visitor(port, {"lang": "en", "session": serializer.dumps(held)})


def path_of(url: str) -> str:
    """Return what a request asks for, of an address that a redirect named."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def at_once(acts: Sequence[Callable[[Callable[[], object]], Answer]]) -> list[Answer]:
    """Do all acts at one moment: each opens its line, and a barrier releases them together."""
    barrier = Barrier(len(acts))

    def wait() -> None:
        barrier.wait(TIMEOUT)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: act(wait), acts))
