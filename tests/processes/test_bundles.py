"""What no process can mean is refused, with file, line and reason."""

from pathlib import Path

import pytest

from civic.kernel.errors import Misconfigured
from civic.processes import bundles

GOOD = (bundles.SHIPPED / "hearing.toml").read_text("utf-8")
VOTED = (bundles.SHIPPED / "rules_of_order.toml").read_text("utf-8")
PASSED = 'from = ["counting"]\nto = "resolved"'


def faults(folder: Path, text: str, name: str = "hearing", known: set[str] | None = None) -> str:
    file = folder / f"{name}.toml"
    file.write_text(text, "utf-8")
    _found, problems = bundles.check(file, known)
    return "\n".join(map(str, problems))


def test_the_templates_of_the_platform_do() -> None:
    assert set(bundles.shipped()) == {
        *("five_people", "four_deliberations", "hearing", "open_space", "opinion_call"),
        *("participatory_budget", "rules_of_order"),
    }


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("version = 1", "version = 0", "a whole number of at least 1"),
        ("version = 1", "version = 1\ncolour = 1", "unknown key `colour`"),
        ('id = "hearing"', 'id = "other"', "the file is called hearing.toml"),
        ('to = "deliberating"', 'to = "nowhere"', "there is no stage 'nowhere'"),
        ('from = ["noticed"]', 'from = ["nowhere"]', "there is no stage 'nowhere'"),
        ('needs = ["notice_over"]', 'needs = ["luck"]', "'luck' is not one of"),
        ('"committee_head"]\nneeds', '"king"]\nneeds', "'king' is not one of"),
        ('can = ["questions"]', 'can = ["sing"]', "'sing' is not one of"),
        ('kind = "drafting"', 'kind = "dancing"', "'dancing' is not one of"),
        ('key = "notice"', 'key = "moon"', "'moon' is not one of"),
        ('act = "hear"', 'act = "suspend"', "two moves 'suspend' lead out of 'noticed'"),
        ('code = "drafting"', 'code = "draft"', "two stages are called 'draft'"),
        ('from = ["archived", "voided"]\nto = "reopened"', 'from = ["archived"]\nto = "draft"',
         "'archived' is final"),
        ('from = ["reopened"]\nto = "deliberating"', 'from = ["reopened"]\nto = "back"',
         "only what is suspended goes back"),
        ('needs = ["topic_answered", "no_open_correction", "questions_answered"]\n', "",
         "'archived' can be reached without `topic_answered`"),
        ('needs = ["topic_answered"]\n', "",
         "'withdrawn' can be reached without `topic_answered`"),
        ('basis = "', 'basis_ = "', "unknown key `basis_`"),
        ("title = {zh", "title = [zh", "Invalid"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in GOOD
    said = faults(tmp_path, GOOD.replace(old, new, 1))
    line = said.partition(f"{tmp_path / 'hearing.toml'}:")[2].partition(":")[0]
    assert reason.lower() in said.lower()
    assert line.isdigit()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('verdict = "passed"\n', "", "resolved follows the verdict 'passed' alone"),
        ('verdict = "passed"', 'verdict = "failed"', "resolved follows the verdict 'passed' alone"),
        ('from = ["inquorate"]\nto = "noticed"', 'from = ["inquorate"]\nto = "resolved"',
         "the bar is not lowered"),
        ('from = ["voting"]\nto = "counting"', 'from = ["voting"]\nto = "resolved"',
         "a vote is counted before it has a result"),
        ('procedures = ["rep_2026"', 'procedures = ["elsewhere"', "no procedure 'elsewhere'"),
        ('kind = "voting"', 'kind = "deliberating"', "`procedures` belong to stages"),
    ],
)  # fmt: skip
def test_nobody_decides_against_the_vote(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in VOTED
    said = faults(tmp_path, VOTED.replace(old, new, 1), "rules_of_order", {"rep_2026"})
    assert reason in said


def test_a_stage_without_a_way_on_is_named(tmp_path: Path) -> None:
    text = GOOD.replace(
        '[[moves]]\nact = "notice"',
        '[[stages]]\ncode = "swamp"\nkind = "drafting"\ntitle = {zh = "泥", en = "Swamp"}\n\n'
        '[[moves]]\nact = "sink"\ntitle = {zh = "沉", en = "Sink"}\nfrom = ["draft"]\n'
        'to = "swamp"\nwho = ["secretary"]\n\n[[moves]]\nact = "notice"',
    )
    text = text.replace('from = ["*"]', 'from = ["draft"]')
    text = text.replace('"*", "suspended"', '"draft", "suspended"')
    assert "no way leads on from 'swamp'" in faults(tmp_path, text)


def test_a_stage_that_nobody_comes_to_is_named(tmp_path: Path) -> None:
    text = (
        GOOD.replace('act = "hear"', 'act = "hear_not"')
        .replace('from = ["noticed"]\nto = "deliberating"', 'from = ["noticed"]\nto = "commenting"')
        .replace('from = ["reopened"]\nto = "deliberating"', 'from = ["reopened"]\nto = "drafting"')
    )
    assert "no move leads to 'deliberating'" in faults(tmp_path, text)


def test_a_folder_with_faults_is_refused_whole(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("id =", "utf-8")
    with pytest.raises(Misconfigured, match=r"a\.toml:1"):
        bundles.load(tmp_path)
