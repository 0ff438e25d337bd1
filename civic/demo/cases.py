"""Let the people of the demonstration consult: one act after the other, each at its time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from civic.communities.models import Community
from civic.consultations import services, speaking, statements
from civic.consultations.models import Consultation
from civic.demo import (
    ballots,
    corrections,
    deliberation,
    drafting,
    halls,
    homes,
    notices,
    outcomes,
    topics,
)
from civic.demo.script import Calendar, read
from civic.demo.street import Street
from civic.identities.audiences import fitting_group
from civic.kernel import clock
from civic.kernel.db import db
from civic.moderation import services as moderation
from civic.voting import casting
from civic.voting.models import Ballot

CASES = ("room", "parking", "bus", "draft")
#: The same seed makes the same answers in every demonstration.
SEED = 2026
#: Weights of agreeing, disagreeing and passing: of those a statement helps, those it hurts,
#: those it does both to, and everybody else.
HELPED, HURT, TORN, OTHERS = (80, 8, 12), (20, 65, 15), (40, 35, 25), (45, 25, 30)
ANSWERS = (statements.AGREE, statements.DISAGREE, statements.PASS)
#: Share of those asked who answer statements, of the statements that they answer, who vote.
SPEAKING, ANSWERING, VOTING = 0.85, 0.85, 0.7
BETWEEN_ANSWERS = timedelta(seconds=9)

Act = tuple[datetime, int, Callable[[], None]]


@dataclass
class Case:
    """Hold one consultation while it is played."""

    street: Street
    calendar: Calendar
    script: dict[str, Any]
    random: Random
    made: Consultation | None = None
    #: Kept beside it: acts of other rooms hold the case anew, and then its row alone is loaded.
    ballot: Ballot | None = None
    statement_ids: dict[str, int] = field(default_factory=dict)
    comment_ids: dict[str, int] = field(default_factory=dict)

    @property
    def community(self) -> Community:
        """Return where it is held."""
        return self.street.homes[self.script["at"]]

    @property
    def consultation(self) -> Consultation:
        """Return it, once it has been asked."""
        assert self.made is not None  # noqa: S101 - asking is the first act
        return self.made

    def acts(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """Yield what happens in it, in no order."""
        moment = self.calendar.moment
        if "draft" in self.script:
            yield moment(self.script["draft"]), partial(self._ask, publish=False)
            return
        opens = moment(self.script["opens"])
        yield opens - timedelta(hours=16), self._ask
        for row in self.script["statements"]:
            yield moment(row["at"]), partial(self._offer, row)
        for row in self.script["comment"]:
            yield moment(row["at"]), partial(self._comment, row)
            for reply in row.get("replies", ()):
                yield moment(reply["at"]), partial(self._comment, reply, row)
        if hidden := self.script.get("hidden"):
            yield moment(hidden["at"]), partial(self._hide, hidden)
            yield moment(hidden["objection_at"]), partial(self._object, hidden)
        yield from self._sessions()

    def _sessions(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """Yield when people come to answer statements and to vote."""
        moment = self.calendar.moment
        opens, voting_opens = moment(self.script["opens"]), moment(self.script["voting"])
        end = min(moment(self.script["closes"]), moment("0 00:00"))
        for name in self.street.moved_by:
            if name in self.street.quiet or not self._asked(name):
                continue
            if self.random.random() < SPEAKING:
                yield self._some_time(opens, end), partial(self._answer, name)
            if voting_opens < end and self.random.random() < VOTING:
                yield self._some_time(voting_opens, end), partial(self._vote, name)

    def _asked(self, name: str) -> bool:
        actor = self.street.actor(name)
        return fitting_group(actor, self.script["audience"], self.community.path) is not None

    def _some_time(self, first: datetime, end: datetime) -> datetime:
        """Return a moment of some day, when people are awake."""
        days = max((end - first) // timedelta(days=1), 1)
        day = clock.local(first).date() + timedelta(days=self.random.randrange(days))
        start = datetime.combine(day, datetime.min.time(), clock.ZONE)
        return max(start + timedelta(minutes=self.random.randrange(8 * 60, 22 * 60)), first)

    def _ask(self, *, publish: bool = True) -> None:
        script, moment = self.script, self.calendar.moment
        draft = services.Draft(
            title=script["title"],
            background=script["background"],
            audience=script["audience"],
            opens_at=moment(script["opens"]),
            voting_opens_at=moment(script["voting"]),
            closes_at=moment(script["closes"]),
            question=script["question"],
            options=script["options"],
        )
        actor = self.street.actor(script["by"])
        self.made = services.create(actor, self.community, draft)
        self.ballot = self.made.ballot
        if publish:
            services.publish(actor, self.community, self.made)

    def _offer(self, row: dict[str, Any]) -> None:
        actor = self.street.actor(row["by"])
        made = statements.offer(actor, self.community, self.consultation, row["text"])
        self.statement_ids[row["text"]] = made.id

    def _answer(self, name: str) -> None:
        """Let somebody answer most of the statements that there are by now."""
        actor, moved_by = self.street.actor(name), self.street.moved_by[name]
        start = clock.now()
        answered = 0
        for row in self.script["statements"]:
            number = self.statement_ids.get(row["text"])
            if number is None or row["by"] == name or self.random.random() > ANSWERING:
                continue
            helped, hurt = moved_by & set(row["for"]), moved_by & set(row["against"])
            weights = (TORN if hurt else HELPED) if helped else (HURT if hurt else OTHERS)
            choice = self.random.choices(ANSWERS, weights)[0]
            answered += 1
            with clock.at(start + answered * BETWEEN_ANSWERS):
                statements.vote(actor, self.community, self.consultation, number, choice)

    def _comment(self, row: dict[str, Any], to: dict[str, Any] | None = None) -> None:
        made = speaking.comment(
            self.street.actor(row["by"]),
            self.community,
            self.consultation,
            row["text"],
            form_key=f"demo-{self.script['at']}-{row['at']}-{row['by']}",
            parent_id=self.comment_ids[to["text"]] if to else None,
            official=row.get("official", False),
        )
        self.comment_ids[row["text"]] = made.id

    def _vote(self, name: str) -> None:
        # Loaded anew: an act that holds a case lets go of what hung on it.
        query = select(Ballot).options(selectinload(Ballot.options))
        ballot = db.session.scalars(query.filter_by(id=self.consultation.ballot_id)).one()
        weights = [0] * (len(ballot.options) + 1)
        for camp in self.street.moved_by[name]:
            for place, weight in enumerate(self.script["votes"][camp]):
                weights[place] += weight
        options = [*(option.id for option in ballot.options), None]
        choice = self.random.choices(options, weights)[0]
        casting.cast(self.street.actor(name), ballot, self.community.path, choice)

    def _hide(self, row: dict[str, Any]) -> None:
        number = self._hidden_comment(row)
        actor = self.street.actor(row["by"])
        note, reason = row["note"], row["reason"]
        moderation.hide(actor, self.community, "comment", number, reason=reason, note=note)

    def _object(self, row: dict[str, Any]) -> None:
        subject = f"comment:{self._hidden_comment(row)}"
        decision = next(d for d in moderation.decisions(self.community) if d.subject == subject)
        assert decision.author_id is not None  # noqa: S101 - comments have authors
        moderation.object_to(decision.author_id, decision.id, row["objection"])

    def _hidden_comment(self, row: dict[str, Any]) -> int:
        texts = (item["text"] for item in self.script["comment"] if item.get("key") == row["key"])
        return self.comment_ids[next(texts)]


def play(street: Street, calendar: Calendar) -> None:
    """Play all consultations and notices in the order of time, so that the audit is in order."""
    random = Random(SEED)  # noqa: S311 - made-up answers are no secret
    acts: list[Act] = []
    for name in CASES:
        for at, act in Case(street, calendar, read(name), random).acts():
            acts.append((at, len(acts), act))
    others = (
        *homes.acts(street, calendar),
        *notices.acts(street, calendar),
        *ballots.acts(street, calendar),
        *topics.acts(street, calendar),
        *drafting.acts(street, calendar),
        *corrections.acts(street, calendar),
        *halls.acts(street, calendar),
        *outcomes.acts(street, calendar),
        *deliberation.acts(street, calendar),
    )
    acts += [(at, len(acts) + n, act) for n, (at, act) in enumerate(others)]
    for at, _number, act in sorted(acts, key=lambda item: item[:2]):
        with clock.at(at):
            act()
    db.session.flush()
