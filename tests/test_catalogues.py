"""Nothing is untranslated or stale, and gathering keeps what is translated."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from tools import catalogues


def test_every_text_is_translated_and_every_translation_used():
    assert catalogues.complaints() == []


def test_no_text_hides_in_an_f_string():
    """The gatherer of texts does not look there, so it would stay English for ever."""
    hidden = [
        f"{path}:{node.lineno}"
        for folder in ("civic", "plugins", "examples")
        for path in (catalogues.ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr)
        and any(
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in catalogues.KEYWORDS
            for call in ast.walk(node)
        )
    ]
    assert hidden == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "civic").mkdir()
    (tmp_path / "plugins").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "civic/voting.py").write_text(
        'name = _("Vote")\nn = ngettext("%(num)d vote", "%(num)d votes", 2)\n'
    )
    (tmp_path / "templates/page.html").write_text("<p>{{ _('Your vote') }}</p>")
    catalogues.update(tmp_path)
    return tmp_path


def translate(tree: Path, text: str, translation: str) -> None:
    path = catalogues.core_catalogue(tree, "zh_Hans_CN")
    before = path.read_text("utf-8")
    assert f'msgid "{text}"\nmsgstr ""\n' in before
    path.write_text(
        before.replace(f'msgid "{text}"\nmsgstr ""\n', f'msgid "{text}"\nmsgstr "{translation}"\n'),
        "utf-8",
    )


def test_english_is_complete_by_itself_and_chinese_is_asked_for(tree: Path):
    told = catalogues.complaints(tree)
    assert len(told) == 3
    assert all(line.startswith("zh_Hans_CN: untranslated") for line in told)


def test_a_translation_is_kept_compiled_and_dropped_with_its_text(tree: Path):
    translate(tree, "Vote", "投票")
    catalogues.update(tree)
    path = catalogues.core_catalogue(tree, "zh_Hans_CN")
    assert "投票" in path.read_text("utf-8")
    with path.with_suffix(".mo").open("rb") as stream:
        assert read_mo(stream).get("Vote").string == "投票"
    (tree / "civic/voting.py").write_text("")
    assert "zh_Hans_CN: no longer used: 'Vote'" in catalogues.complaints(tree)
    catalogues.update(tree)
    assert "投票" not in path.read_text("utf-8")


def test_gathering_twice_changes_nothing(tree: Path):
    before = {path: path.read_bytes() for path in catalogues.sources(tree)}
    assert len(before) == 2
    catalogues.update(tree)
    assert {path: path.read_bytes() for path in catalogues.sources(tree)} == before


def test_a_text_that_was_not_gathered_is_named(tree: Path):
    (tree / "templates/page.html").write_text("{{ _('Your vote') }}{{ _('Closed') }}")
    assert "en: not gathered: 'Closed'" in catalogues.complaints(tree)


def test_a_lost_placeholder_is_named(tree: Path):
    (tree / "civic/voting.py").write_text('name = _("Until %(day)s")\n')
    catalogues.update(tree)
    translate(tree, "Until %(day)s", "截止%(date)s")
    assert any("day" in line and "zh" in line for line in catalogues.complaints(tree))


def _undated(catalogue: Path) -> bytes:
    """Return what was compiled, without the minute in which it was."""
    return re.sub(rb"POT-Creation-Date: [^\n]*", b"", catalogue.read_bytes())


def test_several_may_compile_at_once(tree: Path):
    translate(tree, "Vote", "投票")
    catalogues.compile_all(tree)
    written = catalogues.core_catalogue(tree, "zh_Hans_CN").with_suffix(".mo")
    expected = _undated(written)
    act = "import sys, pathlib; from tools.catalogues import compile_all\n"
    act += "for _ in range(200): compile_all(pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-c", act, str(tree)]
    running = [subprocess.Popen(command, cwd=catalogues.ROOT) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert _undated(written) == expected
    assert list(written.parent.glob("*.new")) == []
