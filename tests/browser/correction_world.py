"""A case whose resolution hangs, decided by a published count on a roll with an error."""

from datetime import timedelta

from civic.consultations.models import Consultation
from civic.consultations.stage_rows import CaseBallot, StageEntry
from civic.kernel import clock
from civic.kernel.db import db
from civic.outcomes import carrying_out, resolutions
from civic.voting.models import CLOSED, Ballot, BallotStep
from tests import factories
from tests.corrections.conftest import neighbours, sealed
from tests.factories import World
from tests.outcomes.conftest import draft

#: What the holders of the roll chose, in its order; seven of eight voted.
CHOICES = (0, 0, 0, 0, 0, 1, 0)
#: Number on the roll of the one who should not be there, and who has voted.
WRONG = 7
DAY = timedelta(days=1)


def hanging(world: World) -> dict[str, int]:
    """Make the case; its resolution was published yesterday and hangs for a week."""
    neighbours(world, 4)
    with clock.at(clock.now() - 5 * DAY):
        case = factories.case_by_process(world.erlong, "five_people", stage="resolved")
        case.ballot_id = case.voting_opens_at = None
        ballot = sealed(world, *CHOICES, formal=True)
    with clock.at(clock.now() - DAY):
        decided(world, case, ballot)
    return {"case": case.id, "ballot": ballot.id}


def decided(world: World, case: Consultation, ballot: Ballot) -> None:
    """Link the count, publish the resolution, plan its task, and let the case hang."""
    now = clock.now()
    ballot.published_at = now
    # Whoever confirmed the close is answerable for the count.
    ids = {"proposed_by": world.secretary.id, "confirmed_by": world.deputy.id}
    step = BallotStep(ballot_id=ballot.id, act=CLOSED, proposed_at=now, confirmed_at=now, **ids)
    link = CaseBallot(
        ballot_id=ballot.id,
        consultation_id=case.id,
        purpose="voting",
        by=world.secretary.id,
        at=now,
    )
    db.session.add_all([step, link])
    db.session.commit()
    words = draft(title="东侧停车", outcome="")
    resolutions.write(world.actor("secretary"), world.erlong, case.id, words)
    resolutions.publish(world.actor("deputy"), world.erlong, case.id)
    plan = carrying_out.Plan(
        title="划线",
        body="街道城市管理办公室",
        helpers="",
        due_at=now + 60 * DAY,
        weight=1,
        form_key="plan",
    )
    carrying_out.plan(world.actor("secretary"), world.erlong, case.id, plan)
    entry = StageEntry(
        consultation_id=case.id,
        number=1,
        origin="resolved",
        stage="publicised",
        act="publicise",
        by=world.secretary.id,
        post="二龙路社区党委",
        reason="",
        at=now,
        due_at=now + 8 * DAY,
    )
    case.stage, case.stage_since = entry.stage, now
    assert entry.due_at is not None
    case.process = case.process | {"now": {"until": entry.due_at.isoformat(), "back": "resolved"}}
    db.session.add(entry)
    db.session.commit()
