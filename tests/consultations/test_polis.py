"""Exports of Polis are read whole, and what does not fit is named with its place."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from civic.consultations import polis
from civic.consultations.tables import BadTable
from tests.consultations.exports import change, write

SETS = Path(polis.__file__).parents[1] / "data/polis"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path)


@pytest.mark.parametrize(
    ("name", "statements", "hidden", "voters", "rows", "pairs"),
    [
        ("vtaiwan-uberx", 197, 78, 1921, 49_997, 49_443),
        ("15-per-hour-seattle", 54, 23, 339, 2995, 2872),
    ],
)
def test_the_real_sets_are_read_whole(name, statements, hidden, voters, rows, pairs):
    export = polis.read(SETS / name)
    assert len(export.statements) == statements
    assert sum(item.hidden for item in export.statements) == hidden
    assert len({vote.voter for vote in export.votes}) == voters
    assert len(export.acts) == voters
    assert export.rows == rows
    assert len(export.votes) == pairs
    assert len({(vote.statement, vote.voter) for vote in export.votes}) == pairs
    assert "CC BY 4.0" in export.attribution
    assert "The Computational Democracy Project" in export.attribution


def test_the_latest_answer_counts_and_line_breaks_stay(folder: Path):
    export = polis.read(folder)
    answers = {(vote.statement, vote.voter): vote.choice for vote in export.votes}
    assert answers == {("0", "7"): 1, ("1", "7"): 1, ("1", "8"): -1, ("1", "9"): 0, ("2", "9"): -1}
    assert export.rows == 6
    assert export.acts == {"7": 4, "8": 2, "9": 2}
    assert export.description == "第一行\n\n第二行"
    assert export.statements[0].text == "藏起来的\n一句话"
    assert export.span == (
        datetime(2017, 7, 14, 2, 40, tzinfo=UTC),
        datetime(2017, 7, 14, 2, 40, 6, tzinfo=UTC),
    )


def test_an_earlier_answer_further_down_does_not_count(folder: Path):
    lines = (folder / "votes.csv").read_text("utf-8").splitlines(keepends=True)
    lines[3], lines[4] = lines[4], lines[3]
    (folder / "votes.csv").write_text("".join(lines), "utf-8")
    answers = {(v.statement, v.voter): v.choice for v in polis.read(folder).votes}
    assert answers["1", "8"] == -1


def test_of_two_answers_at_one_moment_the_later_row_counts(folder: Path):
    change(folder, "votes.csv", "1500000005000,x,1,8", "1500000006000,x,1,8")
    answers = {(v.statement, v.voter): v.choice for v in polis.read(folder).votes}
    assert answers["1", "8"] == -1


def test_a_byte_order_mark_does_not_matter(folder: Path):
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text("utf-8"), "utf-8-sig")
    assert len(polis.read(folder).votes) == 5


BAD = [
    ("votes.csv", "x,2,9,-1", "x,5,9,-1", 7, "there is no statement 5"),
    ("votes.csv", "x,1,7,1", "x,1,7,2", 3, "vote is 2; it can be -1, 0, 1"),
    ("votes.csv", "x,1,7,1", "x,1,7,", 3, "vote is “”, which is not a whole number"),
    ("votes.csv", "x,1,7,1", "x,1,,1", 3, "voter-id is empty"),
    ("votes.csv", "1500000004000", "yesterday", 3, "timestamp is “yesterday”"),
    ("votes.csv", "1500000004000", "9" * 18, 3, "beyond all calendars"),
    ("votes.csv", "x,1,7,1", "x,1,7", 3, "4 cells under 5 columns"),
    ("votes.csv", "voter-id", "voter", 1, "the column “voter-id” must be there once"),
    ("comments.csv", "x,1,7,2", "x,2,7,2", 4, "there are two statements 2"),
    ("comments.csv", "x,1,7,2", "x,1,7,3", 4, "agrees is 3, but by votes.csv it is 2"),
    ("comments.csv", "x,1,7,2,1", "x,1,7,2,0", 4, "disagrees is 0, but by votes.csv it is 1"),
    ("comments.csv", "0,1,-1", "0,1,-2", 2, "moderated is -2"),
    ("comments.csv", "comment-body", "body", 1, "the column “comment-body”"),
    ("comments.csv", "1,应该装\n", "1,\n", 4, "comment-body is empty"),
    ("comments.csv", "1,0,0,应该装！", '1,0,0,"应该装！', 5, "it cannot be read"),
    ("participants-votes.csv", "8,0,1,1", "8,0,1,2", 3, "n-votes is 2, but by the latest answers"),
    ("participants-votes.csv", "7,,2,2,2", "7,,2,2,1", 2, "n-agree is 1"),
    ("participants-votes.csv", "7,,2", "7,,1", 2, "n-comments is 1, but by comments.csv it is 2"),
    ("participants-votes.csv", ",0,1,,-1,", ",0,1,,1,", 3, "the answer to statement 1 is “1”"),
    ("participants-votes.csv", "-disagree,0", "-disagree,6", 1, "there is no statement 6"),
    ("participants-votes.csv", "\n9,1,0", "\n8,1,0", 4, "participant 8 has a second row"),
    ("participants-votes.csv", "9,1,0,2,0,1,,0,-1\n", "", None, "participant 9 has no row"),
    ("summary.csv", "voters,3", "voters,4", 4, "voters is 4, but by the other tables it is 3"),
    ("summary.csv", "comments,3", "comments,2", 7, "comments is 2"),
    ("summary.csv", "commenters,2", "commenters,1", 6, "commenters is 1"),
    ("summary.csv", "topic,", "title,", None, "there is no line “topic”"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "reason"), BAD)
def test_a_bad_row_is_named_with_file_line_and_reason(folder, file, old, new, line, reason):
    change(folder, file, old, new)
    with pytest.raises(BadTable) as caught:
        polis.read(folder)
    error = caught.value
    assert (error.file, error.line) == (file, line)
    assert reason in error.reason
    assert str(error).startswith(f"{file}, line {line}: " if line else f"{file}: ")


@pytest.mark.parametrize("name", ["comments", "votes", "participants-votes", "summary"])
def test_a_missing_table_is_named(folder: Path, name: str):
    (folder / f"{name}.csv").unlink()
    with pytest.raises(BadTable, match=rf"{name}\.csv: it cannot be opened"):
        polis.read(folder)


def test_another_encoding_is_named_with_its_line(folder: Path):
    path = folder / "comments.csv"
    raw = path.read_bytes()
    path.write_bytes(raw.replace("应该装！".encode(), "应该装！".encode("gb18030")))
    with pytest.raises(BadTable, match=r"comments\.csv, line 5: it is not written in UTF-8"):
        polis.read(folder)


def test_an_export_without_votes_is_refused(folder: Path):
    path = folder / "votes.csv"
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    with pytest.raises(BadTable, match="there is no vote"):
        polis.read(folder)
