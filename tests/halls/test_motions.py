"""Whatever is moved, changed, divided and taken back: a meeting can always be closed."""

from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from civic.halls import deciding, meetings, motion_steps, motions, presence, running
from civic.halls.deciding import Shown
from civic.halls.minute_rows import PUT, SETTLED, HallMotion
from civic.halls.models import HallMeeting
from civic.halls.motions import Somebody
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests.factories import World, consultation, scalars
from tests.halls.conftest import opened

if TYPE_CHECKING:
    from collections.abc import Callable

#: More than any row of acts below leaves behind.
ENOUGH = 500
acts = st.sampled_from(
    ["move", "amend", "second", "debate", "divide", "withdraw", "put", "carry", "lose"]
)
#: Each act, and whether it is about the motion that is settled next or about any other one.
rows = st.lists(st.tuples(acts, st.integers(0, 15)), min_size=1, max_size=25)


class Hall:
    """A meeting and what is done in it."""

    def __init__(self, world: World) -> None:
        """Open one at a case of its own."""
        case = consultation(world.erlong)
        self.case, self.made = opened(world, case, form_key=f"case {case.id}")
        self.here = (world.erlong, self.case.id, self.made.id)
        self.chair, self.secretary = world.actor("deputy"), world.actor("secretary")
        self.words = (f"第{number}案" for number in count(1))
        names = {"mover": Somebody(label="甲"), "seconder": Somebody(label="乙")}
        self.acts: dict[str, Callable[[int], object]] = {
            "move": lambda _one: motions.move(
                self.secretary, *self.here, words=next(self.words), mover=names["mover"]
            ),
            "amend": lambda one: motions.move(
                self.secretary, *self.here, words=next(self.words), **names, amends=one
            ),
            "second": lambda one: motion_steps.second_for(
                self.secretary, *self.here, one, names["seconder"]
            ),
            "debate": lambda one: motion_steps.debate(self.chair, *self.here, one),
            "divide": lambda one: motion_steps.divide(
                self.chair, *self.here, one, [next(self.words) for _ in range(2 + one % 2)]
            ),
            "withdraw": lambda one: motion_steps.withdraw(self.secretary, *self.here, one),
            "put": lambda one: deciding.put(self.chair, *self.here, one),
            "carry": lambda one: self._record(one, 5),
            "lose": lambda one: self._record(one, 1),
        }

    def _record(self, one: int, in_favour: int) -> None:
        shown = Shown(in_favour=in_favour, against=2, abstained=0, counter="甲", other_counter="乙")
        deciding.record(self.secretary, *self.here, one, shown)

    def do(self, act: str, which: int) -> None:
        """Do one thing if it is possible now."""
        floor = motions.on_floor(self.made.id)
        query = select(HallMotion.id).filter_by(meeting_id=self.made.id)
        every = scalars(query.order_by(HallMotion.number))
        # Most acts are about the motion that is settled next; the others are tried as well.
        known = [*every, *[one.id for one in floor[-1:]] * 9]
        try:
            self.acts[act](known[-1 - which % len(known)] if known else 0)
            db.session.commit()
        except Refused:
            db.session.rollback()

    def settle(self) -> None:
        """Settle what is on the floor until nothing is."""
        for _ in range(ENOUGH):
            floor = motions.on_floor(self.made.id)
            if not floor:
                return
            self.do("lose" if floor[-1].state == PUT else "withdraw", 0)
        pytest.fail("it has no end")


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows)
def test_a_meeting_in_which_all_is_settled_can_be_closed(
    world: World, done: list[tuple[str, int]]
) -> None:
    hall = Hall(world)
    for act, which in done:
        hall.do(act, which)
    hall.settle()
    states = select(HallMotion.state).filter_by(meeting_id=hall.made.id)
    assert set(scalars(states)) <= set(SETTLED)
    presence.count(hall.secretary, *hall.here, 12)
    running.close(hall.chair, *hall.here)
    db.session.commit()
    assert meetings.state(db.session.get_one(HallMeeting, hall.made.id)) == meetings.CLOSED
