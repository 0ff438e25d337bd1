"""Whom notices are for by the word of a plugin: one answer to a count and to a list."""

import pytest
from civic_kinds import Tenancy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from civic.communities import services as communities
from civic.communities import switching
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.notices import audience, drafts, kinds, readers
from civic.notices.models import Notice, NoticeAudience
from civic.notices.terms import Term
from tests.factories import World, actor, build_world, closed, person, standing
from tests.pages import text_of
from tests.plugged.conftest import off

CODES = ("kinds.tenant", "kinds.broken", "kinds.raises", "kinds.helper", "kinds.gone", "resident")


def rent(who: Person, node, community) -> None:
    db.session.add(Tenancy(community_id=community.id, person_id=who.id, node_id=node.id))
    db.session.flush()


def notice(world: World, *terms: Term) -> Notice:
    made = Notice(
        community_id=world.erlong.id,
        kind="notice",
        level="ordinary",
        title="通知",
        body="x",
        html="x",
        office="x",
        drafted_by=world.secretary.id,
        drafted_at=clock.now(),
        submitted_at=clock.now(),
        issued_by=world.deputy.id,
        issued_at=clock.now(),
        changed_at=clock.now(),
        year=2026,
        sequence=1,
        number="1号",
        version=1,
    )
    db.session.add(made)
    db.session.flush()
    for term in terms:
        row = vars(term) | {"notice_id": made.id}
        db.session.add(NoticeAudience(**row))
    db.session.flush()
    return made


def sees(one: Actor) -> bool:
    return db.session.scalar(select(Notice.id).where(audience.meant(one))) is not None


def both(world: World, *terms: Term) -> set[int]:
    """Return whom terms mean, as a count and each person's own list say alike."""
    made = notice(world, *terms)
    counted = list(db.session.scalars(audience.people(terms)))
    assert len(counted) == len(set(counted))
    people = db.session.scalars(select(Person).where(Person.closed_at.is_(None))).all()
    listed = {one.id for one in people if sees(actor(one))}
    assert listed == set(counted)
    assert not sees(Actor())
    for row in db.session.scalars(select(NoticeAudience).filter_by(notice_id=made.id)):
        db.session.delete(row)
    db.session.flush()
    db.session.delete(made)
    db.session.flush()
    return listed


@pytest.fixture
def houses(world: World) -> World:
    rent(world.resident, world.gate, world.erlong)
    rent(world.worker, world.building, world.erlong)
    rent(world.elsewhere, world.jingji.node, world.jingji)
    standing(world.neighbour, world.gate, "kinds.helper")
    gone = person("走了")
    rent(gone, world.gate, world.erlong)
    closed(gone)
    db.session.commit()
    return world


def term(role: str, code: str, node) -> Term:
    return Term(role=role, code=code, node_id=node.id)


def test_a_term_means_those_at_a_place_and_below_it(houses):
    w = houses
    at = {
        "gate": both(w, term("any", "kinds.tenant", w.gate)),
        "building": both(w, term("any", "kinds.tenant", w.building)),
        "community": both(w, term("any", "kinds.tenant", w.erlong.node)),
    }
    assert at == {
        "gate": {w.resident.id},
        "building": {w.resident.id, w.worker.id},
        "community": {w.resident.id, w.worker.id},
    }
    # Off in the other community and at the street, it means nobody there.
    assert both(w, term("any", "kinds.tenant", w.jingji.node)) == set()
    assert both(w, term("any", "kinds.tenant", w.street.node)) == set()


def test_terms_go_together(houses):
    w = houses
    residents = both(w, term("any", "resident", w.erlong.node))
    assert w.neighbour.id in residents
    without = both(
        w, term("any", "resident", w.erlong.node), term("none", "kinds.tenant", w.erlong.node)
    )
    assert without == residents - {w.resident.id}
    also = both(
        w, term("any", "resident", w.erlong.node), term("all", "kinds.tenant", w.erlong.node)
    )
    assert also == {w.resident.id}
    helpers = both(w, term("any", "kinds.helper", w.erlong.node))
    assert helpers == {w.neighbour.id}


