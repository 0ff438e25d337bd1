"""Sessions: who is signed in on this request."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Flask, g, request, session
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from civic.identities import sessions
from civic.identities.actors import SignedIn, signed_in
from civic.identities.devices import device
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db, only_reads
from civic.kernel.errors import Refused
from civic.kernel.permissions import VISITOR

#: For how long a password counts while the second factor is looked for.
PATIENCE = timedelta(minutes=10)
PENDING = "pending"


class User(UserMixin):  # type: ignore[misc]
    """Be a signed-in person in the eyes of Flask-Login."""

    def __init__(self, key: str, signed_in: SignedIn | None) -> None:
        """Keep the session's key and what it stands for; nothing where only the key matters."""
        self.id = key
        self.signed_in = signed_in


@dataclass(frozen=True)
class Pending:
    """Be somebody who has given the password, and not yet the second factor.

    :ivar at: when the password was given.
    :ivar next: where they wanted to go.
    """

    person_id: int
    at: datetime
    next: str


def init_app(app: Flask) -> None:
    """Load the actor of each request before its view runs."""
    manager = LoginManager(app)
    manager.session_protection = "basic"

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(key: str) -> User | None:
        found = _find(key)
        return User(key, found) if found else None

    @app.before_request
    def know_actor() -> None:
        g.sign_in = current_user.signed_in if current_user.is_authenticated else None
        g.actor = g.sign_in.actor if g.sign_in else VISITOR


def _find(key: str) -> SignedIn | None:
    person_id, _, secret = key.partition(".")
    if not person_id.isdecimal():
        return None
    return signed_in(int(person_id), sessions.digest(secret), held=not only_reads())


def renew() -> None:
    """Read the session anew, in the transaction that begins now.

    :raises Refused: `sign_in` when it ended meanwhile.
    """
    g.sign_in = _find(current_user.id)
    g.actor = g.sign_in.actor if g.sign_in else VISITOR
    me()


def me() -> int:
    """Return the id of whoever is signed in.

    :raises Refused: `sign_in` to a visitor.
    """
    person_id: int | None = g.actor.person_id
    if person_id is None:
        raise Refused("sign_in", _l("Please sign in first."), HTTPStatus.UNAUTHORIZED)
    return person_id


def enter(
    person_id: int,
    *,
    confirmed_at: datetime | None = None,
    second_factor: bool = False,
    joins: bool = False,
) -> None:
    """Begin a session for a person who has shown who they are, and commit it.

    What the browser kept before is dropped; the session that it held ends.
    """
    if g.sign_in is not None:
        sessions.leave(g.sign_in.id)
    secret = sessions.begin(
        person_id,
        device(request.user_agent.string),
        confirmed_at=confirmed_at,
        second_factor=second_factor,
        joins=joins,
    )
    db.session.commit()
    session.clear()
    session.permanent = True
    login_user(User(f"{person_id}.{secret}", None))


def leave() -> None:
    """End the session, and commit that."""
    if g.sign_in is not None:
        sessions.leave(g.sign_in.id)
        db.session.commit()
    logout_user()
    session.clear()


def ask_second(person: Person, next_: str) -> None:
    """Remember that a person gave the password, and that the second factor is still to come."""
    if g.sign_in is not None:
        sessions.leave(g.sign_in.id)
        db.session.commit()
    session.clear()
    session[PENDING] = {
        "who": person.id,
        "at": clock.now().isoformat(),
        "key": _mark(person),
        "next": next_,
    }


def pending() -> Pending | None:
    """Return who gave the password a moment ago and is asked for the second factor.

    Nobody after ten minutes, or when the password was changed since.
    """
    kept = session.get(PENDING)
    if not kept:
        return None
    at = datetime.fromisoformat(kept["at"])
    person = db.session.get(Person, kept["who"])
    if person is None or person.closed_at is not None or at + PATIENCE < clock.now():
        return None
    if not hmac.compare_digest(kept["key"], _mark(person)):
        return None
    return Pending(person.id, at, kept["next"])


def _mark(person: Person) -> str:
    """Return what changes with the password and tells nothing of it: the cookie can be read."""
    return sessions.digest(f"password:{person.id}:{person.password_hash}")
