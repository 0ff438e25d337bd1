"""The demonstration is loaded once, is alive, and keeps its hands off everything real."""

import re
import shutil
import stat
import time
from pathlib import Path

import phonenumbers
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from civic import cli, demo, server
from civic.communities.models import Community, Node
from civic.consultations import stages
from civic.consultations.models import Comment, Consultation, Participant, Statement, StatementVote
from civic.demo import cases, paper
from civic.demo.script import FOLDER
from civic.identities import codes
from civic.identities.models import Contact, InviteCode, Person, Standing
from civic.kernel import audit, clock, installation, migrate
from civic.kernel.db import db
from civic.kernel.errors import Misconfigured
from civic.moderation.models import Decision
from civic.voting import bundles, pages
from civic.voting.box import UsedRight
from civic.voting.models import Ballot
from civic.voting.verifying import program
from tests.databases import make_app
from tests.factories import build_world

ROLES = ["resident", "worker", "secretary", "deputy", "officer", "administrator", "legal_officer"]


def migrated(folder: Path) -> Flask:
    app = make_app(folder)
    with app.app_context():
        migrate.upgrade()
    return app


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, list[demo.SignIn]]:
    """A loaded demonstration that tests only read."""
    app = migrated(tmp_path_factory.mktemp("demo") / "instance")
    with app.app_context():
        return app, demo.ensure(Path(app.instance_path))


@pytest.fixture
def app(loaded):
    with loaded[0].app_context():
        yield loaded[0]
        db.session.rollback()


@pytest.fixture
def copied(loaded, tmp_path: Path):
    """A copy of the loaded demonstration that a test may change."""
    source = Path(loaded[0].instance_path)
    with loaded[0].app_context():
        db.session.remove()
        db.engine.dispose()
    shutil.copytree(source, tmp_path / "copy")
    app = make_app(tmp_path / "copy")
    with app.app_context():
        yield app
        db.session.rollback()


def folder_of(app: Flask) -> Path:
    return Path(app.instance_path)


def test_each_sign_in_opens_its_home(loaded, app):
    assert [who.role for who in loaded[1]] == ROLES
    assert len({who.password for who in loaded[1]}) == len(ROLES)
    for who in loaded[1]:
        client = app.test_client()
        form = {"who": who.identifier, "password": who.password}
        assert client.post("/sign-in", data=form).status_code == 303, who
        home = client.get("/", follow_redirects=True).get_data(as_text=True)
        assert who.name in home


def test_nobody_else_can_sign_in(loaded, app):
    known = {who.identifier for who in loaded[1]}
    rows = db.session.execute(
        select(Contact.value, Person.password_hash).join(Person, Person.id == Contact.person_id)
    )
    for value, hashed in rows:
        assert hashed.startswith("$argon2id$") == (value in known)


def test_every_page_says_that_it_is_a_demonstration(loaded, app):
    client = app.test_client()
    who = loaded[1][0]
    pages = ["/", "/join", "/sign-in", "/privacy", "/nowhere"]
    for case in db.session.scalars(
        select(Consultation).where(Consultation.published_at.is_not(None))
    ):
        slug = db.session.get(Community, case.community_id).slug
        pages += [f"/c/{slug}/", f"/c/{slug}/consultations/", f"/c/{slug}/consultations/{case.id}/"]
        pages.append(f"/c/{slug}/consultations/{case.id}/statements/")
    db.session.remove()
    for page in dict.fromkeys(pages):
        assert "演示" in client.get(page).get_data(as_text=True), page
    client.set_cookie("lang", "en")
    assert "演示" in client.get("/").get_data(as_text=True), "in English too"
    assert "letter you can" not in client.get("/c/open-data/").get_data(as_text=True)
    assert "letter you can" in client.get("/c/erlonglu/").get_data(as_text=True)
    client.delete_cookie("lang")
    client.post("/sign-in", data={"who": who.identifier, "password": who.password})
    for page in [*dict.fromkeys(pages), "/me"]:
        answer = client.get(page, follow_redirects=True)
        assert answer.status_code in {200, 404}, page
        assert "演示" in answer.get_data(as_text=True), page


def test_one_case_is_deliberated_one_voted_on_one_closed(app):
    found = {
        case.title: case
        for case in db.session.scalars(
            select(Consultation).where(Consultation.source.is_(None)).order_by(Consultation.id)
        )
    }
    bus, parking, room, draft = (
        found[cases.read(name)["title"]] for name in ("bus", "parking", "room", "draft")
    )
    now = clock.now()
    assert [stages.stage(case, now) for case in (bus, parking, room)] == [
        stages.DELIBERATING,
        stages.VOTING,
        stages.CLOSED,
    ]
    assert draft.published_at is None
    votes = dict(
        db.session.execute(
            select(Statement.consultation_id, func.count())
            .join(StatementVote, StatementVote.statement_id == Statement.id)
            .group_by(Statement.consultation_id)
        ).all()
    )
    assert votes[bus.id] > 400
    assert votes[parking.id] > 150
    assert bus.participant_count > 40
    assert db.session.get(Ballot, parking.ballot_id).turnout > 15
    assert db.session.get(Ballot, room.ballot_id).turnout > 15
    assert db.session.get(Ballot, bus.ballot_id).turnout == 0


