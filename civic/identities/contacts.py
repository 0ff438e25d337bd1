"""What a person signs in with: added, proven by a code that is sent there, taken off."""

import hmac
from http import HTTPStatus

from flask import current_app
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from civic.identities import told
from civic.identities.models import Contact, Person
from civic.identities.services import add_contact
from civic.kernel import clock, mail
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.phones import Identifier

#: A code is good in the half hour in which it was made and in the next.
WINDOW = 30 * 60
DIGITS = 8
MOST = 5
#: One act of a person at a time; rows that refer to them do not wait for it.
LOCK = {"key_share": True}


def _code(person_id: int, value: str, window: int) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    hashed = hmac.digest(key, f"contact:{person_id}:{value}:{window}".encode(), "sha256")
    return f"{int.from_bytes(hashed[:8]) % 10**DIGITS:0{DIGITS}}"


def _window() -> int:
    return int(clock.now().timestamp()) // WINDOW


def send_code(person_id: int, value: str) -> None:
    """Send a code to a mail address that a person says is theirs.

    The address is not asked about here: whether somebody signs in with it is told to nobody but
    whoever reads its mail.
    """
    _room(person_id, value)
    person = db.session.get_one(Person, person_id)
    code = _code(person_id, value, _window())
    with force_locale(person.language):
        subject = gettext("Your code: %(code)s", code=f"{code[:4]} {code[4:]}")
        body = gettext(
            "Hello,\n\nsomebody wants to sign in with this address from now on. If that is you, "
            "type this code on the page where you entered the address:\n\n%(code)s\n\nIt is valid "
            "for half an hour. If it is not you, you need not do anything.\n",
            code=f"{code[:4]} {code[4:]}",
        )
    mail.queue(value, subject, body, person_id=person_id)


def add_unproven(person_id: int, identifier: Identifier) -> Contact:
    """Let a person sign in with a number or address that only the desk can prove.

    :raises Refused: `contact_taken` or `contacts_many`.
    """
    _room(person_id, identifier.value)
    contact = add_contact(db.session.get_one(Person, person_id), identifier)
    told.secure(person_id, "contact")
    return contact


def prove(person_id: int, value: str, typed: str) -> Contact:
    """Record that a mail address is a person's, by the code that was sent there.

    Somebody who had entered it without proof loses it, as at the desk.

    :raises Refused: `code_wrong`, or `contact_proven` when it is the proven one of somebody else.
    """
    figures = "".join(char for char in typed if char.isdecimal())
    now = _window()
    fitting = [
        hmac.compare_digest(_code(person_id, value, window).encode(), figures.encode())
        for window in (now, now - 1)
    ]
    if not any(fitting):
        raise Refused(
            "code_wrong",
            _l("This code is not right or too old. Please compare it, or have a new one sent."),
        )
    held = db.session.scalar(select(Contact).filter_by(kind="email", value=value).with_for_update())
    if held is not None and held.person_id != person_id:
        if held.proven_at is not None:
            raise Refused(
                "contact_proven",
                _l("This is the proven number or address of somebody else."),
                HTTPStatus.CONFLICT,
            )
        db.session.execute(delete(Contact).filter_by(id=held.id))
        held = None
    if held is None:
        _room(person_id, value)
        held = add_contact(db.session.get_one(Person, person_id), Identifier("email", value))
        told.secure(person_id, "contact")
    held.proven_at = held.proven_at or clock.now()
    return held


def remove(person_id: int, contact_id: int) -> None:
    """Let a person no longer sign in with a number or address; a proven address is told.

    :raises Refused: `no_contact`, or `last_contact` for the only one.
    """
    person = db.session.get_one(Person, person_id, with_for_update=LOCK)
    found = db.session.scalars(select(Contact).filter_by(person_id=person_id)).all()
    contact = next((contact for contact in found if contact.id == contact_id), None)
    if contact is None:
        raise Refused("no_contact", _l("This is not there any more."), HTTPStatus.NOT_FOUND)
    if len(found) == 1:
        raise Refused(
            "last_contact",
            _l("You sign in with this alone. Please add another one first, then remove this."),
            HTTPStatus.CONFLICT,
        )
    if contact.kind == "email" and contact.proven_at is not None:
        with force_locale(person.language):
            mail.queue(
                contact.value,
                gettext("This address no longer signs in to your account"),
                gettext(
                    "Hello,\n\nthis address was taken off your account a moment ago. If that was "
                    "not you, please go to your community office with your identity card.\n"
                ),
                person_id=person_id,
            )
    db.session.execute(delete(Contact).filter_by(id=contact.id))
    told.secure(person_id, "contact")


def _room(person_id: int, value: str) -> None:
    """Refuse a sixth number or address; one of a person's own is no further one."""
    db.session.get_one(Person, person_id, with_for_update=LOCK)
    query = select(func.count()).select_from(Contact).filter_by(person_id=person_id)
    if (db.session.scalar(query.where(Contact.value != value)) or 0) >= MOST:
        raise Refused(
            "contacts_many",
            _l("You can sign in with at most %(most)d numbers and addresses."),
            values={"most": MOST},
        )
