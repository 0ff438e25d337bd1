"""What the site does by itself after a vote, and the command that checks a bundle."""

from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from civic import cli
from civic.kernel import clock, jobs
from civic.kernel.db import db
from civic.notifications.models import InboxItem, Message
from civic.voting import sealing
from civic.voting.box import UsedRight
from civic.voting.models import Ballot
from tests.factories import World, scalars
from tests.voting.boxes import ballot, bundle, check, close, vote

JOB = "voting.close"


def test_a_ballot_that_is_over_is_sealed_told_of_and_cleaned_up(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    formal = ballot(world.erlong, formal=True)
    vote(made, 0, world.resident)
    vote(formal, 0, world.resident)
    vote(made, 1)
    assert not sealing.needed()
    db.session.commit()
    clock.shift(timedelta(days=2))
    assert sealing.needed()
    db.session.commit()
    assert JOB in jobs.run_due(app)
    assert not sealing.needed()
    found = {row.id: row for row in scalars(select(Ballot))}
    assert found[made.id].sealed_at is not None
    assert found[made.id].scrubbed_at is not None
    assert found[formal.id].sealed_at is None  # this takes two people
    told = scalars(select(Message).filter_by(kind="ballots.closed"))
    assert [message.values["hash"] for message in told] == [found[made.id].closing_hash]
    readers = scalars(select(InboxItem.person_id).filter_by(message_id=told[0].id))
    assert world.resident.id in readers
    assert len(readers) == 2
    left = select(UsedRight.choice).where(UsedRight.ballot_id == made.id)
    assert scalars(left) == [None, None]
    check(bundle(found[made.id]), found[made.id].closing_hash)


def test_a_rehearsal_is_told_to_nobody(app: Flask, world: World) -> None:
    ballot(world.erlong, rehearsal=True)
    clock.shift(timedelta(days=2))
    assert sealing.run() == 1
    assert scalars(select(Message).filter_by(kind="ballots.closed")) == []


def test_the_command_checks_a_bundle(app: Flask, world: World, tmp_path: Path) -> None:
    made = ballot(world.erlong)
    vote(made, 0)
    close(made)
    file = tmp_path / "ballot.jsonl"
    file.write_bytes(bundle(made))
    given = ["verify", str(file), "--closing", made.closing_hash]
    done = CliRunner().invoke(cli.main, given)
    assert (done.exit_code, "In order" in done.output) == (0, True)
    file.write_bytes(file.read_bytes().replace(b"online", b"paper!"))
    assert CliRunner().invoke(cli.main, given).exit_code == 1
    assert CliRunner().invoke(cli.main, ["verify", str(tmp_path / "none")]).exit_code == 2
