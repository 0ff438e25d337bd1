"""A case that several people move, or one person begins several times, at one moment."""

from sqlalchemy import select

from civic.consultations import moving
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import StageEntry
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from tests import factories
from tests.parallel.acts import MANY, count, release, same_person, statuses
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


def test_a_case_sent_many_times_is_begun_once(street: Street):
    new = "/c/erlonglu/desk/cases/new"
    form = {
        "to": new,
        "process": "hearing",
        "title": "同时发送",
        "background": "只办一件。",
        "audience": "resident",
        "begin": 1,
        "form_key": "same",
    }
    opened = f"{new}?process=hearing"
    answers = same_person(street, street.world.secretary, opened, [form] * MANY)
    assert statuses(answers) == {303: MANY}
    [case] = db.session.scalars(select(Consultation).filter_by(title="同时发送")).all()
    begun = select(AuditEntry).filter_by(
        act="consultation.begun", subject=f"consultation:{case.id}"
    )
    assert count(begun) == 1
