"""Sixty-four clients at one box: each right once, limits, retries, and a close in the middle."""

import re
from datetime import timedelta
from html import unescape

from sqlalchemy import func, select

from civic.kernel import clock
from civic.kernel.db import db
from civic.voting import board, closing
from civic.voting.box import Paper, Receipt, UsedRight
from civic.voting.models import Ballot
from tests import factories
from tests.parallel.acts import count, release, statuses
from tests.parallel.conftest import Street
from tests.visitors import Answer, Visitor
from tests.voting.boxes import ballot

CLIENTS = 64


def voters(street: Street, number: int) -> list[Visitor]:
    people = [factories.person("郑爽") for _ in range(number)]
    for who in people:
        factories.standing(who, street.world.gate)
    db.session.commit()
    return [street.signed_in(who) for who in people]


def address(made: Ballot, tail: str = "") -> str:
    return f"/c/erlonglu/ballots/{made.id}/{tail}"


def ids(made: Ballot) -> list[str]:
    return [str(option["id"]) for option in made.rules["options"]]


def review(visitor: Visitor, made: Ballot, fields: dict[str, str]) -> dict[str, str]:
    """Fill in a paper; return what the look before it is sent would send."""
    token = {"csrf_token": visitor.hidden(address(made))["csrf_token"]}
    answer = visitor.post(address(made, "review"), token | fields)
    assert answer.status == 200, answer.text[-1500:]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    return {name: unescape(value) for name, value in found}


def cast(visitors: list[Visitor], made: Ballot, sent: list[dict[str, str]]) -> list[Answer]:
    return release(
        [
            lambda wait, visitor=visitor, fields=fields: visitor.post(
                address(made, "cast"), fields, wait
            )
            for visitor, fields in zip(visitors, sent, strict=True)
        ]
    )


def consistent(made: Ballot, turnout: int) -> None:
    db.session.expire_all()
    row = db.session.get_one(Ballot, made.id)
    assert sum(board.in_force(row).values()) == row.turnout == turnout
    db.session.commit()
    assert count(select(UsedRight.key).filter_by(ballot_id=made.id)) == turnout


def test_sixty_four_rights_are_counted_once_each(street: Street) -> None:
    made = ballot(street.world.erlong, kind="dots", method="dots")
    first = ids(made)[0]
    visitors = voters(street, CLIENTS)
    sent = [review(visitor, made, {f"o{first}": "5"}) for visitor in visitors]
    assert statuses(cast(visitors, made, sent)) == {303: CLIENTS}
    consistent(made, CLIENTS)
    numbers = factories.scalars(select(Receipt.number).filter_by(ballot_id=made.id))
    assert sorted(numbers) == list(range(1, CLIENTS + 1))


def test_sixty_four_of_one_voter_are_one(street: Street) -> None:
    made = ballot(street.world.erlong)
    (visitor,) = voters(street, 1)
    sent = [review(visitor, made, {"option": ids(made)[n % 3]}) for n in range(CLIENTS)]
    tabs = [visitor.copy() for _ in sent]
    assert statuses(cast(tabs, made, sent)) == {303: CLIENTS}
    consistent(made, 1)
    # Each that was taken struck the one before: a chain without a gap, one in force.
    codes = factories.scalars(select(Receipt.code).filter_by(ballot_id=made.id))
    assert {fields["receipt"].split(".")[0] for fields in sent} == set(codes)


def test_a_request_that_is_retried_changes_nothing(street: Street) -> None:
    made = ballot(street.world.erlong)
    (visitor,) = voters(street, 1)
    fields = review(visitor, made, {"option": ids(made)[0]})
    tabs = [visitor.copy() for _ in range(CLIENTS)]
    assert statuses(cast(tabs, made, [fields] * CLIENTS)) == {303: CLIENTS}
    consistent(made, 1)
    assert count(select(Receipt.number).filter_by(ballot_id=made.id)) == 1


def test_once_is_once_for_sixty_four(street: Street) -> None:
    made = ballot(street.world.erlong, secrecy="detached", changeable=False)
    (visitor,) = voters(street, 1)
    sent = [review(visitor, made, {"option": ids(made)[n % 3]}) for n in range(CLIENTS)]
    tabs = [visitor.copy() for _ in sent]
    assert statuses(cast(tabs, made, sent)) == {303: 1, 409: CLIENTS - 1}
    consistent(made, 1)


def test_limits_are_never_overshot(street: Street) -> None:
    made = ballot(street.world.erlong, kind="dots", method="dots")
    over = {f"o{one}": "3" for one in ids(made)}
    (visitor,) = voters(street, 1)
    good = review(visitor, made, {f"o{ids(made)[0]}": "2"})
    tabs = [visitor.copy() for _ in range(CLIENTS)]
    found = statuses(cast(tabs, made, [good | over] * CLIENTS))
    assert found == {422: CLIENTS}
    consistent(made, 0)


def test_what_is_cast_while_the_box_is_closed_is_in_or_refused(street: Street) -> None:
    """Close in the middle of 64 votes: what was acknowledged is counted, the rest is told so."""
    made = ballot(street.world.erlong)
    visitors = voters(street, CLIENTS)
    sent = [review(visitor, made, {"option": ids(made)[0]}) for visitor in visitors]

    def close(wait) -> Answer:
        wait()
        with street.app.app_context(), clock.at(made.closes_at + timedelta(seconds=1)):
            closing.close(made.id)
            db.session.commit()
        return Answer(200, "", "")

    acts = [
        lambda wait, visitor=visitor, fields=fields: visitor.post(
            address(made, "cast"), fields, wait
        )
        for visitor, fields in zip(visitors, sent, strict=True)
    ]
    answers = release([*acts[:32], close, *acts[32:]])
    found = statuses(answers)
    acknowledged = found[303]
    assert acknowledged + found[409] == CLIENTS
    consistent(made, acknowledged)
    papers = select(func.count()).select_from(Paper).where(Paper.ballot_id == made.id)
    assert factories.scalars(papers) == [acknowledged]
    row = db.session.get_one(Ballot, made.id)
    assert row.closing["choices"] == acknowledged
    db.session.commit()
