"""Codes that count once, given at one moment."""

import pytest
from sqlalchemy import select

from civic.identities import factors, passwords, recovery
from civic.identities.credentials import BackupCode, SignIn
from civic.identities.models import Contact, Person
from civic.kernel.db import db
from civic.kernel.phones import identify
from tests import factories
from tests.parallel.acts import PASSWORD, count, newcomer, release, statuses
from tests.parallel.conftest import Street
from tests.visitors import Visitor

TWO = 2


@pytest.fixture(scope="module")
def known_hash() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def who(street: Street, known_hash: str) -> Person:
    made = newcomer(street, "沈红")
    made.password_hash = known_hash
    db.session.commit()
    return made


def doors(street: Street, who: Person) -> list[tuple[Visitor, str]]:
    """Bring somebody to the second page of signing in, in two browsers."""
    [address] = factories.scalars(select(Contact.value).filter_by(person_id=who.id))
    found = []
    for _ in range(TWO):
        visitor = street.visitor()
        token = visitor.hidden("/sign-in")["csrf_token"]
        form = {"csrf_token": token, "who": address, "password": PASSWORD}
        assert visitor.post("/sign-in", form).location == "/sign-in/code"
        found.append((visitor, visitor.hidden("/sign-in/code")["csrf_token"]))
    return found


def give(street: Street, who: Person, code: str) -> None:
    """Give one code in both browsers at once: one is let in."""
    ready = doors(street, who)
    answers = release(
        [
            lambda wait, visitor=visitor, token=token: visitor.post(
                "/sign-in/code", {"csrf_token": token, "code": code}, wait
            )
            for visitor, token in ready
        ]
    )
    assert statuses(answers) == {303: 1, 422: 1}
    assert sorted(visitor.get("/me").status for visitor, _token in ready) == [200, 302]
    assert count(select(SignIn).filter_by(person_id=who.id)) == 1


def test_one_code_of_the_authenticator_opens_one_door(street: Street, who: Person):
    secret = factories.second_factor(who)
    give(street, who, factories.code_of(secret))


def test_one_backup_code_opens_one_door(street: Street, who: Person):
    factories.second_factor(who)
    codes = factors.fresh_codes(who.id)
    db.session.commit()
    give(street, who, codes[0])
    used = select(BackupCode).where(BackupCode.person_id == who.id, BackupCode.used_at.is_not(None))
    assert count(used) == 1


def test_one_recovery_code_sets_one_password(street: Street, who: Person):
    [address] = factories.scalars(select(Contact.value).filter_by(person_id=who.id))
    desk = street.world.actor("secretary")
    code = recovery.make(desk, street.world.erlong, identify(address))
    db.session.commit()
    visitors = [street.visitor() for _ in range(TWO)]
    forms = [
        {
            "csrf_token": visitor.hidden("/recover")["csrf_token"],
            "code": code,
            "password": f"{PASSWORD} {number}",
            "again": f"{PASSWORD} {number}",
        }
        for number, visitor in enumerate(visitors)
    ]
    answers = release(
        [
            lambda wait, visitor=visitor, form=form: visitor.post("/recover", form, wait)
            for visitor, form in zip(visitors, forms, strict=True)
        ]
    )
    assert statuses(answers) == {303: 1, 422: 1}
    won = next(number for number, answer in enumerate(answers) if answer.ok)
    db.session.expire_all()
    kept = factories.scalars(select(Person.password_hash).filter_by(id=who.id))[0]
    assert passwords.fits(forms[won]["password"], kept)


def test_setting_up_twice_at_once_gives_one_set_of_codes(street: Street, who: Person):
    visitor = street.signed_in(who)
    token = visitor.hidden("/me/second-factor")["csrf_token"]
    assert visitor.post("/me/second-factor", {"csrf_token": token}).ok
    secret = factors.shared(factors.of(who.id))
    db.session.commit()
    form = {"csrf_token": token, "code": factories.code_of(secret)}
    tabs = [visitor.copy() for _ in range(TWO)]
    answers = release(
        [lambda wait, tab=tab: tab.post("/me/second-factor/confirm", form, wait) for tab in tabs]
    )
    assert statuses(answers) == {200: 1, 422: 1}
    assert count(select(BackupCode).filter_by(person_id=who.id)) == factors.BACKUPS
