"""A site that sends mail into a folder, and a kind of message whose access can be taken away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from civic.kernel.tell import Kind, telling
from tests.mailbox import sending


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """Where the mails of the site lie."""
    with sending(app, f"file://{tmp_path}/mails"):
        yield tmp_path / "mails"


class Door:
    """Whether people may still open what they are told of, and who was asked about."""

    def __init__(self) -> None:
        self.open = True
        self.asked: list[int | None] = []


@pytest.fixture
def door(app: Flask) -> Iterator[Door]:
    """Two kinds of message behind one door: `test.now` by default at once, `test.later` daily."""
    found = Door()

    def still(actor, values) -> bool:
        found.asked.append(actor.person_id)
        return found.open

    known = telling().kinds
    before = dict(known)
    for code, rhythm in (("test.now", "at_once"), ("test.later", "daily")):
        telling().declare(
            Kind(
                code=code,
                title=code,
                sentence=lambda values: f"消息：{values['words']}",
                address=lambda values: f"/c/erlonglu/?{values['words']}",
                rhythm=rhythm,
                still=still,
            )
        )
    yield found
    known.clear()
    known.update(before)
