"""Proposals that are answered at one moment, on a file and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from civic.identities.models import Standing
from civic.kernel import clock
from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests import factories
from tests.factories import build_world
from tests.installed import command
from tests.parallel.acts import newcomer, release, statuses
from tests.parallel.conftest import Street
from tests.server import ROOT, database_url, own_postgresql, own_sqlite, serving

HERE = "/c/erlonglu/party/"
MANY = 8
THURSDAY = [3, 840, 960]


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
            db.session.add(Activation(community_id=world.erlong.id, plugin="party"))
            db.session.commit()
        with serving(tmp_path, database_url=database_url(app)) as server, app.app_context():
            yield Street(app, world, server)
            db.session.commit()
            assert "Traceback" not in (said := server.said()), said


@dataclass
class Begun:
    """A room with proposals for it: each of a group of its own."""

    room: int
    matches: list[int]
    groups: list
    liaison: object


def begun(site: Street, *, kind: str = "venue", heads: int = 5, capacity: int = 40) -> Begun:
    from civic_party.joint_models import Match
    from civic_party.list_models import Need, Resource

    now, place = clock.now(), site.world.erlong.id
    unit = factories.organisation(site.world.gate)
    liaison = newcomer(site, "钱联络")
    held = factories.standing(liaison, site.world.gate, "resident_unit")
    db.session.get(Standing, held.id).organisation_id = unit.id
    common = {"community_id": place, "place_id": place, "text": "", "holidays": False}
    common |= {"state": "public", "posted_at": now, "checked_at": now, "slots": [THURSDAY]}
    room = Resource(
        kind=kind,
        title="会议室",
        organisation_id=unit.id,
        capacity=capacity,
        posted_by=liaison.id,
        form_key="room",
        **common,
    )
    db.session.add(room)
    db.session.flush()
    found = Begun(room.id, [], [], site.signed_in(liaison))
    for number in range(MANY):
        who = newcomer(site, f"人{number}")
        need = Need(
            kind=kind,
            title=f"场地{number}",
            group_name=f"队{number}",
            heads=heads,
            urgency="ordinary",
            by_day=clock.local(now).date() + timedelta(days=60),
            posted_by=who.id,
            form_key=f"n{number}",
            **common,
        )
        db.session.add(need)
        db.session.flush()
        match = Match(
            community_id=place,
            need_id=need.id,
            resource_id=room.id,
            state="proposed",
            spans=[[3 * 1440 + 840, 3 * 1440 + 960]],
            load=capacity if kind == "venue" else heads,
            by_hand=True,
            proposed_at=now,
            until=now + timedelta(days=7),
            resource_yes_at=now,
            resource_yes_by=liaison.id,
        )
        db.session.add(match)
        db.session.commit()
        found.matches.append(match.id)
        found.groups.append(site.signed_in(who))
    return found


def posts(visitors, paths, fields):
    """Let each visitor post to a path at once, with the token of a page of theirs."""
    token = [visitor.hidden("/me/data")["csrf_token"] for visitor in visitors]
    return release(
        [
            lambda wait, visitor=visitor, path=path, sent=sent, token=token: visitor.post(
                path, sent | {"csrf_token": token}, wait
            )
            for visitor, path, sent, token in zip(visitors, paths, fields, token, strict=True)
        ]
    )


def accepted(site: Street, made: Begun):
    paths = [f"{HERE}matches/{one}/accept" for one in made.matches]
    return statuses(posts(made.groups, paths, [{"side": "need"}] * MANY))


def counts():
    from civic_party.joint_models import Match, Project, Use

    db.session.commit()
    kept = select(func.count(Match.id)).where(Match.state == "accepted")
    used = select(func.coalesce(func.sum(Use.load), 0))
    return (
        db.session.scalar(select(func.count(Project.id))),
        db.session.scalar(kept),
        db.session.scalar(used),
    )


def test_one_of_many_groups_has_the_room_at_its_hours(site: Street) -> None:
    made = begun(site)
    assert accepted(site, made) == {303: 1, 409: MANY - 1}
    assert counts() == (1, 1, 40)


def test_a_canteen_takes_as_many_as_it_has_room_for(site: Street) -> None:
    made = begun(site, kind="canteen", heads=15, capacity=40)
    assert accepted(site, made) == {303: 2, 409: MANY - 2}
    assert counts() == (2, 2, 30)


def test_both_sides_say_yes_at_one_moment_and_it_is_one_project(site: Street) -> None:
    from civic_party.joint_models import Match

    made = begun(site)
    match = db.session.get(Match, made.matches[0])
    match.resource_yes_at = match.resource_yes_by = None
    db.session.commit()
    path = f"{HERE}matches/{match.id}/accept"
    tabs = [made.groups[0].copy() for _ in range(MANY // 2)]
    tabs += [made.liaison.copy() for _ in range(MANY // 2)]
    fields = [{"side": "need"}] * (MANY // 2) + [{"side": "resource"}] * (MANY // 2)
    assert statuses(posts(tabs, [path] * MANY, fields)) == {303: MANY}
    assert counts() == (1, 1, 40)


def test_a_yes_and_a_withdrawal_at_one_moment_end_in_one_of_both(site: Street) -> None:
    from civic_party.list_models import Resource

    made = begun(site)
    paths = [f"{HERE}matches/{one}/accept" for one in made.matches[:-1]]
    paths.append(f"{HERE}resources/{made.room}/withdraw")
    fields = [{"side": "need"}] * (MANY - 1) + [{"why": "收回"}]
    found = statuses(posts([*made.groups[:-1], made.liaison], paths, fields))
    assert set(found) <= {303, 409}
    projects, kept, _used = counts()
    assert projects == kept <= 1
    assert db.session.get(Resource, made.room).state == "withdrawn"


def test_a_form_that_is_sent_many_times_posts_one_need(site: Street) -> None:
    from civic_party.list_models import Need

    who = site.signed_in(newcomer(site, "王群"))
    building = site.world.gate.parent_id
    data = {"side": "group", "group_name": "队", "kind": "venue", "title": "场地", "text": ""}
    data |= {"place_id": str(building), "days_1": "3", "begins_1": "14:00", "ends_1": "16:00"}
    day = clock.local(clock.now()).date() + timedelta(days=9)
    data |= {"heads": "5", "urgency": "soon", "by_day": day.isoformat(), "form_key": "once"}
    tabs = [who.copy() for _ in range(MANY)]
    assert statuses(posts(tabs, [f"{HERE}needs/new"] * MANY, [data] * MANY)) == {303: MANY}
    assert len(db.session.scalars(select(Need)).all()) == 1


def test_a_project_ends_once_and_is_rated_once(site: Street) -> None:
    from civic_party.joint_models import Match, Project, Rating

    made = begun(site)
    accept = [f"{HERE}matches/{made.matches[0]}/accept"]
    assert statuses(posts(made.groups[:1], accept, [{"side": "need"}])) == {303: 1}
    project = db.session.scalars(select(Project)).one()
    here = f"{HERE}projects/{project.id}/"
    club = made.groups[0]
    assert statuses(posts([club], [f"{here}move"], [{"act": "begin"}])) == {303: 1}
    tabs = [club.copy() for _ in range(MANY)]
    ends = [{"act": "finish", "words": "做完了"}, {"act": "stop", "words": "不做了"}]
    found = statuses(posts(tabs, [f"{here}move"] * MANY, ends * (MANY // 2)))
    assert set(found) <= {303, 409}
    db.session.expire_all()
    assert counts()[2] == 0, "its hours are free again"
    if project.state == "stopped":
        return
    need = db.session.get(Match, made.matches[0]).need_id
    rate = {"need": str(need), "stars": "5", "words": "好"}
    assert statuses(posts(tabs, [f"{here}rate"] * MANY, [rate] * MANY)) == {303: MANY}
    assert len(db.session.scalars(select(Rating)).all()) == 1


def test_many_who_check_one_need_put_it_on_the_list_once(site: Street) -> None:
    from civic_party.joint_models import Match
    from civic_party.list_models import Need

    made = begun(site)
    match = db.session.get(Match, made.matches[0])
    need = db.session.get(Need, match.need_id)
    need.state, need.checked_at = "checking", None
    db.session.commit()
    tabs = [site.signed_in(site.world.people["secretary"]) for _ in range(MANY)]
    fields = [{"act": "publish"}, {"act": "return", "reason": "写清楚"}] * (MANY // 2)
    found = statuses(posts(tabs, [f"{HERE}needs/{need.id}/check"] * MANY, fields))
    assert found == {303: MANY // 2, 409: MANY // 2}
    db.session.expire_all()
    assert need.state in {"public", "returned"}
