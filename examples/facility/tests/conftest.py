"""Places to report things about."""

import pytest

from civic.api import db
from civic_facility.models import Place


@pytest.fixture
def sign(community):
    """Sign 12 at a corner."""
    made = Place(community_id=community.id, kind="sign", number="12", location="丰盛胡同东口")
    made.state = "in_use"
    db.session.add(made)
    db.session.commit()
    return made
