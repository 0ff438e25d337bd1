"""Notices that several people issue or acknowledge at one moment."""

from datetime import timedelta

from sqlalchemy import select

from civic.identities.models import Organisation
from civic.kernel import clock
from civic.kernel.db import db
from civic.notices.models import Acknowledgement, Notice, NoticeStep, NoticeVersion
from civic.notices.terms import Term
from tests import factories
from tests.notices.conftest import issued, submitted
from tests.parallel.acts import count, release, same_person, statuses
from tests.parallel.conftest import Street

MANY = 16
HERE = "/c/erlonglu/notices"


def test_one_notice_is_issued_once(street: Street):
    made = submitted(street.world)
    to = f"{HERE}/{made.id}/issue"
    sent = [{"to": to, "revision": made.revision}] * MANY
    answers = same_person(street, street.world.deputy, f"{HERE}/{made.id}/work", sent)
    assert statuses(answers) == {303: 1, 409: MANY - 1}
    db.session.refresh(made)
    assert made.number is not None
    assert count(select(NoticeVersion).filter_by(notice_id=made.id)) == 1
    assert count(select(NoticeStep).filter_by(notice_id=made.id, act="issued")) == 1


def test_notices_issued_at_once_have_numbers_of_their_own(street: Street):
    before = count(select(Notice).where(Notice.kind == "bulletin", Notice.number.is_not(None)))
    made = [submitted(street.world, kind="bulletin") for _ in range(MANY)]
    sent = [{"to": f"{HERE}/{notice.id}/issue", "revision": notice.revision} for notice in made]
    answers = same_person(street, street.world.deputy, f"{HERE}/desk", sent)
    assert statuses(answers) == {303: MANY}
    ids = [notice.id for notice in made]
    numbers = db.session.scalars(select(Notice.sequence).where(Notice.id.in_(ids))).all()
    assert sorted(numbers) == list(range(before + 1, before + 1 + MANY))
    db.session.commit()


def test_two_liaisons_of_a_unit_acknowledge_once(street: Street):
    world = street.world
    unit = Organisation(
        node_id=world.erlong.id,
        kind="resident_unit",
        name="明川银行",
        valid_from=clock.now() - timedelta(days=9),
    )
    db.session.add(unit)
    db.session.flush()
    people = [factories.person("联络员") for _ in range(2)]
    for who in people:
        row = factories.standing(who, world.erlong.node, "resident_unit", level=3)
        row.organisation_id = unit.id
    term = Term(role="any", code="unit", node_id=world.erlong.id, min_level=2)
    made = issued(world, term, receipt_by=clock.now() + timedelta(days=2))
    path = f"{HERE}/{made.id}"
    visitors = [street.signed_in(who) for who in people]
    tokens = [visitor.hidden(path)["csrf_token"] for visitor in visitors]
    ready = list(zip(visitors, tokens, strict=True)) * 8
    tabs = [(visitor.copy(), token) for visitor, token in ready]
    answers = release(
        [
            lambda wait, tab=tab, token=token: tab.post(
                f"{path}/acknowledge", {"csrf_token": token, "organisation": str(unit.id)}, wait
            )
            for tab, token in tabs
        ]
    )
    assert statuses(answers) == {303: 16}
    assert count(select(Acknowledgement).filter_by(notice_id=made.id)) == 1
