"""Fill the demonstration with events at each of their states, all invented."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from civic.api import Community, Stage, db
from civic_events import arriving, filing, kinds, league, rating, shifts, signing
from civic_events.models import Activity, SignUp

FILE = Path(__file__).parent / "data" / "demo.toml"
SCENE, WRITES, DECIDES = "erlonglu", "sunwei", "zhouhong"


def play(community: Community, stage: Stage) -> None:
    """Play all events of the script in the community that is their scene."""
    if community.slug == SCENE:
        script = tomllib.loads(FILE.read_text("utf-8"))
        for row in script["event"]:
            _play(community, stage, row)
        _compete(community, stage, script["league"])
        for row in script["shift"]:
            _help(community, stage, row)


def _play(community: Community, stage: Stage, row: Mapping[str, Any]) -> None:
    writes, decides = stage.person(WRITES), stage.person(DECIDES)
    values = {
        "starts_at": stage.moment(row["starts"]),
        "ends_at": stage.moment(row["ends"]),
        "most": row.get("most", 4),
        "questions": row.get("questions", []),
        "lead": row.get("lead", ""),
        "facts": row.get("facts", ["consent"]),
        "plan": list(kinds.PLAN) if row.get("plan") == "all" else [],
    }
    same = ("title", "text", "place", "audience", "expected", "capacity", "organiser")
    values |= {name: row[name] for name in same}
    with stage.at(row["written"]):
        made = filing.write(writes, community, values, row["title"])
        filing.file(writes, made)
        if row.get("until") == "filed":
            return
        filing.decide(decides, made, kinds.ACCEPT, "")
        if row.get("until") == "accepted":
            return
        filing.publish(writes, made)
        for name, places in row.get("people", ()):
            answers = ["挂号"] * len(made.questions)
            signing.sign_up(stage.person(name), made, places, answers)
    _after(stage, made, row)


def _after(stage: Stage, made: Activity, row: Mapping[str, Any]) -> None:
    """Let people come in, and say how it was."""
    with stage.at(row["starts"]):
        for name in row.get("came", ()):
            found = signing.mine(stage.person(name), made)
            assert isinstance(found, SignUp)  # noqa: S101 - the script signed them up
            arriving.admit(stage.person(WRITES), made, found, arriving.places(found), name)
    with stage.at(f"{int(row['ends'].split()[0]) + 1} 09:00"):
        for name, stars, words in row.get("said", ()):
            rating.rate(stage.person(name), made, stars, words)
    db.session.flush()


def _compete(community: Community, stage: Stage, row: Mapping[str, Any]) -> None:
    """Let teams meet."""
    writes = stage.person(WRITES)
    with stage.at(row["begun"]):
        made = league.begin(writes, community, row["title"], row["teams"])
        for met, (home, away) in zip(league.fixtures(made), row["results"], strict=False):
            league.record(writes, community, made, met.id, home, away)


def _help(community: Community, stage: Stage, row: Mapping[str, Any]) -> None:
    """Let people take a shift."""
    query = select(Activity).filter_by(community_id=community.id, title=row["event"])
    activity = db.session.scalars(query).one()
    times = stage.moment(row["starts"]), stage.moment(row["ends"])
    with stage.at(row["asked"]):
        made = shifts.plan(stage.person(WRITES), activity, row["task"], times, row["wanted"])
        for name in row["people"]:
            shifts.take(stage.person(name), made)
