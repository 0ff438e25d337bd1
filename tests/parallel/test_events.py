"""People counted at the entrance, and filings that move on, at one moment; on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from civic.kernel import clock
from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests.factories import build_world
from tests.installed import command
from tests.parallel.acts import release, statuses
from tests.parallel.conftest import Street
from tests.server import ROOT, database_url, own_postgresql, own_sqlite, serving

HERE = "/c/erlonglu/events/"
MANY = 12
EXPECTED = 30


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, tmp_path) -> Iterator[Street]:
    """A street of its own, on which the plugin is."""
    template = request.getfixturevalue(request.param)
    own = own_sqlite if request.param == "sqlite" else own_postgresql
    with own(template, tmp_path) as app:
        done = command(app, str(ROOT), "db", "upgrade")
        assert done.returncode == 0, done.stderr
        with app.app_context():
            world = build_world()
            db.session.add(Activation(community_id=world.erlong.id, plugin="events"))
            db.session.commit()
        with serving(tmp_path, database_url=database_url(app)) as server, app.app_context():
            yield Street(app, world, server)
            db.session.commit()
            assert "Traceback" not in (said := server.said()), said


def event(site: Street, state: str, **values: object) -> int:
    from civic_events.models import Activity

    now = clock.now()
    standard = {
        "title": "周六合唱", "text": "", "place": "礼堂", "audience": "anyone", "capacity": 0,
        "expected": EXPECTED, "most": 4, "questions": [], "organiser": "社区", "lead": "",
        "facts": ["consent"], "plan": [], "permit_from": 1000, "form_key": state, "made_at": now,
        "starts_at": now + timedelta(hours=1), "ends_at": now + timedelta(hours=2),
        "published_at": now if state == "published" else None, "filed_at": now,
    }  # fmt: skip
    row = Activity(community_id=site.world.erlong.id, state=state, **(standard | values))
    db.session.add(row)
    db.session.commit()
    return row.id


def test_no_more_are_counted_than_were_filed(site: Street) -> None:
    from civic_events.models import Arrival

    number = event(site, "published")
    staff = site.signed_in(site.world.people["secretary"])
    token = staff.hidden(f"{HERE}{number}/people")["csrf_token"]
    acts = []
    for turn in range(MANY):
        tab, fields = staff.copy(), {"csrf_token": token, "heads": "7", "nonce": f"n{turn}"}
        acts.append(
            lambda wait, tab=tab, fields=fields: tab.post(f"{HERE}{number}/count", fields, wait)
        )
    fit = EXPECTED // 7
    assert statuses(release(acts)) == {303: fit, 409: MANY - fit}
    assert db.session.scalar(select(func.sum(Arrival.heads))) == 7 * fit


def test_a_permit_is_noted_where_the_filing_has_come_to(site: Street) -> None:
    numbers = [event(site, "filed", expected=1200, form_key=f"{n}") for n in range(4)]
    people = site.world.people
    acts = []
    for number in numbers:
        for role, act, fields in (
            ("secretary", "decide", {"act": "accept"}),
            ("deputy", "permit", {"number": "7号", "office": "西城分局"}),
        ):
            one = site.signed_in(people[role])
            data = {"csrf_token": one.hidden(f"{HERE}{number}/filing")["csrf_token"]} | fields
            to = f"{HERE}{number}/{act}"
            acts.append(lambda wait, one=one, to=to, data=data: one.post(to, data, wait))
    assert statuses(release(acts)) == {303: len(acts)}
    query = text("SELECT DISTINCT state, permit_number FROM events_activity")
    assert db.session.execute(query).all() == [("accepted", "7号")]
