"""What a ballot decides: the rooms above say it, and its pages lead there."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from civic.voting.models import Ballot


@dataclass(frozen=True)
class About:
    """Lead from a ballot to the matter that it decides."""

    title: str
    url: str


Source = Callable[[Ballot], About | None]


def register(source: Source) -> None:
    """Let a room say what ballots decide, in the current app."""
    current_app.extensions.setdefault("civic_ballot_about", []).append(source)


def of(ballot: Ballot) -> About | None:
    """Return the matter that a ballot decides, where everybody may read of it."""
    sources: list[Source] = current_app.extensions.get("civic_ballot_about", [])
    return next((found for source in sources if (found := source(ballot)) is not None), None)
