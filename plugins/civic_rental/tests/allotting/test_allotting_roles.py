"""Every page of allotments by every role, and how many statements the lists take."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from civic.api import db
from civic_rental import allocation_views, allot_views, applicant_views, apply_views, check_views
from civic_rental.allocation_models import Draw
from civic_rental.application_models import Applicant, Plea
from civic_rental.manifest import plugin

HERE = "/c/erlonglu/rental/"
DAY = timedelta(days=1)
NUMBER = "03,11,17,22,29,33+08"
EVERYBODY = ("visitor", "member", "resident", "worker", "staff", "secretary", "officer", "head")
#: What each role gets of each page; who is not named gets the first number.
READS = {
    "allocations/": {},
    "allocations/{one}/": {},
    "allocations/{one}/lists/1/": {},
    "allocations/{one}/lists/1/list.txt": {},
    "allocations/{one}/draws/{draw}/": {},
    "allocations/{one}/draws/{draw}/draw.json": {},
    "allocations/{one}/draws/{draw}/draw.csv": {},
    "verify_draw.py": {},
}
STAFF = {"visitor": 302, "member": 403, "resident": 403, "worker": 403}
ALLOTS = STAFF | {"staff": 403, "officer": 403}
KEPT = {
    "allocations/new": ALLOTS,
    "allocations/{one}/edit": ALLOTS | {"secretary": 303, "head": 303},
    "allocations/{one}/conduct": dict.fromkeys(
        ("visitor", "member", "resident", "worker", "staff"), 303
    ),
    "allocations/{one}/applications/": STAFF,
    "allocations/{one}/doubles": STAFF,
    "applications/{mine}/check": STAFF,
    "appeals/{plea}": ALLOTS,
}
OWN = {
    "applications/{mine}/": dict.fromkeys(EVERYBODY, 404)
    | {"visitor": 302, "member": 403, "staff": 403, "secretary": 403, "officer": 403, "head": 403},
    "applications/{mine}/household": dict.fromkeys(EVERYBODY, 404)
    | {"visitor": 302, "member": 403, "staff": 403, "secretary": 403, "officer": 403, "head": 403},
}
#: Who may do what; everybody else is refused before anything is looked at.
ACTS = {
    "allocations/new": ("secretary", "head"),
    "allocations/{one}/edit": ("secretary", "head"),
    "allocations/{one}/fix": ("secretary", "head"),
    "allocations/{one}/freeze": ("secretary", "head"),
    "allocations/{one}/draw": ("officer",),
    "allocations/{one}/publish": ("secretary", "head"),
    "allocations/{one}/anew": ("secretary", "head"),
    "allocations/{one}/offer": ("secretary", "head"),
    "allocations/{one}/close": ("secretary", "head"),
    "allocations/{one}/doubles": ("staff", "secretary", "officer", "head"),
    "allocations/{one}/applications.xlsx": ("staff", "secretary", "officer", "head"),
    "applications/{mine}/check": ("staff", "secretary", "officer", "head"),
    "appeals/{plea}": ("secretary", "head"),
    "allocations/{one}/apply": ("resident", "worker"),
    "allocations/{one}/lists/1/objections": ("resident", "worker"),
    "applications/{mine}/household": ("resident", "worker"),
    "applications/{mine}/submit": ("resident", "worker"),
    "applications/{mine}/discard": ("resident", "worker"),
    "applications/{mine}/withdraw": ("resident", "worker"),
    "applications/{mine}/accept": ("resident", "worker"),
    "applications/{mine}/decline": ("resident", "worker"),
    "applications/{mine}/review": ("resident", "worker"),
}


@pytest.fixture
def played(allot, stranger):
    """Return the browsers of all roles, and the numbers that stand in addresses."""
    one = allot.published(3)
    mine = db.session.scalars(select(Applicant).filter_by(number=1)).one()
    allot.applicant(0).post(f"{HERE}applications/{mine.id}/review", data={"text": "请复核"})
    roles = {
        "visitor": stranger,
        "member": allot.login("member", name="路人甲"),
        "resident": allot.browser("resident", "宋大爷"),
        "worker": allot.browser("worker", "别的人"),
        "staff": allot.staff,
        "secretary": allot.secretary,
        "officer": allot.officer,
        "head": allot.head,
    }
    numbers = {
        "one": one.id,
        "mine": mine.id,
        "draw": db.session.scalars(select(Draw.id)).one(),
        "plea": db.session.scalars(select(Plea.id)).one(),
    }
    return roles, numbers


def test_every_page_gives_each_role_what_it_may_see(played):
    roles, numbers = played
    wrong = []
    for page, others in (READS | KEPT | OWN).items():
        for role, browser in roles.items():
            answer = browser.get(HERE + page.format(**numbers))
            wanted = others.get(role, 200)
            if answer.status_code not in {wanted, 401 if role == "visitor" else wanted}:
                wrong.append((page, role, answer.status_code, wanted))
    assert wrong == []


def test_every_act_is_refused_to_whoever_may_not_do_it(played):
    roles, numbers = played
    wrong = []
    for page, able in ACTS.items():
        for role, browser in roles.items():
            status = browser.post(HERE + page.format(**numbers), data={"act": "x"}).status_code
            refused = status in ({303, 401} if role == "visitor" else {403})
            if role in able:
                # Nobody of these can do it to this allotment now: an answer, and no crash.
                refused = refused or status >= 500
                if refused:
                    wrong.append((page, role, status))
            elif not refused:
                wrong.append((page, role, status))
    assert wrong == []


def test_every_route_of_these_modules_is_tried_here(client):
    modules = {
        module.__name__
        for module in (allocation_views, allot_views, applicant_views, apply_views, check_views)
    }
    here = set()
    for rule in client.application.url_map.iter_rules():
        view = client.application.view_functions[rule.endpoint]
        inner = getattr(view, "__wrapped__", view)
        if rule.endpoint.startswith(f"{plugin.name}.") and inner.__module__ in modules:
            here |= {(method, rule.endpoint) for method in rule.methods & {"GET", "POST"}}
    tried = {
        (method, client.application.url_map.bind("x").match(path, method)[0])
        for method, pages in (("GET", READS | KEPT | OWN), ("POST", ACTS))
        for page in pages
        for path in [HERE + page.format(one=1, mine=1, draw=1, plea=1)]
    }
    assert here == tried


@contextmanager
def counted():
    seen = []

    def note(_c, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_lists_take_as_many_statements_for_many_as_for_few(allot, stranger):
    one = allot.opened()
    pages = {
        allot.staff: [f"allocations/{one.id}/applications/", f"allocations/{one.id}/doubles"],
        stranger: ["allocations/", f"allocations/{one.id}/"],
    }

    def statements():
        found = []
        for browser, addresses in pages.items():
            for address in addresses:
                browser.get(HERE + address)
                with counted() as seen:
                    assert browser.get(HERE + address).status_code == 200
                found.append(len(seen))
        return found

    for number in range(2):
        allot.apply(number, one, ("far",), address="同一地址1号")
    few = statements()
    for number in range(2, 9):
        allot.apply(number, one, ("far",), address="同一地址1号")
    assert statements() == few


def test_the_home_page_asks_once_for_its_panel_and_once_for_what_waits(allot):
    one = allot.opened()
    who = allot.applicant(0)
    allot.apply(0, one)
    who.get("/c/erlonglu/")
    with counted() as seen:
        who.get("/c/erlonglu/")
    mine = [statement for statement in seen if "rental_" in statement]
    assert len([statement for statement in mine if "rental_listing.published_at" in statement]) == 1
    assert len(mine) <= 2, mine
