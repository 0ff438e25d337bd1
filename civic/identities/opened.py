"""Accounts that an office opens for whoever takes up a post and has none yet."""

import secrets

from civic.identities import codes, recovery
from civic.identities.credentials import RecoveryCode
from civic.identities.models import Person
from civic.identities.names import masked
from civic.identities.services import add_contact
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.kernel.phones import Identifier

#: A hash that no password fits.
LOCKED = "-"


def open_account(
    actor: Actor, community_id: int, name: str, identifier: Identifier
) -> tuple[Person, str]:
    """Make a person without a password, and the code with which they choose one.

    Nothing is agreed to for them: that they do when they first come in.

    :returns: the person, and the code, readable at this moment only.
    :raises Refused: `contact_taken`.
    """
    now = clock.now()
    person = Person(
        name=name.strip(),
        public_name=masked(name),
        password_hash=LOCKED,
        adult=True,
        agreed="",
        agreed_at=now,
        session_key=secrets.token_urlsafe(12),
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    add_contact(person, identifier)
    code = codes.fresh_code()
    db.session.add(
        RecoveryCode(
            digest=codes.digest(code, recovery.PURPOSE),
            person_id=person.id,
            made_by=actor.person_id,
            made_at=now,
            expires_at=now + recovery.VALID,
        )
    )
    audit.append(
        "account.opened",
        person_id=actor.person_id,
        post=actor.posts[0].title if actor.posts else "",
        subject=f"person:{person.id}",
        community_id=community_id,
    )
    return person, codes.readable(code)
