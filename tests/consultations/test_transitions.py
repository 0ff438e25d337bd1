"""Every act of every way, by every post, at every stage, through the service and the database.

What must come of each is read from the data of the seven ways: nothing is written out here. The
pure machine is asked the same in `tests/processes/test_deciding.py`.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.consultations import checks, linked, moving
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import StageEntry, StageProposal
from civic.identities.kinds import POSTS, STAFF
from civic.kernel import clock, holidays
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.periods import Holidays, HolidayTable
from civic.kernel.permissions import Actor, Held
from civic.processes import bundles, terms
from civic.processes.schema import Move, Process, Stage
from tests import factories
from tests.databases import Sqlite
from tests.factories import World, build_world

PROCESSES = [template.process for template in bundles.shipped().values()]
AT = [(process, stage) for process in PROCESSES for stage in process.stages]
NAMES = [f"{process.id}-{stage.code}" for process, stage in AT]
REASON = "名册有误"


@pytest.fixture(scope="module")
def street(sqlite: Sqlite) -> Iterator[tuple[Flask, World]]:
    """A street that all stages share; each act on it is taken back."""
    app = sqlite.fresh()
    with app.app_context():
        yield app, build_world()
        db.session.rollback()


@pytest.fixture(autouse=True)
def _nothing_missing(street: tuple[Flask, World], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all conditions hold, and the days off of these years be known."""
    for code in terms.CONDITIONS:
        holds = Check(code, code, lambda _case: [])  # type: ignore[arg-type]
        monkeypatch.setitem(checks.known(), code, holds)
    years = (clock.now().year, clock.now().year + 1)
    tables = [HolidayTable(year=year, off=frozenset(), work=frozenset()) for year in years]
    monkeypatch.setattr(holidays, "load", lambda: Holidays(tuple(tables)))


def holders(world: World) -> dict[str, tuple[Actor, Actor]]:
    """Return two people of each post, one of two who live here, and visitors."""
    path = world.erlong.path
    one, other = world.secretary.id, world.deputy.id

    def pair(posts: tuple[Held, ...]) -> tuple[Actor, Actor]:
        return Actor(person_id=one, posts=posts), Actor(person_id=other, posts=posts)

    found = {
        code: pair((Held(code=code, path=path, groups=frozenset({STAFF}), title=code),))
        for code in POSTS
    }
    return found | {
        "resident": (world.actor("resident"), world.actor("neighbour")),
        "visitor": (Actor(), Actor()),
    }


def case_at(world: World, process: Process, stage: Stage) -> Consultation:
    """Return a case that came to a stage, from the first one."""
    case = factories.case_by_process(world.erlong, process.id, stage=stage.code)
    assert case.stage_since is not None
    entry = StageEntry(
        consultation_id=case.id,
        number=1,
        origin=process.stages[0].code,
        stage=stage.code,
        act="came",
        post="",
        reason="",
        at=case.stage_since,
    )
    db.session.add(entry)
    db.session.commit()
    return case


@pytest.mark.parametrize(
    ("process", "stage"), AT, ids=lambda one: getattr(one, "id", None) or one.code
)
def test_each_act_of_each_post_at_each_stage(
    street: tuple[Flask, World], monkeypatch: pytest.MonkeyPatch, process: Process, stage: Stage
) -> None:
    _app, world = street
    case, people = case_at(world, process, stage), holders(world)
    monkeypatch.setattr(moving, "process_of", lambda _case: process)  # read once, not each time
    for act in sorted({move.act for move in process.moves}):
        move = process.find(stage.code, act)
        verdict = move.verdict if move else ""
        monkeypatch.setattr(linked, "verdict", lambda _case, verdict=verdict: verdict)
        for post, (actor, other) in people.items():
            at = (stage.code, act, post)
            wanted = "out_of_order" if move is None else ""
            if move is not None and not move.who & ({post, STAFF} if post in POSTS else {post}):
                wanted = "not_yours"
            entry, code = tried(actor, world, case, act)
            assert code == wanted, at
            if move is not None and not code:
                _made(world, process, move, case, entry, (actor, other))
                # What is refused has changed nothing; this did.
                db.session.rollback()
    written = len(db.session.new) + len(db.session.dirty)
    db.session.rollback()
    assert (written, case.stage) == (0, stage.code)
    assert len(moving.history(case.id)) == 1


def tried(
    actor: Actor, world: World, case: Consultation, act: str
) -> tuple[StageEntry | None, str]:
    """Return what was recorded of an act, and the code of its refusal."""
    try:
        return moving.move(actor, world.erlong, case, act, reason=REASON), ""
    except Refused as refused:
        return None, refused.code


def _made(
    world: World,
    process: Process,
    move: Move,
    case: Consultation,
    entry: StageEntry | None,
    people: tuple[Actor, Actor],
) -> None:
    """Say that a move was made, by two people where it takes them, and that it is recorded."""
    actor, other = people
    if move.second:
        assert entry is None
        with pytest.raises(Refused) as refused:
            moving.move(actor, world.erlong, case, move.act)
        assert refused.value.code == "same_person"
        entry = moving.move(other, world.erlong, case, move.act)
    to = process.stages[0].code if move.to == terms.BACK else move.to
    assert entry is not None
    assert (entry.number, entry.stage, case.stage) == (2, to, to)
    assert entry.confirmed_by == (other.person_id if move.second else None)
    kept = select(AuditEntry.act).order_by(AuditEntry.id.desc()).limit(1)
    assert db.session.scalar(kept) == "consultation.moved"
    waiting = select(func.count()).select_from(StageProposal)
    assert db.session.scalar(waiting) == 0
