"""Who sees which page of the lists, and that long lists ask no more."""

import re

import pytest
from sqlalchemy import event

from civic.api import clock, db
from civic_party.joint_models import Match, Project
from civic_party.list_models import Need, Resource

HERE = "/c/erlonglu/party/"
#: Visitor, account without standing, resident who posted, another resident, liaison, staff, lead,
#: and the lead of another community.
ROLES = ("visitor", "member", "club", "other", "bank", "staff", "secretary", "elsewhere")
SIGN_IN = 302


def browsers(lists, client):
    found = {
        "member": lists.browser("member"),
        "club": lists.club,
        "other": lists.browser("resident", "李秀英"),
        "bank": lists.bank,
        "staff": lists.staff,
        "secretary": lists.secretary,
        "elsewhere": lists.login("secretary", at="jingjidao"),
    }
    lists.login.out()
    return found | {"visitor": client}


def test_pages_by_roles(lists, client):
    """Everybody reads what is public; drafts, proposals and tools are for whom they concern."""
    project = lists.project()
    match = lists.last(Match)
    draft = lists.posted("needs", form_key="draft", title="还没审核")
    hidden = lists.posted("resources", form_key="hidden", title="还没审核的食堂")
    lists.public("needs", form_key="open", title="还空着", days_1=[4])
    proposed = lists.last(Match)
    assert proposed.id != match.id
    unmatched = proposed.need_id
    everybody = (200,) * 8
    pages = {
        "needs/": everybody,
        "resources/": everybody,
        "projects/": everybody,
        "lists/print": everybody,
        "needs/export": everybody,
        f"needs/{match.need_id}": everybody,
        f"resources/{match.resource_id}": everybody,
        f"projects/{project.id}": everybody,
        f"matches/{match.id}": everybody,
        f"needs/{draft.id}": (404, 404, 200, 404, 404, 200, 200, 404),
        f"resources/{hidden.id}": (404, 404, 404, 404, 200, 200, 200, 404),
        f"matches/{proposed.id}": (404, 404, 200, 404, 200, 200, 200, 404),
        "needs/new": (SIGN_IN, 403, 200, 200, 200, 200, 200, 403),
        "resources/new": (SIGN_IN, 403, 403, 403, 200, 403, 403, 403),
        f"needs/{draft.id}/edit": (SIGN_IN, 403, 200, 404, 404, 303, 303, 403),
        f"resources/{hidden.id}/edit": (SIGN_IN, 403, 403, 403, 200, 403, 403, 403),
        f"needs/{unmatched}/fits": (SIGN_IN, 403, 200, 403, 403, 200, 200, 403),
        "walks/": (SIGN_IN, 403, 403, 403, 403, 200, 200, 403),
    }
    found = browsers(lists, client)
    for path, expected in pages.items():
        said = tuple(found[role].get(f"{HERE}{path}").status_code for role in ROLES)
        assert said == expected, path


def test_acts_by_roles(lists, client):
    """Nobody does what is not theirs, and nothing changes where they try."""
    project = lists.project()
    draft = lists.posted("needs", form_key="draft", title="还没审核")
    lists.public("needs", form_key="open", title="还空着", days_1=[4])
    match = lists.last(Match)
    acts = {
        f"needs/{draft.id}/check": ({"act": "publish"}, (401, 403, 403, 403, 403, None, None, 403)),
        f"needs/{draft.id}/withdraw": ({}, (401, 403, None, 404, 404, 422, 422, 403)),
        f"needs/{match.need_id}/propose": (
            {"resource": "1", "project": "0"},
            (401, 403, 403, 403, 403, 403, 409, 403),
        ),
        f"matches/{match.id}/accept": ({"side": "x"}, (401, 403, 422, 404, 422, 422, 422, 403)),
        f"matches/{match.id}/decline": (
            {"side": "need", "words": "x"},
            (401, 403, None, 404, 403, 403, 403, 403),
        ),
        f"projects/{project.id}/move": (
            {"act": "begin"},
            (401, 403, None, 403, 403, 403, None, 403),
        ),
        f"projects/{project.id}/rate": (
            {"need": "1", "stars": "5"},
            (401, 403, 409, 409, 409, 409, 409, 403),
        ),
        "walks/": ({"one": "1"}, (401, 403, 403, 403, 403, 422, 422, 403)),
    }
    found = browsers(lists, client)
    for path, (data, expected) in acts.items():
        for role, status in zip(ROLES, expected, strict=True):
            if status is not None:
                said = found[role].post(f"{HERE}{path}", data=data).status_code
                assert said == status, (path, role)
    assert db.session.get(Match, match.id).state == "proposed"
    assert db.session.get(Project, project.id).state == "planned"
    assert db.session.get(Need, draft.id).state == "checking"


