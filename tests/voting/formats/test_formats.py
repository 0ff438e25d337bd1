"""Files of PrefLib and Pabulib are read strictly, and each complaint names its line."""

from fractions import Fraction
from pathlib import Path

import pytest

from civic.voting import formats
from civic.voting.formats import BadFile

SAMPLES = Path(__file__).parents[1] / "samples"


def sample(name: str) -> formats.Election:
    return formats.read(SAMPLES / name)


def test_complete_orders():
    found = sample("committee.soc")
    assert (found.title, found.kind) == ("Who keeps the keys", "ranking")
    assert found.paper.options == ("张三", "李四", "王五")
    assert not found.paper.equal_ranks
    ballots = list(found.ballots)
    assert ballots[0] == ((("张三",), ("李四",), ("王五",)), 4)
    assert sum(times for _, times in ballots) == 9


def test_incomplete_orders():
    assert next(sample("garden.soi").ballots) == ((("Roses",),), 4)


def test_equal_ranks():
    assert list(sample("lift.toc").ballots)[1] == ((("Outside", "Inside"), ("None",)), 2)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_byte_order_mark_line_ends_and_full_width_signs(tmp_path: Path, mark, ends):
    path = tmp_path / "meeting.toi"
    path.write_bytes(mark + (SAMPLES / "meeting.toi").read_bytes().replace(b"\n", ends))
    found = formats.read(path)
    assert found.title == "When to meet"
    assert found.paper.options == ("周六", "周日", "周一")
    assert list(found.ballots) == [((("周六", "周日"),), 3), ((("周一",), ("周六",)), 2)]
    path = tmp_path / "projects.pb"
    path.write_bytes(mark + (SAMPLES / "projects.pb").read_bytes().replace(b"\n", ends))
    assert len(list(formats.read(path).ballots)) == 3


def test_categories_may_be_empty():
    found = sample("walls.cat")
    assert found.categories == 3
    assert next(found.ballots) == ((("White", "Green"), (), ("Yellow",)), 3)


def test_approvals_over_a_budget():
    found = sample("courtyard.pb")
    assert found.kind == "budget"
    assert found.paper.options == ("lamp", "bench", "tree", "box", "fan")
    assert found.paper.costs[1] == Fraction("250.25")
    assert found.paper.budget == Fraction("1000.5")
    assert (found.paper.fewest, found.paper.most) == (1, 3)
    assert found.titles["lamp"] == "A lamp; with two arms"
    assert found.titles["bench"] == 'A "long" bench'
    assert found.selected == ("lamp", "bench", "tree")
    assert list(found.ballots)[3:5] == [((), 1), (("lamp", "bench", "tree", "box"), 1)]


def test_orders_of_projects_typed_with_full_width_signs():
    found = sample("projects.pb")
    assert (found.kind, found.paper.places) == ("ranking", 3)
    assert [content for content, _ in found.ballots] == [
        ("１", "２", "３"),
        ("１", "３"),
        ("３", "２"),
    ]


def test_points():
    found = sample("dots.pb")
    assert (found.kind, found.paper.dots) == ("dots", 5)
    assert list(found.ballots)[2] == ((("c", 4), ("a", 2)), 1)
    assert sample("marks.pb").kind == "score"


