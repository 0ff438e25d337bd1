"""What is stored about a person: each domain registers its part, and what it does with it.

A part says what it stores and why, gives it out, and erases it. Erasing is not isolated: where one
part fails, nothing of the account is closed, so that no half of a person is left behind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias

from flask import Flask, current_app
from flask_babel.speaklater import LazyString

Words: TypeAlias = LazyString | str
Cell: TypeAlias = LazyString | str | int | bool | date | datetime | None


@dataclass(frozen=True)
class Collected:
    """Say what is collected, for what, and until when (PIPL §17)."""

    field: Words
    purpose: Words
    kept: Words
    basis: Words = ""
    recipients: Words = ""


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """Declare what a plugin stores about people (PIPL §17, §56).

    It stands on the page of one's own data, on the page about privacy, and in the administrator's
    register of processing.

    :ivar field: what is stored.
    :ivar purpose: for what.
    :ivar basis: on which ground of the law: consent, a task by law, or another, with its source.
    :ivar retention: until when.
    :ivar recipients: who gets to see it; nobody outside the site where it is empty.
    """

    field: Words
    purpose: Words
    basis: Words
    retention: Words
    recipients: Words = ""

    @property
    def kept(self) -> Words:
        """Return until when it is kept, under the name that the core uses."""
        return self.retention


@dataclass(frozen=True)
class Kept:
    """Say what remains when an account is closed, and why."""

    what: Words
    why: Words


@dataclass(frozen=True)
class Table:
    """Hold rows about one person, as they are given to that person.

    :ivar name: stable name for machines.
    :ivar columns: titles by stable name, in the order of the cells.
    """

    name: str
    title: Words
    columns: Mapping[str, Words]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Be what one domain stores about people.

    :ivar owner: stable name, unique in an app.
    :ivar export: returns all that is stored about a person, and nothing personal of others.
    :ivar forget: erases it in the acting transaction, except what `keeps` promises.
    :ivar plugin: whether it is a plugin's, which concerns people only where it is on.
    """

    owner: str
    title: Words
    stored: tuple[Collected | PersonalData, ...]
    export: Callable[[int], list[Table]]
    forget: Callable[[int], None]
    keeps: tuple[Kept, ...] = field(default=())
    plugin: bool = False


def init_app(app: Flask) -> None:
    """Give an app its own parts."""
    app.extensions["civic_own_data"] = {}


def register(part: Part) -> None:
    """Add a part; the same owner twice is a programming error.

    Parts registered later may refer to rows of earlier ones, and are erased before them.
    """
    found = _found()
    if part.owner in found:
        message = f"the part {part.owner} is registered twice"
        raise ValueError(message)
    found[part.owner] = part


def declare(owner: str, title: Words, stored: tuple[PersonalData, ...]) -> None:
    """Say what a plugin stores: in its part where it has one, else in one that only says so."""
    found = _found()
    part = found.get(owner) or Part(
        owner=owner,
        title=title,
        stored=(),
        export=lambda _person_id: [],
        forget=lambda _person_id: None,
    )
    found[owner] = replace(part, stored=stored or part.stored, plugin=True)


def parts() -> list[Part]:
    """Return the parts of the current app, in the order of registration."""
    return list(_found().values())


def notice() -> list[Collected | PersonalData]:
    """Return what is collected of a person, over all parts of the core."""
    return [item for part in parts() if not part.plugin for item in part.stored]


def kept() -> list[Kept]:
    """Return what remains of a closed account, over all parts."""
    return [item for part in parts() for item in part.keeps]


def _found() -> dict[str, Part]:
    found: dict[str, Part] = current_app.extensions["civic_own_data"]
    return found
