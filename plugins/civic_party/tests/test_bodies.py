"""Bodies: founded, filled, led."""

from conftest import HEADS, HERE, UNITS
from sqlalchemy import select

from civic.api import db
from civic_party.models import Body, Holder


def test_a_body_is_founded_filled_and_shown(story):
    body = story.body()
    page = story.browser("resident").get(HERE)
    assert "金融街大工委" in page.text
    page = story.browser("resident").get(f"{HERE}bodies/{body.id}").text
    assert UNITS[0] in page
    assert HEADS[0] not in page
    inside = story.browser("resident_unit", HEADS[0]).get(f"{HERE}bodies/{body.id}").text
    assert HEADS[1] in inside
    out = story.login.out().get(f"{HERE}bodies/{body.id}")
    assert out.status_code == 200
    assert HEADS[0] not in out.text


def test_two_quarters_from_topic_to_task(story):
    body = story.body()
    meeting, topic = story.commenting(body)
    for unit in UNITS:
        assert story.remark(meeting, unit).status_code == 303
    chair = story.browser("resident_unit", HEADS[UNITS.index(_chair(meeting))])
    story.moved(meeting, "signed", chair)
    assert story.move(meeting, "issued", story.clerk).status_code == 403
    story.moved(meeting, "issued", story.secretary)
    page = story.browser("resident").get(f"{HERE}meetings/{meeting.id}/minutes")
    assert page.status_code == 200
    assert "大家都说好。" in page.text
    second, _topic = story.noticed(body, days=80, title="第二次")
    assert story.only_task().carried_over == 1
    page = story.browser("resident").get(f"{HERE}meetings/{second.id}").text
    assert "开放50个车位" in page


def _chair(meeting):
    from civic_party import bodies
    from civic_party.meeting_models import Meeting

    found = db.session.get(Meeting, meeting.id)
    return bodies.names(found.body_id)[found.chair_seat_id]


__all__ = ["Body", "Holder", "select"]
