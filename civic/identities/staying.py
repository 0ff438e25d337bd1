"""Hold the accounts of others open while something is written about them.

Closing an account waits until the transaction of whoever holds it ends, and then erases what was
written. Whoever comes later is told that nobody is there. An act holds before it locks anything
else that closing erases, and before it writes into the audit, where all take turns: else two could
wait for each other in a circle. `kernel.guards` makes the database refuse what did not hold.
"""

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from civic.identities.models import Person
from civic.kernel.db import db
from civic.kernel.errors import Refused


def hold(person_id: int) -> None:
    """Keep somebody's account open until the transaction ends.

    :raises Refused: 404 when it is closed.
    """
    if not open_among([person_id]):
        raise gone()


def open_among(people: Collection[int] | Select[Any], *, held: bool = True) -> set[int]:
    """Keep the accounts of people open until the transaction ends; return those that are.

    :param held: False to ask only, as a page that changes nothing does.
    """
    query = (
        select(Person.id)
        .where(Person.id.in_(people), Person.closed_at.is_(None))
        .order_by(Person.id)
    )
    if held:
        query = query.with_for_update(read=True, key_share=True)
    return set(db.session.scalars(query))


def take_turns(person_id: int) -> None:
    """Let acts that count a person's standings or claims take turns until the transaction ends.

    :raises Refused: 404 for an account that is closed.
    """
    query = select(Person.id).where(Person.id == person_id, Person.closed_at.is_(None))
    if db.session.scalar(query.with_for_update(key_share=True)) is None:
        raise gone()


def gone() -> Refused:
    """Return what is said of somebody who has closed their account."""
    return Refused("nobody", _l("There is no such person here."), HTTPStatus.NOT_FOUND)
