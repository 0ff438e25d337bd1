"""Hands, calls and entries of a meeting that meet at one moment."""

import pytest
from sqlalchemy import select

from civic.halls import motions
from civic.halls.minute_rows import HallEntry, HallMotion
from civic.halls.models import WAITING, HallHand, HallMeeting, HallPresence
from civic.halls.motions import Somebody
from civic.identities.models import Person
from civic.kernel.db import db
from tests import factories
from tests.factories import consultation, scalars
from tests.halls.conftest import opened, raised
from tests.parallel.acts import count, newcomer, release, same_person, statuses
from tests.parallel.conftest import Street
from tests.parallel.test_closing import CONFIRMED, leaver
from tests.visitors import Visitor

AT_ONCE = 16


def meeting(street: Street) -> tuple[object, HallMeeting, str]:
    case = consultation(street.world.erlong)
    case, made = opened(street.world, case, form_key=f"case {case.id}")
    return case, made, f"/c/erlonglu/consultations/{case.id}/hall/{made.id}"


def test_one_hand_of_a_person_is_up_however_often_it_is_raised(street: Street) -> None:
    _case, made, here = meeting(street)
    one = newcomer(street)
    sent = [{"to": f"{here}/hand"}] * AT_ONCE
    assert statuses(same_person(street, one, f"{here}/", sent)) == {303: AT_ONCE}
    assert count(select(HallHand).filter_by(meeting_id=made.id)) == 1


def test_hands_of_many_are_all_up(street: Street) -> None:
    _case, made, here = meeting(street)
    visitors = [street.signed_in(newcomer(street, f"举{n}")) for n in range(AT_ONCE)]
    tokens = [visitor.hidden(f"{here}/")["csrf_token"] for visitor in visitors]
    answers = release(
        [
            lambda wait, visitor=visitor, token=token: visitor.post(
                f"{here}/hand", {"csrf_token": token}, wait
            )
            for visitor, token in zip(visitors, tokens, strict=True)
        ]
    )
    assert statuses(answers) == {303: AT_ONCE}
    assert count(select(HallHand).filter_by(meeting_id=made.id)) == AT_ONCE


def test_one_press_of_the_chair_calls_one_person(street: Street) -> None:
    world = street.world
    case, made, here = meeting(street)
    raised(world, case, made, "resident", "neighbour", "secretary")
    desk = f"{here}/desk"
    sent = [{"to": f"{desk}/next", "item": 0}] * AT_ONCE
    answers = same_person(street, world.people["deputy"], desk, sent)
    assert statuses(answers) == {303: 1, 409: AT_ONCE - 1}
    states = scalars(select(HallHand.state).filter_by(meeting_id=made.id).order_by(HallHand.state))
    assert states == ["speaking", "waiting", "waiting"]


def test_two_who_take_minutes_at_once_lose_nothing(street: Street) -> None:
    world = street.world
    _case, made, here = meeting(street)
    acts = []
    for role in ("secretary", "officer"):
        visitor = street.signed_in(world.people[role])
        token = visitor.hidden(f"{here}/desk")["csrf_token"]
        for number in range(AT_ONCE // 2):
            fields = {
                "csrf_token": token,
                "take-kind": "note",
                "take-words": f"{role} {number}",
                "take-form_key": f"{role} {made.id} {number}",
            }
            tab = visitor.copy()
            acts.append(
                lambda wait, tab=tab, fields=fields: tab.post(f"{here}/desk/take", fields, wait)
            )
    assert statuses(release(acts)) == {303: AT_ONCE}
    query = select(HallEntry.number, HallEntry.words).filter_by(meeting_id=made.id)
    numbers = scalars(query.with_only_columns(HallEntry.number).order_by(HallEntry.number))
    assert numbers == list(range(1, AT_ONCE + 1))
    words = scalars(query.with_only_columns(HallEntry.words))
    assert len(set(words)) == AT_ONCE


@pytest.mark.parametrize("turn", range(3))
def test_the_meeting_goes_on_while_somebody_leaves_for_good(street: Street, turn: int) -> None:
    world, who = street.world, leaver(street)
    world.people["leaver"] = who
    case, made, here = meeting(street)
    raised(world, case, made, "leaver", "resident")
    [hand] = factories.scalars(select(HallHand.id).filter_by(person_id=who.id))
    whole = motions.move(
        world.actor("secretary"), world.erlong, case.id, made.id, words="东侧划线，夜间收费",
        mover=Somebody(hand), seconder=Somebody(label="乙"),
    )  # fmt: skip
    db.session.commit()
    mine, desk = street.signed_in(who), f"{here}/desk"
    acts = []

    def act(visitor: Visitor, page: str, to: str, **fields: object) -> None:
        token = {"csrf_token": visitor.hidden(page)["csrf_token"]}
        data = token | {key: str(value) for key, value in fields.items()}
        tab = visitor.copy()
        acts.append(lambda wait: tab.post(to, data, wait))

    act(mine, "/me/close", "/me/close", **CONFIRMED)
    for one in ("here", "hand", "lower"):
        act(mine, f"{here}/", f"{here}/{one}")
    chair = street.signed_in(world.people["deputy"])
    act(chair, desk, f"{desk}/next", item=0)
    parts = {"divide-parts": "东侧划线\n夜间收费"}
    act(chair, desk, f"{desk}/divide", item=whole.id, **parts)
    act(street.signed_in(world.people["secretary"]), desk, f"{desk}/down", item=hand)
    answers = release(acts if turn % 2 else acts[::-1])
    assert set(statuses(answers)) <= {302, 303, 401, 404, 409}
    closing, divided = (answers[n if turn % 2 else -1 - n] for n in (0, 5))
    assert (closing.status, divided.status) == (303, 303)
    assert None not in factories.scalars(select(Person.closed_at).filter_by(id=who.id))
    assert count(select(HallPresence.at).filter_by(person_id=who.id)) == 0
    assert count(select(HallHand.id).filter_by(person_id=who.id, state=WAITING)) == 0
    assert count(select(HallMotion.id).filter_by(part_of=whole.id)) == len(parts) + 1
