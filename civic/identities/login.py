"""Sessions: who is signed in on this request."""

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from civic.identities.actors import actor_of
from civic.identities.models import Person
from civic.kernel.db import only_reads
from civic.kernel.permissions import VISITOR, Actor


class User(UserMixin):  # type: ignore[misc]
    """Be a signed-in person in the eyes of Flask-Login."""

    def __init__(self, key: str, actor: Actor) -> None:
        """Keep the session's key and the actor it stands for."""
        self.id = key
        self.actor = actor


def init_app(app: Flask) -> None:
    """Load the actor of each request before its view runs."""
    manager = LoginManager(app)
    manager.session_protection = "basic"

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(key: str) -> User | None:
        person_id, _, session_key = key.partition(".")
        if not person_id.isdecimal():
            return None
        actor = actor_of(int(person_id), session_key, held=not only_reads())
        return User(key, actor) if actor else None

    @app.before_request
    def know_actor() -> None:
        g.actor = current_user.actor if current_user.is_authenticated else VISITOR


def key_of(person: Person) -> str:
    """Return what a session keeps of a person."""
    return f"{person.id}.{person.session_key}"


def enter(person: Person) -> None:
    """Begin a session for a person who has shown who they are; an older one is dropped."""
    actor = actor_of(person.id, person.session_key)
    if actor is None:
        message = "a person without a session key cannot sign in"
        raise ValueError(message)
    session.clear()
    session.permanent = True
    login_user(User(key_of(person), actor))


def leave() -> None:
    """End the session."""
    logout_user()
    session.clear()
