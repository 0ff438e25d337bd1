"""Each hook is documented, tested, called, and used by a plugin; the pages are as written."""

import ast
import re
from functools import cache

import pytest

from tools import hooks

SPECS = hooks.specs()
NAMES = [node.name for node in SPECS]


@cache
def sources(folder: str, pattern: str) -> dict[str, str]:
    root = hooks.ROOT / folder
    return {
        path.relative_to(hooks.ROOT).as_posix(): path.read_text("utf-8")
        for path in root.rglob(pattern)
    }


def test_the_pages_are_as_the_code_has_it():
    assert hooks.stale() == [], "python -m tools.hooks"


@pytest.mark.parametrize("node", SPECS, ids=NAMES)
def test_a_hook_is_documented(node: ast.FunctionDef):
    words, fields = hooks._doc(ast.get_docstring(node) or "")
    assert re.search(r"^Since [0-9]+\.[0-9]+\.$", words, re.MULTILINE)
    assert re.search(r"\bfails?\b", words), "say what happens where it fails"
    told = [name for name, _ in fields]
    assert [each.arg for each in node.args.args] == [name for name in told if name != "returns"]
    if ast.unparse(node.returns) != "None":
        assert "returns" in told


@pytest.mark.parametrize("name", NAMES)
def test_a_hook_has_a_caller_in_the_core(name: str):
    call = re.compile(rf"\.{name}\b(?!\")")
    own = ("civic/kernel/hooks.py", *hooks.SPECS)
    callers = [
        path
        for path, text in sources("civic", "*.py").items()
        if path not in own and not path.startswith("civic/testing/") and call.search(text)
    ]
    callers += [path for path, text in sources("templates", "*.html").items() if call.search(text)]
    assert callers


@pytest.mark.parametrize("name", NAMES)
def test_a_hook_is_used_by_a_plugin(name: str):
    assert next(hooks.users(name), None) is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_hook_is_tested(name: str):
    word = re.compile(rf"(?:\b|test_){name}\b")
    here = "tests/docs/test_hooks.py"
    tests = [p for p, text in sources("tests", "test_*.py").items() if word.search(text)]
    tests += [p for p, text in sources("examples", "test_*.py").items() if word.search(text)]
    assert [path for path in tests if path != here]
