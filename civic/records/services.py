"""Gather what is stored about a person, correct it, and close the account."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from civic.communities.models import Node, Post
from civic.identities import processing
from civic.identities.actors import in_force
from civic.identities.models import Appointment, Person
from civic.identities.names import GONE, masked
from civic.kernel import audit, clock, own_data
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.own_data import Part, Table


@dataclass(frozen=True)
class Gathered:
    """Hold one part with what it stores about somebody."""

    part: Part
    tables: Sequence[Table]


def gather(person_id: int) -> list[Gathered]:
    """Return all that is stored about a person, part by part.

    Parts of plugins that are off where the person is, and know nothing of them, are left out.
    """
    found = [Gathered(part, part.export(person_id)) for part in own_data.parts()]
    near = processing.near(person_id)
    return [
        item
        for item in found
        if any(table.rows for table in item.tables)
        or processing.concerned(item.part, person_id, near)
    ]


def person_of(person_id: int) -> Person:
    """Return the person of an account."""
    return db.session.get_one(Person, person_id)


def ward_of(guardian_id: int, child_id: int) -> Person:
    """Return a child of a guardian.

    :raises Refused: 404 for anybody else's, and for nobody.
    """
    found = db.session.scalar(select(Person).filter_by(id=child_id, guardian_id=guardian_id))
    if found is None:
        raise Refused(
            "no_child", _l("No child account of yours has this number."), HTTPStatus.NOT_FOUND
        )
    return found


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Hold what a person says of themself now.

    :ivar public_name: empty for the masked name.
    :ivar adult: whether they say to be 18 or older; there is no way back.
    """

    public_name: str
    language: str
    adult: bool


def correct(person_id: int, correction: Correction) -> None:
    """Correct what a person may correct by themself.

    :raises Refused: `public_name` for the name of an office or a reserved one, `child` for a child
        that says to be an adult.
    """
    person = db.session.scalars(
        select(Person).filter_by(id=person_id).with_for_update(key_share=True)
    ).one()
    name = " ".join(correction.public_name.split())
    if name and name != person.public_name:
        _check_public(name)
    person.public_name = name or masked(person.name)
    person.language = correction.language
    if correction.adult and not person.adult:
        if person.guardian_id is not None:
            raise Refused(
                "child",
                _l("A guardian answers for this account. Please come to the community office."),
                HTTPStatus.FORBIDDEN,
            )
        person.adult = True


def _check_public(name: str) -> None:
    offices = (
        select(func.count()).select_from(Post).where(or_(Post.office == name, Post.title == name))
    )
    places = select(func.count()).select_from(Node).where(Node.name == name)
    if name == GONE or db.session.scalar(offices) or db.session.scalar(places):
        raise Refused(
            "public_name",
            _l("This is the name of an office or a place. Please choose one that is yours."),
        )


def held_back(person_id: int) -> Refused | None:
    """Return why an account cannot be closed now, or None when it can."""
    now = clock.now()
    post = db.session.scalars(
        select(Post.office)
        .join(Appointment, Appointment.post_id == Post.id)
        .where(
            Appointment.person_id == person_id,
            in_force(Appointment.valid_from, Appointment.valid_to, now),
        )
    ).first()
    if post is not None:
        return Refused(
            "post",
            _l(
                "You still act for %(office)s. Please ask the administrator to end your term "
                "first; then you can close the account."
            ),
            HTTPStatus.CONFLICT,
            {"office": post},
        )
    if db.session.scalars(select(Person.id).filter_by(guardian_id=person_id)).first() is not None:
        return Refused(
            "guardian",
            _l(
                "You are the guardian of a child's account. Please close that one first, or let "
                "the community office end the guardianship when the child is old enough."
            ),
            HTTPStatus.CONFLICT,
        )
    return None


def for_the_guardian() -> Refused:
    """Return why a child does not close its account itself."""
    return Refused(
        "child",
        _l("A guardian answers for this account, and closes it."),
        HTTPStatus.FORBIDDEN,
    )


def close(person_id: int, *, guardian_id: int | None = None) -> None:
    """Close an account for good: erase what is personal, keep what the page promised.

    Runs in a transaction of its own that has asked nothing about this person before: whoever acts
    at the same moment either comes first, and is seen here, or finds nobody any more.

    :param guardian_id: who closes it, for a child's account.
    :raises Refused: `closed` when it is, `child` for a child without the guardian, or a reason of
        `held_back`.
    """
    person = db.session.scalars(
        select(Person).filter_by(id=person_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()
    if person.closed_at is not None:
        raise Refused("closed", _l("This account is closed already."), HTTPStatus.CONFLICT)
    if person.guardian_id != guardian_id:
        raise for_the_guardian()
    if refused := held_back(person_id):
        raise refused
    for part in reversed(own_data.parts()):
        part.forget(person_id)
    db.session.expire_all()
    audit.append(
        "account.closed",
        actor="guardian" if guardian_id else "holder",
        subject=f"person:{person_id}",
    )
