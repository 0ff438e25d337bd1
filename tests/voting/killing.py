"""Kill the server amid voting, again and again, and look at what is left."""

import http.client
import os
import signal
import threading
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from civic.kernel.db import db
from civic.voting import board
from civic.voting.box import Receipt, UsedRight
from civic.voting.models import Ballot
from tests.factories import build_world, person, standing
from tests.server import database_url, serving
from tests.visitors import Visitor, signed_in
from tests.voting.boxes import ballot

VOTERS = 12


def voting(
    visitor: Visitor, path: str, option: str, taken: list[str], stop: threading.Event
) -> None:
    """Vote again and again; keep the code of each vote that the server acknowledged."""
    try:
        token = visitor.hidden(path)["csrf_token"]
        while not stop.is_set():
            answer = visitor.post(f"{path}review", {"csrf_token": token, "option": option})
            code = answer.text.partition('name="receipt" value="')[2].partition('"')[0]
            fields = {"csrf_token": token, "option": option, "receipt": code, "right": ""}
            if visitor.post(f"{path}cast", fields).status == 303:
                taken.append(code.partition(".")[0])
    except (OSError, http.client.HTTPException, AssertionError):
        return  # the server is gone


def kill_amid_voting(app: Flask, instance: Path, times: int, *, seconds: float = 0.6) -> int:
    """Kill a server so many times amid voting; return how many votes were acknowledged.

    Nothing that was acknowledged may be lost, and chain and used rights have to fit each other.
    """
    with app.app_context():
        world = build_world()
        made = ballot(world.erlong)
        people = [person("郑爽") for _ in range(VOTERS)]
        for who in people:
            standing(who, world.gate)
        db.session.commit()
        option = str(made.rules["options"][0]["id"])
        path, ballot_id = f"/c/erlonglu/ballots/{made.id}/", made.id
    acknowledged: set[str] = set()
    for _ in range(times):
        taken: list[list[str]] = [[] for _ in people]
        with serving(instance, database_url=database_url(app)) as server:
            with app.app_context():
                visitors = [signed_in(app, server.port, who) for who in people]
                db.session.commit()
            stop = threading.Event()
            threads = [
                threading.Thread(target=voting, args=(visitor, path, option, codes, stop))
                for visitor, codes in zip(visitors, taken, strict=True)
            ]
            for thread in threads:
                thread.start()
            end = time.monotonic() + 20
            while not any(taken) and time.monotonic() < end:
                time.sleep(0.02)
            time.sleep(seconds)
            os.killpg(server.process.pid, signal.SIGKILL)
            stop.set()
            for thread in threads:
                thread.join(60)
        acknowledged |= {code for codes in taken for code in codes}
        with app.app_context():
            _look(ballot_id, acknowledged, [codes[-1] for codes in taken if codes])
    return len(acknowledged)


def _look(ballot_id: int, acknowledged: set[str], last: list[str]) -> None:
    db.engine.dispose()
    made = db.session.get_one(Ballot, ballot_id)
    in_force = sum(board.in_force(made).values())
    codes = set(db.session.scalars(select(Receipt.code).filter_by(ballot_id=ballot_id)))
    struck = set(db.session.scalars(select(Receipt.strikes).filter_by(ballot_id=ballot_id)))
    used = dict(db.session.execute(select(UsedRight.code, UsedRight.choice)).all())
    live = set(
        db.session.scalars(
            select(Receipt.code).where(
                Receipt.ballot_id == ballot_id, Receipt.number.not_in(struck - {None})
            )
        )
    )
    db.session.commit()
    lost = acknowledged - codes
    assert not lost, f"{len(lost)} acknowledged votes are lost"
    assert set(used) == live
    assert in_force == len(used) == made.turnout
    assert None not in used.values()
    # Who was answered last either has that vote or a later one that was on its way.
    assert set(last) <= codes
    db.engine.dispose()
