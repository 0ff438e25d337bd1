"""A plugin that kills the whole server at the worst moments."""

import os
import signal
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import current_app, g
from sqlalchemy.orm import Mapped, mapped_column

from civic.api import Community, Event, Model, Owned, Plugin, db, publish, writes

plugin = Plugin("mortal", __name__, title="Mortal", api=">=1.0,<2")


class Heard(Owned, Model):
    """Be a word that was heard."""

    number: Mapped[int] = mapped_column(index=True)


@dataclass(frozen=True, kw_only=True)
class Said(Event):
    """Say that something was said."""

    number: int
    dies: str


def die() -> None:
    """End the server, its workers and this thread, without a chance to do anything more."""
    os.killpg(0, signal.SIGKILL)


@plugin.get("/<int:number>/<dies>")
@writes
def say(number: int, dies: str) -> str:
    """Say something; die as soon as that is committed, where that is asked for."""
    publish(Said(community_id=g.community.id, number=number, dies=dies))
    db.session.commit()
    if dies == "committed":
        die()
    return "said"


@plugin.job(every=timedelta(hours=1))
def beat(community: Community) -> None:
    """Write down which process did it."""
    db.session.add(Heard(community_id=community.id, number=os.getpid()))


@plugin.on(Said)
def hear(event: Said) -> None:
    """Write it down; die the first time, where that is asked for."""
    db.session.add(Heard(community_id=event.community_id, number=event.number))
    db.session.flush()
    mark = Path(current_app.config["SETTINGS"].instance) / "died"
    if event.dies == "delivered" and not mark.exists():
        mark.touch()
        die()
