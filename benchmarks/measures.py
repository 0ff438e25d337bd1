"""What is measured, against which baseline, and what it should come to (the project's targets)."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlencode

from benchmarks import client
from benchmarks.client import Outcome
from benchmarks.people import Signed
from benchmarks.seed import SLUG, Made
from benchmarks.servers import Server

Requests = Callable[[], bytes]


@dataclass(frozen=True)
class Piece:
    """Be one piece of work to measure in pairs with a baseline.

    :ivar baseline: name of the server it is compared with.
    :ivar cpu: share of the baseline's speed, by processor time, that is wanted.
    :ivar rate: the same by requests per second; 0 where none is.
    """

    name: str
    baseline: str
    requests: Requests
    against: bytes
    cpu: float
    rate: float = 0.0
    connections: int = 8
    expected: int = 200


@dataclass
class Pairs:
    """Hold the rounds of one piece: processor milliseconds a request, and how fast."""

    cpu: list[tuple[float, float]] = field(default_factory=list)
    rate: list[tuple[float, float]] = field(default_factory=list)
    ours: list[Outcome] = field(default_factory=list)

    @property
    def cpu_share(self) -> float:
        """Return the median share of the baseline's speed by processor time."""
        return median(base / own for base, own in self.cpu)

    @property
    def rate_share(self) -> float:
        """Return the median share of the baseline's requests per second."""
        return median(own / base for base, own in self.rate)

    @property
    def own_ms(self) -> float:
        """Return the median processor time of one of our requests, in milliseconds."""
        return median(own for _, own in self.cpu)

    @property
    def baseline_ms(self) -> float:
        """Return the same of the baseline."""
        return median(base for base, _ in self.cpu)

    def latency(self, share: float) -> float:
        """Return the median over the rounds of a latency percentile, in milliseconds."""
        return median(outcome.percentile(share) for outcome in self.ours) * 1000


def pieces(made: Made, signed: list[Signed], *, page: str, insert: str) -> list[Piece]:
    """Return everything that is measured.

    :param page: the baseline of pages.
    :param insert: the baseline of what writes.
    """
    base = f"/c/{SLUG}"
    case = f"{base}/consultations/{made.case}/"
    get, post = client.request("GET", "/"), client.request("POST", "/")
    cookie = {"Cookie": signed[0].headers["Cookie"]}
    packed = {"Accept-Encoding": "gzip"}

    def same(path: str, **headers: str) -> Requests:
        data = client.request("GET", path, headers)
        return lambda: data

    votes = _votes(made, signed, f"{case}vote")
    comments = _comments(signed, f"{case}comments")
    return [
        Piece("community home, anonymous", page, same(f"{base}/"), get, 0.7),
        Piece("community home, signed in", page, same(f"{base}/", **cookie), get, 0.7),
        Piece("list of 50 cases, anonymous", page, same(f"{base}/consultations/"), get, 0.9),
        Piece("case page, 50 comments, anonymous", page, same(case), get, 1.1),
        Piece("case page, 50 comments, signed in", page, same(case, **cookie), get, 0.9),
        Piece("the same, packed with gzip", page, same(case, **cookie, **packed), get, 0.0),
        Piece("vote, 8 clients", insert, votes, post, 0.5, 0.4, 8, 303),
        Piece("vote, 32 clients", insert, votes, post, 0.5, 0.4, 32, 303),
        Piece("comment", insert, comments, post, 0.25, 0.0, 8, 303),
    ]


def _votes(made: Made, signed: list[Signed], path: str) -> Requests:
    choices = itertools.cycle([*made.options, "abstain"])
    voters = itertools.cycle(signed)

    def following() -> bytes:
        body = urlencode({"option": next(choices)}).encode()
        return client.request("POST", path, next(voters).headers, body)

    return following


def _comments(signed: list[Signed], path: str) -> Requests:
    writers = itertools.cycle(signed)
    words = "早高峰的班车太挤了，建议七点半和八点各加一班，绕行二龙路东口。"

    def following() -> bytes:
        body = urlencode({"words": words, "form_key": secrets.token_urlsafe(9)}).encode()
        return client.request("POST", path, next(writers).headers, body)

    return following


def run(piece: Piece, servers: dict[str, Server], ours: Server, rounds: int, count: int) -> Pairs:
    """Measure a piece and its baseline in turn, changing who begins.

    :param count: requests of each in one round.
    :raises RuntimeError: when a server answers otherwise than expected.
    """
    found = Pairs()
    for number in range(rounds):
        order = (False, True) if number % 2 else (True, False)
        result: dict[bool, tuple[float, Outcome]] = {}
        for own in order:
            server = ours if own else servers[piece.baseline]
            requests = [piece.requests() if own else piece.against for _ in range(count)]
            before = server.cpu()
            outcome = client.ask(server.port, requests, piece.connections)
            used = (server.cpu() - before) * 1000 / count
            if outcome.statuses != {piece.expected if own else 200: count}:
                body = outcome.body[:2000].decode(errors="replace")
                message = f"{piece.name}: {server.name} answered {outcome.statuses}: {body}"
                raise RuntimeError(message)
            result[own] = (used, outcome)
        found.cpu.append((result[False][0], result[True][0]))
        found.rate.append((result[False][1].rate, result[True][1].rate))
        found.ours.append(result[True][1])
    return found
