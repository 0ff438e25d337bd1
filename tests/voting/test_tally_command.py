"""`civic tally` counts every kind of file, for people and for programs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from civic.cli import main

SAMPLES = Path(__file__).parent / "samples"


def tally(name: str, method: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["tally", str(SAMPLES / name), "--method", method, *options])


def counted(name: str, method: str, *options: str) -> dict:
    done = tally(name, method, "--json", *options)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_keys_of_the_object():
    found = counted("committee.soc", "schulze")
    assert found.keys() == {"method", "seats", "winners", "order", "rounds", "ties", "ballots"}
    assert found["method"] == "schulze"
    assert found["seats"] == 1
    assert found["winners"] == [["张三"]]
    assert found["order"] == [["张三"], ["李四"], ["王五"]]
    assert found["ballots"] == {"read": 9, "valid": 9, "invalid": 0}
    assert found["ties"] == []


def test_fractions_and_ties():
    found = counted("lift.toc", "plurality")
    assert found["rounds"][0]["counts"] == {"Outside": 4, "Inside": 1, "None": 1}
    assert found["winners"] == [["Outside"]]
    found = counted("meeting.toi", "irv")
    assert found["rounds"][0]["counts"] == {"周六": "3/2", "周日": "3/2", "周一": 2}
    assert found["winners"] == [["周六"], ["周日"]]
    assert found["ties"] == [
        {"round": 1, "between": ["周六", "周日"], "rule": "paper-order", "chosen": "周日"}
    ]


@pytest.mark.parametrize(
    ("name", "method", "options", "winners"),
    [
        ("committee.soc", "plurality", (), [["张三"]]),
        ("committee.soc", "borda", (), [["张三"], ["李四"]]),
        ("committee.soc", "irv", (), [["张三"]]),
        ("committee.soc", "ranked-pairs", (), [["张三"]]),
        ("committee.soc", "stv", ("--seats", "2"), [["张三", "李四"]]),
        ("garden.soi", "stv", ("--seats", "2"), [["Roses", "Bamboo"]]),
        ("walls.cat", "approval", (), [["White"], ["Green"]]),
        ("walls.cat", "score", (), [["Green"]]),
        ("walls.cat", "schulze", (), [["Green"]]),
        ("dots.pb", "dots", ("--seats", "2"), [["b", "c"]]),
        ("marks.pb", "score", (), [["b"]]),
        ("courtyard.pb", "approval", ("--seats", "2"), [["lamp", "bench"], ["bench", "tree"]]),
        ("courtyard.pb", "dots", (), [["bench"]]),
    ],
)
def test_each_format_and_method(name, method, options, winners):
    found = counted(name, method, *options)["winners"]
    assert sorted(map(sorted, found)) == sorted(map(sorted, winners))


def test_a_budget():
    found = counted("courtyard.pb", "greedy")
    # The ballot of four projects is invalid, the blank one an abstention.
    assert found["ballots"] == {"read": 6, "valid": 5, "invalid": 1, "blank": 1}
    assert found["rejected"] == [
        {
            "first": 5,
            "ballots": 1,
            "reason": "it names more options than the paper allows",
        }
    ]
    assert found["selected"] == ["lamp", "bench", "tree"]
    assert found["winners"] == [["lamp", "bench", "tree"]]
    assert found["spent"] == "2001/2"
    assert counted("projects.pb", "greedy")["selected"] == ["１", "３"]


@pytest.mark.parametrize("completion", ["none", "add1", "add1u", "exhaustive", "add1-comparison"])
def test_equal_shares(completion):
    found = counted("courtyard.pb", "equal-shares", "--completion", completion)
    assert {"selected", "spent"} <= found.keys()
    assert found["selected"] in found["winners"]


@pytest.mark.parametrize(
    ("name", "method", "options"),
    [
        ("nowhere.soc", "borda", ()),
        ("committee.soc", "guess", ()),
        ("committee.soc", "approval", ()),
        ("committee.soc", "greedy", ()),
        ("committee.soc", "borda", ("--seats", "0")),
        ("committee.soc", "borda", ("--seats", "two")),
        ("committee.soc", "irv", ("--seats", "2")),
        ("committee.soc", "borda", ("--completion", "add1")),
        ("courtyard.pb", "borda", ()),
        ("courtyard.pb", "greedy", ("--seats", "2")),
        ("courtyard.pb", "equal-shares", ("--completion", "add2")),
        ("projects.pb", "equal-shares", ()),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_what_cannot_be_counted_is_said_in_one_line(name, method, options, form):
    done = tally(name, method, *options, *form)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


def test_a_file_that_goes_bad_late_gives_no_result(tmp_path):
    path = tmp_path / "late.soc"
    text = (SAMPLES / "committee.soc").read_text("utf-8")
    path.write_text(text.replace("2: 3,1,2", "2: 3,1,3"), "utf-8")
    done = CliRunner().invoke(main, ["tally", str(path), "--method", "borda", "--json"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "late.soc, line 13: alternative 3 is named twice\n"


def test_lines_for_people():
    done = tally("courtyard.pb", "greedy")
    assert done.exit_code == 0
    assert "6 ballots read, 5 valid, 1 invalid" in done.output
    assert "1 invalid from ballot 5 on: it names more options than the paper allows" in done.output
    assert "lamp (A lamp; with two arms)" in done.output
    assert "Spent: 2001/2 (≈ 1000.5000) of 2001/2" in done.output
    done = tally("meeting.toi", "irv")
    assert "Tied outcome 2:" in done.output
    assert "By the order in the file: 周六" in done.output
    assert "Tie in round 1 between 周六, 周日; by paper-order: 周日" in done.output


def test_it_needs_no_site(tmp_path):
    environment = {"PATH": os.environ["PATH"], "CIVIC_INSTANCE": str(tmp_path / "none")}
    code = (
        "import sys; from civic.cli import main; main(standalone_mode=False); "
        "assert 'sqlalchemy' not in sys.modules"
    )
    path = str(SAMPLES / "committee.soc")
    done = subprocess.run(
        [sys.executable, "-c", code, "tally", path, "--method", "stv"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
