"""Applications and awards that meet at one moment, on a file and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from civic.kernel import clock
from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests.factories import build_world
from tests.installed import command
from tests.parallel.acts import newcomer, release, statuses
from tests.parallel.conftest import Street
from tests.server import ROOT, database_url, own_postgresql, own_sqlite, serving

HERE = "/c/erlonglu/incubator/"
MANY = 8


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
            db.session.add(Activation(community_id=world.erlong.id, plugin="incubator"))
            db.session.commit()
        with serving(tmp_path, database_url=database_url(app)) as server, app.app_context():
            yield Street(app, world, server)
            db.session.commit()
            assert "Traceback" not in (said := server.said()), said


@dataclass
class Begun:
    """A call, and applications that could be handed in."""

    call: int
    ones: list[int]
    visitors: list


def begun(site: Street, phase: str = "open") -> Begun:
    from civic_incubator.models import Application, Call, Line, Member, Organisation
    from civic_incubator.words import data

    now = clock.now()
    here = {"community_id": site.world.erlong.id}
    rules = data("calls")
    call = Call(
        title="征集",
        text="",
        workflow="single",
        phase=phase,
        form=[],
        criteria=rules["criterion"],
        instalments=rules["instalments"],
        pot=10000,
        most=5000,
        expert_weight=60,
        resident_weight=40,
        most_marks=5,
        working_days=7,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        made_at=now,
        **here,
    )
    db.session.add(call)
    db.session.flush()
    found = Begun(call.id, [], [])
    for number in range(MANY):
        who = newcomer(site, f"人{number}")
        filed = {"number": "1", "since": date(2026, 3, 2), "status": "filed", "people": 3}
        organisation = Organisation(
            name=f"队{number}", kind="convenience", about="", code=f"C{number}", **filed, **here
        )
        organisation.proposed_at = now
        db.session.add(organisation)
        db.session.flush()
        db.session.add(Member(organisation_id=organisation.id, person_id=who.id, joined_at=now))
        one = Application(
            call_id=call.id,
            organisation_id=organisation.id,
            partner_id=here["community_id"],
            title="项目",
            worker="何",
            agency="所",
            answers={},
            saved_at=now,
            lines=[Line(position=1, kind="goods", text="食材", fen=4000)],
            **here,
        )
        db.session.add(one)
        db.session.commit()
        found.ones.append(one.id)
        found.visitors.append(site.signed_in(who))
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


def test_each_that_is_handed_in_gets_a_number_of_its_own(site: Street) -> None:
    from civic_incubator.models import Application

    made = begun(site)
    paths = [f"{HERE}applications/{one}/submit" for one in made.ones]
    answers = posts(made.visitors, paths, [{"version": "1"}] * MANY)
    assert statuses(answers) == {303: MANY}
    numbers = db.session.scalars(select(Application.number).order_by(Application.number)).all()
    assert numbers == list(range(1, MANY + 1))


def test_one_of_many_who_save_a_version_saves_it_and_all_others_keep_their_words(
    site: Street,
) -> None:
    from civic_incubator.models import Application, Line

    made = begun(site)
    tabs = [made.visitors[0].copy() for _ in range(MANY)]
    path = f"{HERE}applications/{made.ones[0]}/budget"
    fields = [
        {"version": "1", "kind_1": "goods", "text_1": f"tab{n}", "fen_1": "40"} for n in range(MANY)
    ]
    answers = posts(tabs, [path] * MANY, fields)
    assert statuses(answers) == {303: 1, 409: MANY - 1}
    for number, answer in enumerate(answers):
        assert answer.status == 303 or f"tab{number}" in answer.text
    one = db.session.get(Application, made.ones[0])
    assert one.version == 2
    lines = db.session.scalars(select(Line).filter_by(application_id=one.id)).all()
    winner = next(n for n, answer in enumerate(answers) if answer.status == 303)
    assert [line.text for line in lines] == [f"tab{winner}"]


def test_an_organisation_applies_once_however_often_it_is_pressed(site: Street) -> None:
    from civic_incubator.models import Application, Organisation

    made = begun(site)
    one = db.session.get(Application, made.ones[0])
    organisation_id = one.organisation_id
    for row in list(one.lines):
        db.session.delete(row)
    db.session.delete(one)
    db.session.commit()
    tabs = [made.visitors[0].copy() for _ in range(MANY)]
    path = f"{HERE}calls/{made.call}/apply"
    answers = posts(tabs, [path] * MANY, [{"organisation": str(organisation_id)}] * MANY)
    assert statuses(answers) == {303: MANY}
    assert len(db.session.scalars(select(Application)).all()) == MANY
    assert db.session.get(Organisation, organisation_id)
