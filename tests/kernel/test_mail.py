"""Mail: queued with the act, taken before it is sent, at least once, and then forgotten."""

import stat
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from civic.kernel import clock, config, mail, mailers
from civic.kernel.db import db
from civic.kernel.errors import Misconfigured
from civic.kernel.mail import ATTEMPTS, Mail
from tests.factories import scalars
from tests.mailbox import SITE, letters, mail_server, parsed, sending

SUBJECT = "二龙路停车怎么办？您有一条新消息，请在11月29日18:00之前表达意见，谢谢您的参与和支持"
BODY = "王桂兰：\n\n您好。\n. 一行\n" + "很长的一行" * 300


@pytest.fixture
def folder(app: Flask, tmp_path: Path):
    with sending(app, f"file://{tmp_path}/mail%20box"):
        yield tmp_path / "mail box"


def queued(to: str = "wang@example.com") -> Mail:
    made = mail.queue(to, SUBJECT, BODY, stop=f"{SITE}/mail/stop/x")
    db.session.commit()
    return made


def row() -> Mail:
    [found] = scalars(select(Mail))
    return found


def test_a_mail_goes_with_its_transaction(app: Flask, folder: Path) -> None:
    mail.queue("wang@example.com", SUBJECT, BODY)
    db.session.rollback()
    assert mail.send_due() == 0
    assert not folder.exists()


def test_a_mail_becomes_a_file_once_and_is_erased(app: Flask, folder: Path) -> None:
    queued()
    assert mail.send_due() == 1
    assert mail.send_due() == 0
    [path] = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    [letter] = letters(folder)
    assert letter["To"] == "wang@example.com"
    assert letter["From"] == "二龙路社区 <civic@example.org>"
    assert letter["Subject"] == SUBJECT
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == f"<{SITE}/mail/stop/x>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.get_content().replace("\r\n", "\n").strip() == BODY
    sent = row()
    assert sent.sent_at is not None
    assert (sent.address, sent.subject, sent.body, sent.stop) == ("", "", "", "")


def test_where_mail_is_not_set_up_nothing_leaves(app: Flask) -> None:
    queued()
    assert not mail.ready()
    assert mail.send_due() == 0
    assert row().attempts == 0


class Killed(BaseException):
    """The process dies."""


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_process_that_dies_between_taking_and_sending_loses_nothing(
    app: Flask, folder: Path, monkeypatch, at: str
) -> None:
    queued()
    send = mailers.Files.send

    def die(self, letter) -> None:
        if at == "after":
            send(self, letter)
        raise Killed

    monkeypatch.setattr(mailers.Files, "send", die)
    with pytest.raises(Killed):
        mail.send_due()
    db.session.rollback()
    monkeypatch.setattr(mailers.Files, "send", send)
    # Somebody has it in their hands, for all that others know.
    assert mail.send_due() == 0
    clock.shift(mail.TAKEN + timedelta(seconds=1))
    before = letters(folder) if folder.exists() else []
    assert mail.send_due() == 1
    [letter] = letters(folder)
    assert [one["Message-ID"] for one in before] == [letter["Message-ID"]] * len(before)
    assert row().sent_at is not None


