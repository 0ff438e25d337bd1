"""Sessions of many people at once, signed as the application signs them, without sign-ins."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import login_user
from flask_wtf.csrf import generate_csrf

from civic.identities.login import User


@dataclass(frozen=True)
class Signed:
    """Hold what a browser of a signed-in person sends."""

    cookie: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of a form that such a browser sends."""
        return {"Cookie": f"session={self.cookie}", "X-CSRFToken": self.token}


def sign_in(app: Flask, count: int, first: int = 2) -> list[Signed]:
    """Return sessions of people as `seed.fill` has made them."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None  # noqa: S101 - the app has a key
    found = []
    for number in range(first, first + count):
        with app.test_request_context(
            headers={"User-Agent": "bench"}, environ_base={"REMOTE_ADDR": "127.0.0.1"}
        ):
            session.permanent = True
            login_user(User(f"{number}.key{number}", None))
            token = generate_csrf()
            kept: dict[str, Any] = dict(session)
            found.append(Signed(str(serializer.dumps(kept)), token))
    return found
