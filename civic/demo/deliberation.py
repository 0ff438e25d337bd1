"""Let the demonstration argue for and against, ask the office, and place dots on walls."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.deliberation import answering, arguments, questions, walls
from civic.demo.ballots import HOME
from civic.demo.script import Calendar, read
from civic.demo.street import Street
from civic.kernel.db import db

Act = tuple[datetime, Callable[[], None]]


@dataclass
class Play:
    """Play what is argued, asked and placed at one case.

    :ivar made: keys of what was made, by its first words.
    """

    street: Street
    calendar: Calendar
    script: dict[str, Any]
    made: dict[str, int] = field(default_factory=dict)

    @property
    def community(self) -> Community:
        """Return where it happens."""
        return self.street.homes[HOME]

    def _case(self) -> Consultation:
        return db.session.scalars(select(Consultation).filter_by(title=self.script["case"])).one()

    def argue(self, row: dict[str, Any]) -> None:
        """Write an argument."""
        made = arguments.write(
            self.street.actor(row["by"]),
            self.community,
            self._case(),
            side=row["side"],
            title=row["title"],
            words=row["words"],
            form_key=row["at"],
        )
        self.made[row["title"]] = made.id

    def convince(self, row: dict[str, Any], name: str) -> None:
        """Let an argument convince somebody."""
        actor, key = self.street.actor(name), self.made[row["title"]]
        arguments.rate(actor, self.community, self._case(), key, wants=True)

    def ask(self, row: dict[str, Any]) -> None:
        """Ask the office."""
        actor, words = self.street.actor(row["by"]), row["words"]
        made = questions.ask(actor, self.community, self._case(), words=words, form_key=row["at"])
        self.made[words] = made.id

    def want(self, row: dict[str, Any], name: str) -> None:
        """Want to know it too."""
        actor, key = self.street.actor(name), self.made[row["words"]]
        questions.support(actor, self.community, self._case(), key, wants=True)

    def answer(self, row: dict[str, Any], said: dict[str, Any]) -> None:
        """Answer in the name of the office, or word the answer anew."""
        answering.answer(
            self.street.actor(said["by"]),
            self.community,
            self._case(),
            self.made[row["words"]],
            words=said["words"],
            reason=said.get("reason", ""),
        )

    def hang(self, row: dict[str, Any]) -> None:
        """Put a wall up."""
        draft = walls.Draft(
            title=row["title"],
            items=row["items"],
            dots=row["dots"],
            several=row["several"],
            closes_at=self.calendar.moment(row["until"]),
            form_key=row["at"],
        )
        made = walls.open_(self.street.actor(row["by"]), self.community, self._case(), draft)
        self.made[row["title"]] = made.id

    def place(self, row: dict[str, Any], name: str, chosen: list[int]) -> None:
        """Place dots."""
        wall_id = self.made[row["title"]]
        items = walls.items(wall_id)
        wanted = Counter(items[at].id for at in chosen)
        walls.place(self.street.actor(name), self.community, self._case(), wall_id, wanted)

    def acts(self) -> Iterator[Act]:
        """Yield what happens, in no order; others answer what somebody wrote right afterwards."""
        moment = self.calendar.moment
        for row in self.script["argument"]:
            yield moment(row["at"]), partial(self.argue, row)
            for name in row["convinces"]:
                yield moment(row["at"]), partial(self.convince, row, name)
        for row in self.script["question"]:
            yield moment(row["at"]), partial(self.ask, row)
            for name in row["wanted"]:
                yield moment(row["at"]), partial(self.want, row, name)
            for said in row.get("answers", ()):
                yield moment(said["at"]), partial(self.answer, row, said)
        for row in self.script["wall"]:
            yield moment(row["at"]), partial(self.hang, row)
            for name, chosen in row["dots_of"].items():
                yield moment(row["at"]), partial(self.place, row, name, chosen)


def acts(street: Street, calendar: Calendar) -> Iterator[Act]:
    """Yield what is argued, asked and placed, in no order."""
    yield from Play(street, calendar, read("deliberation")).acts()
