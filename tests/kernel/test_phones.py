"""What people type to sign in is read however it is written."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kernel.phones import Identifier, NotAnIdentifierError, identify, mask

MOBILE = Identifier("phone", "+8613800138000")


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        " 138 0013 8000 ",
        "138-0013-8000",
        "+86 138 0013 8000",
        "+8613800138000",
        "008613800138000",
        "8613800138000",
        "１３８００１３８０００",
        "（+86）138 0013 8000",
        "＋８６\u3000１３８００１３８０００",
        "138‑0013‑8000",
        "\u202d13800138000\u202c",
    ],
)
def test_one_number_however_it_is_written(typed: str) -> None:
    assert identify(typed) == MOBILE


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("010-6655 1234", "+861066551234"),
        ("+86 10 6655 1234", "+861066551234"),
        ("+852 9123 4567", "+85291234567"),
        ("+1 415 555 2671", "+14155552671"),
        ("0044 7911 123456", "+447911123456"),
        ("19912345678", "+8619912345678"),
    ],
)
def test_landlines_and_numbers_from_abroad(typed: str, value: str) -> None:
    assert identify(typed) == Identifier("phone", value)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (" Zhang.San@Example.COM ", "zhang.san@example.com"),
        ("zhang＠example．com", "zhang@example.com"),
        ("a+b@qq.com", "a+b@qq.com"),
        ("a@例子.中国", "a@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_addresses(typed: str, value: str) -> None:
    assert identify(typed) == Identifier("email", value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("  \u3000", "empty"),
        ("1380013800", "phone"),
        ("138001380000", "phone"),
        ("12800138000", "phone"),
        ("66551234", "phone"),
        ("110", "phone"),
        ("800-810-8888", "phone"),
        ("张三", "phone"),
        ("1-800-FLOWERS", "phone"),
        ("+", "phone"),
        ("a@", "email"),
        ("@b.com", "email"),
        ("a@b", "email"),
        ("a b@c.com", "email"),
        ("a..b@c.com", "email"),
        ("a@b@c.com", "email"),
        ("a@-b.com", "email"),
        ("a@b.com\nBcc: x@y.com", "email"),
        ("a" * 65 + "@b.com", "email"),
        ("a@" + "b" * 70 + ".com", "email"),
        ("a@" + "bcd." * 70 + "com", "email"),
    ],
)
def test_what_cannot_be_read(typed: str, code: str) -> None:
    with pytest.raises(NotAnIdentifierError) as caught:
        identify(typed)
    assert caught.value.code == code
    assert isinstance(caught.value, ValueError)


def test_the_sentence_is_translated_where_it_is_shown() -> None:
    from flask import Flask
    from flask_babel import Babel

    app = Flask("made")
    Babel(app)
    with app.test_request_context(), pytest.raises(NotAnIdentifierError) as caught:
        identify("12")
    with app.test_request_context():
        assert str(caught.value).startswith("This is not a whole telephone number")


@given(st.text())
def test_anything_is_read_or_refused(typed: str) -> None:
    try:
        found = identify(typed)
    except NotAnIdentifierError:
        return
    assert identify(found.value) == found


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13812341234", "138****1234"),
        ("010-6655 1234", "010****1234"),
        ("+1 415 555 2671", "+1 415****2671"),
        ("+852 9123 4567", "+852 ****67"),
        ("zhang@example.com", "z***@example.com"),
        ("z@example.com", "***@example.com"),
    ],
)
def test_masks(typed: str, shown: str) -> None:
    assert mask(identify(typed)) == shown


def test_a_chinese_mobile_number_loads_no_tables() -> None:
    code = (
        "import sys; from civic.kernel.phones import identify, mask; "
        "mask(identify('13800138000')); sys.exit('phonenumbers' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
