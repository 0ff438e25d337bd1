"""Few requests are worked on at a time, each with its whole body; nobody waits for ever."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Event, Lock
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from civic.kernel import turnstile
from civic.kernel.turnstile import PATIENCE, TURNS, Turnstile


class Room:
    """Be an application that counts who is inside at the same time."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.inside = self.most = 0
        self.begun = Event()
        self.end = Event()
        self.bodies: list[bytes] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        if environ["PATH_INFO"] == "/long":
            self.begun.set()
            self.end.wait(10)
        self.bodies.append(environ["wsgi.input"].read())
        with self.lock:
            self.inside -= 1
        start_response("200 OK", [])
        return [b"done"]


class Slow(BytesIO):
    """Be a connection that notes whether the application has been entered before its end."""

    def __init__(self, body: bytes, room: Room) -> None:
        super().__init__(body)
        self.room = room
        self.entered = False

    def read(self, size: int | None = -1) -> bytes:
        self.entered = self.entered or self.room.inside > 0
        return super().read(min(size, 7) if size and size > 0 else 7)


def ask(app: Any, path: str = "/", **values: Any) -> str:
    environ = EnvironBuilder(path, **values).get_environ()
    return run_wsgi_app(app, environ, buffered=True)[1]


@pytest.mark.parametrize("turns", [1, TURNS])
def test_few_are_inside_at_a_time(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "TURNS", turns)
    room = Room()
    through = Turnstile(room, 1000)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: ask(through), range(200)))
    assert found == ["200 OK"] * 200
    assert 1 <= room.most <= turns


def test_what_takes_long_holds_nobody_up() -> None:
    room = Room()
    through = Turnstile(room, 1000)
    with ThreadPoolExecutor(TURNS + 1) as pool:
        long = [pool.submit(ask, through, "/long") for _ in range(TURNS)]
        assert room.begun.wait(10)
        assert pool.submit(ask, through).result(PATIENCE + 10) == "200 OK"
        room.end.set()
        assert [one.result(10) for one in long] == ["200 OK"] * TURNS


def test_turns_are_given_back_when_the_application_fails() -> None:
    def failing(_environ: object, _start: object) -> Iterable[bytes]:
        raise ZeroDivisionError

    through = Turnstile(failing, 1000)
    for _ in range(TURNS + 1):
        with pytest.raises(ZeroDivisionError):
            ask(through)
    assert all(through.turns.acquire(blocking=False) for _ in range(TURNS))


@pytest.mark.parametrize("size", [1, 1000, turnstile.IN_MEMORY + 1])
def test_a_body_is_fetched_before_the_turn_is_taken(size: int) -> None:
    room = Room()
    body = bytes(range(256)) * (size // 256 + 1)
    slow = Slow(body[:size], room)
    environ = EnvironBuilder("/", method="POST").get_environ()
    environ |= {"wsgi.input": slow, "CONTENT_LENGTH": str(size)}
    run_wsgi_app(Turnstile(room, size), environ, buffered=True)
    assert room.bodies == [body[:size]]
    assert not slow.entered


@pytest.mark.parametrize("length", ["2001", "", "two", "-1"])
def test_what_is_too_large_or_has_no_length_is_left_to_the_application(length: str) -> None:
    room = Room()
    slow = Slow(b"0123456789", room)
    environ = EnvironBuilder("/", method="POST").get_environ()
    environ |= {"wsgi.input": slow, "CONTENT_LENGTH": length}
    run_wsgi_app(Turnstile(room, 2000), environ, buffered=True)
    assert slow.entered


def test_forms_and_files_arrive_whole() -> None:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 5_000_000
    turnstile.attach(app)

    @app.post("/")
    def receive() -> dict[str, object]:
        file = request.files["file"]
        return {"words": request.form["words"], "size": len(file.read())}

    large = b"x" * (turnstile.IN_MEMORY + 1)
    data = {"words": "班车", "file": (BytesIO(large), "a.bin")}
    sent = app.test_client().post("/", data=data, content_type="multipart/form-data")
    assert sent.json == {"words": "班车", "size": len(large)}
    assert app.test_client().post("/", data=b"x" * 6_000_000).status_code in {400, 413}
