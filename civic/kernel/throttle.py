"""Slow down guessing: so many failures per account and per address in a moving window.

An attempt takes its place in the account's window *before* the password is looked at, so that
guesses sent at once do not all get an answer; a success gives the places back. An address is
charged for failures only: sixty neighbours signing in behind one office address pass. Accounts and
addresses are kept as keyed hashes, never as they are.
"""

import hashlib
import hmac
import ipaddress
import math
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

ACCOUNT_LIMIT = "5 per 15 minute"
ADDRESS_LIMIT = "100 per 15 minute"
_IPV6_SITE = 64  # one subscriber holds a whole /64 and could change address for every guess


@dataclass(frozen=True)
class Wait:
    """No answer now: the next attempt may be made in `seconds` (at least 1)."""

    seconds: int


class Ticket:
    """Leave to make one attempt, as a context: left without `succeeded`, it counts as a failure."""

    def __init__(self, throttle: "Throttle", account: str, address: str) -> None:
        self._throttle, self._account, self._address = throttle, account, address
        self._open = self._right = False

    def succeeded(self) -> None:
        """Say that the attempt was right. Raises `RuntimeError` outside ``with ticket:``."""
        if not self._open:
            message = "a ticket is used as a context, or failures would not count"
            raise RuntimeError(message)
        self._right = True

    def __enter__(self) -> Self:
        self._open = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open = False
        if self._right:
            self._throttle.forgive(self._account)
        else:
            self._throttle.charge(self._address)


class Throttle:
    """Admit attempts to sign in, or say how long to wait.

    `storage_uri` is ``memory://`` for one process or ``redis://…`` where several share the counts.
    Limits read like ``5 per 15 minute``; `ValueError` if they do not. `secret` keys the hashes.
    """

    def __init__(
        self,
        secret: bytes,
        storage_uri: str = "memory://",
        *,
        account_limit: str = ACCOUNT_LIMIT,
        address_limit: str = ADDRESS_LIMIT,
    ) -> None:
        self._secret = hashlib.sha256(b"civic throttle\0" + secret).digest()
        self._account_limit, self._address_limit = parse(account_limit), parse(address_limit)
        self._windows = MovingWindowRateLimiter(storage_from_string(storage_uri))

    def admit(self, account: str, address: str) -> Ticket | Wait:
        """Admit one attempt on `account` from network `address`, or say how long to wait.

        `account` is what was typed in normalised form, whether or not such an account exists, so
        that the answer does not tell. Failures of one address that are still being judged are not
        yet counted: as many as the server has threads may exceed its limit.
        """
        account_key = self._key("account", account)
        address_key = self._key("address", site(address))
        if not self._windows.test(self._address_limit, address_key):
            return self._wait(self._address_limit, address_key)
        if not self._windows.hit(self._account_limit, account_key):
            return self._wait(self._account_limit, account_key)
        return Ticket(self, account_key, address_key)

    def forgive(self, account_key: str) -> None:
        """Forget the failures of an account; only `Ticket` knows its key."""
        self._windows.clear(self._account_limit, account_key)

    def charge(self, address_key: str) -> None:
        """Count a failure of an address; only `Ticket` knows its key."""
        self._windows.hit(self._address_limit, address_key)

    def _key(self, kind: str, value: str) -> str:
        return hmac.digest(self._secret, f"{kind}\0{value}".encode(), "sha256").hex()

    def _wait(self, limit: RateLimitItem, key: str) -> Wait:
        reset = self._windows.get_window_stats(limit, key).reset_time
        # The windows count by the machine's time, which the project's clock may be moved against.
        return Wait(max(1, math.ceil(reset - time.time())))  # noqa: TID251


def site(address: str) -> str:
    """Return what one subscriber holds of addresses: an IPv4 address, or a /64 of IPv6."""
    try:
        ip = ipaddress.ip_address(address.strip())
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((int(ip), _IPV6_SITE), strict=False))
    return str(ip)
