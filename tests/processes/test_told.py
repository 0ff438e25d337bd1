"""Each process in plain words: every stage, act, condition and date of the data is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from civic.cli import main
from civic.consultations import process_words
from civic.identities.models import Person
from civic.kernel import i18n
from civic.kernel.db import db
from civic.procedures import loading
from civic.processes import bundles, terms
from civic.processes.schema import Process
from tests.factories import World, case_by_process
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
PROCESSES = [template.process for template in bundles.shipped().values()]


def ids(process: Process) -> str:
    return process.id


def test_every_word_of_the_data_has_words_of_people() -> None:
    assert set(process_words.CAN) == terms.CAN
    assert set(process_words.PERIODS) == terms.PERIODS
    assert set(process_words.VERDICTS) == set(terms.VERDICTS)


def test_every_condition_is_told(app: Flask) -> None:
    with app.test_request_context():
        for code in terms.CONDITIONS:
            assert process_words.need(code) != code


@pytest.mark.parametrize("process", PROCESSES, ids=ids)
def test_a_page_tells_all_that_the_data_say(
    app: Flask, world: World, login: Login, process: Process
) -> None:
    loading.sync()
    db.session.commit()
    page = text_of(login(None).get(f"/processes/{process.id}"))
    with app.test_request_context(), i18n.speaking("zh_Hans_CN"):
        for stage in process.stages:
            assert f'id="{stage.code}"><h3>{stage.title.zh}</h3>' in page
            for code in stage.can:
                assert str(process_words.CAN[code]) in page
        for move in process.moves:
            assert move.title.zh in page
            assert process_words.who(move) in page
            for need in move.needs:
                assert process_words.need(need) in page
    for basis in process.basis:
        assert basis in page
    for stage in process.stages:
        for code in stage.procedures:
            assert f'href="/procedures/{code}/1"' in page
    assert process.title.zh in text_of(login(None).get("/processes/"))


@pytest.mark.parametrize("process", PROCESSES, ids=ids)
def test_each_act_is_told_once_where_it_is_in_order(app: Flask, process: Process) -> None:
    with app.test_request_context():
        always = [act.title for act in process_words.at_any_time(process)]
        for told in process_words.on_line(process, {}):
            here = [act.title for act in told.acts]
            assert len(here) == len(set(here))
            if not process.by_code[told.code].final:
                assert len([*here, *always]) == len(process.out_of(told.code))


def test_ways_lead_to_it(app: Flask, world: World, login: Login) -> None:
    assert 'href="/processes/"' in text_of(login(None).get("/c/erlonglu/about"))
    begin = text_of(login(world.secretary).get("/c/erlonglu/desk/cases/new"))
    for process in PROCESSES:
        assert f'href="/processes/{process.id}"' in begin
    case = case_by_process(world.erlong)
    way = text_of(login(None).get(f"/c/erlonglu/consultations/{case.id}/way"))
    assert 'href="/processes/hearing"' in way


@pytest.fixture
def _site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVIC_INSTANCE", str(tmp_path / "site"))
    monkeypatch.delenv("CIVIC_DATABASE_URL", raising=False)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["processes", *map(str, arguments)])


@pytest.mark.usefixtures("_site")
def test_the_commands_list_and_show_without_a_database() -> None:
    listed = run("list")
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.output.splitlines()] == [one.id for one in PROCESSES]
    for language in ("en", "zh"):
        for process in PROCESSES:
            shown = run("show", process.id, "--language", language)
            assert shown.exit_code == 0, shown.output
            assert process.title.words(language) in shown.output
            for stage in process.stages:
                assert f"{stage.title.words(language)} ({stage.code})" in shown.output
    wrong = run("show", "nope")
    assert (wrong.exit_code, "There is no process nope" in wrong.output) == (1, True)
    assert "Traceback" not in wrong.output


def test_the_command_checks_files(tmp_path: Path) -> None:
    good = bundles.SHIPPED / "hearing.toml"
    assert "1 read, nothing wrong." in run("check", good).output
    bad = tmp_path / "hearing.toml"
    bad.write_text(good.read_text("utf-8").replace('kind = "drafting"', 'kind = "dancing"'))
    done = run("check", bad)
    assert done.exit_code == 2
    assert f"{bad}:" in done.output
    assert "dancing" in done.output
