"""Stages from dates, to the microsecond."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from civic.consultations.stages import line, may, stage

OPENS = datetime(2026, 3, 1, 9, tzinfo=UTC)
VOTING = datetime(2026, 3, 8, 9, tzinfo=UTC)
CLOSES = datetime(2026, 3, 15, 18, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@dataclass
class Case:
    opens_at: datetime = OPENS
    voting_opens_at: datetime | None = VOTING
    closes_at: datetime = CLOSES
    stage: str | None = None
    present: dict[str, Any] = field(default_factory=dict)
    process: dict[str, Any] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("now", "expected", "open_"),
    [
        (OPENS - TICK, "scheduled", False),
        (OPENS, "deliberating", True),
        (VOTING - TICK, "deliberating", True),
        (VOTING, "voting", True),
        (CLOSES - TICK, "voting", True),
        (CLOSES, "closed", False),
        (CLOSES + timedelta(days=999), "closed", False),
    ],
)
def test_each_stage_begins_at_its_moment(now: datetime, expected: str, open_: bool) -> None:
    assert stage(Case(), now) == expected
    assert may(Case(), now, "speak") == open_


def test_without_a_ballot_people_speak_until_the_close() -> None:
    case = Case(voting_opens_at=None)
    assert stage(case, CLOSES - TICK) == "deliberating"
    assert stage(case, CLOSES) == "closed"
    assert [step.code for step in line(case, OPENS)] == ["deliberating", "closed"]


def test_one_that_votes_at_once_never_only_deliberates() -> None:
    assert stage(Case(voting_opens_at=OPENS), OPENS) == "voting"


@pytest.mark.parametrize(
    ("now", "states"),
    [
        (OPENS - TICK, ["coming", "coming", "coming"]),
        (OPENS, ["current", "coming", "coming"]),
        (VOTING, ["done", "current", "coming"]),
        (CLOSES, ["done", "done", "current"]),
    ],
)
def test_the_line_says_what_is_done(now: datetime, states: list[str]) -> None:
    assert [step.state for step in line(Case(), now)] == states
    assert [step.at for step in line(Case(), now)] == [OPENS, VOTING, CLOSES]


def test_a_process_says_where_a_case_stands_whatever_its_dates_say() -> None:
    assert stage(Case(stage="publicised"), VOTING) == "publicised"
    assert not may(Case(stage="publicised"), VOTING, "speak")
