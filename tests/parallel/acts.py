"""What several of these tests do: make a case, and let many requests meet."""

from collections import Counter

from sqlalchemy import func, select

from civic.consultations.models import (
    Consultation,
)
from civic.identities.models import Person
from civic.kernel.db import db
from tests import factories
from tests.parallel.conftest import Street
from tests.visitors import Answer, at_once

MANY = 32
PASSWORD = "三只猫 在屋顶 唱歌"


def count(query) -> int:
    number = db.session.scalar(select(func.count()).select_from(query.subquery()))
    db.session.commit()
    return number


def release(acts) -> list[Answer]:
    """Do all acts at one moment, with no transaction of the test's own in their way."""
    db.session.commit()
    return at_once(acts)


def statuses(answers: list[Answer]) -> Counter:
    found = Counter(answer.status for answer in answers)
    assert not [answer for answer in answers if answer.status >= 500], found
    return found


def newcomer(street: Street, name: str = "马丽") -> Person:
    """A resident of the gate who has done nothing yet."""
    made = factories.person(name)
    factories.standing(made, street.world.gate)
    db.session.commit()
    return made


def case(street: Street, stage: str) -> tuple[Consultation, str]:
    made = factories.consultation(street.world.erlong, stage=stage)
    return made, f"/c/erlonglu/consultations/{made.id}/"


def same_person(street: Street, person: Person, path: str, sent: list[dict]) -> list[Answer]:
    """Let one person send several forms at once, all with the token of a page they opened."""
    visitor = street.signed_in(person)
    db.session.commit()
    hidden = visitor.hidden(path)
    token = {"csrf_token": hidden["csrf_token"]}
    tabs = [visitor.copy() for _ in sent]
    return release(
        [
            lambda wait, tab=tab, fields=fields: tab.post(
                fields["to"],
                token | {key: str(value) for key, value in fields.items() if key != "to"},
                wait,
            )
            for tab, fields in zip(tabs, sent, strict=True)
        ]
    )
