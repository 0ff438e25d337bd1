"""Measure what the machinery of plugins costs: `python -m benchmarks.plugins`.

Two applications of one process, over equal data: one without plugins, and one with twenty that are
on and answer every hook with nothing. Each round asks both for the same page, changing who begins;
the ratio is the median over the rounds, of processor time. Requests go straight into the
application, so that no client and no network dilutes it.
"""

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from inspect import getmembers, signature
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask

from benchmarks import inside, people, seed
from civic.app import create_app
from civic.communities import services as communities
from civic.kernel import config, hookspecs, migrate
from civic.kernel.activations import Activation
from civic.kernel.db import db

COUNT = 20
PLUGIN = """from civic.api import Plugin, hookimpl
plugin = Plugin("{name}", __name__, title="Quiet", api=">=1.0")
"""
HOOK = "@hookimpl\ndef {name}({arguments}):\n    return None\n"


def specs() -> list[str]:
    """Return the names of all hooks."""
    return [name for name, item in getmembers(hookspecs) if hasattr(item, "civic_spec")]


def nothing(hook: str) -> str:
    """Return the code of an answer that takes all arguments and says nothing."""
    arguments = signature(getattr(hookspecs, hook)).parameters
    return HOOK.format(name=hook, arguments=", ".join(arguments))


def quiet(folder: Path) -> list[EntryPoint]:
    """Write plugins that answer every hook with nothing; return their entry points."""
    sys.path.insert(0, str(folder))
    found = []
    for number in range(COUNT):
        name = f"quiet{number:02}"
        package = folder / f"civic_{name}"
        package.mkdir()
        code = PLUGIN.format(name=name) + "".join(map(nothing, specs()))
        (package / "__init__.py").write_text(code, "utf-8")
        found.append(EntryPoint(name, package.name, "civic.plugins"))
    return found


def make(folder: Path, found: Sequence[EntryPoint], url: str) -> tuple[Flask, seed.Made]:
    """Return an application with data, in which its plugins are on in the measured community."""
    app = create_app(config.load({}, instance=folder, database_url=url), found=found)
    with app.app_context():
        migrate.upgrade()
        made = seed.fill(people=2000)
        community = communities.find(seed.SLUG)
        for point in found:
            db.session.add(Activation(community_id=community.id, plugin=point.name, on=True))
        db.session.commit()
    return app, made


def ask(app: Flask, path: str, cookie: str, count: int) -> float:
    """Return the seconds of processor time that some requests take."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2],
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "HTTP_USER_AGENT": "bench",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
    }
    if cookie:
        environ["HTTP_COOKIE"] = f"session={cookie}"
    said: list[str] = []

    def start(status: str, _headers: object, _error: object = None) -> Any:  # noqa: ANN401 - as WSGI says
        said.append(status)
        return lambda _: None

    began = time.process_time()
    for _ in range(count):
        answer: Any = app.wsgi_app({**environ, "wsgi.input": BytesIO()}, start)
        b"".join(answer)
        answer.close()
    seconds = time.process_time() - began
    assert set(said) == {"200 OK"}, said  # noqa: S101 - a measure of errors would be none
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plugins", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="pairs of each page (40)")
    parser.add_argument("--count", type=int, default=25, help="requests in a round (25)")
    parser.add_argument(
        "--postgres", nargs=2, default=("", ""), metavar="URL", help="two empty databases"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="civic-bench-") as name:
        folder = Path(name)
        bare, made = make(folder / "bare", [], arguments.postgres[0])
        full, _ = make(folder / "full", quiet(folder), arguments.postgres[1])
        case = f"{seed.HOME}consultations/{made.case}/"
        print(f"| page | ms without | ms with {COUNT} | ratio | statements | with {COUNT} |")
        print("|---|---|---|---|---|---|")
        for title, path in {"community home": seed.HOME, "case page": case}.items():
            for who in ("visitor", "signed in"):
                cookies = [
                    people.sign_in(app, 1)[0].cookie if who == "signed in" else ""
                    for app in (bare, full)
                ]
                print(_line(f"{title}, {who}", path, (bare, full), cookies, arguments))


def _line(
    title: str,
    path: str,
    apps: tuple[Flask, Flask],
    cookies: Sequence[str],
    arguments: argparse.Namespace,
) -> str:
    counted = []
    for app, cookie in zip(apps, cookies, strict=True):
        ask(app, path, cookie, 20)
        with inside.statements(app) as seen:
            ask(app, path, cookie, 1)
        counted.append(len(seen))
    pairs = []
    gc.collect()
    gc.disable()
    for number in range(arguments.rounds):
        took = [0.0, 0.0]
        for which in (0, 1) if number % 2 else (1, 0):
            took[which] = ask(apps[which], path, cookies[which], arguments.count)
        pairs.append(took)
        gc.collect()
    gc.enable()
    without, with_ = (
        median(pair[which] for pair in pairs) / arguments.count * 1000 for which in (0, 1)
    )
    ratio = median(pair[1] / pair[0] for pair in pairs)
    return f"| {title} | {without:.2f} | {with_:.2f} | {ratio:.3f} | {counted[0]} | {counted[1]} |"


if __name__ == "__main__":
    main()
