"""Opinions of offices and moves of conversions that meet at one moment."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select, text

from civic.kernel import clock, holidays
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.periods import HolidayTable
from tests import factories
from tests.factories import build_world
from tests.installed import command
from tests.parallel.acts import release, statuses
from tests.parallel.conftest import Street
from tests.server import ROOT, database_url, own_postgresql, own_sqlite, serving

HERE = "/c/erlonglu/rental/"
OFFICES = ("housing", "planning", "fire", "urban")
TABS = 3


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
            db.session.add(Activation(community_id=world.erlong.id, plugin="rental"))
            year = clock.local(clock.now()).year
            for one in (year, year + 1):
                off = frozenset({date(one, 1, 1)})
                table = HolidayTable(year=one, off=off, work=frozenset(), source="test")
                holidays.replace(table, world.people["secretary"].id)
            db.session.commit()
        with serving(tmp_path, database_url=database_url(app)) as server, app.app_context():
            yield Street(app, world, server)
            db.session.commit()
            assert "Traceback" not in (said := server.said()), said


def asked(site: Street, state: str = "joint_review") -> int:
    """Return a conversion whose offices are asked."""
    from civic_rental.models import Conversion

    now = clock.now()
    made = Conversion(
        community_id=site.world.erlong.id,
        title="甲9号改造",
        building="甲9号",
        old_use="rental",
        kind="apartment",
        operator="安居",
        about="",
        facts=[],
        state=state,
        entered_at=now,
        review_round=1,
        review_until=now.date(),
        form_key="parallel",
        made_at=now,
    )
    db.session.add(made)
    db.session.commit()
    return made.id


def speakers(site: Street) -> dict[str, object]:
    """Return a signed-in visitor for each office of the district."""
    found = {}
    for office in OFFICES:
        who = factories.person(f"代表{office}")
        factories.standing(who, site.world.erlong.node, f"rental.{office}")
        db.session.commit()
        found[office] = site.signed_in(who)
    return found


def together(visitors, path: str, fields: list[dict[str, str]]):
    """Let each visitor post a form at once, with the token of a page of theirs."""
    tokens = [visitor.hidden("/me/data")["csrf_token"] for visitor in visitors]
    return release(
        [
            lambda wait, visitor=visitor, sent=sent, token=token: visitor.post(
                path, sent | {"csrf_token": token}, wait
            )
            for visitor, sent, token in zip(visitors, fields, tokens, strict=True)
        ]
    )


def test_each_office_is_heard_once_however_many_speak_at_once(site: Street) -> None:
    from civic_rental.models import Opinion

    key = asked(site)
    visitors, fields = [], []
    for office, visitor in speakers(site).items():
        for tab in range(TABS):
            visitors.append(visitor.copy())
            fields.append({"office": office, "opinion": "condition", "words": f"{office}{tab}"})
    answers = together(visitors, f"{HERE}conversions/{key}/review", fields)
    assert statuses(answers) == {303: len(OFFICES), 409: len(OFFICES) * (TABS - 1)}
    for answer, sent in zip(answers, fields, strict=True):
        assert answer.status == 303 or "has given its opinion already" in answer.text
        assert answer.status == 303 or sent["words"] in answer.text
    rows = db.session.scalars(select(Opinion.office).order_by(Opinion.office)).all()
    assert rows == sorted(OFFICES)
    given = "SELECT count(*) FROM audit_entry WHERE act = 'rental.opinion_given'"
    assert db.session.scalar(text(given)) == len(OFFICES)


def test_a_refusal_stops_what_others_are_about_to_pass(site: Street) -> None:
    from civic_rental.models import Conversion, Opinion, Step

    key = asked(site)
    visitors = speakers(site)
    fields = [
        {"office": office, "opinion": "refuse" if office == "fire" else "pass", "words": "理由"}
        for office in visitors
    ]
    answers = together(list(visitors.values()), f"{HERE}conversions/{key}/review", fields)
    found = statuses(answers)
    assert found[303] + found[409] + found[422] == len(OFFICES)
    assert db.session.get(Conversion, key).state == "stopped"
    assert db.session.scalar(select(func.count(Step.id))) == 1
    assert db.session.scalar(select(func.count(Opinion.id))) == found[303]


def test_a_conversion_moves_once_however_often_it_is_pressed(site: Street) -> None:
    from civic_rental.models import Conversion, Record, Step

    key = asked(site, "intake")
    row = Record(
        conversion_id=key, code="request", number="", words="申请", office="", at=clock.now()
    )
    db.session.add(row)
    db.session.commit()
    visitor = site.signed_in(site.world.people["secretary"])
    tabs = [visitor.copy() for _ in range(8)]
    sent = {"to": "eligibility", "words": ""}
    answers = together(tabs, f"{HERE}conversions/{key}/move", [sent] * len(tabs))
    assert statuses(answers) == {303: 1, 409: 7}
    assert db.session.get(Conversion, key).state == "eligibility"
    assert db.session.scalar(select(func.count(Step.id))) == 1


def test_homes_are_pressed_public_once_and_found(site: Street) -> None:
    from civic_rental import commutes
    from civic_rental.home_models import Home, Listing, Room, Workplace
    from civic_rental.models import Conversion, Record

    key = asked(site, "listed")
    now = clock.now()
    row = db.session.get(Conversion, key)
    row.facts, row.inspected_on = ["two_exits", "fire_kit", "gas_safe"], now.date()
    for code in ("title_proof", "fire_report", "air_report", "operator_filing"):
        paper = {"number": "示例1号", "day": now.date(), "words": "", "office": "", "at": now}
        db.session.add(Record(conversion_id=key, code=code, **paper))
    here = {"community_id": site.world.erlong.id, "conversion_id": key}
    made = Listing(title="朝南一居室", kind="apartment", layout="一室一卫", area=3000, **here)
    made.rent, made.deposit, made.custody, made.pay_months = 320_000, 0, "", 1
    made.fees = made.text = ""
    made.lease_months, made.furniture, made.lift, made.step_free = 12, [], True, False
    made.audience, made.tiers, made.homes, made.persons = ["worker"], ["other"], 1, 2
    made.form_key, made.made_at = "parallel", now
    made.rooms = [Room(position=1, use="bedroom", area=1500, persons=2, window=True)]
    db.session.add(made)
    db.session.flush()
    db.session.add(Home(listing_id=made.id, door="3层301"))
    secretary = site.world.actor("secretary")
    plan = commutes.planned(key, [("金融街", 14, 6, 31)])
    commutes.apply(secretary, site.world.erlong, plan)
    db.session.commit()
    home, place = made.id, db.session.scalars(select(Workplace.id)).one()
    visitor = site.signed_in(site.world.people["secretary"])
    tabs = [visitor.copy() for _ in range(8)]
    answers = together(tabs, f"{HERE}homes/{home}/publish", [{}] * len(tabs))
    assert statuses(answers) == {303: 1, 409: 7}
    near = f"{HERE}?workplace={place}&minutes=15&mode=walk&rent=3200&area=30&persons=2&lift=y"
    assert "朝南一居室" in visitor.get(near).text
    assert "朝南一居室" not in visitor.get(near.replace("walk", "transit")).text
    for page in ("conversions/", f"conversions/{key}/", f"homes/{home}/office", f"homes/{home}/"):
        assert visitor.get(f"{HERE}{page}").status == 200
    assert "朝南一居室" in visitor.get("/c/erlonglu/").text
    assert visitor.get("/desk/").status == 200
