"""What failed or was slow in plugins: remembered by the process, written after the response.

Pages only read, so that nothing may be written while one is made; and a hook that fails on every
page must not write on every page. What failed is written at once the first time, and then once a
minute with its count.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeAlias

from flask import Flask, current_app, has_app_context, has_request_context
from sqlalchemy import ForeignKey, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel import audit, clock
from civic.kernel.activations import Activation
from civic.kernel.db import Model, db

log = logging.getLogger(__name__)

#: So many slow calls of a hook one after the other pause its plugin in the community.
IN_A_ROW = 3
REST = timedelta(minutes=1)

#: Plugin, what of it, and the community, where there is one.
Where: TypeAlias = tuple[str, str, int | None]


class PluginFault(Model):
    """Keep that something of a plugin failed, how often, and when.

    :ivar key: plugin, hook and community in one, so that there is one row of each.
    :ivar hook: name of the hook, `page ENDPOINT`, `event NAME` or `job NAME`.
    :ivar error: kind of the last error; its details stand in the log alone.
    """

    key: Mapped[str] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(index=True)
    hook: Mapped[str]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    error: Mapped[str]
    count: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


@dataclass
class _Waiting:
    count: int = 0
    error: str = ""
    last_at: datetime = field(default_factory=clock.now)


class Watch:
    """Remember, in one process of one app, what is to be written."""

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self.lock = Lock()
        self.waiting: dict[Where, _Waiting] = {}
        self.written: dict[Where, datetime] = {}
        self.slow: dict[Where, int] = {}
        self.pauses: dict[tuple[str, int], str] = {}

    def failed(self, where: Where, error: BaseException) -> None:
        """Remember that something failed."""
        with self.lock:
            found = self.waiting.setdefault(where, _Waiting())
            found.count += 1
            found.error, found.last_at = type(error).__name__, clock.now()

    def took(self, where: Where, *, slow: bool, pauses: bool) -> None:
        """Count slow calls in a row; a quick one begins anew.

        :param pauses: whether the plugin is paused in the community for it.
        """
        with self.lock:
            self.slow[where] = self.slow.get(where, 0) + 1 if slow else 0
            plugin, hook, community_id = where
            if pauses and community_id is not None and self.slow[where] >= IN_A_ROW:
                self.slow[where] = 0
                self.pauses[plugin, community_id] = hook

    def due(self) -> bool:
        """Tell whether anything is to be written now."""
        return bool(self.pauses) or any(map(self._rested, list(self.waiting)))

    def _rested(self, where: Where) -> bool:
        last = self.written.get(where)
        return last is None or not timedelta() <= clock.now() - last < REST

    def take(self) -> tuple[dict[Where, _Waiting], dict[tuple[str, int], str]]:
        """Return what is to be written now, once."""
        with self.lock:
            faults = {
                where: self.waiting.pop(where)
                for where in list(self.waiting)
                if self._rested(where)
            }
            self.written |= dict.fromkeys(faults, clock.now())
            pauses, self.pauses = self.pauses, {}
        return faults, pauses


def watch() -> Watch:
    """Return the current app's memory."""
    found: Watch = current_app.extensions["civic_faults"]
    return found


def note(plugin: str, what: str, community_id: int | None, error: BaseException) -> None:
    """Remember that something of a plugin failed, for the plugin page; logging is the caller's.

    :param what: name of the hook, `page ENDPOINT`, `event NAME` or `job NAME`.
    """
    watch().failed((plugin, what, community_id), error)


def init_app(app: Flask) -> None:
    """Give an app its memory; what is in it is written after each response, and after each job.

    Before the database is given to the app: at the end of a context, the last is the first.
    """
    app.extensions["civic_faults"] = found = Watch()

    @app.after_request
    def hand_over(response: Any) -> Any:  # noqa: ANN401 - a response, unchanged
        if (found.waiting or found.pauses) and found.due():
            response.call_on_close(lambda: write(app))
        return response

    @app.teardown_appcontext
    def at_the_end(_error: BaseException | None) -> None:
        if (found.waiting or found.pauses) and not has_request_context() and found.due():
            write(app)


def write(app: Flask) -> None:
    """Write what is remembered, in a transaction of its own."""
    faults, pauses = app.extensions["civic_faults"].take()
    if has_app_context() and db.session.registry.has():
        db.session.rollback()  # or this transaction and the next would wait for each other
    with app.app_context():
        try:
            for where, found in sorted(faults.items(), key=str):
                _write_fault(where, found)
            for (plugin, community_id), hook in sorted(pauses.items()):
                _pause(plugin, community_id, hook)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("what failed in plugins could not be written")


def _write_fault(where: Where, found: _Waiting) -> None:
    plugin, hook, community_id = where
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(PluginFault).values(
        key=f"{plugin}|{hook}|{community_id or ''}",
        plugin=plugin,
        hook=hook,
        community_id=community_id,
        error=found.error,
        count=found.count,
        first_at=found.last_at,
        last_at=found.last_at,
    )
    again = {
        "count": PluginFault.count + found.count,
        "error": found.error,
        "last_at": found.last_at,
    }
    db.session.execute(row.on_conflict_do_update(index_elements=["key"], set_=again))


def _pause(plugin: str, community_id: int, hook: str) -> None:
    paused = db.session.execute(
        update(Activation)
        .where(
            Activation.plugin == plugin,
            Activation.community_id == community_id,
            Activation.on,
            Activation.paused_at.is_(None),
        )
        .values(paused_at=clock.now(), paused_hook=hook)
        .returning(Activation.plugin)
    ).all()
    if paused:
        log.warning("plugin %s is paused in community %s: %s", plugin, community_id, hook)
        audit.append(
            "plugin.paused",
            actor="civic",
            subject=f"plugin:{plugin}",
            community_id=community_id,
            data={"hook": hook},
        )
