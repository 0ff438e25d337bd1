"""`civic init`: a real site begins, once, by options or by questions, and never waits in vain."""

import os
import pty
import re
import select as waiting
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from civic.cli import main
from tests.server import serving
from tests.visitors import Visitor

ROOT = Path(__file__).parents[1]
WORD = "三只猫 在屋顶 唱歌"
GIVEN = {
    "--street": "金融街街道",
    "--slug": "jinrongjie",
    "--administrator": "吴刚",
    "--contact": "138 0013 8000",
    "--language": "zh",
}


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIC_INSTANCE", str(tmp_path / "site"))
    monkeypatch.delenv("CIVIC_DATABASE_URL", raising=False)
    (tmp_path / "word").write_text(f"{WORD}\n", "utf-8")
    return tmp_path / "site"


def arguments(site: Path, **changes) -> list[str]:
    given = GIVEN | {"--password-file": str(site.parent / "word")} | changes
    return ["init", *(part for pair in given.items() if pair[1] for part in pair)]


def run(site: Path, **changes):
    return CliRunner().invoke(main, arguments(site, **changes))


def rows(site: Path, query: str) -> list[tuple]:
    connection = sqlite3.connect(site / "civic.sqlite3")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_site_begins_once(site: Path) -> None:
    done = run(site)
    assert done.exit_code == 0, done.output
    assert "/sign-in" in done.output
    assert "138****8000" in done.output
    assert "两步验证" in done.output
    assert WORD not in done.output
    assert rows(site, "select kind, name from node") == [("subdistrict", "金融街街道")]
    assert rows(site, "select slug from community") == [("jinrongjie",)]
    assert rows(site, "select kind, title, office from post") == [
        ("administrator", "系统管理员", "街道办事处")
    ]
    [(kind, value, proven)] = rows(site, "select kind, value, proven_at from contact")
    assert (kind, value) == ("phone", "+8613800138000")
    assert proven
    acts = [
        ("site.begun", "command"),
        ("appointment.made", "command"),
        ("procedures.loaded", "command"),
    ]
    assert rows(site, "select act, actor from audit_entry order by id") == acts
    assert "吴" not in str(rows(site, "select data from audit_entry"))
    assert rows(site, "select kind from tree_event") == [("founded",)]
    assert CliRunner().invoke(main, ["audit", "verify"]).exit_code == 0
    noted = rows(site, "select hash from audit_entry order by id desc limit 1")[0][0]
    assert CliRunner().invoke(main, ["audit", "verify", "--noted", noted]).exit_code == 0
    cut = CliRunner().invoke(main, ["audit", "verify", "--noted", "0" * 64])
    assert (cut.exit_code, "does not hold" in cut.output) == (1, True)
    before = (site / "civic.sqlite3").read_bytes()
    again = run(site, **{"--street": "另一街道"})
    assert again.exit_code == 1
    assert "没有改动任何内容" in again.output
    assert len(again.output.strip().splitlines()) == 1
    assert rows(site, "select count(*) from person") == [(1,)]
    assert (site / "civic.sqlite3").read_bytes()[:100] == before[:100]


WRONG = {
    "--slug": ("Jin Rong", "网址名"),
    "--contact": ("1234", "没有写完整"),
    "--street": ("街" * 41, "1至40"),
}


@pytest.mark.parametrize("option", WRONG)
def test_what_does_not_fit_is_one_sentence_and_makes_nothing(site: Path, option: str) -> None:
    value, sentence = WRONG[option]
    done = run(site, **{option: value})
    assert done.exit_code == 1
    assert sentence in done.output
    assert len(done.output.strip().splitlines()) == 1
    assert rows(site, "select count(*) from node") == [(0,)]
    assert run(site).exit_code == 0  # and another try does


def test_passwords_that_do_not_do(site: Path) -> None:
    (site.parent / "word").write_text("short\n")
    assert "8至128" in run(site).output
    (site.parent / "word").write_text("")
    assert run(site).exit_code == 1
    assert "cannot be read" in run(site, **{"--password-file": "/nowhere"}).output
    assert (
        CliRunner().invoke(main, arguments(site, **{"--password-file": "-"}), input="").exit_code
        == 1
    )


@pytest.mark.parametrize("option", [*GIVEN, "--password-file"])
def test_without_anybody_to_ask_it_names_what_is_missing(site: Path, option: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "civic.cli", *arguments(site, **{option: ""})],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert option in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not site.exists()


def test_tables_that_are_behind_and_a_demonstration_are_left_alone(site: Path) -> None:
    assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code == 0
    assert CliRunner().invoke(main, ["db", "downgrade", "civic", "0001"]).exit_code == 0
    done = run(site)
    assert done.exit_code == 1
    assert "civic db upgrade" in done.output


def test_it_asks_in_the_language_that_was_chosen(site: Path) -> None:
    """At a terminal: wrong answers are asked again, the password is not shown."""
    answers = [
        ("Language", "zh"),
        ("街道名称", "金融街街道"),
        ("网址名", "Bad Slug"),
        ("网址名", "jinrongjie"),
        ("管理员的姓名", "吴刚"),
        ("手机号或邮箱", "12"),
        ("手机号或邮箱", "wu@example.com"),
        ("管理员密码", "short"),
        ("管理员密码", WORD),
        ("再输入一次", WORD),
    ]
    process, terminal = pty.fork()
    if process == 0:  # the child is the command at a terminal
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "civic.cli", "init"])
    said = ""
    for question, answer in answers:
        said += _until(terminal, question)
        os.write(terminal, f"{answer}\n".encode())
    said += _until(terminal, "/admin/")
    ended = os.waitpid(process, 0)[1]
    os.close(terminal)
    assert ended == 0
    assert WORD not in said
    assert rows(site, "select value from contact") == [("wu@example.com",)]


def _until(terminal: int, words: str) -> str:
    said, end = "", time.monotonic() + 60
    while words not in said:
        assert time.monotonic() < end, said
        if waiting.select([terminal], [], [], 1)[0]:
            said += os.read(terminal, 4096).decode("utf-8", "replace")
    return said


def test_the_administrator_signs_in_and_sees_the_first_steps(site: Path) -> None:
    """As the README says it, with the language of the site for whoever chose none."""
    assert run(site, **{"--language": "en", "--office": "Street office"}).exit_code == 0
    with serving(site) as server:
        visitor = Visitor(server.port, {})
        assert '<html lang="en"' in visitor.get("/").text
        token = visitor.hidden("/sign-in")["csrf_token"]
        sent = {"csrf_token": token, "who": "13800138000", "password": WORD}
        assert visitor.post("/sign-in", sent).status == 303
        assert "second factor" in visitor.get("/admin/").text
        other = Visitor(server.port, {"lang": "zh-Hans"})
        assert '<html lang="zh-Hans"' in other.get("/").text
    with serving(site, CIVIC_SECOND_FACTOR="offered") as server:
        again = Visitor(server.port, visitor.cookies)
        assert re.search(r"first steps", again.get("/admin/").text, re.IGNORECASE)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/operating.md"])
def test_what_the_papers_say_of_it_exists(name: str) -> None:
    paper = (ROOT / name).read_text("utf-8")
    known = {part for option in main.commands["init"].params for part in option.opts}
    said = "".join(re.findall(r"civic init(?: \\\\?\n?|[^`])*?(?:```|`)", paper))
    options = set(re.findall(r"(--[a-z-]+)", said)) - {"--help"}
    assert "civic init" in paper
    assert options <= known
    if name.startswith("README"):
        assert options == known - {"--office"}
