"""Applications handed in and homes accepted at one moment, on a file and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from civic import holds
from civic.kernel import clock, holidays
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.periods import HolidayTable
from tests.factories import build_world
from tests.installed import command
from tests.parallel.acts import newcomer, release, statuses
from tests.parallel.conftest import Street
from tests.server import ROOT, database_url, own_postgresql, own_sqlite, serving

HERE = "/c/erlonglu/rental/"
#: Who hand in at one moment, and windows in which one person presses the same button.
MANY, TABS = 64, 6
DAY = timedelta(days=1)


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


@dataclass
class Begun:
    """An allotment that takes applications, and drafts that could be handed in."""

    allocation: int
    ones: list[int]
    people: list[int]
    visitors: list


def homes(community_id: int, doors: int) -> int:
    from civic_rental.home_models import Home, Listing
    from civic_rental.models import Conversion

    now = clock.now()
    conversion = Conversion(
        community_id=community_id,
        title="旧楼改公寓",
        building="甲9号",
        old_use="hotel",
        kind="apartment",
        operator="安居",
        about="",
        facts=[],
        state="listed",
        entered_at=now,
        form_key="c",
        made_at=now,
    )
    db.session.add(conversion)
    db.session.flush()
    listing = Listing(
        community_id=community_id,
        conversion_id=conversion.id,
        title="公寓",
        kind="apartment",
        layout="开间",
        area=2000,
        rent=200000,
        pay_months=1,
        deposit=0,
        custody="",
        fees="",
        lease_months=12,
        furniture=[],
        lift=True,
        step_free=True,
        text="",
        audience=[],
        tiers=["other"],
        homes=doors,
        persons=2,
        state="listed",
        form_key="l",
        made_at=now,
        published_at=now,
    )
    db.session.add(listing)
    db.session.flush()
    db.session.add_all(Home(listing_id=listing.id, door=f"{n}室") for n in range(doors))
    return listing.id


def begun(site: Street, many: int, doors: int = 2) -> Begun:
    from civic_rental.allocation_models import Allocation
    from civic_rental.application_models import Applicant

    now = clock.now()
    here = {"community_id": site.world.erlong.id}
    made = Allocation(
        listing_id=homes(here["community_id"], doors),
        title="配租",
        tiers=[{"code": "other", "zh": "其他", "en": "Others", "claims": [], "quota": None}],
        ordering="lottery",
        source="lottery",
        issue="第1期",
        opens_at=now - DAY,
        closes_at=now + DAY,
        public_at=now + 9 * DAY,
        state="fixed",
        form_key="a",
        made_at=now,
        **here,
    )
    db.session.add(made)
    db.session.flush()
    found = Begun(made.id, [], [], [])
    for number in range(many):
        who = newcomer(site, f"人{number}")
        one = Applicant(
            allocation_id=made.id,
            person_id=who.id,
            household=1,
            phone=f"138{number:08d}",
            phone_key=f"138{number:08d}",
            address=f"某街{number}号",
            address_key=f"某街{number}号",
            unit="某司",
            saved_at=now,
            **here,
        )
        db.session.add(one)
        db.session.commit()
        found.ones.append(one.id)
        found.people.append(who.id)
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


def test_whoever_hands_in_at_one_moment_gets_a_number_of_their_own_without_gaps(
    site: Street,
) -> None:
    from civic_rental.application_models import Applicant

    made = begun(site, MANY)
    paths = [f"{HERE}applications/{one}/submit" for one in made.ones]
    answers = posts(made.visitors, paths, [{"version": "1"}] * MANY)
    assert statuses(answers) == {303: MANY}
    rows = db.session.execute(
        select(Applicant.number, Applicant.submitted_at).order_by(Applicant.number)
    ).all()
    assert [row[0] for row in rows] == list(range(1, MANY + 1))
    moments = [row[1] for row in rows]
    assert moments == sorted(moments)


def test_one_who_presses_in_several_windows_hands_in_once_and_saves_once(site: Street) -> None:
    from civic_rental.application_models import Applicant

    made = begun(site, 2)
    for number, (step, sent) in enumerate(
        (("submit", {}), ("household", {"household": "1", "phone": "13800000009"}))
    ):
        tabs = [made.visitors[number].copy() for _ in range(TABS)]
        path = f"{HERE}applications/{made.ones[number]}/{step}"
        fields = [sent | {"version": "1", "address": f"窗口{tab}"} for tab in range(TABS)]
        answers = posts(tabs, [path] * TABS, fields)
        assert statuses(answers) == {303: 1, 409: TABS - 1}
        for tab, answer in enumerate(answers):
            assert step == "submit" or answer.status == 303 or f"窗口{tab}" in answer.text
    assert db.session.get(Applicant, made.ones[0]).number == 1
    assert db.session.get(Applicant, made.ones[1]).version == 2


def test_each_who_says_yes_at_one_moment_gets_one_home_and_no_home_goes_to_two(
    site: Street,
) -> None:
    from civic_rental.allocation_models import Allocation
    from civic_rental.application_models import Applicant, Letting

    made = begun(site, 4, doors=3)
    for number, one in enumerate(made.ones, 1):
        values = {"number": number, "submitted_at": clock.now(), "state": "submitted"}
        db.session.execute(update(Applicant).where(Applicant.id == one).values(**values))
    db.session.execute(update(Allocation).values(state="published", offers_at=clock.now()))
    db.session.commit()
    subject = f"rental.allocation-{made.allocation}"
    holds.provide(site.world.erlong, subject, title="公寓", path="/", capacity=3)
    db.session.commit()
    for rank, person in enumerate(made.people, 1):
        holds.claim(subject, person, position=rank, at_once=False)
        db.session.commit()
    holds.advance(subject)
    db.session.commit()
    tabs = [visitor.copy() for visitor in made.visitors for _ in range(TABS)]
    paths = [f"{HERE}applications/{one}/accept" for one in made.ones for _ in range(TABS)]
    answers = posts(tabs, paths, [{}] * len(tabs))
    assert statuses(answers) == {303: 3 * TABS, 409: TABS}
    rows = db.session.execute(select(Letting.home_id, Letting.applicant_id)).all()
    assert len({row[0] for row in rows}) == len({row[1] for row in rows}) == len(rows) == 3


def test_the_database_itself_keeps_the_order_of_a_draw_and_what_was_published(site: Street) -> None:
    from civic_rental.allocation_models import (
        Allocation,
        Draw,
        DrawRank,
        DrawRound,
        FrozenList,
        ListLine,
        Publication,
    )

    made = begun(site, 1)
    now = clock.now()
    first, second = (site.world.people[role].id for role in ("secretary", "officer"))
    of = DrawRound(
        allocation_id=made.allocation,
        number=1,
        rule={},
        hash="r",
        secret="s",
        commitment="c",
        source="lottery",
        public_at=now - DAY,
        reason="",
        at=now - 9 * DAY,
        by_id=first,
        office="甲",
    )
    db.session.add(of)
    db.session.flush()
    listed = FrozenList(
        round_id=of.id,
        number=1,
        hash="l",
        count=1,
        reason="",
        frozen_at=now - 5 * DAY,
        until=now - 2 * DAY,
        by_id=first,
        office="甲",
    )
    db.session.add(listed)
    db.session.flush()
    db.session.add(ListLine(list_id=listed.id, number=1, tier="other", name="人*"))
    db.session.execute(update(Allocation).values(state="frozen"))
    db.session.commit()
    here = {"round_id": of.id, "list_id": listed.id, "public_number": "1", "seed": "s"}
    here |= {"hash": "d", "office": "乙"}
    refused(insert(Draw).values(at=now, by_id=first, **here))
    refused(insert(Draw).values(at=now - 3 * DAY, by_id=second, **here))
    refused(insert(ListLine).values(list_id=listed.id, number=2, tier="other", name="人*"))
    drawn = Draw(at=now, by_id=second, **here)
    db.session.add(drawn)
    db.session.flush()
    rank = {"draw_id": drawn.id, "number": 1, "rank": 1, "tier": "other", "placed_in": "other"}
    db.session.execute(insert(DrawRank).values(**rank))
    db.session.execute(update(Allocation).values(state="drawn"))
    db.session.commit()
    refused(insert(DrawRank).values(**(rank | {"number": 2, "rank": 2})))
    refused(insert(Publication).values(draw_id=drawn.id, at=now, by_id=second, office="丙"))
    refused(insert(Publication).values(draw_id=drawn.id, at=now, by_id=first, office="乙"))
    db.session.execute(
        insert(Publication).values(draw_id=drawn.id, at=now, by_id=first, office="丙")
    )
    db.session.commit()
    for table in (DrawRound, FrozenList, ListLine, Draw, DrawRank, Publication):
        refused(delete(table))
    refused(update(DrawRound).values(secret="x"))
    refused(update(FrozenList).values(hash="x"))
    refused(update(ListLine).values(tier="partner"))
    refused(update(Draw).values(public_number="2"))
    refused(update(Draw).values(by_id=first))
    refused(update(DrawRank).values(rank=2))
    refused(update(Allocation).values(closes_at=now + 2 * DAY))
    refused(delete(Allocation))
    db.session.execute(update(Draw).values(by_id=None))
    db.session.commit()


def refused(statement) -> None:
    """Let the database refuse a statement, as an error of integrity."""
    with pytest.raises(IntegrityError):
        db.session.execute(statement)
    db.session.rollback()
