"""Seats, moves, receipts and signatures that meet at one moment, on a file and on PostgreSQL."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from civic.kernel import clock
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.holidays import HolidayYear
from civic.procedures import loading
from tests import factories
from tests.factories import build_world
from tests.installed import command
from tests.parallel.acts import newcomer, release, statuses
from tests.parallel.conftest import Street
from tests.server import ROOT, database_url, own_postgresql, own_sqlite, serving

HERE = "/c/erlonglu/party/"
MANY = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, tmp_path) -> Iterator[Street]:
    """A street of its own, on which the plugin is."""
    template = request.getfixturevalue(request.param)
    own = own_sqlite if request.param == "sqlite" else own_postgresql
    with own(template, tmp_path) as app:
        done = command(app, str(ROOT), "db", "upgrade")
        assert done.returncode == 0, done.stderr
        with app.app_context():
            loading.sync()
            world = build_world()
            now = clock.now()
            days = {"off": [], "work": []}
            for year in (now.year, now.year + 1):
                if db.session.get(HolidayYear, year) is None:
                    db.session.add(HolidayYear(year=year, source="test", uploaded_at=now, **days))
            db.session.add(Activation(community_id=world.erlong.id, plugin="party"))
            db.session.commit()
        with serving(tmp_path, database_url=database_url(app)) as server, app.app_context():
            yield Street(app, world, server)
            db.session.commit()
            assert "Traceback" not in (said := server.said()), said


@dataclass
class Played:
    """A body with its seats, and the people of its units."""

    body: int
    seats: list[int] = field(default_factory=list)
    people: list = field(default_factory=list)


def body_of(site: Street) -> Played:
    """Make a body of some units, each with somebody who acts for it; the first is in the chair."""
    from civic_party.models import Body, Holder, Post, Seat

    home, now = db.session.merge(site.world.erlong), clock.now()
    made = Body(
        community_id=home.id,
        kind="grand_working_committee",
        title="大工委",
        procedure="joint_meeting",
        begins_on=date(2020, 1, 1),
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    played = Played(made.id)
    for number in range(MANY):
        unit = factories.organisation(home.node, f"单位{number}")
        who = newcomer(site, f"人{number}")
        factories.standing(who, home.node, "resident_unit").organisation_id = unit.id
        seat = Seat(body_id=played.body, organisation_id=unit.id, since=now)
        db.session.add(seat)
        db.session.flush()
        holder = Holder(seat_id=seat.id, body_id=played.body, name=who.name, since=now)
        holder.person_id = who.id
        db.session.add(holder)
        played.seats.append(seat.id)
        played.people.append(who)
    post = Post(seat_id=played.seats[0], body_id=played.body, kind="chair", since=now)
    db.session.add(post)
    db.session.commit()
    return played


def meeting_at(site: Street, played: Played, state: str) -> int:
    """Bring a meeting to a state without waiting for its days."""
    from civic.procedures.plugged import meeting_rules
    from civic_party import roll
    from civic_party.meeting_models import Meeting, Topic
    from civic_party.quarters import quarter_of
    from civic_party.record_models import Minutes

    now = clock.now()
    today = clock.local(now).date()
    made = Meeting(
        community_id=site.world.erlong.id,
        body_id=played.body,
        quarter=quarter_of(today),
        place="会议室",
        starts_at=now,
        state=state,
        topics_until=now - timedelta(days=9),
        agenda_by=today + timedelta(days=1),
        notice_by=today + timedelta(days=1),
        chair_seat_id=played.seats[0],
        rules=meeting_rules("joint_meeting").as_dict(),
        form_key="k",
        made_at=now,
        agenda_at=now,
        noticed_at=now,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(
        Topic(
            meeting_id=made.id,
            title="停车",
            state="accepted",
            position=1,
            form_key="t",
            proposed_at=now,
        )
    )
    if state == "commenting":
        roll.write(made)
        db.session.add(
            Minutes(
                meeting_id=made.id,
                version=1,
                opinions="都说好。",
                written_by=site.world.people["deputy"].id,
                written_at=now,
                comments_until=now,
            )
        )
    elif state == "noticed":
        roll.write(made)
    db.session.commit()
    return made.id


def at_one_moment(site: Street, people, paths, fields):
    """Let each of some people post at once, with the token of a page of theirs."""
    visitors = [site.signed_in(who) for who in people]
    token = [visitor.hidden("/me/data")["csrf_token"] for visitor in visitors]
    db.session.commit()
    return release(
        [
            lambda wait, visitor=visitor, path=path, sent=sent, token=token: visitor.post(
                path, sent | {"csrf_token": token}, wait
            )
            for visitor, path, sent, token in zip(visitors, paths, fields, token, strict=True)
        ]
    )


def acts(name: str) -> int:
    from civic.kernel.audit import AuditEntry

    query = select(AuditEntry.id).filter_by(act=f"party.{name}")
    return len(db.session.scalars(query).all())


def test_one_seat_is_filled_by_one_person_and_one_person_fills_one_seat(site):
    from civic_party.models import Holder

    played = body_of(site)
    office = [site.world.people[role] for role in ("secretary", "deputy", "officer")] * 2
    path = f"{HERE}bodies/{played.body}/seats/{played.seats[0]}"
    fields = [{"person": "0", "name": f"某人{n}", "title": ""} for n in range(MANY)]
    found = statuses(at_one_moment(site, office, [path] * MANY, fields))
    assert found == {303: MANY}  # one after the other: the last stays
    query = select(Holder.name).filter_by(seat_id=played.seats[0]).where(Holder.until.is_(None))
    assert len(db.session.scalars(query).all()) == 1


def test_a_unit_gets_one_seat(site):
    from civic_party.models import Seat

    played = body_of(site)
    unit = factories.organisation(site.world.erlong.node, "新单位")
    office = [site.world.people[role] for role in ("secretary", "deputy", "officer")] * 2
    path = f"{HERE}bodies/{played.body}/seats"
    fields = [{"unit": str(unit.id), "office": ""}] * MANY
    found = statuses(at_one_moment(site, office, [path] * MANY, fields))
    assert found == Counter({303: 1, 409: MANY - 1})
    assert len(db.session.scalars(select(Seat).filter_by(organisation_id=unit.id)).all()) == 1


def test_a_meeting_moves_on_once(site):
    from civic_party.meeting_models import Meeting, Place

    played = body_of(site)
    meeting = meeting_at(site, played, "agenda")
    office = [site.world.people[role] for role in ("secretary", "deputy", "officer")] * 2
    fields = [{"to": "noticed", "seen": "agenda"}] * MANY
    path = f"{HERE}meetings/{meeting}/move"
    found = statuses(at_one_moment(site, office, [path] * MANY, fields))
    assert found == Counter({303: 1, 409: MANY - 1})
    db.session.expire_all()
    assert db.session.get(Meeting, meeting).state == "noticed"
    assert len(db.session.scalars(select(Place)).all()) == MANY
    assert acts("meeting_moved") == 1


def test_one_quarter_is_called_once(site):
    from civic_party.meeting_models import Meeting

    played = body_of(site)
    office = [site.world.people[role] for role in ("secretary", "deputy", "officer")] * 2
    day = clock.local(clock.now() + timedelta(days=30))
    fields = [
        {"starts_at": f"{day:%Y-%m-%dT%H:%M}", "place": "会议室", "form_key": f"k{n}"}
        for n in range(MANY)
    ]
    path = f"{HERE}bodies/{played.body}/meetings/new"
    found = statuses(at_one_moment(site, office, [path] * MANY, fields))
    assert found == Counter({303: 1, 409: MANY - 1})
    assert len(db.session.scalars(select(Meeting)).all()) == 1


def test_units_acknowledge_at_once_each_for_itself_and_once(site):
    from civic_party.meeting_models import Place

    played = body_of(site)
    meeting = meeting_at(site, played, "noticed")
    seen = site.signed_in(played.people[0])
    for path in ("/c/erlonglu/", HERE, f"{HERE}meetings/{meeting}", f"{HERE}tasks/?mine=1"):
        assert "大工委" in seen.get(path).text or path.endswith("mine=1")
    people = played.people * 2
    fields = [{"seat": str(seat)} for seat in played.seats] * 2
    path = f"{HERE}meetings/{meeting}/acknowledge"
    found = statuses(at_one_moment(site, people, [path] * len(people), fields))
    assert found == {303: 2 * MANY}
    received = db.session.scalars(select(Place.received_by).order_by(Place.seat_id)).all()
    assert received == [who.id for who in played.people]
    assert acts("notice_acknowledged") == MANY


def test_the_chair_signs_once_and_the_minutes_are_frozen(site):
    from civic_party import minutes
    from civic_party.record_models import Minutes

    played = body_of(site)
    meeting = meeting_at(site, played, "commenting")
    fields = [{"to": "signed", "seen": "commenting"}] * MANY
    path = f"{HERE}meetings/{meeting}/move"
    people = [played.people[0]] * 3 + played.people[1:4]
    found = statuses(at_one_moment(site, people, [path] * MANY, fields))
    assert found[303] == 1
    assert set(found) <= {303, 403, 409}
    db.session.expire_all()
    kept = db.session.get(Minutes, meeting)
    assert kept.signed_by == played.people[0].id
    assert kept.fingerprint == minutes.fingerprint(kept.content)
    assert acts("meeting_moved") == 1
