"""Events to sign up for, at each of their states."""

from datetime import timedelta

import pytest

from civic.api import clock
from civic_events import kinds
from civic_events.models import Activity


@pytest.fixture
def make(community, login):
    """A function that makes an event of this community; published in a week unless told else."""
    from civic.api import db
    from civic_events import placing

    def made(**values) -> Activity:
        now = clock.now()
        row = Activity(community_id=community.id, community=community)
        standard = {
            "title": "周六合唱",
            "text": "请带水杯。",
            "place": "社区礼堂",
            "starts_at": now + timedelta(days=7),
            "ends_at": now + timedelta(days=7, hours=2),
            "audience": kinds.PARTICIPANT,
            "capacity": 3,
            "expected": 30,
            "most": 4,
            "questions": [],
            "organiser": "二龙路社区",
            "lead": "",
            "facts": ["consent"],
            "plan": [],
            "permit_from": 1000,
            "permit_number": "",
            "permit_office": "",
            "state": kinds.PUBLISHED,
            "made_by": None,
            "form_key": "",
            "made_at": now,
            "filed_at": now,
            "published_at": now,
            "reason": "",
            "sequence": 0,
        }
        for name, value in (standard | values).items():
            setattr(row, name, value)
        if row.state not in {kinds.PUBLISHED, kinds.CANCELLED}:
            row.published_at = None
        db.session.add(row)
        db.session.flush()
        if row.state == kinds.PUBLISHED:
            placing.provide(row)
        db.session.commit()
        return row

    return made
