"""Ratings and objections that meet at one moment."""

from sqlalchemy import select

from civic.outcomes import rating
from civic.outcomes.models import Rating, ResolutionObjection
from tests.factories import cast
from tests.outcomes.conftest import decided, planned, reported, resolved
from tests.parallel.acts import count, newcomer, release, same_person, statuses
from tests.parallel.conftest import Street

AT_ONCE = 16


def test_ratings_of_many_and_of_one_are_each_kept_once(street: Street) -> None:
    world = street.world
    case = decided(world)
    people = [newcomer(street, f"评{n}") for n in range(AT_ONCE)]
    for one in people:
        cast(case.ballot, one, None)
    resolved(world, case)
    reported(world, planned(world, case))
    rating.ask(world.actor("secretary"), world.erlong, case.id)
    path = f"/c/erlonglu/consultations/{case.id}/outcome/rating"
    visitors = [street.signed_in(one) for one in people]
    tokens = [visitor.hidden(path)["csrf_token"] for visitor in visitors]
    answers = release(
        [
            lambda wait, visitor=visitor, token=token: visitor.post(
                path, {"csrf_token": token, "verdict": "not"}, wait
            )
            for visitor, token in zip(visitors, tokens, strict=True)
        ]
    )
    assert statuses(answers) == {303: AT_ONCE}
    form = {"to": path, "verdict": "solved"}
    assert statuses(same_person(street, people[0], path, [form] * AT_ONCE)) == {303: AT_ONCE}
    assert count(select(Rating).filter_by(consultation_id=case.id)) == AT_ONCE
    assert rating.counted(case.id, 1) == {"solved": 1, "partly": 0, "not": AT_ONCE - 1}


def test_an_objection_is_kept_once_however_it_is_sent(street: Street) -> None:
    case, made = resolved(street.world)
    path = f"/c/erlonglu/consultations/{case.id}/outcome/resolution"
    one, other = newcomer(street), newcomer(street, "马二")
    same = {"to": path, "words": "太吵", "form_key": "same"}
    assert statuses(same_person(street, one, path, [same] * AT_ONCE)) == {303: AT_ONCE}
    sent = [same | {"form_key": f"k{n}"} for n in range(AT_ONCE)]
    assert statuses(same_person(street, other, path, sent)) == {303: 1, 409: AT_ONCE - 1}
    assert count(select(ResolutionObjection).filter_by(resolution_id=made.id)) == 2
