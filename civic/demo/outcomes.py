"""Let the demonstration carry one decision out: a resolution, an objection, a task that is late."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.demo.ballots import FIRST, HOME, SECOND
from civic.demo.script import Calendar, read
from civic.demo.street import Street
from civic.kernel import clock
from civic.kernel.db import db
from civic.outcomes import carrying_out, objecting, resolutions
from civic.outcomes.models import ResolutionObjection, Task


@dataclass
class Play:
    """Play what comes of one case."""

    street: Street
    script: dict[str, Any]

    @property
    def community(self) -> Community:
        """Return where it happens."""
        return self.street.homes[HOME]

    def _case(self) -> int:
        query = select(Consultation.id).filter_by(title=self.script["case"])
        return db.session.scalars(query).one()

    def write(self) -> None:
        """Write the draft."""
        came = dict.fromkeys(self.script["came"], True)
        draft = resolutions.Draft(
            title=self.script["title"],
            body=self.script["body"].strip(),
            outcome=self.script["outcome"],
            contact=self.script["contact"],
            invited=came | dict.fromkeys(self.script["stayed_away"], False),
        )
        resolutions.write(self.street.actor(FIRST), self.community, self._case(), draft)

    def publish(self) -> None:
        """Publish it as the second person."""
        resolutions.publish(self.street.actor(SECOND), self.community, self._case())

    def object_(self) -> None:
        """Let somebody object."""
        said = self.script["objection"]
        actor, words = self.street.actor(said["by"]), said["words"]
        objecting.object_(actor, self.community, self._case(), words=words, form_key="demo")

    def answer(self) -> None:
        """Answer the objection."""
        [found] = db.session.scalars(select(ResolutionObjection.id))
        words = self.script["objection"]["answer"]
        objecting.answer(
            self.street.actor(SECOND), self.community, self._case(), found, words=words
        )

    def plan(self, row: dict[str, Any]) -> None:
        """Plan a task."""
        wanted = carrying_out.Plan(
            title=row["title"],
            body=row["body"],
            helpers=row["helpers"],
            due_at=clock.now() + timedelta(days=row["days"]),
            weight=row["weight"],
            form_key=row["title"],
        )
        carrying_out.plan(self.street.actor(FIRST), self.community, self._case(), wanted)

    def report(self, row: dict[str, Any], step: dict[str, Any]) -> None:
        """Report how far it is."""
        task = db.session.scalars(select(Task.id).filter_by(title=row["title"])).one()
        carrying_out.report(
            self.street.actor(FIRST),
            self.community,
            self._case(),
            task,
            progress=step["progress"],
            words=step["words"],
            form_key=step["at"],
        )


def acts(street: Street, calendar: Calendar) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Yield what comes of the case, in no order."""
    script = read("outcomes")
    play, said = Play(street, script), script["objection"]
    yield calendar.moment(script["written"]), play.write
    yield calendar.moment(script["published"]), play.publish
    yield calendar.moment(said["at"]), play.object_
    yield calendar.moment(said["answered"]), play.answer
    for row in script["task"]:
        yield calendar.moment(row["planned"]), partial(play.plan, row)
        for step in row["steps"]:
            yield calendar.moment(step["at"]), partial(play.report, row, step)
