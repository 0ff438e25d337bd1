"""Bodies: founded, filled, led."""

from datetime import date

from conftest import HERE

from civic.api import clock, db
from civic_party.models import Body


def test_bodies_are_listed(login, community):
    made = Body(
        community_id=community.id,
        kind="grand_working_committee",
        title="金融街大工委",
        procedure="joint_meeting",
        begins_on=date(2026, 1, 1),
        made_at=clock.now(),
    )
    db.session.add(made)
    db.session.commit()
    page = login("resident").get(HERE)
    assert page.status_code == 200
    assert "金融街大工委" in page.text
