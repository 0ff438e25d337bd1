"""Newcomers and people who sign in, all at one moment."""

import pytest
from sqlalchemy import select

from civic.identities import codes, passwords
from civic.identities.models import Contact, InviteCode, Person, Standing
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from tests import factories
from tests.parallel.acts import MANY, PASSWORD, count, release, statuses
from tests.parallel.conftest import Street
from tests.visitors import Answer, Visitor, path_of


def make_codes(street: Street, number: int) -> list[str]:
    fresh = codes.make(
        Actor(),
        street.world.gate,
        "resident_living",
        number,
        community_id=street.world.erlong.id,
    )
    db.session.commit()
    return [item.code for item in fresh]


def to_the_form(street: Street, code: str) -> tuple[Visitor, dict[str, str]]:
    """Bring a newcomer with a code to the form on which they join."""
    visitor = street.visitor()
    hidden = visitor.hidden(f"/join?code={code}")
    answer = visitor.post("/join", {"csrf_token": hidden["csrf_token"], "code": code})
    assert answer.status == 303, answer.text[-1500:]
    return visitor, visitor.hidden(path_of(answer.location))


def join_at_once(street: Street, with_codes: list[str], contacts: list[str]) -> list[Answer]:
    ready = [to_the_form(street, code) for code in with_codes]
    filled = [
        hidden
        | {
            "agree": "y",
            "name": "赵小明",
            "public_name": "",
            "who": contact,
            "password": PASSWORD,
            "again": PASSWORD,
            "adult": "yes",
        }
        for (_visitor, hidden), contact in zip(ready, contacts, strict=True)
    ]
    return release(
        [
            lambda wait, visitor=visitor, fields=fields: visitor.post("/sign-up", fields, wait)
            for (visitor, _hidden), fields in zip(ready, filled, strict=True)
        ]
    )


def test_one_code_lets_one_person_join(street: Street):
    before = {table: count(select(table)) for table in (Person, Contact, Standing)}
    [code] = make_codes(street, 1)
    contacts = [f"1390000{n:04}" for n in range(MANY)]
    answers = join_at_once(street, [code] * MANY, contacts)
    found = statuses(answers)
    assert found[303] == 1
    # Guessing codes is slowed, and so many with one code at once look like it.
    assert found[429] < MANY - 1
    for answer in answers:
        if not answer.ok and answer.status != 429:
            assert answer.status in {400, 409, 422}
            assert (
                "code has already been used" in answer.text or "has just been used" in answer.text
            )
    after = {table: count(select(table)) for table in (Person, Contact, Standing)}
    assert {table: after[table] - before[table] for table in after} == {
        Person: 1,
        Contact: 1,
        Standing: 1,
    }
    row = db.session.scalar(select(InviteCode).filter_by(digest=codes.digest(code)))
    assert row.used_by is not None


def test_one_number_joins_once_and_the_other_codes_stay_good(street: Street):
    before = {table: count(select(table)) for table in (Person, Contact, Standing)}
    made = make_codes(street, MANY)
    answers = join_at_once(street, made, ["138 1234 5678"] * MANY)
    assert statuses(answers) == {303: 1, 409: MANY - 1}
    after = {table: count(select(table)) for table in (Person, Contact, Standing)}
    assert {table: after[table] - before[table] for table in after} == {
        Person: 1,
        Contact: 1,
        Standing: 1,
    }
    unused = select(InviteCode).where(
        InviteCode.digest.in_([codes.digest(code) for code in made]), InviteCode.used_at.is_(None)
    )
    assert count(unused) == MANY - 1


@pytest.fixture(scope="module")
def known_hash() -> str:
    return passwords.hashed(PASSWORD)


def test_wrong_passwords_at_once_are_not_all_answered(street: Street, known_hash: str):
    victim = factories.person("孙燕", password_hash=known_hash)
    other = factories.person("周杰", password_hash=known_hash)
    db.session.commit()
    who = {
        person.id: db.session.scalar(select(Contact.value).filter_by(person_id=person.id))
        for person in (victim, other)
    }
    visitors = [street.visitor() for _ in range(MANY)]
    token = visitors[0].hidden("/sign-in")["csrf_token"]
    for visitor in visitors[1:]:
        visitor.cookies = dict(visitors[0].cookies)
    wrong = {"csrf_token": token, "who": who[victim.id]}
    answers = release(
        [
            lambda wait, n=n, visitor=visitor: visitor.post(
                "/sign-in", wrong | {"password": f"guess number {n}"}, wait
            )
            for n, visitor in enumerate(visitors)
        ]
    )
    found = statuses(answers)
    assert found.keys() == {422, 429}
    assert 1 <= found[422] <= 5
    # The right one has to wait now, too; another account does not.
    right = {"csrf_token": token, "password": PASSWORD}
    assert visitors[0].post("/sign-in", right | {"who": who[victim.id]}).status == 429
    assert visitors[1].post("/sign-in", right | {"who": who[other.id]}).status == 303


def test_sixty_neighbours_sign_in_from_one_address(street: Street, known_hash: str):
    people = [factories.person("林娜", password_hash=known_hash) for _ in range(60)]
    db.session.commit()
    emails = db.session.scalars(
        select(Contact.value)
        .where(Contact.person_id.in_([person.id for person in people]))
        .order_by(Contact.id)
    ).all()
    assert len(emails) == 60
    visitors = [street.visitor() for _ in emails]
    tokens = [visitor.hidden("/sign-in")["csrf_token"] for visitor in visitors]
    answers = release(
        [
            lambda wait, visitor=visitor, token=token, email=email: visitor.post(
                "/sign-in", {"csrf_token": token, "who": email, "password": PASSWORD}, wait
            )
            for visitor, token, email in zip(visitors, tokens, emails, strict=True)
        ]
    )
    assert statuses(answers) == {303: 60}
    for visitor in visitors[:3]:
        assert visitor.get("/me").status == 200
