"""Let the offices of the demonstration hold ballots: rolls by two, rules by two, votes by many."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from civic.communities.models import Community
from civic.demo.script import Calendar, read
from civic.demo.street import Street
from civic.kernel import clock
from civic.procedures import services as procedures
from civic.voting import (
    draft_lines,
    drafting,
    kinds,
    news,
    roll_call,
    services,
    steps,
    voters,
)
from civic.voting.choices import Marks
from civic.voting.models import CLOSED, OPENED, Ballot
from civic.voting.roll_forms import WHOSE
from civic.voting.rolls import Roll
from civic.voting.voters import Usable

HOME, FIRST, SECOND = "erlonglu", "zhouhong", "sunwei"
SEED, SHARE, TOP = 2027, 0.7, 10
LEVEL = 2
BETWEEN = timedelta(minutes=7)

Act = tuple[datetime, Callable[[], None]]


@dataclass
class Vote:
    """Hold one ballot while it is played."""

    street: Street
    calendar: Calendar
    script: dict[str, Any]
    random: Random
    roll: Roll | None = None
    made: list[Ballot] = field(default_factory=list)

    @property
    def community(self) -> Community:
        """Return where it is held."""
        return self.street.homes[HOME]

    def acts(self) -> Iterator[Act]:
        """Yield what happens to it, in the order of time."""
        script, moment = self.script, self.calendar.moment
        if "whose" in script:
            yield moment(script["drawn"]), self._draw
            yield moment(script["frozen"]), self._freeze
        yield moment(script["drafted"]), self._draft
        yield moment(script["opened"]), partial(self._step, OPENED)
        opens, end = moment(script["opens"]), min(moment(script["closes"]), moment("0 00:00"))
        names = [name for name in self.street.moved_by if name not in self.street.quiet]
        for name in names:
            if self.random.random() < script.get("share", SHARE):
                length = (end - opens) // timedelta(minutes=1)
                at = opens + timedelta(minutes=self.random.randrange(length))
                yield at, partial(self._vote, name)
        if "sealed" in script:
            yield moment(script["sealed"]), partial(self._step, CLOSED)

    def _draw(self) -> None:
        whose = WHOSE[self.script["whose"]]
        rule = whose.rule(self.street.nodes[self.script["at"]].id, LEVEL)
        clerk = self.street.actor(FIRST)
        self.roll = roll_call.by_rule(clerk, self.community, rule, whose.measures)

    def _freeze(self) -> None:
        assert self.roll is not None  # noqa: S101 - drawn by the act before
        until = self.calendar.moment(self.script["objections"])
        roll_call.freeze(self.street.actor(SECOND), self.roll.id, objections_until=until)

    def _draft(self) -> None:
        script, moment = self.script, self.calendar.moment
        draft = drafting.Draft(
            version=procedures.one_in_force(script["procedure"]),
            question=script["question"],
            kind=script["kind"],
            options=[draft_lines.Option(text, cost) for text, cost in script["options"]],
            limits=script.get("limits", {}),
            method=script["method"],
            seats=1,
            tie=kinds.SHOW_ALL,
            secrecy=script["secrecy"],
            shows=kinds.AT_CLOSE,
            audience=script.get("audience", []),
            roll_id=self.roll.id if self.roll else None,
            opens_at=moment(script["opens"]),
            closes_at=moment(script["closes"]),
        )
        self.made.append(drafting.create(self.street.actor(FIRST), self.community, draft))

    def _step(self, act: str) -> None:
        [ballot] = self.made
        steps.propose(self.street.actor(FIRST), ballot, act)
        steps.confirm(self.street.actor(SECOND), ballot, act)
        if act == OPENED:
            news.opened(ballot)
        else:
            news.closed(ballot)

    def _vote(self, name: str) -> None:
        """Let somebody use each right they have, as they are moved."""
        [ballot] = self.made
        actor = self.street.actor(name)
        start = clock.now()
        found = voters.voter(actor, ballot, self.community.path)
        for number, usable in enumerate(found.rights):
            with clock.at(start + number * BETWEEN):
                self._use(name, ballot, usable)

    def _use(self, name: str, ballot: Ballot, usable: Usable) -> None:
        weights = [
            max(self.script["votes"][camp][place] for camp in self.street.moved_by[name])
            for place in range(len(ballot.rules["options"]))
        ]
        ids = [str(option["id"]) for option in ballot.rules["options"]]
        likes = [one for one, weight in zip(ids, weights, strict=True) if self._wants(weight)]
        if ballot.kind == kinds.ITEMS:
            marks = Marks(values={one: "agree" if one in likes else "oppose" for one in ids})
        else:
            marks = Marks(picked=likes) if likes else Marks(abstains=True)
        services.vote(self.street.actor(name), ballot, usable.right, marks)

    def _wants(self, weight: int) -> bool:
        return self.random.randrange(TOP) < weight


def acts(street: Street, calendar: Calendar) -> Iterator[Act]:
    """Yield all that happens to ballots."""
    random = Random(SEED)  # noqa: S311 - made-up answers are no secret
    for row in read("ballots")["ballot"]:
        yield from Vote(street, calendar, row, random).acts()
