"""What must hold before a case moves on; rooms register, the machine asks."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from flask_babel.speaklater import LazyString

from civic.consultations.models import Consultation


@dataclass(frozen=True)
class Check:
    """Be one condition that moves name in their `needs`.

    :ivar code: as in the data of a process, `comments_answered`.
    :ivar title: what must hold, in words, for whoever reads the process.
    :ivar missing: says what is missing and what to do, a sentence each; nothing where it holds.
    """

    code: str
    title: LazyString
    missing: Callable[[Consultation], list[str]]


def register(check: Check) -> None:
    """Let processes name a condition, in the current app."""
    known()[check.code] = check


def known() -> dict[str, Check]:
    """Return the conditions that are registered, by code."""
    found: dict[str, Check] = current_app.extensions.setdefault("civic_case_checks", {})
    return found
