"""Join, sign in, and prove that a number or address is one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from civic.communities.models import Community, Node
from civic.identities import codes, collected, passwords, sessions, told
from civic.identities.actors import in_force
from civic.identities.models import Appointment, Contact, InviteCode, Person, Standing
from civic.identities.names import masked
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.kernel.phones import Identifier


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Hold what somebody says of themself when joining.

    :ivar public_name: what others read; empty for the masked name.
    """

    name: str
    identifier: Identifier
    password_hash: str
    adult: bool
    public_name: str = ""


def sign_up(code: InviteCode | None, newcomer: Newcomer) -> Person:
    """Make a person of a newcomer and redeem their code, both or neither.

    :param code: None for somebody without one, who then holds no standing and may claim one.
    :raises Refused: `contact_taken` or `code_used`; nothing is kept then.
    """
    now = clock.now()
    person = Person(
        name=newcomer.name.strip(),
        public_name=newcomer.public_name.strip() or masked(newcomer.name),
        password_hash=newcomer.password_hash,
        adult=newcomer.adult,
        agreed=collected.VERSION,
        agreed_at=now,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    add_contact(person, newcomer.identifier)
    if code is not None:
        codes.redeem(code, person.id)
    return person


def add_contact(person: Person, identifier: Identifier, *, proven: bool = False) -> Contact:
    """Let a person sign in with a number or address.

    :raises Refused: `contact_taken` when somebody signs in with it already.
    """
    contact = Contact(
        person_id=person.id,
        kind=identifier.kind,
        value=identifier.value,
        proven_at=clock.now() if proven else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(contact)
    except IntegrityError as error:
        raise Refused(
            "contact_taken",
            _l(
                "Somebody already signs in with this number or address. If it was you, sign in. "
                "If it is yours but you never joined, the community office can prove it for you."
            ),
            HTTPStatus.CONFLICT,
        ) from error
    return contact


def authenticate(identifier: Identifier, password: str) -> Person | None:
    """Return the person whose password fits; as slow for a number that nobody has."""
    query = select(Contact).options(joinedload(Contact.person))
    contact = db.session.scalar(query.filter_by(kind=identifier.kind, value=identifier.value))
    if contact is not None and contact.person.closed_at is not None:
        contact = None
    known = contact.person.password_hash if contact else None
    return contact.person if passwords.fits(password, known) and contact else None


def change_password(person_id: int, password_hash: str, *, but: int) -> None:
    """Give a person a new password; their other sessions end, and they are told.

    :param but: the session in which it was changed.
    """
    db.session.execute(
        update(Person).where(Person.id == person_id).values(password_hash=password_hash)
    )
    sessions.end_all(person_id, but=but)
    told.secure(person_id, "password")


def prove(actor: Actor, community: Community, person: Person, identifier: Identifier) -> Contact:
    """Record at the desk that a number or address is this person's; others lose it.

    :raises Refused: when it is the proven one of somebody else.
    """
    held = db.session.scalar(
        select(Contact).filter_by(kind=identifier.kind, value=identifier.value).with_for_update()
    )
    if held is not None and held.person_id != person.id:
        if held.proven_at is not None:
            raise Refused(
                "contact_proven",
                _l("This is the proven number or address of somebody else."),
                HTTPStatus.CONFLICT,
            )
        db.session.execute(delete(Contact).filter_by(id=held.id))
        db.session.expunge(held)
        held = None
    if held is None:
        held = add_contact(person, identifier)
    held.proven_at = held.proven_at or clock.now()
    audit.done("contact.proven", actor, community, f"person:{person.id}", {"kind": identifier.kind})
    return held


def here(community: Community, identifier: Identifier) -> Person:
    """Return the person who signs in with a number or address and has a standing here.

    Their account stays open until the transaction ends.

    :raises Refused: when there is none; the same whether unknown or of another community.
    """
    query = (
        select(Person)
        .join(Contact, Contact.person_id == Person.id)
        .join(Standing, Standing.person_id == Person.id)
        .join(Node, Node.id == Standing.node_id)
        .where(Contact.kind == identifier.kind, Contact.value == identifier.value)
        .where(Node.ids.startswith(community.node.ids), Person.closed_at.is_(None))
        .with_for_update(read=True, key_share=True, of=Person)
    )
    person = db.session.scalars(query).first()
    if person is None:
        raise Refused("nobody", _l("Nobody of this community signs in with this."))
    return person


def public_name(person_id: int) -> str:
    """Return how others read a person."""
    return db.session.scalars(select(Person.public_name).filter_by(id=person_id)).one()


def wards(person_id: int) -> Sequence[Person]:
    """Return the children whose guardian a person is."""
    return db.session.scalars(
        select(Person).filter_by(guardian_id=person_id).order_by(Person.id)
    ).all()


def contacts(person_id: int) -> Sequence[Contact]:
    """Return what a person signs in with."""
    return db.session.scalars(
        select(Contact).filter_by(person_id=person_id).order_by(Contact.id)
    ).all()


def standings(person_id: int) -> Sequence[Standing]:
    """Return a person's standings in force, with their places."""
    now = clock.now()
    query = (
        select(Standing)
        .options(joinedload(Standing.node))
        .where(
            Standing.person_id == person_id, in_force(Standing.valid_from, Standing.valid_to, now)
        )
        .order_by(Standing.id)
    )
    return db.session.scalars(query).all()


def home_of(actor: Actor) -> Community | None:
    """Return the community whose page a person looks for first: the nearest one they belong to."""
    held = (*actor.posts, *actor.waiting, *actor.standings)
    ids = [node_id for right in held for node_id in right.path]
    if not ids:
        return None
    found = db.session.scalars(select(Community).where(Community.id.in_(ids))).all()
    return max(found, key=lambda community: len(community.path), default=None)


def appoint(person: Person, post_id: int) -> Appointment:
    """Let a person hold a post from now on."""
    appointment = Appointment(person_id=person.id, post_id=post_id, valid_from=clock.now())
    db.session.add(appointment)
    db.session.flush()
    return appointment
