"""Confirm a version: the act of the legal officer without which nothing binds by law."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import IO

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from civic.communities import services as communities
from civic.identities.kinds import LEGAL
from civic.kernel import audit, clock, permissions, uploads
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, Held
from civic.procedures import services
from civic.procedures.models import ProcedureConfirmation, ProcedureVersion

CONFIRM = "procedures.confirm"
#: Who may open the document: whoever works here.
FILES = "procedures.files"


@dataclass(frozen=True)
class Document:
    """Be what a confirmation rests on: title or number, date, and the file itself."""

    title: str
    on: date
    stream: IO[bytes]
    name: str


def roots() -> list[permissions.Path]:
    """Return the paths of the streets: procedures hold for all of one."""
    return sorted({community.path[:1] for community in communities.homes()})


def office(actor: Actor) -> Held | None:
    """Return the post in which an actor confirms for a whole street, or none."""
    for root in roots() if actor.posts else []:
        if permissions.allowed(actor, CONFIRM, root):
            held = actor.posts_at(root)
            return next((post for post in held if post.code == LEGAL), held[0])
    return None


def check(actor: Actor) -> Held:
    """Return the post in which an actor confirms for a whole street.

    :raises Refused: where there is none.
    """
    found = office(actor)
    if found is None:
        # A post of one community is none of the street's.
        first = roots()
        permissions.check(actor, CONFIRM, first[0] if first else ())
        raise services.missing()
    return found


def works_here(actor: Actor) -> bool:
    """Tell whether an actor has a post anywhere, and so may open documents."""
    return bool(permissions.scopes(actor, FILES))


def check_staff(actor: Actor) -> None:
    """Refuse whoever has no post.

    :raises Refused: 401 or 403.
    """
    if not works_here(actor):
        permissions.check(actor, FILES, ())


def confirm(
    actor: Actor, version: ProcedureVersion, document: Document, folder: Path
) -> ProcedureConfirmation:
    """Confirm a version as the legal officer, with the document it rests on.

    :raises Refused: where it is confirmed already, has ended, is not the newest, or the document
        does not do.
    """
    post = check(actor)
    check_version(version)
    if document.on > services.today():
        raise Refused("document_on", _l("The document cannot be of a day that is yet to come."))
    stored = uploads.store(document.stream, document.name, folder)
    made = ProcedureConfirmation(
        version_id=version.id,
        at=clock.now(),
        person_id=actor.person_id,
        post_kind=post.code,
        post=post.title,
        document=document.title,
        document_on=document.on,
        name=stored.name,
        stored=stored.stored_name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        is_image=stored.is_image,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        (folder / stored.stored_name).unlink(missing_ok=True)
        raise _already() from error
    except Exception:
        (folder / stored.stored_name).unlink(missing_ok=True)
        raise
    audit.append(
        "procedure.confirmed",
        person_id=actor.person_id,
        post=post.title,
        subject=f"procedure:{version.code}/{version.number}",
        data={
            "fingerprint": version.fingerprint,
            "document": document.title,
            "document_on": document.on.isoformat(),
            "sha256": stored.sha256,
        },
    )
    return made


def check_version(version: ProcedureVersion) -> None:
    """Refuse a version that cannot be confirmed.

    :raises Refused: `confirmed`, `older`, or `ended`.
    """
    if version.confirmation is not None:
        raise _already()
    if services.versions(version.code)[0].number != version.number:
        message = _l("There is a newer version. Please confirm that one.")
        raise Refused("older", message, HTTPStatus.CONFLICT)
    if version.valid_to is not None and version.valid_to < services.today():
        message = _l("This version has ended; it is history and is not confirmed any more.")
        raise Refused("ended", message, HTTPStatus.CONFLICT)


def waits_for(actor: Actor, version: ProcedureVersion, newest: int) -> bool:
    """Tell whether a version waits for this actor to confirm it."""
    ended = version.valid_to is not None and version.valid_to < services.today()
    if version.confirmation is not None or ended or version.number != newest:
        return False
    return bool(actor.posts) and office(actor) is not None


def _already() -> Refused:
    message = _l("This version is confirmed already; nothing was changed.")
    return Refused("confirmed", message, HTTPStatus.CONFLICT)


def file_of(version: ProcedureVersion, name: str) -> uploads.Stored:
    """Return the document of a confirmation.

    :raises Refused: 404 where there is none of this name.
    """
    given = version.confirmation
    if given is None or given.name != name:
        raise services.missing()
    return uploads.Stored(
        name=given.name,
        stored_name=given.stored,
        media_type=given.media_type,
        size=given.size,
        sha256=given.sha256,
        is_image=given.is_image,
    )
