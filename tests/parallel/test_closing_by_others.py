"""Closing an account at the very moment at which staff act on it: before, or not at all."""

from datetime import timedelta

import pytest
from sqlalchemy import String, cast, select

from civic.communities.services import add_post
from civic.identities import passwords
from civic.identities.credentials import RecoveryCode
from civic.identities.looks import Look
from civic.identities.models import Appointment, Contact, Person, Standing
from civic.kernel import clock
from civic.kernel.db import db
from tests import factories
from tests.parallel.acts import PASSWORD, case, release, statuses
from tests.parallel.conftest import Street
from tests.parallel.test_standings import staff
from tests.records.test_dump import everything

CLOSE = {"word": "close the account", "confirm_password": PASSWORD}
HERE = "/c/erlonglu"
TURNS = range(4)
#: What a community worker may not do.
BY = {"posts": "administrator", "contact": "secretary", "recovery": "secretary", "hide": "deputy"}


def leaver(street: Street, turn: int) -> Person:
    made = factories.person(f"端木唯一{turn}", password_hash=passwords.hashed(PASSWORD))
    factories.standing(made, street.world.gate)
    db.session.commit()
    return made


def sent_by_staff(street: Street, who: Person, turn: int) -> list[tuple[str, dict[str, str]]]:
    """Return all that staff may do to somebody, as address and form."""
    world = street.world
    held = factories.standing(who, world.building, "worker")
    ended = factories.standing(who, world.building, "owner")
    claims = [
        factories.claim(who, world.erlong, world.building, kind)
        for kind in ("household_rep", "social_worker", "resident_registered")
    ]
    contact = factories.sign_ins(who)[0]
    title = f"网格员{who.id}"
    post = add_post(world.gate, "grid_head", title, "街道")
    db.session.commit()
    today = clock.local(clock.now()).date()
    person = f"{HERE}/desk/people/{who.id}"
    grant = {"kind": "resident_rep", "node": str(world.gate.id), "rests_on": "desk"}
    appointed = {
        "name": who.name,
        "who": contact,
        # A term still to come keeps nobody from closing.
        "first": (today + timedelta(days=turn)).isoformat(),
    }
    child = {
        "guardian": contact,
        "name": f"端木小小{who.id}",
        "who": f"child{who.id}@example.com",
        "seen_on": today.isoformat(),
    }
    reason = f"{who.name}不符合"
    return [
        (f"{person}/grant", grant | {"organisation": "0"}),
        (f"{person}/standings/{held.id}/renew", {"last_day": "2099-01-01"}),
        (f"{person}/standings/{ended.id}/end", {"reason": f"{who.name}已搬走"}),
        (f"{person}/contacts", {}),
        (f"{HERE}/desk/claims/{claims[0].id}/accept", {"checked": "desk", "organisation": "0"}),
        (f"{HERE}/desk/claims/{claims[1].id}/ask", {"words": reason}),
        (
            f"{HERE}/desk/claims/{claims[2].id}/refuse",
            {"reason": "other", "words": reason},
        ),
        (f"{HERE}/desk/contact", {"account": contact}),
        (f"{HERE}/desk/recovery", {"account": contact}),
        (f"{HERE}/desk/children/", child),
        (f"{HERE}/desk/posts/{post.id}/appoint", appointed),
    ]


def hide(street: Street, who: Person) -> tuple[str, dict[str, str]]:
    """Let somebody speak; return how staff hide it, with a note that names them."""
    from civic.consultations import speaking

    consultation, _path = case(street, "deliberating")
    said = speaking.comment(
        factories.actor(who), street.world.erlong, consultation, "先看路。", form_key=f"k{who.id}"
    )
    db.session.commit()
    form = {"reason": "off_topic", "note": f"{who.name}您好"}
    return f"{HERE}/moderation/hide/comment/{said.id}", form


@pytest.mark.parametrize("turn", TURNS)
def test_staff_act_before_or_not_at_all(street: Street, turn: int) -> None:
    who = leaver(street, turn)
    person_id, contact = who.id, factories.sign_ins(who)[0]
    sent = [*sent_by_staff(street, who, turn), hide(street, who)]
    closing = street.signed_in(who)
    token = {"csrf_token": closing.hidden("/me/close")["csrf_token"]}
    acts = [lambda wait: closing.post("/me/close", token | CLOSE, wait)]
    people = staff(street, len(sent))
    for member, (path, form) in zip(people, sent, strict=True):
        desk = street.signed_in(street.world.people.get(BY.get(path.split("/")[4], ""), member))
        mine = {"csrf_token": desk.hidden("/me")["csrf_token"]}
        acts.append(
            lambda wait, desk=desk, path=path, form=mine | form: desk.post(path, form, wait)
        )
    if turn % 2:  # who comes first on the line is not always the same
        acts.reverse()
    answers = release(acts)
    found = statuses(answers)
    assert set(found) <= {200, 303, 404, 409, 422}, found
    closed = answers[-1 if turn % 2 else 0]
    if closed.status != 303:
        # Staff came first: a child's guardian stays, and so does who holds a post by now.
        assert closed.status == 409, closed.text[-1500:]
        assert factories.scalars(select(Person.closed_at).filter_by(id=person_id)) == [None]
        return
    assert factories.scalars(select(Person.id).filter_by(guardian_id=person_id)) == []
    assert factories.scalars(select(Appointment.id).filter_by(person_id=person_id)) == []
    for model in (Standing, Contact, RecoveryCode):
        assert factories.scalars(select(model.person_id).filter_by(person_id=person_id)) == []
    looks = factories.scalars(select(Look.at).filter_by(person_id=person_id))
    [gone] = factories.scalars(select(Person.closed_at).filter_by(id=person_id))
    assert {at <= gone for at in looks} <= {True}
    traces = [
        (table, column)
        for table, column, value in everything()
        if f"端木唯一{turn}" in value or contact in value
    ]
    assert traces == []
    assert factories.scalars(select(cast(Person.name, String)).filter_by(id=person_id)) == [""]
