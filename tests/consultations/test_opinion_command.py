"""`civic opinions`: one object in the shape that is promised, or one line and 2."""

import csv
import json
import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import civic
from civic.cli import main
from tests.consultations.exports import change, write

SEATTLE = Path(civic.__file__).parent / "data" / "polis" / "15-per-hour-seattle"


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["opinions", str(folder), *options])


def test_an_export_as_one_object():
    done = run(SEATTLE, "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert list(found) == [
        "people", "k", "groups", "consensus", "statements", "left_out", "seed",
    ]  # fmt: skip
    assert found["k"] == len(found["groups"]) == 2
    for group in found["groups"]:
        assert list(group) == ["label", "members", "representative"]
        assert all(isinstance(member, int) for member in group["members"])
    assert sum(len(group["members"]) for group in found["groups"]) == found["people"]
    with (SEATTLE / "comments.csv").open(encoding="utf-8") as file:
        shown = {int(r["comment-id"]) for r in csv.DictReader(file) if r["moderated"] != "-1"}
    assert {item["id"] for item in found["statements"]} == shown
    for item in found["statements"]:
        assert list(item) == ["id", "agree", "disagree", "pass", "gic"]


def test_shuffled_files_give_the_same(tmp_path: Path):
    folder = tmp_path / "shuffled"
    shutil.copytree(SEATTLE, folder)
    path = folder / "votes.csv"
    head, *lines = path.read_text("utf-8").splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    path.write_text("".join([head, *lines]), "utf-8")
    assert run(folder, "--json").stdout == run(SEATTLE, "--json").stdout


def test_a_summary_for_people(tmp_path: Path):
    assert "Group A" in run(SEATTLE).stdout
    done = run(write(tmp_path))
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        0,
        "3 people, 0 left out for too few answers",
    )


def test_too_few_people_have_no_map(tmp_path: Path):
    found = json.loads(run(write(tmp_path), "--json").stdout)
    assert (found["people"], found["k"], found["groups"]) == (3, 0, [])
    assert found["statements"] == [
        {"id": 0, "agree": 1, "disagree": 0, "pass": 0, "gic": None},
        {"id": 1, "agree": 1, "disagree": 1, "pass": 1, "gic": None},
    ]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("votes.csv", "comment-id", "comment"),
        ("votes.csv", "1500000003000,x,0,7,1", "1500000003000,x,0,7,5"),
        ("votes.csv", "1500000003000,x,0,7,1", "1500000003000,x,0,7"),
        ("comments.csv", "x,0,7,1,0,0,", "x,1,7,1,0,0,"),
        ("participants-votes.csv", "9,1,0,2", "8,1,0,2"),
        ("summary.csv", "voters,3", "voters,4"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, name: str, old: str, new: str, options: tuple[str, ...]
):
    done = run(change(write(tmp_path), name, old, new), *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(name)


@pytest.mark.parametrize(
    "name", ["votes.csv", "comments.csv", "participants-votes.csv", "summary.csv"]
)
def test_a_file_that_is_missing(tmp_path: Path, name: str):
    (write(tmp_path) / name).unlink()
    done = run(tmp_path, "--json")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert name in done.stderr


def test_no_votes(tmp_path: Path):
    path = write(tmp_path) / "votes.csv"
    path.write_text(path.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    done = run(tmp_path, "--json")
    assert (done.exit_code, done.stderr) == (2, "votes.csv: there is no vote in it.\n")
