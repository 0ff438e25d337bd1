"""What is imported is kept as it was, apart from everybody who is known here."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from civic import cli
from civic.communities import services as communities
from civic.consultations import imports, polis, stages
from civic.consultations.models import Consultation, Participant, Statement, StatementVote
from civic.identities.models import Person, Standing
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation.models import Decision
from tests.consultations.exports import change, write

SETS = Path(polis.__file__).parents[1] / "data/polis"
TABLES = (Consultation, Participant, Statement, StatementVote, Decision, audit.AuditEntry)


@pytest.fixture
def community(app):
    node = communities.add_node("collection", "公开数据示例")
    found = communities.found(node, "open-data")
    db.session.commit()
    return found


def counts() -> dict[str, int]:
    return {t.__tablename__: db.session.scalar(select(func.count()).select_from(t)) for t in TABLES}


def test_the_real_set_is_kept_whole(app, community):
    done = imports.import_polis(community, polis.read(SETS / "vtaiwan-uberx"))
    db.session.commit()
    case = done.consultation
    assert done.new
    assert counts() == {
        "consultation": 1,
        "participant": 1921,
        "statement": 197,
        "statement_vote": 49_443,
        "decision": 78,
        "audit_entry": 1,
    }
    assert (case.statement_count, case.participant_count) == (197, 1921)
    assert case.ballot_id is None
    assert case.audience == []
    assert case.source == "https://pol.is/3phdex2kjf"
    assert stages.stage(case, clock.now()) == stages.CLOSED
    assert "The Computational Democracy Project" in case.background_html
    sums = db.session.execute(
        select(
            func.sum(Statement.agrees), func.sum(Statement.disagrees), func.sum(Statement.passes)
        )
    ).one()
    chosen = dict(
        db.session.execute(
            select(StatementVote.choice, func.count()).group_by(StatementVote.choice)
        ).all()
    )
    assert tuple(sums) == (chosen[1], chosen[-1], chosen[0])
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0
    assert db.session.scalar(select(func.count()).select_from(Standing)) == 0
    assert list(audit.broken()) == []


def test_hidden_statements_are_sealed_and_tallies_are_of_the_latest(app, community, tmp_path):
    export = polis.read(write(tmp_path))
    imports.import_polis(community, export)
    found = {row.external_id: row for row in db.session.scalars(select(Statement))}
    tally = {name: (row.agrees, row.disagrees, row.passes) for name, row in found.items()}
    assert tally == {"0": (1, 0, 0), "1": (1, 1, 1), "2": (0, 1, 0)}
    decision = db.session.get(Decision, found["2"].hidden_by)
    assert found["2"].text == ""
    assert decision.sealed == {"text": "藏起来的\n一句话"}
    assert (decision.reason, decision.decided_by, decision.author_id) == ("imported", None, None)
    assert decision.subject == f"statement:{found['2'].id}"
    assert found["0"].hidden_by is None
    # Both say the same; elsewhere that was possible.
    assert (found["0"].text, found["1"].text) == ("应该装！", "应该装")


def test_twice_changes_nothing(app, community, tmp_path):
    export = polis.read(write(tmp_path))
    first = imports.import_polis(community, export)
    db.session.commit()
    before = counts()
    again = imports.import_polis(community, polis.read(tmp_path))
    db.session.commit()
    assert not again.new
    assert again.consultation is first.consultation
    assert counts() == before


def test_the_same_source_with_other_data_is_refused(app, community, tmp_path):
    imports.import_polis(community, polis.read(write(tmp_path)))
    db.session.commit()
    before = counts()
    change(tmp_path, "comments.csv", "1,应该装\n", "1,不该装\n")
    with pytest.raises(Refused, match="with other data"):
        imports.import_polis(community, polis.read(tmp_path))
    assert counts() == before


def test_a_failure_half_way_keeps_nothing(app, community, tmp_path):
    before = counts()

    def give_up(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imports.import_polis(community, polis.read(write(tmp_path)), give_up)
    db.session.rollback()
    assert counts() == before


def test_the_page_names_source_participants_and_licence(app, community, client, tmp_path):
    write(tmp_path).joinpath("ATTRIBUTION.md").write_text(
        "The makers, CC BY 4.0\n\nAll of it is invented.\n", "utf-8"
    )
    number = imports.import_polis(community, polis.read(tmp_path)).consultation.id
    db.session.commit()
    db.session.remove()
    page = client.get(f"/c/open-data/consultations/{number}/?lang=en").get_data(as_text=True)
    assert "Polis · example.org/small · The makers, CC BY 4.0" in page
    assert "All of it is invented." in page
    assert "藏起来的" not in page
    assert client.post(
        f"/c/open-data/consultations/{number}/comments", data={"words": "迟到"}
    ).status_code in {401, 404, 409}


@pytest.fixture
def run(app, monkeypatch):
    """A function that runs the command on the test's database."""
    monkeypatch.setattr(cli, "make_app", lambda **_settings: app)

    def invoke(*words: str):
        return CliRunner().invoke(cli.main, ["import", "polis", *words])

    return invoke


def test_the_command_imports_once_and_says_so(community, run, tmp_path):
    write(tmp_path)
    first = run(str(tmp_path), "--community", "open-data")
    assert first.exit_code == 0, first.output
    assert first.output == (
        "Imported: 小区该不该装充电桩 (3 statements, 3 participants, 5 votes).\n"
    )
    before = counts()
    db.session.rollback()
    again = run(str(tmp_path), "--community", "open-data")
    assert again.output.startswith("Already here, nothing changed: ")
    db.session.rollback()
    assert counts() == before


def test_the_command_says_in_one_line_what_is_wrong(community, run, tmp_path):
    change(write(tmp_path), "votes.csv", "x,1,7,1", "x,1,7,2")
    before = counts()
    db.session.rollback()
    done = run(str(tmp_path), "--community", "open-data")
    assert done.exit_code == 1
    assert done.output == "votes.csv, line 3: vote is 2; it can be -1, 0, 1.\n"
    assert run(str(tmp_path), "--community", "nowhere").exit_code == 1
    assert counts() == before
