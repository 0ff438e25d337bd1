"""Hands, calls and entries of a meeting that meet at one moment."""

from sqlalchemy import select

from civic.halls.minute_rows import HallEntry
from civic.halls.models import HallHand, HallMeeting
from tests.factories import consultation, scalars
from tests.halls.conftest import opened, raised
from tests.parallel.acts import count, newcomer, release, same_person, statuses
from tests.parallel.conftest import Street

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