BAD_PREFLIB = [
    ("4: 1,2,3", "4 1,2,3", 11, "count: order"),
    ("4: 1,2,3", "0: 1,2,3", 11, "count"),
    ("4: 1,2,3", "4: 1,2,9", 11, "no alternative 9"),
    ("4: 1,2,3", "4: 1,2,2", 11, "named twice"),
    ("4: 1,2,3", "4: 1,2", 11, "ranks all"),
    ("4: 1,2,3", "4: 1,{2,3}", 11, "no equal ranks"),
    ("4: 1,2,3", "4: 1,,3", 11, "an order is numbers"),
    ("4: 1,2,3", "4: 1,2,-3", 11, "an order is numbers"),
    ("4: 1,2,3", f"{'9' * 30}: 1,2,3", 11, "count"),
    ("VOTERS: 9", "VOTERS: 8", 13, "8 ballots are announced, 9 found"),
    ("ORDERS: 3", "ORDERS: 4", 13, "4 orders are announced, 3 found"),
    ("ALTERNATIVES: 3", "ALTERNATIVES: 4", 5, "4 alternatives are announced, 3 named"),
    ("ALTERNATIVES: 3", "ALTERNATIVES: many", 5, "not a whole number"),
    ("TYPE: soc", "TYPE: soi", 4, "type"),
    ("NAME 2: 李四", "NAME 2: 张三", 9, "two alternatives"),
    ("NAME 2: 李四", "NAME 2:", 9, "no name"),
    ("# DESCRIPTION: Invented", "# Invented", 3, "KEY: value"),
    ("# DESCRIPTION: Invented", "# TITLE: Again", 3, "said twice"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), BAD_PREFLIB)
def test_a_bad_line_of_preflib_is_named(tmp_path: Path, old, new, line, reason):
    text = (SAMPLES / "committee.soc").read_text("utf-8")
    assert old in text
    path = tmp_path / "bad.soc"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadFile) as caught:
        list(formats.read(path).ballots)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"bad.soc, line {line}: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


BAD_PABULIB = [
    ("META", "METAL", 1, "META is missing"),
    ("vote_type;approval", "vote_type;ranked", 7, "vote_type"),
    ("budget;1000.50", "budget;1000,50", 6, "budget"),
    ("budget;1000.50\n", "", None, "budget"),
    ("budget;1000.50", "budget;1;budget", 6, "budget"),
    ("min_length;1", "budget;5", 9, "said twice"),
    ("min_length;1", "min_length;0.5", 9, "whole"),
    ("num_projects;5", "num_projects;6", 4, "6 projects are announced, 5 found"),
    ("num_votes;6", "num_votes;7", 5, "7 votes are announced, 6 found"),
    ("tree;350.25", "tree;-350", 15, "cost"),
    ("tree;350.25", "lamp;350", 15, "named twice"),
    ("project_id;cost;name;selected", "project_id;price;name;selected", 12, "cost"),
    ("voter_id;vote", "voter_id;votes", 19, "vote"),
    ("6;fan", "6;fun", 25, "no project “fun”"),
    ("6;fan", "6;fan,fan", 25, "named twice"),
    ("6;fan", "6;fan;7", 25, "2 columns are announced, 3 found"),
    ("VOTES\n", "", 18, "columns"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), BAD_PABULIB)
def test_a_bad_line_of_pabulib_is_named(tmp_path: Path, old, new, line, reason):
    text = (SAMPLES / "courtyard.pb").read_text("utf-8")
    assert old in text
    path = tmp_path / "bad.pb"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadFile) as caught:
        list(formats.read(path).ballots)
    assert caught.value.line == line
    assert reason in str(caught.value)


@pytest.mark.parametrize("points", ["3", "3,x", "3,2,1", "3,1.5"])
def test_points_must_fit_the_projects(tmp_path: Path, points: str):
    path = tmp_path / "bad.pb"
    path.write_text((SAMPLES / "dots.pb").read_text("utf-8").replace("3,2", points, 1), "utf-8")
    with pytest.raises(BadFile, match=r"line 14: .*points"):
        list(formats.read(path).ballots)


def test_what_cannot_be_read(tmp_path: Path):
    for name, content in (("a.txt", b""), ("a.soc", b""), ("b.soc", b"\xff\xfe"), ("c.pb", b"")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BadFile):
            formats.read(path)
    with pytest.raises(BadFile, match=r"nowhere\.soc: it cannot be read"):
        formats.read(tmp_path / "nowhere.soc")
    with pytest.raises(BadFile):
        formats.read(tmp_path)
