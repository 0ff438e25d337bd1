"""Get back into an account: a one-use code from the desk, then a new password."""

import secrets
from datetime import timedelta
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update

from civic.communities.models import Community, Node, Post, path_of
from civic.identities import codes
from civic.identities.actors import in_force
from civic.identities.credentials import RecoveryCode
from civic.identities.looks import looked
from civic.identities.models import Appointment, Contact, Person, Standing
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, allowed
from civic.kernel.phones import Identifier

VALID = timedelta(hours=24)
PURPOSE = "recovery"


def make(actor: Actor, community: Community, identifier: Identifier) -> str:
    """Make a code for somebody who has shown at the desk who they are; earlier ones end.

    Whoever holds a post gets theirs from an administrator alone, or one office could take
    another's powers.

    :returns: the code, readable at this moment only.
    :raises Refused: `nobody` or `post_holder`.
    """
    person = _member(community, identifier)
    held = db.session.scalars(
        select(Node.ids)
        .join(Post, Post.node_id == Node.id)
        .join(Appointment, Appointment.post_id == Post.id)
        .where(
            Appointment.person_id == person.id,
            in_force(Appointment.valid_from, Appointment.valid_to, clock.now()),
        )
    ).all()
    if not all(allowed(actor, "admin.manage", path_of(ids)) for ids in held):
        raise Refused(
            "post_holder",
            _l("This person holds a post. Only an administrator may give them a new password."),
            HTTPStatus.FORBIDDEN,
        )
    assert actor.person_id is not None  # noqa: S101 - the permission implies a person
    db.session.execute(delete(RecoveryCode).filter_by(person_id=person.id, used_at=None))
    now = clock.now()
    code = codes.fresh_code()
    db.session.add(
        RecoveryCode(
            digest=codes.digest(code, PURPOSE),
            person_id=person.id,
            made_by=actor.person_id,
            made_at=now,
            expires_at=now + VALID,
        )
    )
    looked(actor, person.id, "desk", community)
    post = next(iter(actor.posts_at(community.path)), None)
    audit.append(
        "recovery.made",
        person_id=actor.person_id,
        post=post.title if post else "",
        subject=f"person:{person.id}",
        community_id=community.id,
    )
    return codes.readable(code)


def reset(code: str, password_hash: str) -> Person:
    """Give the owner of a code a new password, once; all their sessions end.

    :raises Refused: `code_unknown` for a code that is wrong, used or older than a day.
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
                "This code is wrong, used, or older than a day. Please compare it letter by "
                "letter, or ask the community office for a new one."
            ),
        )
    person = db.session.get_one(Person, person_id)
    person.password_hash = password_hash
    person.session_key = secrets.token_urlsafe(12)
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
