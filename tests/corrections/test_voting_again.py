"""A vote that a correction found wrong is held again, and what rested on it makes room."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select

from civic.consultations import checks, figures, linked, moving, panels
from civic.consultations.models import Consultation
from civic.corrections import deciding, recounts, services, targets
from civic.corrections.models import Correction
from civic.identities.actors import actor_for
from civic.kernel import clock, events
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.outcomes import carrying_out, objecting, owing, pages, participating, rating, resolutions
from civic.outcomes.models import Rating, RatingRound
from civic.procedures import loading
from civic.procedures import services as procedures
from civic.voting import opening
from civic.voting.models import Ballot
from tests import factories
from tests.consultations.test_linked import published
from tests.corrections.conftest import examined, neighbours, proposed, put, raised, sealed
from tests.factories import World
from tests.notices.conftest import issued
from tests.outcomes.conftest import days_off, draft, planned, reported, resolved
from tests.pages import text_of
from tests.voting import boxes

Login = Callable[..., FlaskClient]
DAY = timedelta(days=1)


def refused(code: str, act: Callable[..., Any], *args: Any, **values: Any) -> None:
    """An act that is refused, and undone."""
    with pytest.raises(Refused) as found:
        act(*args, **values)
    assert found.value.code == code
    db.session.rollback()


def on(moment: datetime) -> None:
    """Go on to a moment that is still to come."""
    clock.shift(moment - datetime.now(clock.ZONE))


def lacks(code: str, case: Consultation) -> bool:
    return bool(checks.known()[code].missing(case))


@dataclass
class Told:
    """A case that was decided by a vote in which somebody voted who should not have."""

    world: World
    case: Consultation
    ballot: Ballot
    found: Correction | None = None

    def decided(self) -> Ballot:
        """Find by correction that it is voted on again; return the draft of that vote."""
        here, deputy = self.world.erlong, self.world.actor("deputy")
        found = examined(
            self.world, raised(self.world, self.ballot), {"admitted": [1], "excluded": 0}
        )
        bundle = recounts.count(deputy, here, found.id).bundle
        recounts.confirm(self.world.actor("secretary"), here, found.id, bundle)
        db.session.commit()
        proposed(self.world, found, "revote")
        deciding.decide(deputy, here, found.id)
        db.session.commit()
        self.found = found
        return db.session.get_one(Ballot, found.made["ballot"])

    def announced(self) -> None:
        """Issue a notice and link it."""
        notice = issued(self.world)
        linked.link_notice(self.world.actor("secretary"), self.world.erlong, self.case, notice.id)
        db.session.commit()

    def moved(self, act: str, reason: str = "", *, two: bool = False) -> None:
        """Move the case, the second person after the first where it takes two."""
        for role in ("secretary", "deputy") if two else ("secretary",):
            moving.move(self.world.actor(role), self.world.erlong, self.case, act, reason=reason)
            db.session.commit()
        events.deliver()

    def voted_on(self, again: Ballot) -> None:
        """Go back to the vote with what a correction decided and a notice told."""
        self.announced()
        opening.fix(again)
        db.session.commit()
        self.moved("revote", "按纠错决定", two=True)

    def counted(self, again: Ballot) -> None:
        """Vote, count, publish, and let the case come to what the vote came to."""
        put(again, *[0] * 7)
        boxes.close(again)
        on(again.closes_at)
        self.moved("close_vote")
        published(self.world, again)
        self.moved("passed")


@pytest.fixture
def told(world: World) -> Told:
    loading.sync()
    days_off(world)
    neighbours(world, 6)
    kept = procedures.snapshot(procedures.one_in_force("ra_2026_person"))
    soon = {"opens_at": clock.now() + 20 * DAY, "closes_at": clock.now() + 21 * DAY}
    ballot = sealed(world, 0, 0, 0, 1, 1, procedure=kept, formal=True, **soon)
    on(ballot.closes_at + DAY)
    case = factories.case_by_process(
        world.erlong, "five_people", stage="resolved", procedure="ra_2026_person"
    )
    linked.link_ballot(world.actor("secretary"), world.erlong, case, ballot.id, "voting")
    figures.add(case.id, linked.FIGURE, ballot.id - case.figures.get(linked.FIGURE, 0))
    db.session.commit()
    return Told(world, case, ballot)


def test_everybody_is_led_to_a_ballot_that_they_may_see(told: Told, login: Login) -> None:
    page, visitor = f"/c/erlonglu/consultations/{told.case.id}/", login(None)
    again = told.decided()
    first, second = (f"/c/erlonglu/ballots/{one.id}" for one in (told.ballot, again))
    assert visitor.get(f"{second}/").status_code == 404
    assert first in visitor.get(page).text
    assert second not in visitor.get(page).text
    told.voted_on(again)
    assert second in visitor.get(page).text
    assert visitor.get(f"{second}/").status_code == 200


def test_a_notice_tells_of_it_after_it_was_decided(told: Told) -> None:
    told.announced()
    assert lacks("revote_decided", told.case)
    again = told.decided()
    # The notice of the first vote says nothing of the second one.
    assert lacks("revote_decided", told.case)
    told.announced()
    assert not lacks("revote_decided", told.case)
    refused("missing", told.moved, "revote", "按纠错决定")
    opening.fix(again)
    db.session.commit()
    told.moved("revote", "按纠错决定", two=True)
    assert told.case.stage == "voting"
    again.published_at = clock.now()
    assert lacks("revote_decided", told.case)


def _panels(told: Told, app: Flask, role: str) -> dict[str, str]:
    with app.test_request_context(f"/c/erlonglu/consultations/{told.case.id}/"):
        app.preprocess_request()
        g.actor = told.world.actor(role)
        found = panels.of(told.case, g.actor, clock.now())
        return {panel.url.rpartition("/")[2]: panel.text for panel in found}


def test_what_was_written_before_a_later_vote_is_not_published(told: Told) -> None:
    secretary, deputy = told.world.actor("secretary"), told.world.actor("deputy")
    here, case = told.world.erlong, told.case
    again = told.decided()
    resolutions.write(secretary, here, case.id, draft(outcome=""))
    told.voted_on(again)
    refused("overtaken", resolutions.publish, deputy, here, case.id)
    refused("not_ripe", resolutions.write, secretary, here, case.id, draft(outcome=""))
    told.counted(again)
    refused("overtaken", resolutions.publish, deputy, here, case.id)
    resolutions.write(secretary, here, case.id, draft(outcome=""))
    assert resolutions.publish(deputy, here, case.id) is resolutions.standing(case)


def test_what_a_later_vote_overtook_is_not_corrected(told: Told) -> None:
    here, secretary = told.world.erlong, told.world.actor("secretary")
    _case, made = resolved(told.world, told.case)
    again = told.decided()
    target = targets.find(here, "resolution", made.id)
    keys = {"kind": "typo", "words": "数字写错。", "form_key": "t", "as_post": True}
    found = services.raise_(told.world.actor("officer"), here, target, **keys)
    deciding.admit(secretary, here, found.id, suspends=False, reason="核实")
    deciding.examine(secretary, here, found.id, findings="属实")
    db.session.commit()
    told.voted_on(again)
    change = {"title": made.title, "body": "东侧划10个车位。"}
    proposal = deciding.Proposal(effect="correct", reason="核实", note="应为10个。", change=change)
    refused("overtaken", deciding.propose, secretary, here, found.id, proposal)


def test_one_objects_to_what_stands(told: Told, login: Login, app: Flask) -> None:
    resolved(told.world, told.case)
    page = f"/c/erlonglu/consultations/{told.case.id}/outcome/resolution"
    resident = login(told.world.resident)
    assert 'name="words"' in resident.get(page).text
    told.voted_on(told.decided())
    shown = text_of(resident.get(page))
    assert "之后重新进行了表决" in shown
    assert 'name="words"' not in shown
    values = {"words": "太吵", "form_key": "o"}
    who = told.world.actor("resident")
    refused("overtaken", objecting.object_, who, told.world.erlong, told.case.id, **values)
    assert resident.post(page, data=values).status_code == 409
    assert _panels(told, app, "resident")["resolution"] == "之后重新进行了表决。"


def test_tasks_carry_out_what_stands(told: Told, login: Login) -> None:
    here, case = told.world.erlong, told.case
    resolved(told.world, case)
    old, done = planned(told.world, case, "a"), planned(told.world, case, "b")
    reported(told.world, done)
    assert case.figures[carrying_out.WEIGHT] == 2
    again = told.decided()
    told.voted_on(again)
    assert lacks("tasks_planned", case)
    assert lacks("tasks_done", case)
    assert not carrying_out.in_force(case)
    assert carrying_out.WEIGHT not in case.figures
    on(old.due_at + DAY)
    assert carrying_out.tell_late() == 0
    assert "划线" not in text_of(login(None).get("/c/erlonglu/owed/"))
    assert not [one for one in owing.due(told.world.actor("secretary"), 9) if one.title == "划线"]
    shown = pages.tasks(case, clock.now())
    assert (shown["in_force"], shown["late"], len(shown["rows"])) == (False, 0, 2)
    assert "属于之前的决议" in text_of(
        login(None).get(f"/c/erlonglu/consultations/{case.id}/outcome/tasks")
    )
    told.counted(again)
    refused("not_resolved", planned, told.world, case, "c")
    resolved(told.world, case)
    new = planned(told.world, case, "c")
    assert list(carrying_out.in_force(case)) == [new]
    refused("not_done", rating.ask, told.world.actor("secretary"), here, case.id)


def _rated(told: Told, verdict: str, most: int = 5) -> None:
    """Let those who took part rate it."""
    people = db.session.scalars(participating.people(told.case.id)).all()
    for who in sorted(people)[:most]:
        actor = actor_for(who)
        assert actor is not None
        rating.rate(actor, told.world.erlong, told.case.id, verdict=verdict, words="")
        db.session.commit()


def _asked(told: Told) -> RatingRound:
    made = rating.ask(told.world.actor("secretary"), told.world.erlong, told.case.id)
    db.session.commit()
    return made


def _over(made: RatingRound) -> None:
    on(made.until)
    assert rating.end_all() == 1
    db.session.commit()


def test_the_whole_way_of_a_vote_that_is_held_again_to_its_ratings(
    told: Told, login: Login, app: Flask
) -> None:
    """One round that asked for the work once more, a second one that a later vote ended."""
    case = told.case
    resolved(told.world, case)
    task = planned(told.world, case)
    reported(told.world, task)
    first = _asked(told)
    _rated(told, "not")
    _over(first)
    assert first.reopened
    reported(told.world, task, key="again")
    second = _asked(told)
    _rated(told, "partly")
    again = told.decided()
    told.voted_on(again)
    db.session.refresh(second)
    assert second.ended_at is not None
    assert (second.figures["partly"], second.reopened) == (5, False)
    assert "rating" not in _panels(told, app, "resident")
    assert lacks("rating_over", case)
    page = f"/c/erlonglu/consultations/{case.id}/outcome/rating"
    sent = {"verdict": "solved", "words": ""}
    assert login(told.world.resident).post(page, data=sent).status_code == 409
    told.counted(again)
    resolved(told.world, case)
    assert lacks("rating_over", case)
    task = planned(told.world, case, "new")
    reported(told.world, task)
    for number, verdict in enumerate(("not", "solved"), 3):
        made = _asked(told)
        assert made.number == number
        assert sum(rating.counted(case.id, number).values()) == 0
        assert "verdict" in login(told.world.resident).get(page).text
        _rated(told, verdict)
        _over(made)
        assert made.figures[verdict] == 5
        assert lacks("rating_over", case) is made.reopened is (number == 3)
        if made.reopened:
            reported(told.world, task, key="once-more")
    refused("rated", _asked, told)
    # What was said of what stood before keeps its rounds, and counts nowhere.
    said = select(Rating.number, func.count()).group_by(Rating.number).order_by(Rating.number)
    assert [tuple(row) for row in db.session.execute(said)] == [(1, 5), (2, 5), (3, 5), (4, 5)]
