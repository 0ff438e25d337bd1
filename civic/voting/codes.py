"""Codes of receipts, fixed in the signed form before it is sent."""

import hashlib
import hmac
import secrets

from flask import current_app
from flask_babel import lazy_gettext as _l

from civic.kernel.errors import Refused

#: Without characters that look alike.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, LETTERS = 3, 4
#: A zero is in no real code.
REHEARSAL = "TEST0-"


def fresh(*, rehearsal: bool = False) -> str:
    """Return a new code: 60 random bits, in groups that can be read aloud."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    return (REHEARSAL if rehearsal else "") + "-".join(groups)


def signed(ballot_id: int, key: str, *, rehearsal: bool = False) -> str:
    """Return a fresh code, signed for one ballot and one right, to be sent with the paper."""
    code = fresh(rehearsal=rehearsal)
    return f"{code}.{_signature(ballot_id, key, code)}"


def opened(token: str, ballot_id: int, key: str) -> str:
    """Return the code of a signed form.

    :raises Refused: `token` for one of another ballot or right, or of nobody.
    """
    code, _dot, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(ballot_id, key, code).encode()):
        raise Refused("token", _l("This paper is not yours. Please open the ballot again."))
    return code


def _signature(ballot_id: int, key: str, code: str) -> str:
    secret = current_app.config["SETTINGS"].secret_key.encode()
    message = f"civic receipt|{ballot_id}|{key}|{code}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:32]


def normal(text: str) -> str:
    """Return a code as it was printed, from what somebody typed."""
    typed = text.strip().upper()[:60]
    test = typed.startswith("TEST0")
    letters = "".join(letter for letter in typed.removeprefix("TEST0") if letter in ALPHABET)
    groups = [letters[start : start + LETTERS] for start in range(0, len(letters), LETTERS)]
    return (REHEARSAL if test else "") + "-".join(groups)
