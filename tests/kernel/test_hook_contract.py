"""The contract itself: each hook has a caller, words and tests; what goes, warns first."""

import inspect
import re
import sys
from pathlib import Path
from typing import Any

import pluggy
import pytest

from civic import api
from civic.kernel import hookspecs
from civic.kernel.calling import Calls
from civic.kernel.faults import Watch
from civic.kernel.hooks import Hooks
from civic.kernel.outdated import renamed
from civic.kernel.plugins import Plugins
from tests.asked import ASKED
from tests.sample import point

ROOT = Path(__file__).resolve().parents[2]
SPECS = sorted(name for name, item in inspect.getmembers(hookspecs) if hasattr(item, "civic_spec"))
#: Rooms of the machinery, which call nothing for its own sake.
MACHINERY = {"hooks.py", "hookspecs.py", "checkspecs.py", "calling.py"}


def core() -> str:
    modules = (path for path in (ROOT / "civic").rglob("*.py") if path.name not in MACHINERY)
    return "\n".join(path.read_text("utf-8") for path in modules)


@pytest.mark.parametrize("hook", SPECS)
def test_a_hook_has_a_typed_method_that_the_core_calls(hook: str) -> None:
    method = getattr(Hooks, hook)
    hints = inspect.get_annotations(method)
    assert "return" in hints
    code = core()
    asked = {"visible": "plugins.visible", "veto": "plugins.veto"}
    assert re.search(rf"\.{hook}\(", code) or asked.get(hook, "-") in code


@pytest.mark.parametrize("hook", SPECS)
def test_a_hook_is_described(hook: str) -> None:
    spec = getattr(hookspecs, hook)
    words = inspect.getdoc(spec) or ""
    assert re.match(r"[A-Z][^\n]+\.\n", words)
    assert re.search(r"^Since \d+\.\d+\.$", words, re.MULTILINE)
    assert "fails" in words
    for name in inspect.signature(spec).parameters:
        assert f":param {name}: " in words
    returns = inspect.signature(spec).return_annotation
    assert (":returns: " in words) == (returns is not None)


@pytest.mark.parametrize("hook", SPECS)
def test_a_hook_is_tested_and_answered_by_a_sample(hook: str) -> None:
    tests = (ROOT / "tests/kernel/test_hooks.py").read_text("utf-8")
    assert re.search(rf"^def test_\w*{hook}", tests, re.MULTILINE)
    assert hook in ASKED or hook == "configure"
    for sample in ("answers", "raises", "badsql", "sleeps"):
        code = (ROOT / f"tests/plugins/civic_{sample}/__init__.py").read_text("utf-8")
        assert f"\ndef {hook}(" in code


def test_the_contract_lists_what_it_has() -> None:
    assert sorted(api.__all__, key=str.casefold) == sorted(set(api.__all__), key=str.casefold)
    for name in api.__all__:
        assert getattr(api, name) is not None
    assert api.VERSION == hookspecs.API_VERSION


def loaded(code: str, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Plugins:
    package = folder / f"civic_{name}"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from civic.api import Plugin, hookimpl\n"
        f'plugin = Plugin("{name}", __name__, title="x", api=">=1.0")\n{code}'
    )
    monkeypatch.syspath_prepend(folder)
    registry = Plugins(Watch(), 1.0)
    registry.load([point(name)])
    sys.modules.pop(f"civic_{name}", None)
    return registry


hookspec = pluggy.HookspecMarker("civic")


class Sample:
    """A hook whose argument `user` was renamed."""

    @hookspec(warn_on_impl_args=renamed("user", "actor", goes="2.0"))
    def greeting(self, community: Any, actor: Any, user: Any) -> str | None:
        """Greet."""


def test_an_old_argument_still_works_and_warns_when_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Renamed(Plugins):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.manager.add_hookspecs(Sample())

    monkeypatch.setattr(sys.modules[__name__], "Plugins", Renamed)
    old = '@hookimpl\ndef greeting(user):\n    return f"hello {user}"\n'
    registry = loaded(old, "older", tmp_path, monkeypatch)
    assert registry.failed == {}
    sentence = "the argument user is now actor; user goes in civic.api 2.0"
    assert registry.outdated == {"older": [sentence]}
    assert sentence in caplog.text
    # Asked with both, so that either is answered.
    [item] = Calls.answers(registry, "greeting")
    values = {"actor": "王", "user": "王", "community": None}
    assert item.function(*(values[name] for name in item.arguments)) == "hello 王"
    new = old.replace("user", "actor")
    assert loaded(new, "newer", tmp_path, monkeypatch).outdated == {}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("@hookimpl\ndef home_panel(comunidad): ...\n", "comunidad"),
        ("@hookimpl(wrapper=True)\ndef home_panel():\n    return (yield)\n", "wraps"),
        ("@hookimpl\ndef home_pannel(): ...\n", "home_pannel"),
    ],
)
def test_a_hook_that_is_answered_wrongly_is_a_load_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, reason: str
) -> None:
    registry = loaded(code, "wrong", tmp_path, monkeypatch)
    assert registry.loaded == {}
    assert reason in registry.failed["wrong"].reason
    assert str(registry.failed["wrong"].advice)


def test_what_it_registers_wrongly_is_a_load_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.databases import make_app

    codes = {
        "lost": 'from civic.api import NavItem\nplugin.nav.append(NavItem("x", "lost.nowhere"))\n',
        "double": (
            "from civic.api import Permission\n"
            'plugin.permissions.extend([Permission("double.x", "x", "staff")] * 2)\n'
        ),
        "short": (
            'from civic.api import NavItem\n@plugin.get("/<int:number>")\ndef one(number): ...\n'
            'plugin.nav.append(NavItem("x", "short.one"))\n'
        ),
        "notice": "",
        "rights": "",
    }
    for name, code in codes.items():
        loaded(code, name, tmp_path, monkeypatch)
    app = make_app(tmp_path / "instance", found=[point(name) for name in codes])
    failed = {name: item.reason for name, item in app.extensions["civic_plugins"].failed.items()}
    assert failed.keys() == codes.keys()
    assert "no page" in failed["lost"]
    assert "twice" in failed["double"]
    assert "lacks values" in failed["short"]
    assert "taken" in failed["notice"]
    assert "taken" in failed["rights"]


def test_twenty_that_answer_with_nothing_cost_no_statement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import inside
    from benchmarks.plugins import COUNT, quiet
    from civic.kernel import migrate
    from civic.kernel.activations import Activation
    from civic.kernel.db import db
    from tests.asked import site
    from tests.databases import make_app

    monkeypatch.setattr(sys, "path", [*sys.path])
    app = make_app(tmp_path / "instance", found=quiet(tmp_path))
    with app.app_context():
        migrate.upgrade()
        town = site(app)
        pages = [("/c/erlonglu/", "anonymous"), ("/c/erlonglu/", "resident")]
        pages += [(f"/c/erlonglu/consultations/{town.case.id}/", role) for _page, role in pages]

        def counts() -> list[int]:
            found = []
            for path, role in pages:
                client = town.client(role)
                client.get(path)
                with inside.statements(app) as seen:
                    assert client.get(path).status_code == 200
                found.append(len(seen))
            return found

        before = counts()
        names = list(app.extensions["civic_plugins"].loaded)
        assert len(names) == COUNT
        for name in names:
            db.session.add(Activation(community_id=town.world.erlong.id, plugin=name, on=True))
        db.session.commit()
        assert counts() == before
        db.engine.dispose()
