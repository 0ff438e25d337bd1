"""Notices that a plugin hands in: on the desk, for a second person."""

import pytest
from sqlalchemy import select

from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.notices import issuing
from civic.notices.handing_in import hand_in_notice
from civic.notices.models import Notice, NoticeAudience, NoticeStep
from tests.factories import World, scalars

WORDS = {"kind": "bulletin", "title": "会议纪要", "body": "一、同意。"}


def test_it_waits_to_be_checked_and_another_person_issues_it(world: World) -> None:
    made = hand_in_notice(world.actor("secretary"), world.erlong, readers=["unit"], **WORDS)
    found = db.session.get(Notice, made)
    assert (found.kind, found.submitted_at is not None) == ("bulletin", True)
    steps = select(NoticeStep.act).filter_by(notice_id=made).order_by(NoticeStep.id)
    assert scalars(steps) == ["drafted", "submitted"]
    terms = select(NoticeAudience.code).filter_by(notice_id=made)
    assert scalars(terms) == ["unit"]
    db.session.commit()
    with pytest.raises(Refused) as refused:
        issuing.issue(world.actor("secretary"), world.erlong, made, found.revision)
    assert refused.value.code == "second_person"
    db.session.rollback()
    issuing.issue(world.actor("deputy"), world.erlong, made, found.revision)
    db.session.commit()
    assert db.session.get(Notice, made).number


@pytest.mark.parametrize(
    "wrong", [{"kind": "song"}, {"title": "长" * 81}, {"body": ""}, {"readers": ["party_member"]}]
)
def test_what_does_not_make_sense_is_refused(world: World, wrong) -> None:
    with pytest.raises(Refused):
        hand_in_notice(world.actor("secretary"), world.erlong, **(WORDS | wrong))
    db.session.rollback()
