"""A case that several people move at one moment."""

from sqlalchemy import select

from civic.consultations import moving
from civic.consultations.stage_rows import StageEntry
from civic.kernel.db import db
from tests import factories
from tests.parallel.acts import count, release, statuses
from tests.parallel.conftest import Street


def test_two_people_confirm_at_once_and_it_is_moved_once(street: Street):
    world = street.world
    case = factories.case_by_process(world.erlong, stage="drafting")
    proposed = moving.move(
        world.actor("secretary"), world.erlong, case, "withdraw", reason="提出人撤回"
    )
    db.session.commit()
    assert proposed is None
    second = factories.person("高峰")
    post = db.session.scalars(
        select(factories.Post).filter_by(kind=factories.SECRETARY, node_id=world.erlong.id)
    ).one()
    factories.appoint(second, post.id)
    db.session.commit()
    page = f"/c/erlonglu/consultations/{case.id}/way"
    acts = []
    for clerk in (world.deputy, second) * 4:
        visitor = street.signed_in(clerk)
        sent = {"csrf_token": visitor.hidden(f"{page}/withdraw")["csrf_token"], "stage": "drafting"}
        acts.append(
            lambda wait, visitor=visitor, sent=sent: visitor.post(f"{page}/withdraw", sent, wait)
        )
    found = statuses(release(acts))
    assert found[303] == 1
    assert set(found) <= {303, 403, 409}
    assert count(select(StageEntry).filter_by(consultation_id=case.id)) == 1
