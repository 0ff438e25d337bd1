"""A vote decides a case: no act goes against what its published result came to."""

from datetime import date, timedelta

import pytest
from flask import Flask

from civic.consultations import case_clock, linked, move_refusals, moving, stages
from civic.consultations.models import Consultation
from civic.kernel import clock, holidays
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.periods import HolidayTable
from civic.procedures import loading
from civic.procedures import services as procedures
from civic.voting import by_procedure
from civic.voting.models import PUBLISHED, Ballot, BallotStep
from tests import factories
from tests.consultations.test_moving import refused
from tests.corrections.conftest import sealed
from tests.factories import World
from tests.notices.conftest import issued

DAY = timedelta(days=1)


def lacks(case: Consultation, code: str) -> bool:
    return bool(move_refusals.missing(case, [code]))


def counted(world: World, *choices: int) -> tuple[Consultation, Ballot]:
    """A case whose vote is counted, its result not published yet."""
    loading.sync()
    version = procedures.one_in_force("ra_2026_person")
    case = factories.case_by_process(
        world.erlong, "five_people", stage="counting", procedure="ra_2026_person"
    )
    soon = {"opens_at": clock.now() + 20 * DAY, "closes_at": clock.now() + 21 * DAY}
    kept = procedures.snapshot(version)
    ballot = sealed(world, *choices, formal=True, procedure=kept, shows="published", **soon)
    secretary = world.actor("secretary")
    linked.link_ballot(secretary, world.erlong, case, ballot.id, "voting")
    db.session.commit()
    return case, ballot


def published(world: World, ballot: Ballot) -> None:
    now = clock.now()
    step = BallotStep(
        ballot_id=ballot.id,
        act=PUBLISHED,
        proposed_by=world.secretary.id,
        proposed_at=now,
        confirmed_by=world.deputy.id,
        confirmed_at=now,
    )
    db.session.add(step)
    ballot.published_at = now
    db.session.commit()


@pytest.mark.parametrize(
    ("choices", "act", "stage"),
    [((0, 0), "passed", "resolved"), ((0,), "too_few", "inquorate")],
)
def test_the_vote_alone_decides(
    app: Flask, world: World, choices: tuple[int, ...], act: str, stage: str
) -> None:
    case, ballot = counted(world, *choices)
    assert lacks(case, "result_published")
    assert lacks(case, "scrutineers")
    assert refused(world, "secretary", case, act).code == "verdict"
    published(world, ballot)
    for other in {"passed", "failed", "too_few"} - {act}:
        assert refused(world, "secretary", case, other).code == "verdict"
    moving.move(world.actor("secretary"), world.erlong, case, act)
    db.session.commit()
    assert (case.stage, stages.kind(case)) == (stage, stage)
    assert by_procedure.verdict(ballot) is not None


def test_a_ballot_decides_one_case_by_a_procedure_that_fits(app: Flask, world: World) -> None:
    case, ballot = counted(world, 0, 0)
    secretary = world.actor("secretary")
    other = factories.case_by_process(world.erlong, "four_deliberations", stage="noticed")
    with pytest.raises(Refused) as caught:
        linked.link_ballot(secretary, world.erlong, other, ballot.id, "party_voting")
    assert caught.value.code in {"ballot", "purpose"}
    with pytest.raises(Refused):
        linked.link_ballot(secretary, world.erlong, other, case.ballot_id or 0, "voting")


def test_a_notice_announces_what_comes_next(app: Flask, world: World) -> None:
    case = factories.case_by_process(world.erlong, "five_people")
    assert lacks(case, "notice_published")
    notice = issued(world)
    secretary = world.actor("secretary")
    for _ in range(2):
        linked.link_notice(secretary, world.erlong, case, notice.id)
    db.session.commit()
    assert len(linked.notices(case.id)) == 1
    assert not lacks(case, "notice_published")
    year = clock.local(clock.now()).year
    for one in (year, year + 1):
        table = HolidayTable(year=one, off=frozenset({date(one, 1, 1)}), work=frozenset())
        holidays.replace(table, world.secretary.id)
    moving.move(secretary, world.erlong, case, "collect")
    assert case.published_at is not None
    case.stage = "commenting"
    # What was announced before is not announced again by it.
    assert lacks(case, "notice_published")


def test_time_closes_a_vote_that_is_counted(app: Flask, world: World) -> None:
    case, _ballot = counted(world, 0, 0)
    case.stage = "voting"
    db.session.commit()
    assert case_clock.any_due()
    assert case_clock.run() == 1
    db.session.refresh(case)
    assert case.stage == "counting"
    [entry] = moving.history(case.id)
    assert (entry.by, entry.act) == (None, "close_vote")
    with clock.at(clock.now() + timedelta(days=1)):
        assert case_clock.run() == 0