@pytest.mark.parametrize("code", ["kinds.broken", "kinds.raises", "kinds.gone"])
def test_what_fails_means_nobody_and_leaves_nobody_out(houses, code, caplog):
    w = houses
    assert both(w, term("any", code, w.erlong.node)) == set()
    residents = both(w, term("any", "resident", w.erlong.node))
    either = both(w, term("any", code, w.erlong.node), term("any", "resident", w.erlong.node))
    assert either == residents
    everybody = term("any", "resident", w.erlong.node)
    assert both(w, everybody, term("all", code, w.erlong.node)) == set()
    # Who would be left out nobody knows, so that nobody sees it.
    assert both(w, everybody, term("none", code, w.erlong.node)) == set()
    if code != "kinds.gone":
        assert f"plugin kinds failed in people of {code}" in caplog.text


def test_off_it_means_nobody_and_leaves_nobody_out(houses):
    w = houses
    off(w)
    everybody = term("any", "resident", w.erlong.node)
    for code in ("kinds.tenant", "kinds.helper"):
        assert both(w, term("any", code, w.erlong.node)) == set()
        assert both(w, everybody, term("none", code, w.erlong.node)) == set()


def test_gone_it_means_nobody_and_reads_as_a_former_one(houses, without, bare_login):
    w = houses
    made = notice(w, term("any", "kinds.tenant", w.erlong.node))
    db.session.commit()
    with without.app_context():
        assert not sees(w.actor("resident"))
        assert (
            list(db.session.scalars(audience.people([term("any", "kinds.tenant", w.gate)]))) == []
        )
        db.session.rollback()
    path = f"/c/erlonglu/notices/{made.id}"
    assert bare_login(w.resident).get(path).status_code == 404
    page = bare_login(w.secretary).get(path)
    assert page.status_code == 200


def test_the_form_offers_it_where_it_is_on(houses, login):
    w = houses
    page = text_of(login(w.secretary).get("/c/erlonglu/notices/new"))
    for code in ("kinds.tenant", "kinds.helper"):
        assert f'value="{code}"' in page
    assert 'value="kinds.friend"' not in page
    data = {"code": "kinds.tenant", "node": str(w.gate.id), "role": "any", "do": "count"}
    counted = login(w.secretary).post("/c/erlonglu/notices/readers", data=data)
    assert counted.status_code == 200
    assert "Tenants" in text_of(counted)
    off(w)
    assert "kinds.tenant" not in text_of(login(w.secretary).get("/c/erlonglu/notices/new"))
    with pytest.raises(Refused) as refused:
        drafts.check_terms(communities.find("erlonglu"), [term("any", "kinds.tenant", w.gate)])
    assert refused.value.code == "audience"


def test_a_term_is_refused_at_a_place_where_it_is_off(houses):
    w = houses
    switching.switch(w.street, "kinds", on=True)
    db.session.commit()
    with pytest.raises(Refused) as refused:
        drafts.check_terms(
            communities.find("jinrongjie"), [term("any", "kinds.tenant", w.jingji.node)]
        )
    assert "Tenants" in str(refused.value)
    drafts.check_terms(communities.find("jinrongjie"), [term("any", "kinds.tenant", w.erlong.node)])


def test_nobody_private_can_be_named(app):
    assert "kinds.friend" not in readers.titles()
    assert not kinds.standings_of("kinds.friend")


@pytest.fixture(scope="module")
def crowd(kinds_sqlite):
    """People with tenancies and standings all over the tree, and a plugin on in two places."""
    app = kinds_sqlite.fresh()
    with app.test_request_context(method="POST"):
        made = build_world()
        for community in (made.erlong, made.street):
            switching.switch(community, "kinds", on=True)
        nodes = [made.street.node, made.erlong.node, made.building, made.gate, made.jingji.node]
        for number in range(15):
            who = person(f"人{number}")
            for turn in range(number % 3):
                node = nodes[(number * 3 + turn * 2) % len(nodes)]
                if (number + turn) % 2:
                    rent(who, node, made.erlong)
                else:
                    standing(who, node, "kinds.helper" if number % 4 else "resident_living")
        db.session.commit()
        yield app, made, nodes
        db.session.rollback()


LINES = st.lists(
    st.tuples(st.sampled_from(list(kinds.ROLES)), st.sampled_from(CODES), st.integers(0, 4)),
    min_size=1,
    max_size=4,
    unique=True,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=LINES)
def test_a_count_and_a_list_say_the_same(crowd, lines):
    app, made, nodes = crowd
    terms = [term(role, code, nodes[place]) for role, code, place in lines]
    if not any(each.role == "any" for each in terms):
        terms.append(term("any", "resident", made.street.node))
    with app.test_request_context(method="POST"):
        both(made, *terms)
        db.session.rollback()
