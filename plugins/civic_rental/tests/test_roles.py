"""Every page of conversions and homes, for every role."""

import pytest

HERE = "/c/erlonglu/rental/"
ANYONE = {"visitor", "member", "resident", "worker", "rental.fire", "staff", "secretary"}
OFFICE = {"rental.fire", "staff", "secretary", "street_officer", "administrator"}
STAFF = {"staff", "secretary", "street_officer", "administrator"}
ROLES = sorted(ANYONE | OFFICE)
SEEN = {
    "": set(ROLES),
    "homes/{home}/": set(ROLES),
    "homes/{home}/print": set(ROLES),
    "homes/{home}/office": STAFF,
    "conversions/": OFFICE,
    "conversions/new": STAFF,
    "conversions/{row}/": OFFICE,
    "conversions/{row}/edit": STAFF,
    "conversions/{row}/review": OFFICE,
    "conversions/{row}/review/print": OFFICE,
    "conversions/{row}/homes/new": STAFF,
}
LEADS = {"secretary", "street_officer", "administrator"}
#: Who may post what; everybody else is refused before anything is looked at.
SENT = {
    "conversions/new": STAFF,
    "conversions/{row}/edit": STAFF,
    "conversions/{row}/records": STAFF,
    "conversions/{row}/facts": STAFF,
    "conversions/{row}/partners": STAFF,
    "conversions/{row}/partners/1/remove": STAFF,
    "conversions/{row}/move": STAFF,
    "conversions/{row}/letters": STAFF,
    "conversions/{row}/review": {"rental.fire", "secretary", "street_officer"},
    "conversions/{row}/homes/new": STAFF,
    "homes/{home}/edit": STAFF,
    "homes/{home}/doors": STAFF,
    "homes/{home}/photos": STAFF,
    "homes/{home}/photos/1/remove": STAFF,
    "homes/{home}/publish": LEADS,
    "homes/{home}/take-off": LEADS,
    "opinions/1/confirm": STAFF,
    "opinions/1/take-back": STAFF,
    "opinions/1/meet": STAFF,
}


def test_every_page_and_every_act_for_every_role(story, login, client):
    home = story.public()
    at = {"home": home.id, "row": home.conversion_id}
    for role in ROLES:
        who = login.out() if role == "visitor" else login(role)
        for page, seen in SEEN.items():
            status = who.get(HERE + page.format(**at)).status_code
            assert (status == 200) == (role in seen), (role, page, status)
            assert status in {200, 302, 303, 401, 403, 404}, (role, page, status)
        for page, may in SENT.items():
            if role in may:
                continue
            status = who.post(HERE + page.format(**at), data={"act": "closed"}).status_code
            assert status in {302, 303, 401, 403}, (role, page, status)
            if status in {302, 303}:
                assert role == "visitor", page


@pytest.mark.parametrize("page", sorted(SENT))
def test_an_empty_form_is_refused_with_a_sentence(story, page):
    """Nothing that is sent empty, or about what is not there, ends in a fault."""
    home = story.public()
    address = HERE + page.format(home=home.id, row=home.conversion_id)
    for browser in (story.secretary, story.browser("street_officer")):
        answer = browser.post(address)
        assert answer.status_code in {303, 403, 404, 409, 422}, answer.status_code
        odd = browser.post(address, data={"words": "x" * 5000, "homes": "9" * 99, "to": "moon"})
        assert odd.status_code in {303, 403, 404, 409, 422}, odd.status_code
