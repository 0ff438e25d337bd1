"""Mailing what was told: in each reader's language, while they may read it, and not twice."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask, url_for
from sqlalchemy import select

from civic.kernel import clock, mail
from civic.kernel.db import db
from civic.kernel.mail import Mail
from civic.kernel.tell import Kind, telling
from civic.notifications import choosing, mailing
from civic.notifications.models import InboxItem
from tests.factories import World, scalars
from tests.mailbox import SITE, letters, prove
from tests.notifications.test_telling import say


def waiting() -> list[Mail]:
    return scalars(select(Mail).where(Mail.sent_at.is_(None)).order_by(Mail.id))


def all_marked() -> bool:
    return None not in scalars(select(InboxItem.mailed_at).where(InboxItem.mail != "none"))


def test_a_mail_says_it_in_one_sentence_and_where_and_how_to_stop(
    world: World, door, folder
) -> None:
    to = prove(world.resident)
    say([world.resident.id], "停车")
    db.session.commit()
    mailing.at_once()
    mailing.at_once()
    assert mail.send_due() == 1
    [letter] = letters(folder)
    assert letter["To"] == to
    assert letter["Subject"] == "消息：停车"
    body = letter.get_content()
    assert f"{SITE}/c/erlonglu/?停车" in body
    stop = letter["List-Unsubscribe"].strip("<>")
    assert stop.startswith(f"{SITE}/mail/stop/")
    assert stop in body
    assert f"{SITE}/me/mail" in body
    assert "您在" in body
    assert all_marked()


def test_a_mail_is_written_in_the_language_of_its_reader(world: World, folder) -> None:
    prove(world.resident)
    prove(world.neighbour)
    choosing.speak(world.neighbour.id, "en")
    for who in (world.resident, world.neighbour):
        choosing.choose(who.id, {"consultations.published": "at_once"})
    db.session.commit()
    from civic.consultations import services as consultations
    from tests.factories import consultation

    draft = consultation(world.erlong, published=False)
    consultations.publish(world.actor("secretary"), world.erlong, draft)
    db.session.commit()
    mailing.at_once()
    subjects = {one.person_id: one.subject for one in waiting()}
    assert subjects == {
        world.resident.id: f"征求您的意见：{draft.title}",
        world.neighbour.id: f"You are asked: {draft.title}",
    }
    assert (
        "signing in" in next(one for one in waiting() if one.person_id == world.neighbour.id).body
    )


def test_where_access_is_gone_between_telling_and_mailing_no_mail_leaves(
    world: World, door, folder
) -> None:
    prove(world.resident)
    say([world.resident.id])
    say([world.resident.id], kind="test.later")
    db.session.commit()
    door.open = False
    mailing.at_once()
    mailing.daily()
    assert set(door.asked) == {world.resident.id}
    assert waiting() == []
    assert all_marked()
    door.open = True
    mailing.at_once()
    mailing.daily()
    assert waiting() == []


@pytest.mark.parametrize("what", ["closed", "unproven", "read", "unknown kind", "stopped"])
def test_what_has_changed_meanwhile_counts(world: World, door, folder, what: str) -> None:
    prove(world.resident)
    say([world.resident.id])
    say([world.resident.id], kind="test.later")
    db.session.commit()
    if what == "closed":
        world.resident.closed_at = clock.now()
    elif what == "unproven":
        from civic.identities.models import Contact

        db.session.scalars(
            select(Contact).filter_by(person_id=world.resident.id)
        ).one().proven_at = None
    elif what == "read":
        for item in db.session.scalars(select(InboxItem)):
            item.read_at = clock.now()
    elif what == "unknown kind":
        for code in ("test.now", "test.later"):
            telling().kinds.pop(code)
    else:
        choosing.choose(world.resident.id, {"test.now": "none", "test.later": "none"})
    db.session.commit()
    mailing.at_once()
    mailing.daily()
    assert waiting() == []
    assert all_marked()


def test_posts_count_for_what_is_mailed(world: World, folder) -> None:
    prove(world.secretary)
    seen = []
    kind = Kind(
        code="test.staff",
        title="test",
        sentence=lambda _values: "x",
        address=lambda _values: url_for("home.index"),
        still=lambda actor, _values: bool(actor.posts_at(world.erlong.path)) and not seen.append(1),
    )
    telling().declare(kind)
    try:
        say([world.secretary.id], kind="test.staff")
        db.session.commit()
        mailing.at_once()
    finally:
        telling().kinds.pop("test.staff")
    assert seen
    [one] = waiting()
    assert f"{SITE}/" in one.body


def test_one_kind_that_fails_holds_up_nobody(world: World, door, folder, caplog) -> None:
    prove(world.resident)
    say([world.resident.id], "1")
    telling().declare(
        Kind(code="test.bad", title="bad", sentence=lambda v: v["missing"], address=str)
    )
    say([world.resident.id], "2", kind="test.bad")
    say([world.resident.id], "3")
    db.session.commit()
    mailing.at_once()
    telling().kinds.pop("test.bad")
    assert [one.subject for one in waiting()] == ["消息：1", "消息：3"]
    assert "test.bad" in caplog.text
    assert all_marked()


def test_more_than_one_batch_is_handed_over(world: World, door, folder, monkeypatch) -> None:
    monkeypatch.setattr(mailing, "BATCH", 2)
    prove(world.resident)
    prove(world.neighbour)
    for number in range(5):
        say([world.resident.id, world.neighbour.id], str(number))
    db.session.commit()
    mailing.at_once()
    assert len(waiting()) == 10


def test_the_digest_is_one_mail_though_it_runs_twice(world: World, door, folder) -> None:
    prove(world.resident)
    prove(world.neighbour)
    for words in ("一", "二", "三"):
        say([world.resident.id], words, kind="test.later")
    say([world.neighbour.id], "四", kind="test.later")
    say([world.neighbour.id], "马上")
    db.session.commit()
    mailing.daily()
    mailing.daily()
    found = {one.person_id: one for one in waiting()}
    assert len(waiting()) == 2
    assert found[world.resident.id].subject == "您有3条新消息"
    body = found[world.resident.id].body
    assert [body.index(words) for words in ("一", "二", "三")] == sorted(
        body.index(words) for words in ("一", "二", "三")
    )
    assert "马上" not in found[world.neighbour.id].body
    clock.shift(timedelta(days=1))
    say([world.resident.id], "五", kind="test.later")
    db.session.commit()
    mailing.daily()
    [*_others, last] = waiting()
    assert last.subject == "您有1条新消息"
    assert "三" not in last.body


def test_a_digest_of_many_names_some(world: World, door, folder) -> None:
    prove(world.resident)
    for number in range(mailing.NAMED + 5):
        say([world.resident.id], f"第{number}条", kind="test.later")
    db.session.commit()
    mailing.daily()
    [one] = waiting()
    assert one.body.count("消息：") == mailing.NAMED
    assert "还有5条" in one.body
    assert f"{SITE}/inbox" in one.body
    assert all_marked()


def test_two_processes_queue_each_mail_once(app: Flask, world: World, door, folder) -> None:
    prove(world.resident)
    for number in range(30):
        say([world.resident.id], str(number))
        say([world.resident.id], str(number), kind="test.later")
    db.session.commit()
    barrier = Barrier(3)

    def run() -> None:
        with app.app_context():
            barrier.wait(10)
            mailing.at_once()
            mailing.daily()

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    subjects = [one.subject for one in waiting()]
    assert sorted(subjects) == sorted(
        {f"消息：{number}" for number in range(30)} | {"您有30条新消息"}
    )