def test_counters_say_what_is_there(app):
    for case in db.session.scalars(select(Consultation)):
        parts = select(func.count()).where(Participant.consultation_id == case.id)
        assert case.participant_count == db.session.scalar(parts), case.title
        said = select(func.count()).where(Comment.consultation_id == case.id)
        assert case.comment_count == db.session.scalar(said)
        offered = select(func.count()).where(Statement.consultation_id == case.id)
        assert case.statement_count == db.session.scalar(offered)
        if case.ballot_id is not None:
            cast = select(func.count()).where(UsedRight.ballot_id == case.ballot_id)
            assert db.session.get(Ballot, case.ballot_id).turnout == db.session.scalar(cast)


def test_the_audit_is_whole_and_in_the_order_of_time(app):
    assert list(audit.broken()) == []
    moments = db.session.scalars(select(audit.AuditEntry.at).order_by(audit.AuditEntry.id)).all()
    assert moments[-1] <= clock.now()
    # The script lets two things happen at one moment; the first may take longer than the second.
    minutes = [moment.replace(second=0, microsecond=0) for moment in moments]
    assert minutes == sorted(minutes)


def test_nothing_lies_in_the_future(app):
    now = clock.now()
    for column in (Comment.created_at, Statement.created_at, StatementVote.at, UsedRight.cast_at):
        assert db.session.scalar(select(func.max(column))) <= now


def test_one_hidden_comment_waits_for_an_answer_to_its_objection(app):
    rows = db.session.scalars(select(Decision).where(Decision.decided_by.is_not(None))).all()
    assert len(rows) == 1
    assert rows[0].reason == "personal_data"
    assert rows[0].objection
    assert rows[0].outcome is None
    subject = int(rows[0].subject.removeprefix("comment:"))
    assert db.session.get(Comment, subject).text == ""


def test_all_contacts_reach_nobody(app):
    for contact in db.session.scalars(select(Contact)):
        if contact.kind == "email":
            assert contact.value.endswith("@example.com")
        else:
            assert not phonenumbers.is_valid_number(phonenumbers.parse(contact.value))
    offices = [
        found.telephone for found in db.session.scalars(select(Community)) if found.telephone
    ]
    # In Beijing no number begins with 0: that digit leads out of town.
    assert all(re.fullmatch(r"010-0\d{3}-\d{4}", number) for number in offices)
    assert len(offices) == 5


def test_no_text_of_the_script_holds_a_number_that_could_be_called():
    for path in (FOLDER / "demo").glob("*.toml"):
        digits = re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", path.read_text("utf-8"))
        for number in digits:
            assert not phonenumbers.is_valid_number(phonenumbers.parse(number, "CN")), number


def test_imported_voters_are_nobody_known_here(app):
    assert count(Person) == 66
    assert count(Standing) == 101
    imported = select(func.count()).where(Participant.external_id.is_not(None))
    assert db.session.scalar(imported) == 1921 + 339
    apart = db.session.scalars(select(Node).filter_by(kind="collection")).one()
    assert apart.parent_id is None


def test_passwords_are_kept_for_the_owner_alone(loaded):
    path = folder_of(loaded[0]) / paper.NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for who in loaded[1]:
        assert re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", who.password)
        assert who.password in path.read_text("utf-8")


def test_the_greeting_tells_how_to_begin(loaded):
    text = demo.greeting("http://127.0.0.1:8000", loaded[1], folder_of(loaded[0]))
    for who in loaded[1]:
        assert who.identifier in text
        assert who.password in text
    for code in paper.load(folder_of(loaded[0])).codes:
        assert code in text
    assert "http://127.0.0.1:8000/" in text


def test_the_codes_of_the_greeting_can_be_redeemed(loaded, app):
    known = paper.load(folder_of(loaded[0]))
    assert [codes.look_up(code).standing for code in known.codes] == ["resident_living", "worker"]


def test_a_second_start_keeps_data_and_passwords(loaded, copied):
    before = {
        model: count(model) for model in (Person, Comment, StatementVote, UsedRight, InviteCode)
    }
    text = (folder_of(copied) / paper.NAME).read_text("utf-8")
    assert demo.ensure(folder_of(copied)) == loaded[1]
    assert {model: count(model) for model in before} == before
    assert (folder_of(copied) / paper.NAME).read_text("utf-8") == text


