"""`civic procedures`: what is there, in words, checked by line, and loaded."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from civic.cli import main
from civic.procedures.bundles import SHIPPED
from tests.procedures.samples import TEXT, written


@pytest.fixture(autouse=True)
def _site(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CIVIC_INSTANCE", str(tmp_path / "site"))
    monkeypatch.delenv("CIVIC_DATABASE_URL", raising=False)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["procedures", *map(str, arguments)])


def test_list_as_they_hold_here_and_elsewhere() -> None:
    here = run("list")
    assert here.exit_code == 0
    lines = {line.split()[0]: line for line in here.output.splitlines()}
    assert len(lines) == len(list(SHIPPED.glob("*.toml")))
    assert "mirror" in lines["owner_general"]
    assert "not loaded" in lines["owner_general"]
    there = run("list", "--jurisdiction", "CN").output
    assert "oc_meeting" not in there
    assert "owner_general 1  CN  statutory" in there


def test_show_in_plain_words() -> None:
    shown = run("show", "owner_special")
    assert shown.exit_code == 0
    assert "at least three quarters of the owners" in shown.output
    assert "北京业主" in shown.output
    assert "北京业主" not in run("show", "owner_special", "--jurisdiction", "CN").output
    assert "四分之三以上的业主" in run("show", "owner_special", "--language", "zh").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "nope"), "There is no procedure nope for CN-BJ"),
        (("show", "oc_meeting", "--jurisdiction", "CN"), "no procedure oc_meeting for CN"),
        (("list", "--jurisdiction", "XX"), "known are: CN, CN-BJ"),
        (("load",), "run `civic db upgrade`"),
        (("load", SHIPPED / "dot_vote.toml"), "belong together"),
        (("load", "--adopted-by", "x"), "belong together"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments, said) -> None:
    done = run(*arguments)
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


def test_check_says_the_line(tmp_path) -> None:
    good = run("check", *sorted(SHIPPED.glob("*.toml")))
    assert (good.exit_code, "nothing wrong" in good.output) == (0, True)
    text = TEXT.replace('unit = "owner"', 'unit = "flat"')
    file = written(tmp_path, text)
    line = text[: text.index('unit = "flat"')].count("\n") + 1
    bad = run("check", SHIPPED / "dot_vote.toml", file)
    assert bad.exit_code == 2
    assert bad.output.splitlines()[0].startswith(f"{file}:{line}: unit: 'flat' is not one of")


def test_an_upgrade_loads_the_bundles_and_a_street_adopts_its_own(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code == 0
    assert "version 1, not confirmed" in run("list").output
    assert "ra_2018_person 1  CN  statutory  ended" in run("list").output
    assert run("load").output.startswith("here already: dot_vote 1")
    poll = (SHIPPED / "household_poll.toml").read_text("utf-8").replace("n = 7", "n = 9")
    own = written(tmp_path, poll, "household_poll.toml")
    done = run("load", own, "--adopted-by", "二龙路社区居民会议", "--on", "2026-11-01")
    assert done.output == "loaded: household_poll 2\n"
    assert "left as the street has adopted it: household_poll 2" in run("load").output
    assert CliRunner().invoke(main, ["audit", "verify"]).exit_code == 0
