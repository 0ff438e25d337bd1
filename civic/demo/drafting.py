"""Let the demonstration draft a text together: two versions, comments, a cluster, answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.demo.ballots import FIRST, HOME, SECOND
from civic.demo.script import Calendar, read
from civic.demo.street import Street
from civic.drafting import answering, clusters, commenting, supporting, writing
from civic.drafting.answering import Answer
from civic.drafting.commenting import Said
from civic.drafting.models import DraftComment
from civic.kernel.db import db

#: People who agree come a little later, one after another.
BETWEEN = timedelta(minutes=11)


@dataclass
class Play:
    """Play the text of one case."""

    street: Street
    calendar: Calendar
    script: dict[str, Any]
    comments: dict[str, int] = field(default_factory=dict)
    revision: int = 0

    @property
    def community(self) -> Community:
        """Return where it happens."""
        return self.street.homes[HOME]

    def _case(self) -> Consultation:
        return db.session.scalars(select(Consultation).filter_by(title=self.script["case"])).one()

    def save(self, body: str) -> None:
        """Keep the text."""
        writing.save(
            self.street.actor(FIRST),
            self.community,
            self._case().id,
            title=self.script["title"],
            body=body,
            revision=self.revision,
        )
        self.revision += 1

    def publish(self, until: str, note: str = "") -> None:
        """Publish it as it was kept."""
        writing.publish(
            self.street.actor(FIRST),
            self.community,
            self._case().id,
            revision=self.revision,
            note=note,
            until=self.calendar.moment(until) + timedelta(minutes=1),
        )

    def comment(self, row: dict[str, Any]) -> None:
        """Let somebody comment on the version that is the newest then."""
        said = Said(
            version=self.revision,
            paragraph=row["paragraph"],
            words=row["words"],
            wording=row.get("wording", ""),
        )
        actor, key = self.street.actor(row["by"]), f"demo-{row['at']}"
        made = commenting.comment(actor, self.community, self._case(), said, form_key=key)
        assert isinstance(made, DraftComment)  # noqa: S101 - nothing is checked first here
        self.comments[row["by"]] = made.id

    def support(self, row: dict[str, Any], who: str) -> None:
        """Let somebody think so too."""
        comment = self.comments[row["by"]]
        actor = self.street.actor(who)
        supporting.support(actor, self.community, self._case(), comment, wants=True)

    def cluster(self, row: dict[str, Any]) -> None:
        """Gather what says the same, and answer it once."""
        actor, case = self.street.actor(SECOND), self._case()
        chosen = [self.comments[who] for who in row["of"]]
        made = clusters.gather(actor, self.community, case.id, chosen, title=row["title"])
        given = Answer(verdict=row["verdict"], reason=row["reason"])
        answering.answer_cluster(actor, self.community, case.id, made.id, given)

    def answer(self, row: dict[str, Any]) -> None:
        """Answer one comment."""
        given = Answer(verdict=row["verdict"], reason=row["reason"])
        comment = self.comments[row["to"]]
        actor = self.street.actor(SECOND)
        answering.answer_comment(actor, self.community, self._case().id, comment, given)


def acts(street: Street, calendar: Calendar) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Yield what happens to the text, in no order."""
    script = read("drafting")
    play, second, moment = Play(street, calendar, script), script["second"], calendar.moment
    yield moment(script["saved"]), partial(play.save, script["body"])
    yield moment(script["published"]), partial(play.publish, script["until"])
    for row in (*script["comment"], *script["later"]):
        yield moment(row["at"]), partial(play.comment, row)
        for number, who in enumerate(row.get("support", ()), 1):
            yield moment(row["at"]) + number * BETWEEN, partial(play.support, row, who)
    for row in script["cluster"]:
        yield moment(row["at"]), partial(play.cluster, row)
    for row in script["answer"]:
        yield moment(row["at"]), partial(play.answer, row)
    yield moment(second["saved"]), partial(play.save, second["body"])
    yield moment(second["published"]), partial(play.publish, second["until"], second["note"])
