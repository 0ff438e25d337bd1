"""Tell people what concerns them: domains declare kinds of message, a higher room delivers them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from flask import Flask, current_app
from flask_babel.speaklater import LazyString
from sqlalchemy import Select

from civic.kernel.permissions import Actor

Values: TypeAlias = Mapping[str, Any]


def _anybody(_actor: Actor, _values: Values) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Declare a kind of message: what it is called, how it reads, and who may still read it.

    Sentences and addresses are made on pages and in jobs, in the language of the reader.

    :ivar title: what a person switches mail of this kind on and off by.
    :ivar sentence: makes the one sentence shown in the inbox and as the subject of the mail.
    :ivar address: makes the address of the page it is about, below the site's root.
    :ivar rhythm: of its mail unless a person chose: `none`, `at_once` or `daily`.
    :ivar still: whether somebody may still open what it is about; asked before each mail and list.
    """

    code: str
    title: LazyString | str
    sentence: Callable[[Values], str]
    address: Callable[[Values], str]
    rhythm: str = "at_once"
    still: Callable[[Actor, Values], bool] = _anybody


@dataclass(frozen=True, kw_only=True)
class News:
    """Hold one message and whom it is for.

    :ivar subject: kind and id of the thing it is about, as `notice:12`.
    :ivar values: JSON values for the sentence and address, `community` (its slug) among them.
    :ivar people: ids of people, or a statement that selects them (for thousands).
    """

    kind: str
    subject: str
    people: Collection[int] | Select[int]
    community_id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Be one message on its way to one reader, in that reader's language.

    :ivar url: address in full of what it is about.
    """

    kind: str
    sentence: str
    url: str
    community_id: int | None


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Be whom a message is for.

    :ivar address: proven e-mail address, where there is one.
    """

    person_id: int
    language: str
    address: str | None


Teller: TypeAlias = Callable[[News], None]


class Telling:
    """Know the kinds of one app, and who delivers."""

    def __init__(self) -> None:
        """Start without kinds; until somebody delivers, telling does nothing."""
        self.kinds: dict[str, Kind] = {}
        self.teller: Teller | None = None

    def declare(self, *kinds: Kind) -> None:
        """Add kinds; the same code twice is a programming error."""
        for kind in kinds:
            if kind.code in self.kinds:
                message = f"message kind {kind.code} is declared twice"
                raise ValueError(message)
            self.kinds[kind.code] = kind


def init_app(app: Flask) -> None:
    """Give an app its own kinds."""
    app.extensions["civic_telling"] = Telling()


def telling() -> Telling:
    """Return the current app's kinds."""
    found: Telling = current_app.extensions["civic_telling"]
    return found


def tell(news: News) -> None:
    """Write a message into the acting transaction for everybody it is for.

    :raises KeyError: for a kind that nobody declared.
    """
    found = telling()
    found.kinds[news.kind]
    if found.teller is not None:
        found.teller(news)