def test_a_lost_paper_is_written_anew(loaded, copied):
    (folder_of(copied) / paper.NAME).unlink()
    found = demo.ensure(folder_of(copied))
    assert found != loaded[1]
    path = folder_of(copied) / paper.NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    form = {"who": found[0].identifier, "password": found[0].password}
    db.session.remove()
    assert copied.test_client().post("/sign-in", data=form).status_code == 303


def test_a_used_code_gets_a_successor(copied):
    before = paper.load(folder_of(copied)).codes
    code = codes.look_up(before[0])
    codes.redeem(code, db.session.scalar(select(Person.id).limit(1)))
    db.session.commit()
    demo.ensure(folder_of(copied))
    after = paper.load(folder_of(copied)).codes
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert codes.look_up(after[0]).node_id == code.node_id


def test_a_real_site_is_refused_and_left_alone(tmp_path: Path):
    app = migrated(tmp_path)
    with app.app_context():
        build_world()
        before = count(Person)
        with pytest.raises(Misconfigured, match="holds a real site"):
            demo.ensure(tmp_path)
        assert count(Person) == before
        assert not installation.is_demo()
    assert not (tmp_path / paper.NAME).exists()


def test_an_interrupted_load_leaves_the_database_empty(tmp_path: Path, monkeypatch):
    app = migrated(tmp_path)

    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cases, "play", stop)
    with app.app_context():
        with pytest.raises(KeyboardInterrupt):
            demo.ensure(tmp_path)
        assert (count(Person), count(Node), count(installation.Installation)) == (0, 0, 0)
        assert not installation.is_demo()
        assert abs(clock.now().timestamp() - time.time()) < 5


def test_neither_an_app_nor_serving_loads_it(tmp_path: Path):
    app = migrated(tmp_path)
    with app.app_context():
        server.check(app, "127.0.0.1", 0, testing=False)
        assert (count(Person), count(Node)) == (0, 0)
    assert "演示" not in app.test_client().get("/").get_data(as_text=True)


def test_a_demonstration_is_served_on_this_machine_only(loaded, app):
    with pytest.raises(Misconfigured, match="known passwords"):
        server.check(app, "0.0.0.0", 0, testing=False)
    done = CliRunner().invoke(cli.main, ["demo", "--host", "0.0.0.0"])
    assert done.exit_code == 1
    assert len(done.output.strip().splitlines()) == 1


def test_a_taken_port_and_a_bad_folder_are_said_in_one_sentence(tmp_path: Path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(cli.main, ["demo", "--port", port, "--folder", str(tmp_path)])
    assert done.exit_code == 1
    assert done.output.startswith(f"Port {port} on 127.0.0.1 is taken.")
    assert list(tmp_path.iterdir()) == []
    file = tmp_path / "file"
    file.touch()
    done = CliRunner().invoke(cli.main, ["demo", "--port", "0", "--folder", str(file)])
    assert done.exit_code == 1
    assert "cannot be written" in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_it_can_be_loaded_on_postgresql_too(postgresql, tmp_path: Path):
    app = postgresql.fresh()
    app.extensions.pop("civic_demo", None)
    with app.app_context():
        assert [who.role for who in demo.ensure(tmp_path)] == ROLES
        assert count(Person) == 66
        assert list(audit.broken()) == []
        db.session.remove()
    app.extensions.pop("civic_demo", None)


def test_three_ballots_stand_by_themselves_and_one_can_be_counted_again(app):
    found = {
        ballot.rules["procedure"]["id"]: ballot
        for ballot in db.session.scalars(select(Ballot).where(Ballot.formal))
    }
    owners, budget, households = (
        found[name] for name in ("owner_special", "street_advisory", "household_poll")
    )
    assert owners.rules["procedure"]["binding"] in {"mirror", "advisory"}
    assert owners.rules["roll"]["area_cm2"] > 0
    for open_now in (owners, households):
        assert pages.state(open_now) == pages.RUNNING
        assert open_now.turnout > 3
    assert budget.closing["result"]["elected"]
    lines = "".join(bundles.lines(budget)).encode().splitlines(keepends=True)
    assert program().verify(lines, budget.closing_hash) == budget.closing


def test_a_ballot_waits_for_the_resident(loaded, app):
    client = app.test_client()
    who = loaded[1][0]
    client.post("/sign-in", data={"who": who.identifier, "password": who.password})
    home = client.get("/c/erlonglu/").get_data(as_text=True)
    waiting = home.partition('aria-labelledby="waiting"')[2].partition("</section>")[0]
    assert "楼门公约" in waiting
