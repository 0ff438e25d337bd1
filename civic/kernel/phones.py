"""Read what people type to sign in: a telephone number or an e-mail address.

Nearly everyone types a Chinese mobile number, which is read here without any tables;
phonenumberslite (60 ms to load) is asked about everything else.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString

REGION = "CN"
_SENTENCES = {
    "empty": _l("Please enter your telephone number or e-mail address."),
    "phone": _l("This is not a whole telephone number. Numbers from abroad begin with +."),
    "email": _l("This is not a whole e-mail address."),
}
_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")
_BETWEEN = re.compile(
    r"[\s().\-\u2010-\u2015\u2212\u30fc]|\u200b|\ufeff|[\u202a-\u202e\u2066-\u2069]"
)
_DIGITS = re.compile(r"\+?[0-9]{5,20}")
# RFC 5321 without quoting, which no provider gives out.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_LONGEST_LOCAL, _LONGEST_EMAIL = 64, 254


@dataclass(frozen=True)
class Identifier:
    """What a person signs in with: a number in E.164 (``+86…``) or an address in lower case."""

    kind: Literal["phone", "email"]
    value: str


class NotAnIdentifierError(ValueError):
    """What was typed cannot be read; `code` is ``empty``, ``phone`` or ``email``.

    Its text is `message`, the translated sentence to show.
    """

    def __init__(self, code: Literal["empty", "phone", "email"]) -> None:
        super().__init__(code)
        self.code = code
        self.message: LazyString = _SENTENCES[code]

    def __str__(self) -> str:
        return str(self.message)


def identify(raw: str) -> Identifier:
    """Read a telephone number or e-mail address, however it is written.

    Full-width characters, spaces, dashes and the prefixes +86, 0086 and 86 do not matter. Numbers
    without ``+`` are Chinese: mobile, or landline with its area code, as some people have nothing
    else. Raises `NotAnIdentifierError`.
    """
    typed = unicodedata.normalize("NFKC", raw).strip()
    if not typed:
        raise _refusal("empty")
    if "@" in typed:
        return Identifier("email", _email(typed))
    return Identifier("phone", _phone(_BETWEEN.sub("", typed)))


def mask(identifier: Identifier) -> str:
    """Return enough of `identifier` for its owner to know it: 138****1234, z***@example.com."""
    if identifier.kind == "email":
        local, _, domain = identifier.value.rpartition("@")
        return f"{local[0] if len(local) > 1 else ''}***@{domain}"
    country, national = _split(identifier.value)
    if len(national) < 9:  # noqa: PLR2004 - so short that three and four would tell it
        return f"{country}****{national[-2:]}"
    return f"{country}{national[:3]}****{national[-4:]}"


def _refusal(code: Literal["empty", "phone", "email"]) -> NotAnIdentifierError:
    return NotAnIdentifierError(code)


def _email(typed: str) -> str:
    local, _, domain = typed.rpartition("@")
    try:
        host = domain.encode("idna").decode().lower()
    except UnicodeError:
        host = ""
    fits = len(local) <= _LONGEST_LOCAL and len(local) + 1 + len(host) <= _LONGEST_EMAIL
    if not (fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(host)):
        raise _refusal("email")
    return f"{local.lower()}@{host}"


def _phone(digits: str) -> str:
    if mobile := _MOBILE.fullmatch(digits):
        return f"+86{mobile[1]}"
    if not _DIGITS.fullmatch(digits):
        raise _refusal("phone")
    import phonenumbers  # noqa: PLC0415

    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException as error:
        raise _refusal("phone") from error
    kinds = phonenumbers.PhoneNumberType
    reachable = {kinds.MOBILE, kinds.FIXED_LINE, kinds.FIXED_LINE_OR_MOBILE}
    if phonenumbers.number_type(number) not in reachable:
        raise _refusal("phone")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _split(value: str) -> tuple[str, str]:
    if value.startswith("+86"):
        national = value[3:]
        return "", national if _MOBILE.fullmatch(national) else f"0{national}"
    import phonenumbers  # noqa: PLC0415

    number = phonenumbers.parse(value)
    return f"+{number.country_code} ", phonenumbers.national_significant_number(number)
