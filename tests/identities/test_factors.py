"""The second factor: set up, asked for, used once each, and what waits for it."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from civic.identities import factors, passwords, recovery, sessions
from civic.identities.actors import signed_in
from civic.identities.credentials import BackupCode, SecondFactor, SignIn
from civic.identities.models import Person
from civic.kernel import clock, installation
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import check
from civic.kernel.phones import identify
from tests.factories import World, code_of, scalars, second_factor, session_key, sign_ins
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
PASSWORD = "three words here"
CODE = re.compile(r'class="letter-code">([A-Z2-9-]{12})<')


@pytest.fixture
def secretary(world: World) -> Person:
    world.secretary.password_hash = passwords.hashed(PASSWORD)
    db.session.commit()
    return world.secretary


def without(app: Flask, who: Person) -> FlaskClient:
    """A session in which the second factor was not given."""
    client = app.test_client()
    key = session_key(who, second_factor=False)
    with client.session_transaction() as session:
        session["_user_id"] = key
    return client


def to_the_code(app: Flask, who: Person, **data: str) -> FlaskClient:
    client = app.test_client()
    form = {"who": sign_ins(who)[0], "password": PASSWORD}
    answer = client.post("/sign-in", data=form | data)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    return client


def set_up(client: FlaskClient) -> tuple[str, list[str]]:
    """Set a second factor up as people do; return its secret and the backup codes."""
    assert client.post("/me/second-factor").status_code == 303
    page = text_of(client.get("/me/second-factor"))
    secret = re.search(r"otpauth://totp/[^\"]*secret=([A-Z2-7]+)", page)[1]
    assert 'src="data:image/svg+xml' in page
    assert re.sub(r"<[^>]+>|\s", "", page).count(secret) == 1
    shown = client.post("/me/second-factor/confirm", data={"code": code_of(secret)})
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    return secret, CODE.findall(text_of(shown))


# Set up


def test_setting_up_gives_ten_codes_once(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    secret, codes = set_up(client)
    assert len(set(codes)) == 10
    later = text_of(client.get("/me/second-factor"))
    assert secret not in later
    assert not any(code in later for code in codes)
    stored = str(scalars(select(SecondFactor.secret)) + scalars(select(BackupCode.digest)))
    assert secret not in stored
    assert not any(code.replace("-", "") in stored for code in codes)


def test_a_wrong_first_code_puts_nothing_in_force(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    client.post("/me/second-factor")
    wrong = client.post("/me/second-factor/confirm", data={"code": "12 34"})
    assert wrong.status_code == 422
    assert "data:image/svg+xml" in text_of(wrong), "the picture stays"
    assert scalars(select(SecondFactor.confirmed_at)) == [None]
    clock.shift(timedelta(hours=2))
    assert "otpauth" not in text_of(client.get("/me/second-factor")), "the secret is not left open"


def test_setting_up_is_an_act_of_weight(app: Flask, world: World) -> None:
    client = app.test_client()
    key = session_key(world.resident, confirmed=False)
    with client.session_transaction() as session:
        session["_user_id"] = key
    for path in ("", "/confirm", "/codes", "/off"):
        answer = client.post(f"/me/second-factor{path}", data={"code": "1"})
        assert "confirm_password" in text_of(answer)
    assert scalars(select(SecondFactor.person_id)) == []


# Codes


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 - given a zone below
    st.integers(-3, 3),
    st.binary(min_size=20, max_size=20),
)
def test_the_step_of_a_code_is_found_near_now(moment: datetime, off: int, key: bytes) -> None:
    totp = pyotp.TOTP(base64.b32encode(key).decode())
    now = moment.replace(tzinfo=UTC)
    current = int(now.timestamp()) // factors.STEP
    found = factors.step_of(totp, totp.generate_otp(current + off), now)
    if abs(off) <= factors.DRIFT:
        assert found is not None
    if found is not None:
        assert abs(found - current) <= factors.DRIFT
        assert totp.generate_otp(found) == totp.generate_otp(current + off)


@pytest.mark.parametrize(
    ("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_half_a_minute_off(
    app: Flask, world: World, *, steps: int, fits: bool
) -> None:
    secret = second_factor(world.resident)
    code = code_of(secret, steps)
    if fits:
        assert factors.use(world.resident.id, code).backup is False
    else:
        with pytest.raises(Refused):
            factors.use(world.resident.id, code)


def test_a_code_counts_once_and_none_before_it(app: Flask, world: World) -> None:
    secret = second_factor(world.resident)
    who = world.resident.id
    factors.use(who, code_of(secret))
    db.session.commit()
    for steps in (0, -1):
        with pytest.raises(Refused) as refused:
            factors.use(who, code_of(secret, steps))
        assert refused.value.code == "code_wrong"
        db.session.rollback()
    factors.use(who, f" {code_of(secret, 1)[:3]} {code_of(secret, 1)[3:]} ")


def test_a_code_of_somebody_else_does_not_count(app: Flask, world: World) -> None:
    other = second_factor(world.elsewhere)
    second_factor(world.resident)
    with pytest.raises(Refused):
        factors.use(world.resident.id, code_of(other))
    theirs = factors.fresh_codes(world.elsewhere.id)
    with pytest.raises(Refused):
        factors.use(world.resident.id, theirs[0])


# At sign-in


def test_the_password_alone_lets_nobody_in(app: Flask, secretary: Person) -> None:
    secret = second_factor(secretary)
    client = to_the_code(app, secretary, next="/c/erlonglu/codes/")
    assert client.get("/me").status_code == 302
    assert scalars(select(SignIn.id)) == []
    assert client.get("/sign-in/code").status_code == 200
    assert client.post("/sign-in/code", data={"code": "000 000"}).status_code == 422
    answer = client.post("/sign-in/code", data={"code": code_of(secret)})
    assert (answer.status_code, answer.location) == (303, "/c/erlonglu/codes/")
    assert client.get("/c/erlonglu/codes/").status_code == 200
    # The same code opens no second door.
    other = to_the_code(app, secretary)
    assert other.post("/sign-in/code", data={"code": code_of(secret)}).status_code == 422


def test_the_question_is_open_for_ten_minutes(app: Flask, secretary: Person) -> None:
    secret = second_factor(secretary)
    client = to_the_code(app, secretary)
    clock.shift(timedelta(minutes=11))
    answer = client.post("/sign-in/code", data={"code": code_of(secret)})
    assert answer.location == "/sign-in"
    assert client.get("/me").status_code == 302


def test_a_new_password_closes_the_question(app: Flask, secretary: Person) -> None:
    secret = second_factor(secretary)
    client = to_the_code(app, secretary)
    secretary.password_hash = passwords.hashed("another one here")
    db.session.commit()
    assert client.post("/sign-in/code", data={"code": code_of(secret)}).location == "/sign-in"
    assert client.get("/me").status_code == 302


def test_guessing_codes_is_slowed(app: Flask, secretary: Person) -> None:
    secret = second_factor(secretary)
    client = to_the_code(app, secretary)
    for _ in range(5):
        assert client.post("/sign-in/code", data={"code": "x"}).status_code == 422
    slowed = client.post("/sign-in/code", data={"code": code_of(secret)})
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0


def test_a_backup_code_counts_once_and_says_how_many_are_left(
    app: Flask, secretary: Person
) -> None:
    second_factor(secretary)
    codes = factors.fresh_codes(secretary.id)
    db.session.commit()
    client = to_the_code(app, secretary)
    answer = client.post(
        "/sign-in/code", data={"code": codes[3].lower().replace("-", " ")}, follow_redirects=True
    )
    assert "还剩9个" in text_of(answer)
    again = to_the_code(app, secretary)
    assert again.post("/sign-in/code", data={"code": codes[3]}).status_code == 422


def test_new_backup_codes_end_the_old(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    _secret, old = set_up(client)
    fresh = CODE.findall(text_of(client.post("/me/second-factor/codes")))
    assert len(set(fresh) - set(old)) == 10
    with pytest.raises(Refused):
        factors.use(world.resident.id, old[0])
    db.session.rollback()
    assert factors.use(world.resident.id, fresh[0]).left == 9


# What waits


def test_the_banner_says_what_waits(app: Flask, world: World) -> None:
    client = without(app, world.secretary)
    page = text_of(client.get("/c/erlonglu/"))
    assert "先设置动态口令" in page
    assert 'href="/me/second-factor"' in page
    second_factor(world.secretary)
    page = text_of(client.get("/c/erlonglu/"))
    assert "先输入动态口令" in page
    assert 'href="/sign-in/code"' in page
    assert "动态口令" not in text_of(without(app, world.resident).get("/c/erlonglu/"))


def test_an_act_is_refused_with_the_reason(app: Flask, world: World) -> None:
    client = without(app, world.secretary)
    for answer in (client.get("/c/erlonglu/codes/"), client.post("/c/erlonglu/codes/", data={})):
        assert answer.status_code == 403
        page = text_of(answer)
        assert "还需要动态口令" in page
        assert "不包括" not in page
    # What the post would not allow either is refused as ever.
    assert "还需要动态口令" not in text_of(client.get("/c/jingjidao/codes/"))
    assert "还需要动态口令" in text_of(without(app, world.administrator).get("/admin/"))


def test_the_desk_is_not_shown(app: Flask, world: World, login: Login) -> None:
    assert "/c/erlonglu/codes/" in text_of(login(world.secretary).get("/c/erlonglu/"))
    assert "/c/erlonglu/codes/" not in text_of(without(app, world.secretary).get("/c/erlonglu/"))
    assert "二龙路社区党委" in text_of(without(app, world.secretary).get("/me"))
    desk = without(app, world.secretary).get("/desk/")
    assert desk.status_code == 403
    assert "还需要动态口令" in text_of(desk)


def test_with_the_code_the_powers_come(app: Flask, world: World) -> None:
    client = without(app, world.secretary)
    set_up(client)
    assert client.get("/c/erlonglu/codes/").status_code == 200
    other = without(app, world.secretary)
    assert other.get("/c/erlonglu/codes/").status_code == 403
    secret = second_factor(world.secretary)
    assert other.get("/sign-in/code").status_code == 200
    assert other.post("/sign-in/code", data={"code": code_of(secret)}).status_code == 303
    assert other.get("/c/erlonglu/codes/").status_code == 200


def test_in_a_demonstration_it_is_only_offered(app: Flask, world: World) -> None:
    installation.mark_as_demo()
    db.session.commit()
    app.extensions.pop("civic_demo", None)
    client = without(app, world.secretary)
    assert client.get("/c/erlonglu/codes/").status_code == 200
    # Whoever has set one up gives it here, too.
    second_factor(world.secretary)
    assert client.get("/c/erlonglu/codes/").status_code == 403


def test_check_says_what_waits(app: Flask, world: World) -> None:
    key = session_key(world.secretary, second_factor=False).partition(".")[2]
    found = signed_in(world.secretary.id, sessions.digest(key))
    assert found.actor.posts == ()
    assert [post.code for post in found.actor.waiting] == ["secretary"]
    with pytest.raises(Refused) as refused, app.test_request_context():
        check(found.actor, "identities.invite", world.erlong.path)
    assert refused.value.code == "second_factor"
    assert "二龙路社区党委" in str(refused.value)
    with pytest.raises(Refused) as refused:
        check(found.actor, "admin.manage", world.erlong.path)
    assert refused.value.code == "no_permission"


# Off, moved, lost


def test_whoever_holds_a_post_keeps_it(app: Flask, world: World) -> None:
    client = without(app, world.secretary)
    set_up(client)
    assert client.post("/me/second-factor/off").status_code == 422
    assert factors.has(world.secretary.id)
    resident = without(app, world.resident)
    set_up(resident)
    assert resident.post("/me/second-factor/off").status_code == 303
    assert not factors.has(world.resident.id)
    assert scalars(select(BackupCode.id).filter_by(person_id=world.resident.id)) == []


def test_without_the_code_nothing_of_it_is_changed(app: Flask, world: World) -> None:
    secret = second_factor(world.resident)
    client = without(app, world.resident)
    for path in ("", "/codes", "/off"):
        assert client.post(f"/me/second-factor{path}").status_code == 422
    assert factors.use(world.resident.id, code_of(secret))


def test_moving_lets_the_powers_wait_elsewhere(app: Flask, world: World) -> None:
    first, other = without(app, world.secretary), without(app, world.secretary)
    old, _codes = set_up(first)
    clock.shift(timedelta(minutes=1))
    other.post("/sign-in/code", data={"code": code_of(old)})
    assert other.get("/c/erlonglu/codes/").status_code == 200
    new, _codes = set_up(first)
    assert new != old
    assert first.get("/c/erlonglu/codes/").status_code == 200
    assert other.get("/c/erlonglu/codes/").status_code == 403


def remove(world: World, by: str, role: str, place: str = "street") -> None:
    what = identify(sign_ins(world.people[role])[0])
    recovery.remove_factor(world.actor(by), getattr(world, place), what)
    db.session.commit()


def test_an_administrator_removes_a_lost_one(app: Flask, world: World, login: Login) -> None:
    client = without(app, world.secretary)
    set_up(client)
    desk = login(world.administrator)
    form = {"holder": sign_ins(world.secretary)[0], "shown": "y"}
    assert desk.post("/c/jinrongjie/desk/recovery/factor", data=form).status_code == 303
    assert not factors.has(world.secretary.id)
    assert client.get("/me").status_code == 302, "whoever found the telephone is out"
    [entry] = scalars(select(AuditEntry).filter_by(act="factor.removed"))
    assert entry.subject == f"person:{world.secretary.id}"
    assert desk.post("/c/jinrongjie/desk/recovery/factor", data=form).status_code == 409


@pytest.mark.parametrize(
    ("by", "role", "place", "code"),
    [
        ("administrator", "administrator", "street", "oneself"),
        ("secretary", "deputy", "erlong", "post_holder"),
        ("secretary", "resident", "erlong", "post_holder"),
        ("administrator", "resident", "jingji", "nobody"),
        ("administrator", "resident", "erlong", None),
        ("administrator", "officer", "street", None),
    ],
)
def test_who_removes_whose(
    app: Flask, world: World, *, by: str, role: str, place: str, code: str | None
) -> None:
    second_factor(world.people[role])
    if code is None:
        remove(world, by, role, place)
        assert not factors.has(world.people[role].id)
        return
    with pytest.raises(Refused) as refused:
        remove(world, by, role, place)
    assert refused.value.code == code
    db.session.rollback()
    assert factors.has(world.people[role].id)
