"""A case is moved: by whom, when, with what; and what is kept of it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from civic.consultations import checks, moving, stages
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import StageEntry, StageProposal
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests import factories
from tests.factories import World


@pytest.fixture(autouse=True)
def known_conditions(app: Flask) -> Iterator[None]:
    """Put back what a test has registered: the app serves other tests, too."""
    with app.app_context():
        known = checks.known()
        before = dict(known)
        yield
        known.clear()
        known.update(before)


def meets(*codes: str) -> None:
    for code in codes:
        checks.register(Check(code, code, lambda _case: []))  # type: ignore[arg-type]


def refused(world: World, role: str, case: Consultation, act: str, reason: str = "") -> Refused:
    with pytest.raises(Refused) as caught:
        moving.move(world.actor(role), world.erlong, case, act, reason=reason)
    db.session.rollback()
    return caught.value


def test_a_case_moves_where_its_process_says(app: Flask, world: World) -> None:
    case = factories.case_by_process(world.erlong)
    assert refused(world, "secretary", case, "hear").code == "out_of_order"
    assert "听证会" in str(refused(world, "secretary", case, "hear"))
    assert refused(world, "resident", case, "notice").status == 403
    assert refused(world, "secretary", case, "notice").code == "missing"
    meets("notice_published")
    entry = moving.move(world.actor("secretary"), world.erlong, case, "notice")
    db.session.commit()
    assert entry is not None
    assert (entry.number, entry.origin, entry.stage) == (1, "draft", "noticed")
    assert (case.stage, stages.stage(case, clock.now())) == ("noticed", stages.NOTICED)
    acts = factories.scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc()).limit(1))
    assert acts == ["consultation.moved"]
    assert refused(world, "secretary", case, "notice").code == "out_of_order"


def test_what_is_suspended_returns_to_where_it_stood(app: Flask, world: World) -> None:
    case = factories.case_by_process(world.erlong, stage="drafting")
    meets("no_open_correction")
    assert refused(world, "secretary", case, "suspend", " ").code == "reason"
    moving.move(world.actor("secretary"), world.erlong, case, "suspend", reason="名册有误")
    moving.move(world.actor("officer"), world.erlong, case, "resume", reason="已更正")
    db.session.commit()
    assert case.stage == "drafting"
    assert [entry.act for entry in moving.history(case.id)] == ["suspend", "resume"]


def test_an_act_of_weight_takes_two_people(app: Flask, world: World) -> None:
    case = factories.case_by_process(world.erlong, stage="drafting")
    act, reason = "withdraw", "提出人撤回"
    secretary, deputy = world.actor("secretary"), world.actor("deputy")
    assert moving.move(secretary, world.erlong, case, act, reason=reason) is None
    db.session.commit()
    assert case.stage == "drafting"
    assert refused(world, "secretary", case, act, reason).code == "same_person"
    entry = moving.move(deputy, world.erlong, case, act)
    db.session.commit()
    assert entry is not None
    assert (entry.by, entry.confirmed_by) == (world.secretary.id, world.deputy.id)
    assert (case.stage, entry.reason) == ("withdrawn", reason)
    assert factories.rows(select(StageProposal)) == []


def test_what_was_recorded_stays(app: Flask, world: World) -> None:
    case = factories.case_by_process(world.erlong, stage="drafting")
    moving.move(world.actor("secretary"), world.erlong, case, "suspend", reason="名册有误")
    db.session.commit()
    for words in ("UPDATE stage_entry SET reason = ''", "DELETE FROM stage_entry"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(words))
        db.session.rollback()
    assert len(factories.scalars(select(StageEntry))) == 1


def test_a_dated_case_has_no_moves(app: Flask, world: World) -> None:
    case = factories.consultation(world.erlong)
    assert refused(world, "secretary", case, "notice").code == "no_process"
