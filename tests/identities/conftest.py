"""What tests of people share."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask

from civic.identities import passwords, sign_in_views
from tests.mailbox import sending


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash for real, but with the smallest memory."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    passwords._nobodys.cache_clear()


@pytest.fixture
def mails(app: Flask) -> Iterator[None]:
    """Let the app send mail."""
    with sending(app, "file:///nowhere"):
        yield


@pytest.fixture(autouse=True)
def quick_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for codes by mail to take equally long."""
    monkeypatch.setattr(sign_in_views, "EVEN_SECONDS", 0)
