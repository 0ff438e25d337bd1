"""Let people of the demonstration hand topics in, and the office weigh and answer some."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from civic.communities.models import Community
from civic.demo.script import Calendar, read
from civic.demo.street import Street
from civic.topics import deciding, joining, services
from civic.topics.models import Topic


@dataclass
class Play:
    """Hold one topic while it is played."""

    street: Street
    home: Community
    script: dict[str, Any]
    made: Topic | None = None

    def hand_in(self) -> None:
        """Hand it in, and let others join."""
        draft = services.Draft(title=self.script["title"], text=self.script["text"])
        actor = self.street.actor(self.script["by"])
        key = f"demo-{self.script['by']}"
        self.made = services.hand_in(actor, self.home, draft, form_key=key)
        for name in self.script.get("joined", ()):
            joining.join(self.street.actor(name), self.home, self.made.id)

    def do(self, row: dict[str, Any]) -> None:
        """Let the office do one act."""
        assert self.made is not None  # noqa: S101 - handing in is the first act
        here = (self.street.actor(row["by"]), self.home, self.made.id)
        if row["act"] == "triage":
            urgency, reach, authority = row["levels"]
            weight = deciding.Weight(
                urgency=urgency,
                reach=reach,
                authority=authority,
                lane=row["lane"],
                words=row["words"],
            )
            deciding.triage(*here, weight)
        elif row["act"] == "hand_over":
            deciding.hand_over(*here, row["words"], channel=row["channel"], to=row["to"])
        else:
            deciding.refuse(*here, row["reason"], row["words"])


def acts(street: Street, calendar: Calendar) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Yield what happens to topics, in no order."""
    script = read("topics")
    home = street.homes[script["at"]]
    for row in script["topic"]:
        play = Play(street, home, row)
        yield calendar.moment(row["when"]), play.hand_in
        for step in row.get("then", ()):
            yield calendar.moment(step["when"]), partial(play.do, step)
