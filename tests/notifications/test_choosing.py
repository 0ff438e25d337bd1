"""Preferences, and the link in each mail that stops it without signing in."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.kernel import mail
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.mail import Mail
from civic.kernel.tell import telling
from civic.notifications import choosing, forms, mailing, stopping
from civic.notifications.models import InboxItem, MailChoice
from tests import factories
from tests.factories import World, rows, scalars
from tests.mailbox import SITE, prove
from tests.notifications.test_telling import say
from tests.pages import text_of

Login = Callable[[object], FlaskClient]


def filled(**changed: str) -> dict[str, str]:
    kinds = telling().kinds
    base = {forms.name_of(code): kind.rhythm for code, kind in kinds.items()}
    return base | {"language": "zh_Hans_CN"} | changed


def test_the_page_offers_each_kind_and_shows_what_holds(world: World, login: Login, door) -> None:
    choosing.choose(world.resident.id, {"test.now": "none"})
    db.session.commit()
    page = text_of(login(world.resident).get("/me/mail"))
    for code in telling().kinds:
        assert page.count(f'name="{forms.name_of(code)}"') == 3
    for field, rhythm in (("test-now", "none"), ("test-later", "daily")):
        checked = [
            tag
            for tag in page.split("<input")
            if f'name="{field}"' in tag and "checked" in tag.partition(">")[0]
        ]
        assert len(checked) == 1
        assert f'value="{rhythm}"' in checked[0]


def test_the_page_says_where_mail_goes_or_why_it_does_not(
    world: World, login: Login, folder
) -> None:
    client = login(world.resident)
    page = text_of(client.get("/me/mail"))
    assert "目前还无法给您发邮件" in page
    assert "/me#contacts" in page
    address = prove(world.resident)
    assert f"邮件发到 {address}" in text_of(client.get("/me/mail"))


def test_the_page_says_that_the_site_sends_no_mail(world: World, login: Login) -> None:
    prove(world.resident)
    assert "本站尚未开通邮件发送" in text_of(login(world.resident).get("/me/mail"))


def test_a_choice_is_kept_and_is_ones_own(world: World, login: Login, door) -> None:
    client = login(world.resident)
    answer = client.post("/me/mail", data=filled(**{"test-now": "daily", "language": "en"}))
    assert answer.status_code == 303
    db.session.expire_all()
    assert choosing.choices(world.resident.id)["test.now"] == "daily"
    assert choosing.choices(world.neighbour.id)["test.now"] == "at_once"
    db.session.refresh(world.resident)
    assert world.resident.language == "en"
    assert world.neighbour.language == "zh_Hans_CN"


@pytest.mark.parametrize("bad", [{"test-now": "hourly"}, {"test-now": ""}, {"language": "xx"}])
def test_what_is_not_offered_is_refused_and_the_rest_kept(
    world: World, login: Login, door, bad: dict[str, str]
) -> None:
    answer = login(world.resident).post("/me/mail", data=filled(**{"test-later": "none"} | bad))
    assert answer.status_code == 422
    page = text_of(answer)
    later = [tag for tag in page.split("<input") if 'name="test-later"' in tag and "checked" in tag]
    assert 'value="none"' in later[0]
    assert scalars(select(MailChoice)) == []


@pytest.mark.parametrize("wanted", [{"nothing.known": "none"}, {"test.now": "hourly"}])
def test_the_service_takes_only_what_exists(world: World, door, wanted: dict[str, str]) -> None:
    with pytest.raises(Refused):
        choosing.choose(world.resident.id, wanted)


def test_choices_at_one_moment_all_pass_and_one_holds(app: Flask, world: World, door) -> None:
    person_id, saved = world.resident.id, []
    db.session.commit()
    barrier = Barrier(6)

    def save(rhythm: str) -> None:
        with app.app_context():
            barrier.wait(10)
            choosing.choose(person_id, dict.fromkeys(telling().kinds, rhythm))
            db.session.commit()
            saved.append(rhythm)

    threads = [Thread(target=save, args=(one,)) for one in ("none", "daily", "at_once") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(saved) == 6
    found = rows(select(MailChoice.kind, MailChoice.rhythm).filter_by(person_id=person_id))
    assert len(found) == len(telling().kinds)
    assert len({rhythm for _kind, rhythm in found}) == 1


def link(person_id: int, kind: str) -> str:
    return stopping.path(person_id, kind)


@pytest.mark.parametrize("kind", ["test.now", stopping.ALL])
def test_the_link_shows_and_only_the_button_stops(
    world: World, login: Login, door, folder, kind: str
) -> None:
    client = login(None)
    page = text_of(client.get(link(world.resident.id, kind)))
    assert world.resident.name not in page
    assert scalars(select(MailChoice)) == []
    # What a mail program sends by itself (RFC 8058).
    answer = client.post(link(world.resident.id, kind), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    found = choosing.choices(world.resident.id)
    never = {code for code, item in telling().kinds.items() if item.rhythm == "none"}
    stopped = {code for code, rhythm in found.items() if rhythm == "none"}
    assert stopped == ({"test.now"} | never if kind else set(telling().kinds))
    others = choosing.choices(world.neighbour.id)
    assert {code for code, rhythm in others.items() if rhythm == "none"} == never


def test_all_mail_can_be_stopped_from_the_mail_of_one_kind(
    world: World, login: Login, door
) -> None:
    login(None).post(link(world.resident.id, "test.now"), data={"what": "all"})
    assert set(choosing.choices(world.resident.id).values()) == {"none"}


def test_the_link_works_with_csrf_on(app: Flask, world: World, door) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = app.test_client()
        assert client.post(link(world.resident.id, "test.now")).status_code == 200
        assert client.post("/inbox/read").status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_link_that_was_not_made_here_or_whose_person_left_is_none(
    world: World, login: Login, door
) -> None:
    client = login(None)
    good = link(world.resident.id, "test.now")
    for path in (good + "x", "/mail/stop/x", link(10**6, "test.now")):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    factories.closed(world.resident)
    db.session.commit()
    assert client.get(good).status_code == 404


def test_what_was_queued_already_is_dropped_by_stopping(
    world: World, login: Login, door, folder
) -> None:
    for who in (world.resident, world.neighbour):
        prove(who)
    both = [world.resident.id, world.neighbour.id]
    say(both)
    say(both, kind="test.later")
    db.session.commit()
    mailing.at_once()
    mailing.daily()
    say(both)  # which waits in the inbox for its mail
    mail.queue("wang@example.com", "recovery", "code", person_id=world.resident.id)
    db.session.commit()
    login(None).post(link(world.resident.id, stopping.ALL))
    mailing.at_once()
    left = rows(
        select(Mail.person_id, Mail.subject).where(Mail.given_up_at.is_(None)).order_by(Mail.id)
    )
    mine = [subject for person_id, subject in left if person_id == world.resident.id]
    assert mine == ["recovery"]
    assert len(left) == 4
    dropped = scalars(select(Mail).where(Mail.given_up_at.is_not(None)))
    assert {one.body for one in dropped} == {""}
    waiting = select(InboxItem.person_id).where(InboxItem.mailed_at.is_(None))
    assert scalars(waiting) == []


def test_links_are_absolute_and_stable(world: World, folder) -> None:
    first = mail.absolute(link(world.resident.id, "a.b"))
    assert first == mail.absolute(link(world.resident.id, "a.b"))
    assert first.startswith(f"{SITE}/mail/stop/")
    assert first != mail.absolute(link(world.resident.id, ""))
