"""What of cases waits on the desk: for a second person, and when a stage has lasted its time."""

from datetime import timedelta

from flask import Flask

from benchmarks import inside
from civic.consultations import moving, stage_due
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import StageEntry
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.due import Due
from tests import factories
from tests.factories import World
from tests.pages import text_of


def entered(case: Consultation, days: int) -> None:
    """Let a case have come to its stage, which lasts until so many days from now."""
    case.stage_since = clock.now() - timedelta(days=7)
    entry = StageEntry(
        consultation_id=case.id,
        number=1,
        origin="draft",
        stage=case.stage,
        act="begin",
        by=None,
        confirmed_by=None,
        post="",
        reason="",
        at=case.stage_since,
        due_at=clock.now() + timedelta(days=days),
    )
    db.session.add(entry)
    db.session.commit()


def found(app: Flask, world: World, role: str, source: str) -> list[Due]:
    with app.test_request_context():
        return list(getattr(stage_due, source)(world.actor(role), 50))


def test_a_stage_that_is_over_waits_for_those_who_lead_on(app: Flask, world: World) -> None:
    late = factories.case_by_process(world.erlong, "opinion_call", stage="deliberating")
    entered(late, -1)
    entered(factories.case_by_process(world.erlong, "opinion_call", stage="deliberating"), 1)
    [due] = found(app, world, "secretary", "over")
    assert due.url == f"/c/erlonglu/consultations/{late.id}/way"
    assert due.at is not None
    assert due.at < clock.now()
    assert "征集意见" in due.action
    assert found(app, world, "deputy", "over") != []
    # The street may only suspend or void it: nothing of that is due.
    for role in ("officer", "resident", "worker", "anonymous"):
        assert found(app, world, role, "over") == []


def test_one_that_has_moved_on_or_was_suspended_is_not_due(app: Flask, world: World) -> None:
    case = factories.case_by_process(world.erlong, "opinion_call", stage="deliberating")
    entered(case, -1)
    moving.move(world.actor("secretary"), world.erlong, case, "suspend", reason="名册有误")
    db.session.commit()
    assert found(app, world, "secretary", "over") == []


def test_a_proposed_move_waits_for_another_person(app: Flask, world: World) -> None:
    case = factories.case_by_process(world.erlong, stage="drafting")
    entered(case, -1)
    moving.move(world.actor("secretary"), world.erlong, case, "withdraw", reason="提出人撤回")
    db.session.commit()
    [due] = found(app, world, "deputy", "proposed")
    assert due.url == f"/c/erlonglu/consultations/{case.id}/way/withdraw"
    assert "撤回" in due.action
    # Not whoever proposed it, nobody to whom the act does not belong, and nothing twice.
    for role in ("secretary", "officer", "resident", "anonymous"):
        assert found(app, world, role, "proposed") == []
    assert found(app, world, "deputy", "over") == []


def test_they_stand_on_the_desk_in_two_statements(app: Flask, world: World, login) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        entered(factories.case_by_process(world.erlong, "opinion_call", stage="deliberating"), -1)
    page = text_of(login(world.secretary).get("/desk/"))
    assert page.count("征集意见") >= 3
    actor = world.actor("secretary")
    with app.test_request_context(), inside.statements(app) as seen:
        assert len(list(stage_due.over(actor, 2))) == 2
        assert list(stage_due.proposed(actor, 2)) == []
    assert len(seen) == 2
