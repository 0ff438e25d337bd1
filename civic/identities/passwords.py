"""Passwords: hashed with Argon2id, a few at a time, so that a crowd does not eat the memory."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# The second of the parameter sets that OWASP recommends: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_turns = BoundedSemaphore(4)

SHORTEST = 8
LONGEST = 128


def hashed(password: str) -> str:
    """Return the hash of a password, salted and with its parameters."""
    with _turns:
        return _hasher.hash(password)


def fits(password: str, known: str | None) -> bool:
    """Tell whether a password is the one of a hash; takes as long where there is no hash."""
    with _turns:
        try:
            return _hasher.verify(known or _nobodys(), password) and known is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
