"""A vote online and a paper of the same right meet: one counts, by the procedure's rule."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from civic.kernel import clock
from civic.kernel.db import db
from civic.voting import papers, roll_call
from civic.voting.box import UsedRight
from civic.voting.electorate import Holder, Right
from civic.voting.models import Ballot
from civic.voting.sheets import Sheet
from tests import factories
from tests.parallel.acts import release, statuses
from tests.parallel.conftest import Street
from tests.parallel.test_ballots import address, consistent, ids, review
from tests.visitors import Answer, Visitor
from tests.voting.boxes import ballot

RIGHTS = 12


def asked(street: Street, rule: str) -> tuple[Ballot, list[Visitor]]:
    """A ballot on a roll of as many rights as voters, with a blank sheet for each."""
    people = [factories.person("郑爽") for _ in range(RIGHTS)]
    rights = [
        Right(key=f"seat:{n}", label=f"{n}号", holders=(Holder(person_id=who.id),))
        for n, who in enumerate(people, 1)
    ]
    world = street.world
    drawn = roll_call.draw(
        world.actor("secretary"), world.erlong, unit="seat", rule={}, entries=rights
    )
    roll_call.freeze(world.actor("deputy"), drawn.id)
    made = ballot(
        world.erlong, roll_id=drawn.id, procedure={"data": {"duplicates": rule}}, changeable=False
    )
    until = made.closes_at + timedelta(days=1)
    papers.issue(world.actor("secretary"), made, count=RIGHTS, entries_until=until)
    db.session.commit()
    return made, [street.signed_in(who) for who in people]


def typed(made: Ballot, number: int, at: str) -> dict[str, str]:
    seen = {"witness_one": "周红", "witness_two": "王桂兰", "handed_in_at": at}
    return {"serial": str(number), "number": str(number), "option": ids(made)[1]} | seen


def posting(visitor: Visitor, path: str, fields: dict[str, str]) -> Callable[..., Answer]:
    return lambda wait: visitor.post(path, fields, wait)


@pytest.mark.parametrize(
    ("rule", "channel"), [("first", "paper"), ("last", "online"), ("paper", "paper")]
)
def test_online_and_paper_of_one_right_meet(street: Street, rule: str, channel: str) -> None:
    made, visitors = asked(street, rule)
    sent = [review(one, made, {"option": ids(made)[0]}) for one in visitors]
    one, two = (street.signed_in(street.world.people[role]) for role in ("secretary", "deputy"))
    at = clock.local(clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    form = address(made, "paper/enter")
    token = {"csrf_token": one.hidden(form)["csrf_token"]}
    for number in range(1, RIGHTS + 1):
        assert one.post(form, token | typed(made, number, at)).status == 303
    token = {"csrf_token": two.hidden(form)["csrf_token"]}
    acts = []
    for number, (visitor, fields) in enumerate(zip(visitors, sent, strict=True), 1):
        acts += [
            posting(visitor, address(made, "cast"), fields),
            posting(two.copy(), form, token | typed(made, number, at)),
        ]
    found = statuses(release(acts))
    assert found[303] + found[409] == 2 * RIGHTS
    assert found[303] >= RIGHTS
    consistent(made, RIGHTS)
    used = factories.scalars(select(UsedRight.channel).filter_by(ballot_id=made.id))
    assert used == [channel] * RIGHTS
    states = set(factories.scalars(select(Sheet.state).filter_by(ballot_id=made.id)))
    assert states == {"counted" if channel == "paper" else "struck"}


def test_two_clerks_at_one_moment_are_two_entries(street: Street) -> None:
    """Whoever of sixteen requests of two clerks comes first: the paper counts once."""
    made, _visitors = asked(street, "first")
    at = clock.local(clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    form, acts = address(made, "paper/enter"), []
    for role in ("secretary", "deputy"):
        clerk = street.signed_in(street.world.people[role])
        fields = {"csrf_token": clerk.hidden(form)["csrf_token"]} | typed(made, 1, at)
        acts += [posting(clerk.copy(), form, fields) for _ in range(8)]
    found = statuses(release(acts))
    assert found[303] == 2
    assert found[403] + found[409] == 14
    consistent(made, 1)
