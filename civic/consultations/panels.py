"""What other rooms show at a case; rooms register, the page asks each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from civic.consultations.models import Consultation
from civic.kernel.permissions import Actor


@dataclass(frozen=True)
class Panel:
    """Lead from a case to a page of another room.

    :ivar title: what is there, as "Arguments for and against".
    :ivar text: how far it is, in one sentence.
    :ivar url: where it is.
    :ivar action: what can be done there now, as words of a button, or nothing.
    """

    title: str
    text: str
    url: str
    action: str = ""


#: Takes the case, who looks, and the moment; it asks the database nothing.
Source = Callable[[Consultation, Actor, datetime], Panel | None]


def register(order: int, source: Source) -> None:
    """Show a panel at cases, in the current app; the lowest order comes first."""
    current_app.extensions.setdefault("civic_case_panels", []).append((order, source))


def of(case: Consultation, actor: Actor, now: datetime) -> list[Panel]:
    """Return the panels of a case."""
    sources = sorted(current_app.extensions.get("civic_case_panels", []), key=lambda item: item[0])
    shown = (source(case, actor, now) for _order, source in sources)
    return [panel for panel in shown if panel is not None]
