"""Ask a server from one thread over kept-alive connections, cheaply: bytes in, bytes out.

A client library would cost more than the servers that are measured and share their two cores.
"""

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """Hold what a round of requests has shown; latencies in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    size: int = 0
    body: bytes = b""

    @property
    def rate(self) -> float:
        """Return requests per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency below which a share of the requests stayed, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def request(
    method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Return the bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: bench"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if method == "POST":
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.sent_at = 0.0
        self.whole = -1

    def send(self, data: bytes) -> None:
        self.received.clear()
        self.whole = -1
        self.sent_at = time.perf_counter()
        self.socket.sendall(data)

    def read(self) -> bool:
        """Take what has come; tell whether the response is whole."""
        part = self.socket.recv(262144)
        if not part:
            message = "the server closed a connection within a response"
            raise ConnectionError(message)
        self.received += part
        if self.whole < 0:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.received[:end]).lower()
            at = head.find(b"content-length:")
            if at < 0:
                message = f"a response without Content-Length: {head[:200]!r}"
                raise ConnectionError(message)
            self.whole = end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])
        return len(self.received) >= self.whole

    def status(self) -> int:
        return int(self.received[9:12])


def ask(port: int, requests: Sequence[bytes], connections: int) -> Outcome:
    """Send all requests, each as soon as a connection is free, and wait for every answer."""
    outcome = Outcome()
    waiting: Iterator[bytes] = iter(requests)
    selector = selectors.DefaultSelector()
    pool = [_Connection(port) for _ in range(min(connections, len(requests)))]
    began = time.perf_counter()
    for connection in pool:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(next(waiting))
    busy = len(pool)
    while busy:
        ready = selector.select(timeout=30)
        if not ready:
            message = "no answer within 30 seconds"
            raise TimeoutError(message)
        for key, _ in ready:
            connection = key.data
            if not connection.read():
                continue
            outcome.latencies.append(time.perf_counter() - connection.sent_at)
            status = connection.status()
            outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
            outcome.size = len(connection.received)
            following = next(waiting, None)
            if following is None:
                busy -= 1
                outcome.body = bytes(connection.received)
            else:
                connection.send(following)
    outcome.seconds = time.perf_counter() - began
    for connection in pool:
        connection.socket.close()
    selector.close()
    return outcome
