"""Let the demonstration find an error in a roll, count again, and keep what it learnt."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.communities.models import Community
from civic.corrections import deciding, lessons, recounts, services, targets
from civic.corrections.models import Correction, Recount
from civic.demo.ballots import FIRST, HOME, SECOND
from civic.demo.script import Calendar, read
from civic.demo.street import Street
from civic.kernel.db import db
from civic.voting.models import Ballot

Act = tuple[datetime, Callable[[], None]]


class Play:
    """Play one correction and one lesson."""

    def __init__(self, street: Street, script: dict[str, Any]) -> None:
        """Read what happens."""
        self.street, self.script, self.lines = street, script, script["count"]

    @property
    def community(self) -> Community:
        """Return where it happens."""
        return self.street.homes[HOME]

    def acts(self, calendar: Calendar) -> Iterator[Act]:
        """Yield what happens, in the order of time."""
        steps = (
            ("raised", self._raise),
            ("admitted", self._admit),
            ("examined", self._examine),
            ("counted", self._count),
            ("confirmed", self._confirm),
            ("proposed", self._propose),
            ("decided", self._decide),
        )
        for name, act in steps:
            yield calendar.moment(self.lines[name]), act
        yield calendar.moment(self.script["lesson"]["at"]), self._learn

    def _raise(self) -> None:
        query = select(Ballot.id).filter_by(question=self.lines["question"], rehearsal=False)
        target = targets.find(self.community, "count", db.session.scalars(query).one())
        actor = self.street.actor(self.lines["by"])
        values = {name: self.lines[name] for name in ("kind", "words")}
        services.raise_(actor, self.community, target, form_key="demo", as_post=True, **values)

    def _found(self) -> int:
        return db.session.scalars(select(Correction.id)).one()

    def _admit(self) -> None:
        clerk, reason = self.street.actor(FIRST), self.lines["admission"]
        deciding.admit(clerk, self.community, self._found(), suspends=True, reason=reason)

    def _examine(self) -> None:
        errors = {"admitted": self.lines["numbers"], "excluded": 0}
        clerk, findings = self.street.actor(FIRST), self.lines["findings"]
        deciding.examine(clerk, self.community, self._found(), findings=findings, errors=errors)

    def _count(self) -> None:
        recounts.count(self.street.actor(FIRST), self.community, self._found())

    def _confirm(self) -> None:
        done = db.session.get_one(Recount, self._found())
        second = self.street.actor(SECOND)
        recounts.confirm(second, self.community, done.correction_id, done.bundle)

    def _propose(self) -> None:
        values = {name: self.lines[name] for name in ("reason", "note")}
        proposal = deciding.Proposal(effect="recount", **values)
        deciding.propose(self.street.actor(FIRST), self.community, self._found(), proposal)

    def _decide(self) -> None:
        # The deputy has confirmed the count at first, and so is answerable for it.
        actor = self.street.actor(self.lines["by"])
        deciding.decide(actor, self.community, self._found())

    def _learn(self) -> None:
        values = {
            name: words for name, words in self.script["lesson"].items() if name not in {"by", "at"}
        }
        draft = lessons.Draft(**values, public=True, form_key="demo", correction_id=self._found())
        lessons.keep(self.street.actor(self.script["lesson"]["by"]), self.community, draft)


def acts(street: Street, calendar: Calendar) -> Iterator[Act]:
    """Yield all that happens to corrections."""
    yield from Play(street, read("corrections")).acts(calendar)