def test_two_drains_never_send_one_mail_at_the_same_time(
    app: Flask, folder: Path, monkeypatch
) -> None:
    for number in range(12):
        mail.queue(f"p{number}@example.com", SUBJECT, BODY)
    db.session.commit()
    seen: list[str] = []
    send = mailers.Files.send
    monkeypatch.setattr(
        mailers.Files, "send", lambda self, one: (seen.append(one.to), send(self, one))
    )
    barrier = Barrier(3)

    def drain() -> None:
        with app.app_context():
            barrier.wait(10)
            mail.send_due()

    threads = [Thread(target=drain) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(seen) == sorted(f"p{number}@example.com" for number in range(12))


def test_a_mail_server_takes_what_was_written_over_one_connection(app: Flask) -> None:
    with mail_server() as box, sending(app, box.url):
        for name in ("wang", "li", "zhao"):
            queued(f"{name}@example.com")
        assert mail.send_due() == 3
    assert box.talks == 1
    assert [to for _sender, to, _content in box.taken] == [
        ["wang@example.com"],
        ["li@example.com"],
        ["zhao@example.com"],
    ]
    sender, _to, content = box.taken[0]
    assert sender == "civic@example.org"
    letter = parsed(content)
    assert letter["Subject"] == SUBJECT
    assert letter.get_content().replace("\r\n", "\n").strip() == BODY
    assert all(len(line) <= 998 for line in content.splitlines())


@pytest.mark.parametrize(
    ("says", "dies_at", "over"),
    [
        ({"RCPT": "550 no such user <wang@example.com>"}, "", True),
        ({"RCPT": "450 busy"}, "", False),
        ({"DATA": "554 no"}, "", True),
        ({"END": "554 spam"}, "", True),
        ({"END": "451 later"}, "", False),
        # Of our settings, not of this mail: it must not be given up for them.
        ({"MAIL": "550 not you"}, "", False),
        ({"EHLO": "554 no", "HELO": "554 no"}, "", False),
        ({}, "DATA", False),
        ({}, "END", False),
        ({}, "EHLO", False),
    ],
)
def test_what_fails_for_good_is_given_up_and_what_fails_for_now_is_tried_again(
    app: Flask, says: dict[str, str], dies_at: str, over: bool
) -> None:
    queued()
    with mail_server() as box, sending(app, box.url):
        box.says, box.dies_at = says, dies_at
        assert mail.send_due() == 0
        found = row()
        assert (found.given_up_at is not None) == over
        assert found.error
        assert found.address == "wang@example.com"
        box.says, box.dies_at = {}, ""
        assert mail.send_due() == 0
        clock.shift(timedelta(seconds=61))
        assert mail.send_due() == (0 if over else 1)
    assert len(box.taken) == (0 if over else 1)


def test_one_that_is_refused_does_not_hold_up_the_next(app: Flask) -> None:
    with mail_server() as box, sending(app, box.url):
        queued("not an address")
        queued("two@b@example.com")
        queued("wang@example.com")
        assert mail.send_due() == 1
    assert box.taken[0][1] == ["wang@example.com"]
    assert len(scalars(select(Mail).where(Mail.given_up_at.is_not(None)))) == 2


def test_where_no_server_listens_all_wait_and_are_given_up_after_all_attempts(app: Flask) -> None:
    with mail_server() as box:
        url = box.url
    queued()
    waited = timedelta()
    with sending(app, url):
        for number in range(1, ATTEMPTS + 1):
            assert mail.send_due() == 0
            found = row()
            assert found.attempts == number
            if number < ATTEMPTS:
                assert found.given_up_at is None
                waited += mail.WAITS[number - 1] + timedelta(seconds=1)
                clock.shift(waited)
        assert found.given_up_at is not None
        assert mail.send_due() == 0


def test_what_kills_every_sender_is_given_up_too(app: Flask, folder: Path) -> None:
    made = queued()
    made.attempts = ATTEMPTS
    db.session.commit()
    assert mail.send_due() == 0
    mail.sweep()
    assert row().given_up_at is not None


def test_content_of_what_was_given_up_is_erased_after_a_week_and_rows_later(app: Flask) -> None:
    made = queued()
    made.given_up_at, made.error = clock.now(), "550 <wang@example.com>"
    db.session.commit()
    clock.shift(mail.CONTENT_KEPT - timedelta(minutes=1))
    mail.sweep()
    assert row().address == "wang@example.com"
    clock.shift(mail.CONTENT_KEPT + timedelta(minutes=1))
    mail.sweep()
    found = row()
    assert (found.address, found.subject, found.body, found.stop, found.error) == ("",) * 5
    clock.shift(mail.ROW_KEPT + timedelta(minutes=1))
    mail.sweep()
    assert scalars(select(Mail)) == []


def test_what_waits_for_mail_that_is_switched_off_is_erased_after_a_week(app: Flask) -> None:
    queued()
    clock.shift(mail.CONTENT_KEPT - timedelta(minutes=1))
    mail.sweep()
    assert row().address == "wang@example.com"
    clock.shift(mail.CONTENT_KEPT + timedelta(minutes=1))
    mail.sweep()
    found = row()
    assert found.given_up_at is not None
    assert (found.address, found.subject, found.body) == ("", "", "")


def test_no_transaction_is_open_while_the_server_is_talked_to(app: Flask, folder, monkeypatch):
    queued()
    seen = []

    def look(_self, _letter) -> None:
        seen.append(db.session().in_transaction())
        with app.app_context():  # another writer is not kept waiting
            mail.queue("li@example.com", "x", "y")
            db.session.commit()

    monkeypatch.setattr(mailers.Files, "send", look)
    mail.send_due(limit=1)
    assert seen == [False]


HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type"} | {
    "MIME-Version",
    "Content-Transfer-Encoding",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
}
SETTINGS = config.Settings(
    mail_url="file:///x", mail_from="Civic <civic@example.org>", site_url=SITE
)
WORDS = st.text(max_size=60) | st.sampled_from(
    [
        "a\r\nBcc: x@example.org",
        "a\nX: y",
        "a\r\n\r\nbody",
        "\u2028Bcc: x",
        "a\x0bBcc: x",
        "=?utf-8?",
    ]
)


@given(subject=WORDS, body=WORDS, local=WORDS)
def test_nothing_that_is_written_becomes_a_header(subject: str, body: str, local: str) -> None:
    clean = " ".join(mail.plain(subject).split())
    to = f"{local}@example.com"
    letter = mailers.Letter(
        key="1.1", made_at=clock.now(), to=to, subject=clean, body=mail.plain(body), stop=SITE
    )
    try:
        content = mailers.built(letter, SETTINGS).as_bytes()
    except mailers.Undeliverable:
        return
    read = parsed(content)
    assert set(read.keys()) <= HEADERS
    assert len(read.keys()) == len(set(read.keys()))
    assert len(read["To"].addresses) == 1
    assert read["Subject"] == clean or read["Subject"].split() == clean.split()
    assert read.get_content().replace("\r\n", "\n").rstrip("\n") == mail.plain(body)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"mail_url": "ftp://x", "mail_from": "a@b.c", "site_url": SITE}, "CIVIC_MAIL_URL"),
        ({"mail_url": "smtp://", "mail_from": "a@b.c", "site_url": SITE}, "CIVIC_MAIL_URL"),
        ({"mail_url": "file:///x", "mail_from": "a@b.c"}, "CIVIC_SITE_URL"),
        ({"mail_url": "file:///x", "mail_from": "nobody", "site_url": SITE}, "CIVIC_MAIL_FROM"),
        ({"site_url": "civic.example.org"}, "CIVIC_SITE_URL"),
    ],
)
def test_settings_that_cannot_work_are_refused_in_one_sentence(values, word: str) -> None:
    with pytest.raises(Misconfigured, match=word):
        mailers.check(config.Settings(**values))


def test_settings_that_work_are_taken() -> None:
    mailers.check(config.Settings())
    mailers.check(SETTINGS)
    assert parseaddr(SETTINGS.mail_from)[1] == "civic@example.org"
