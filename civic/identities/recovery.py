"""Get back into an account: a one-use code from the desk or by proven mail, then a new password.

At the desk whoever holds a post gets a code from an administrator alone. By mail they get one only
where they have a second factor: it is still asked for after the new password, so that a mailbox
opens no powers. Without one, a mailbox would be enough to set one up and take the post.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update

from civic.communities.models import Community, Node, Post, path_of
from civic.identities import codes, factors, sessions, told
from civic.identities.actors import in_force
from civic.identities.credentials import RecoveryCode
from civic.identities.looks import looked
from civic.identities.models import Appointment, Contact, Person, Standing
from civic.kernel import audit, clock, mail
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, allowed
from civic.kernel.phones import Identifier

log = logging.getLogger(__name__)
VALID = timedelta(hours=24)
VALID_BY_MAIL = timedelta(hours=1)
PURPOSE = "recovery"


def make(actor: Actor, community: Community, identifier: Identifier) -> str:
    """Make a code for somebody who has shown at the desk who they are; earlier ones end.

    Whoever holds a post gets theirs from an administrator alone, or one office could take
    another's powers.

    :returns: the code, readable at this moment only.
    :raises Refused: `nobody` or `post_holder`.
    """
    person = _member(community, identifier)
    if not _may_all(actor, person):
        raise Refused(
            "post_holder",
            _l("This person holds a post. Only an administrator may give them a new password."),
            HTTPStatus.FORBIDDEN,
        )
    assert actor.person_id is not None  # noqa: S101 - the permission implies a person
    db.session.execute(delete(RecoveryCode).filter_by(person_id=person.id, used_at=None))
    code = _code(person.id, VALID, actor.person_id)
    _record("recovery.made", actor, community, person)
    return codes.readable(code)


def _code(person_id: int, valid: timedelta, made_by: int | None) -> str:
    now = clock.now()
    code = codes.fresh_code()
    db.session.add(
        RecoveryCode(
            digest=codes.digest(code, PURPOSE),
            person_id=person_id,
            made_by=made_by,
            made_at=now,
            expires_at=now + valid,
        )
    )
    return code


def _record(act: str, actor: Actor, community: Community, person: Person) -> None:
    looked(actor, person.id, "desk", community)
    audit.done(act, actor, community, f"person:{person.id}")


def _posts_of(person_id: int) -> Sequence[str]:
    """Return the places of the posts that a person holds, each as the ids of its path."""
    return db.session.scalars(
        select(Node.ids)
        .join(Post, Post.node_id == Node.id)
        .join(Appointment, Appointment.post_id == Post.id)
        .where(
            Appointment.person_id == person_id,
            in_force(Appointment.valid_from, Appointment.valid_to, clock.now()),
        )
    ).all()


def _may_all(actor: Actor, person: Person) -> bool:
    return all(allowed(actor, "admin.manage", path_of(ids)) for ids in _posts_of(person.id))


def remove_factor(actor: Actor, community: Community, identifier: Identifier) -> Person:
    """Take the second factor off for somebody at the desk who lost it; all their sessions end.

    :raises Refused: `nobody`, `post_holder`, `oneself` or `no_factor`.
    """
    person = _member(community, identifier)
    if person.id == actor.person_id:
        raise Refused(
            "oneself",
            _l("Nobody removes their own second factor here; another administrator does it."),
            HTTPStatus.FORBIDDEN,
        )
    if not (allowed(actor, "admin.manage", community.path) and _may_all(actor, person)):
        raise Refused(
            "post_holder",
            _l("Only an administrator of all the places where this person holds a post may."),
            HTTPStatus.FORBIDDEN,
        )
    if not factors.has(person.id):
        raise Refused("no_factor", _l("This person has no second factor."), HTTPStatus.CONFLICT)
    factors.remove(person.id)
    sessions.end_all(person.id)
    told.secure(person.id, "factor_removed")
    _record("factor.removed", actor, community, person)
    return person


def mail_code(identifier: Identifier) -> None:
    """Send a code to a proven address, and commit that; nothing for an address that is not one.

    Run after the answer, which says the same in the same time whoever has the address. A failure is
    logged: nobody waits for it. Codes of before stay good for their hour, or somebody who asks in
    another's name would spoil theirs.
    """
    try:
        person = db.session.scalar(
            select(Person)
            .join(Contact, Contact.person_id == Person.id)
            .where(Contact.kind == "email", Contact.value == identifier.value)
            .where(Contact.proven_at.is_not(None), Person.closed_at.is_(None))
            .with_for_update(read=True, key_share=True, of=Person)
        )
        if person is None or (_posts_of(person.id) and not factors.has(person.id)):
            db.session.rollback()
            return
        code = codes.readable(_code(person.id, VALID_BY_MAIL, None))
        with force_locale(person.language):
            subject = gettext("A code for a new password")
            body = gettext(
                "Hello,\n\nsomebody asked for a new password for your account. If that was you, "
                "type this code on the page “A new password”, where you asked for it:\n\n%(code)s"
                "\n\nIt is valid for an hour, once. If it was not you, you need not do anything: "
                "your password stays as it is. Never give the code to anybody, not to staff "
                "either.\n",
                code=code,
            )
        mail.queue(identifier.value, subject, body, person_id=person.id)
        db.session.commit()
    except Exception:
        db.session.rollback()
        log.exception("a code for a new password could not be sent")


def reset(code: str, password_hash: str) -> Person:
    """Give the owner of a code a new password, once; all their sessions and other codes end.

    :raises Refused: `code_unknown` for a code that is wrong, used or too old.
    """
    now = clock.now()
    person_id = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.digest == codes.digest(code, PURPOSE),
            RecoveryCode.used_at.is_(None),
            RecoveryCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(RecoveryCode.person_id)
    )
    if person_id is None:
        raise Refused(
            "code_unknown",
            _l(
                "This code is wrong, used, or too old. Please compare it letter by letter, or "
                "ask for a new one."
            ),
        )
    person = db.session.get_one(Person, person_id)
    person.password_hash = password_hash
    db.session.execute(delete(RecoveryCode).filter_by(person_id=person_id, used_at=None))
    sessions.end_all(person_id)
    told.secure(person_id, "password")
    return person


def _member(community: Community, identifier: Identifier) -> Person:
    now = clock.now()
    lives = (
        select(Standing.person_id)
        .join(Node, Node.id == Standing.node_id)
        .where(Node.ids.startswith(community.node.ids))
        .where(in_force(Standing.valid_from, Standing.valid_to, now))
    )
    serves = (
        select(Appointment.person_id)
        .join(Post, Post.id == Appointment.post_id)
        .join(Node, Node.id == Post.node_id)
        .where(Node.ids.startswith(community.node.ids))
        .where(in_force(Appointment.valid_from, Appointment.valid_to, now))
    )
    person = db.session.scalar(
        select(Person)
        .join(Contact, Contact.person_id == Person.id)
        .where(Contact.kind == identifier.kind, Contact.value == identifier.value)
        .where(or_(Person.id.in_(lives), Person.id.in_(serves)), Person.closed_at.is_(None))
        .with_for_update(read=True, key_share=True, of=Person)
    )
    if person is None:
        raise Refused("nobody", _l("Nobody of this community signs in with this."))
    return person
