"""What one may do at a place, and why: the page says what the rule does."""

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from civic.identities import rights_views
from civic.identities.kinds import PARTICIPANT, PARTICIPATES_FROM, POSTS, STAFF, STANDINGS
from civic.identities.rights import rights
from civic.kernel.permissions import Actor, Held, Permission
from tests.factories import ROLES, World
from tests.pages import text_of

#: A street with two communities, and buildings in each.
PATHS = ((1,), (1, 2), (1, 3), (1, 2, 4), (1, 2, 5), (1, 3, 6), (9,), (9, 10))
CODES = (*STANDINGS, *POSTS, PARTICIPANT, STAFF, "resident", "worker", "anyone")


@st.composite
def standings(draw) -> Held:
    code, level = draw(st.sampled_from(list(STANDINGS))), draw(st.integers(0, 4))
    groups = STANDINGS[code].groups | ({PARTICIPANT} if level >= PARTICIPATES_FROM else set())
    return Held(code, draw(st.sampled_from(PATHS)), frozenset(groups), level)


@st.composite
def posts(draw) -> Held:
    path = draw(st.sampled_from(PATHS))
    return Held(draw(st.sampled_from(list(POSTS))), path, frozenset({STAFF}), title="街道")


PERMISSIONS = st.lists(
    st.builds(
        lambda n, codes: Permission(f"a.{n}", "x", tuple(codes)),
        st.integers(),
        st.sets(st.sampled_from(CODES), min_size=1, max_size=4),
    ),
    max_size=6,
)
HELD = {"standings": st.lists(standings(), max_size=5), "posts": st.lists(posts(), max_size=4)}


def english(permission: Permission) -> str:
    """Return a title as it is written, without a catalogue."""
    return str(permission.title._args[0])


def may(actor: Actor, permissions: list[Permission], path: tuple[int, ...]) -> list[bool]:
    return [right.may for right in rights(actor, permissions, path)]


@given(**HELD, permissions=PERMISSIONS, path=st.sampled_from(PATHS))
def test_it_says_what_the_rule_does(standings, posts, permissions, path) -> None:
    actor = Actor(1, standings=tuple(standings), posts=tuple(posts))
    for right in rights(actor, permissions, path):
        does = not actor.groups(path).isdisjoint(right.permission.groups)
        assert right.may == does
        assert bool(right.needs) != right.may
        assert right.may == bool(right.because or "anyone" in right.permission.groups)


@given(**HELD, permissions=PERMISSIONS, path=st.sampled_from(PATHS))
def test_it_is_the_union_over_what_is_held(standings, posts, permissions, path) -> None:
    whole = may(Actor(1, standings=tuple(standings), posts=tuple(posts)), permissions, path)
    parts = [Actor(1)]
    parts += [Actor(1, standings=(held,)) for held in standings]
    parts += [Actor(1, posts=(held,)) for held in posts]
    each = [may(part, permissions, path) for part in parts]
    assert whole == [any(found) for found in zip(*each, strict=True)]


@given(**HELD, permissions=PERMISSIONS)
def test_a_standing_counts_above_and_a_post_below_and_nothing_everywhere(
    standings, posts, permissions
) -> None:
    for held in standings:
        for path in PATHS:
            if held.path[: len(path)] != path:
                alone = Actor(1, standings=(held,))
                assert may(alone, permissions, path) == may(Actor(1), permissions, path)
    for held in posts:
        for path in PATHS:
            if path[: len(held.path)] != held.path:
                alone = Actor(1, posts=(held,))
                assert may(alone, permissions, path) == may(Actor(1), permissions, path)
    nobody = Actor()
    assert may(nobody, permissions, (1,)) == ["anyone" in row.groups for row in permissions]


@given(posts=HELD["posts"], permissions=PERMISSIONS, path=st.sampled_from(PATHS))
def test_a_post_that_waits_gives_nothing_yet(posts, permissions, path) -> None:
    for right in rights(Actor(1), permissions, path, posts):
        assert right.because == ()
        would = Actor(1, posts=tuple(posts))
        assert bool(right.waiting) == (
            not frozenset()
            .union(*(held.groups | {held.code} for held in would.posts_at(path)))
            .isdisjoint(right.permission.groups)
        )


@pytest.mark.parametrize("role", ROLES)
def test_every_declared_permission_is_on_the_page(
    app: Flask, world: World, login, role: str
) -> None:
    client = login(None if role == "anonymous" else world.people[role])
    client.set_cookie("lang", "en")
    page = text_of(client.get("/c/erlonglu/rights"))
    known = app.extensions["civic_permissions"].known
    for permission in known.values():
        if permission.code.partition(".")[0] not in app.extensions["civic_plugins"].loaded:
            assert english(permission) in page
    may_verify = role in {"secretary", "officer"}
    title = english(known["identities.verify"])
    said = re.search(rf"You (may|may not): </span>{title}", page)
    assert (said[1] == "may") == may_verify
    if role == "officer":
        assert "Because: Street officer · 社区建设办公室" in page


def test_a_refusal_leads_to_the_page(world: World, login) -> None:
    refused = login(world.resident).get("/c/erlonglu/desk/people/")
    assert refused.status_code == 403
    assert '"/c/erlonglu/rights"' in text_of(refused)
    assert '"/c/erlonglu/rights"' in text_of(login(world.resident).get("/me"))


def test_every_group_of_a_permission_has_words(app: Flask) -> None:
    named = {*rights_views.GROUPS, *STANDINGS, *POSTS}
    for permission in app.extensions["civic_permissions"].known.values():
        assert permission.groups <= named, permission.code
