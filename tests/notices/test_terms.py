"""Whom a notice is for: the same answer to one actor, to a count, and to a list."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from civic.communities import kinds as places
from civic.communities import services as communities
from civic.communities.models import Node
from civic.identities.kinds import POSTS, STANDINGS
from civic.identities.models import Appointment, Person
from civic.identities.services import appoint
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.notices import audience, kinds
from civic.notices.models import Notice, NoticeAudience
from civic.notices.terms import Term, matches, sound
from tests.factories import actor, build_world, person, standing

PEOPLE, LEVELS = 24, (0, 2, 3)
CODES = (
    "resident",
    "owner",
    "worker",
    "unit",
    "staff",
    "secretary",
    "resident_living",
    "gate_head",
)


@pytest.fixture(scope="module")
def crowd(sqlite) -> tuple[Flask, list[int], list[Person], Notice]:
    """People with standings and posts all over the tree, in force, over and not begun."""
    app = sqlite.fresh()
    with app.test_request_context(method="POST"):
        world = build_world()
        other = communities.add_node(places.BUILDING, "9号楼", world.erlong.node)
        nodes = [world.street.node, world.erlong.node, world.building, world.gate, other]
        nodes.append(world.jingji.node)
        held = ("resident_living", "owner", "worker", "gate_head", "resident_unit", "party_member")
        everybody = list(world.people.values())
        day = timedelta(days=1)
        for number in range(PEOPLE):
            made = person(f"人{number}")
            everybody.append(made)
            for turn in range(number % 3):
                kind = held[(number * 5 + turn * 3) % len(held)]
                level = LEVELS[(number + turn) % 3]
                row = standing(made, nodes[(number + turn * 2) % len(nodes)], kind, level=level)
                if (number + turn) % 7 == 3:
                    row.valid_to = clock.now() - day
                if (number + turn) % 11 == 5:
                    row.valid_from = clock.now() + day
            if number % 5 == 0:
                node = nodes[number % len(nodes)]
                kind = list(POSTS)[number % len(POSTS)]
                appoint(made, communities.add_post(node, kind, f"post{number}", "办公室").id)
        ended = db.session.scalars(select(Appointment).order_by(Appointment.id.desc())).first()
        ended.valid_to = clock.now() + timedelta(microseconds=1)
        notice = Notice(
            community_id=world.jingji.id,
            kind="notice",
            level="ordinary",
            title="通知",
            body="x",
            html="x",
            office="x",
            drafted_by=everybody[0].id,
            drafted_at=clock.now(),
            submitted_at=clock.now(),
            issued_by=everybody[1].id,
            issued_at=clock.now(),
            changed_at=clock.now(),
            year=2026,
            sequence=1,
            number="1号",
            version=1,
        )
        db.session.add(notice)
        db.session.commit()
        yield app, [node.id for node in nodes], everybody, notice


def terms(nodes: int) -> st.SearchStrategy[list[tuple[str, str, int, int]]]:
    line = st.tuples(
        st.sampled_from(list(kinds.ROLES)),
        st.sampled_from(CODES),
        st.integers(0, nodes - 1),
        st.sampled_from(LEVELS),
    )
    return st.lists(line, max_size=4, unique_by=lambda item: item[:3])


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_one_expression_has_three_faces(crowd, data):
    app, nodes, everybody, notice = crowd
    drawn = data.draw(terms(len(nodes)))
    found = [
        Term(role=role, code=code, node_id=nodes[place], min_level=level)
        for role, code, place, level in drawn
    ]
    with app.test_request_context(method="POST"):
        actors = {who.id: actor(who) for who in everybody}
        pure = {number for number, one in actors.items() if matches(one, found)}
        counted = list(db.session.scalars(audience.people(found)))
        assert len(counted) == len(set(counted))
        assert set(counted) == pure
        db.session.add_all(
            NoticeAudience(
                notice_id=notice.id,
                role=term.role,
                code=term.code,
                node_id=term.node_id,
                min_level=term.min_level,
            )
            for term in found
        )
        db.session.flush()
        listed = {number for number, one in actors.items() if _sees(one)}
        assert listed == pure
        assert _sees(Actor()) == matches(Actor(), found)
        # Those with a post at the issuing place or above see what is issued in any case.
        shown = {number for number, one in actors.items() if _sees(one, audience.visible(one))}
        here = db.session.get_one(Node, notice.community_id).path
        staff = {number for number, one in actors.items() if one.posts_at(here)}
        assert shown == pure | staff
        db.session.rollback()


def _sees(one: Actor, condition=None) -> bool:
    condition = audience.meant(one) if condition is None else condition
    return db.session.scalar(select(Notice.id).where(condition)) is not None


def test_nobody_private_can_be_named():
    private = {code for code, kind in STANDINGS.items() if kind.private}
    assert private
    assert not private & kinds.CODES.keys()
    for code in (*kinds.CODES, *private):
        assert not private & kinds.standings_of(code)


def test_standings_and_posts_share_no_code():
    assert not STANDINGS.keys() & POSTS.keys()
    assert not kinds.GROUPS.keys() & POSTS.keys()


def test_leaving_out_alone_is_not_sound():
    left_out = Term(role=kinds.NONE, code="resident", node_id=1)
    assert not sound([left_out])
    assert sound([])
    assert sound([left_out, Term(role=kinds.ANY, code="owner", node_id=1)])
