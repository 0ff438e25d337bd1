"""Let the demonstration meet in the hall: one meeting is over, another one goes on."""

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
from civic.halls import (
    deciding,
    hands,
    minutes,
    motion_steps,
    motions,
    planning,
    presence,
    running,
)
from civic.halls.models import SPEAKING, HallHand, HallMeeting
from civic.halls.rules import rules
from civic.kernel import clock
from civic.kernel.db import db

#: The first leads, the second takes the minutes.
CHAIR, SECRETARY = FIRST, SECOND
#: Whatever is played later comes after all else in the audit.
TODAY = "0 00:00"
Where = tuple[Community, int, int]


@dataclass
class Play:
    """Play one meeting."""

    street: Street
    script: dict[str, Any]
    starts_at: datetime

    @property
    def community(self) -> Community:
        """Return where it is held."""
        return self.street.homes[HOME]

    def _case(self) -> Consultation:
        query = select(Consultation).filter_by(title=self.script["case"])
        return db.session.scalars(query).one()

    def _meeting(self) -> HallMeeting:
        query = select(HallMeeting).filter_by(title=self.script["title"])
        return db.session.scalars(query).one()

    def _at(self) -> Where:
        found = self._meeting()
        return self.community, found.consultation_id, found.id

    def plan(self) -> None:
        """Plan it."""
        limits = rules()
        wanted = planning.Plan(
            title=self.script["title"],
            place=self.script["place"],
            starts_at=self.starts_at,
            chair_id=self.street.people[CHAIR].id,
            secretary_id=self.street.people[SECRETARY].id,
            items=self.script["items"],
            turn_seconds=limits.seconds,
            turns_each=limits.each,
            majority=next(iter(limits.majorities)),
            form_key=self.script["planned"],
        )
        planning.plan(self.street.actor(SECRETARY), self.community, self._case().id, wanted)

    def open_(self) -> None:
        """Open it; some say on their telephone that they are there."""
        running.open_(self.street.actor(CHAIR), *self._at())
        for name in self.script["here"]:
            presence.here(self.street.actor(name), self.community, self._case(), self._meeting().id)

    def close(self) -> None:
        """Count the people and close it."""
        presence.count(self.street.actor(SECRETARY), *self._at(), self.script["present"])
        running.close(self.street.actor(CHAIR), *self._at())

    def sign(self) -> None:
        """Sign the minutes."""
        running.sign(self.street.actor(CHAIR), *self._at())

    def act(self, row: dict[str, Any]) -> None:
        """Do one thing in it."""
        chair, secretary, at = (
            self.street.actor(CHAIR),
            self.street.actor(SECRETARY),
            self._at(),
        )
        do = row["do"]
        floor = motions.on_floor(at[2])
        motion = floor[-1].id if floor else 0
        if do in {"note", "decision", "task"}:
            minutes.take(secretary, *at, self._taken(row))
        elif do == "hand" and "by" in row:
            hands.raise_(self.street.actor(row["by"]), self.community, self._case(), at[2])
        elif do == "hand":
            hands.add(secretary, *at, row["label"])
        elif do in {"next", "end"}:
            speaks = select(HallHand.id).filter_by(meeting_id=at[2], state=SPEAKING)
            seen = db.session.scalar(speaks) or 0
            (hands.call_next if do == "next" else hands.end)(chair, *at, seen=seen)
        elif do in {"move", "amend"}:
            motions.move(
                secretary,
                *at,
                words=row["words"],
                mover=self._somebody(row["mover"], at[2]),
                seconder=motions.Somebody(label=row["seconder"]),
                amends=motion if do == "amend" else 0,
            )
        elif do == "debate":
            motion_steps.debate(chair, *at, motion)
        elif do == "put":
            deciding.put(chair, *at, motion)
        elif do == "count":
            figures = {key: row[key] for key in ("in_favour", "against", "abstained")}
            one, other = row["counters"]
            shown = deciding.Shown(**figures, counter=one, other_counter=other)
            deciding.record(secretary, *at, motion, shown)
        elif do == "go":
            running.go_to(chair, *at, row["item"])

    def _taken(self, row: dict[str, Any]) -> minutes.Taken:
        due = clock.local(clock.now()).date() + timedelta(days=row.get("days", 0))
        return minutes.Taken(
            kind=row["do"],
            words=row["words"],
            who=row.get("who", ""),
            due=due if "days" in row else None,
            form_key=f"{self.script['planned']} {row['at']}",
        )

    def _somebody(self, name: str, meeting_id: int) -> motions.Somebody:
        """Return somebody of the script by the hand that they raised."""
        person_id = self.street.people[name].id
        hand = select(HallHand.id).filter_by(meeting_id=meeting_id, person_id=person_id)
        return motions.Somebody(hand_id=db.session.scalars(hand.limit(1)).one())


Act = tuple[datetime, Callable[[], None]]


def acts(street: Street, calendar: Calendar) -> Iterator[Act]:
    """Yield what happened in the meetings before today, in no order."""
    today = calendar.moment(TODAY)
    yield from (act for act in _acts(street, calendar) if act[0] < today)


def play_today(street: Street, calendar: Calendar) -> None:
    """Play what has happened in the meetings since this morning."""
    today = calendar.moment(TODAY)
    since = [act for act in _acts(street, calendar) if act[0] >= today]
    for at, act in sorted(since, key=lambda item: item[0]):
        with clock.at(at):
            act()


def _acts(street: Street, calendar: Calendar) -> Iterator[Act]:
    for script in read("halls")["meeting"]:
        play = Play(street, script, calendar.moment(script["starts"]))
        steps = {"planned": play.plan, "opened": play.open_, "closed": play.close}
        for name, step in (steps | {"signed": play.sign}).items():
            if name in script:
                yield calendar.moment(script[name]), step
        for row in script["acts"]:
            yield calendar.moment(row["at"]), partial(play.act, row)
