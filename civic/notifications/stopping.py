"""Stop mail from the mail itself: a signed address that works without signing in."""

from http import HTTPStatus

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from civic.identities.models import Person
from civic.kernel import mail
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.tell import telling
from civic.notifications import choosing

#: Instead of a kind: mail of every kind.
ALL = ""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="civic.mail.stop")


def path(person_id: int, kind: str) -> str:
    """Return the path at which a person stops mail of a kind, or of all; always the same one."""
    return f"/mail/stop/{_signer().dumps([person_id, kind])}"


def read(token: str) -> tuple[int, str]:
    """Return the person and the kind that a token stands for.

    :raises Refused: 404 for one that was not made here, or whose person has left.
    """
    try:
        person_id, kind = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        person_id, kind = 0, ALL
    there = select(Person.id).where(Person.id == person_id, Person.closed_at.is_(None))
    if db.session.scalar(there) is None:
        message = _l("This link does not work any more. After signing in you can choose your mail.")
        raise Refused("no_link", message, HTTPStatus.NOT_FOUND)
    return person_id, kind


def stop(person_id: int, kind: str) -> None:
    """Stop mail of a kind, or of all; what waits to be sent is dropped, too."""
    known = telling().kinds
    kinds = list(known) if kind == ALL else [kind] if kind in known else []
    choosing.choose(person_id, dict.fromkeys(kinds, "none"))
    for code in [*kinds, ALL] if kind == ALL else kinds:
        mail.withdraw(person_id, mail.absolute(path(person_id, code)))