def statements(browser, address):
    said = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert browser.get(address).status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)
    return said


def many(lists, count):
    """Add needs and resources that are public, and projects of both."""
    need, resource, match = lists.last(Need), lists.last(Resource), lists.last(Match)
    now = clock.now()

    def copy(row, **changed):
        kept = {
            key: getattr(row, key)
            for key in [column.key for column in row.__table__.columns]
            if key != "id"
        }
        made = type(row)(**(kept | changed))
        db.session.add(made)
        db.session.flush()
        return made

    for number in range(count):
        project = copy(lists.last(Project), title=f"项目{number}", made_at=now)
        one = copy(need, form_key=f"m{number}", state="matched", title=f"需求{number}")
        copy(need, form_key=f"p{number}", state="public", title=f"空{number}")
        copy(need, form_key=f"c{number}", state="checking", title=f"新{number}")
        other = copy(resource, form_key=f"mr{number}", title=f"资源{number}")
        copy(match, need_id=one.id, resource_id=other.id, project_id=project.id)
        copy(
            match,
            need_id=lists.all(Need)[0].id,
            resource_id=other.id,
            state="proposed",
            project_id=None,
            need_yes_at=None,
            need_yes_by=None,
        )
    db.session.commit()


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("needs/", 12),
        ("resources/", 12),
        ("projects/", 12),
        ("needs/export", 12),
        ("projects/export", 12),
        ("lists/print", 13),
        ("needs/1", 14),
        ("projects/1", 18),
    ],
)
def test_a_long_list_asks_no_more(lists, path, most):
    lists.project()
    who = lists.club
    address = HERE + path
    statements(who, address)
    few = statements(who, address)
    many(lists, 25)
    statements(who, address)
    found = statements(who, address)
    assert len(found) <= len(few) + 1, "\n".join(found)
    assert len(found) <= most, "\n".join(found)


def test_what_fits_and_the_desk_ask_no_more_for_many(lists):
    lists.public("resources")
    need = lists.public("needs")
    lists.project()
    for who, address in (
        (lists.secretary, f"{HERE}needs/{need.id}/fits"),
        (lists.secretary, "/desk/"),
    ):
        statements(who, address)
        few = statements(who, address)
        if "fits" in address:
            many(lists, 12)
        found = statements(who, address)
        assert len(found) <= len(few) + 2, "\n".join(found)


def test_the_home_page_asks_one_statement_of_the_lists(lists):
    lists.public("resources")
    lists.public("needs")
    home = "/c/erlonglu/"
    statements(lists.bank, home)
    found = [said for said in statements(lists.bank, home) if "party_match" in said]
    assert len(found) == 1
    lists.login.out()
    found = statements(lists.login.client, home)
    assert not [said for said in found if "party_need" in said]


def test_no_two_things_of_a_page_have_one_id(lists):
    project = lists.project()
    draft = lists.posted("needs", lists.staff, side="office", form_key="draft", title="另一间")
    lists.public("needs", form_key="open", title="还空着", days_1=[4])
    match = lists.last(Match)
    for who, path in (
        (lists.secretary, f"needs/{draft.id}"),
        (lists.secretary, f"needs/{match.need_id}/fits"),
        (lists.club, f"matches/{match.id}"),
        (lists.club, f"projects/{project.id}"),
        (lists.secretary, f"projects/{project.id}"),
        (lists.bank, "resources/new"),
        (lists.club, "needs/new"),
        (lists.club, "needs/"),
        (lists.secretary, "walks/"),
    ):
        ids = re.findall(r'\sid="([^"]+)"', who.get(f"{HERE}{path}").text)
        assert len(ids) == len(set(ids)), (path, sorted(ids))
