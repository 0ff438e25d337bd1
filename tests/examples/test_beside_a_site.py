"""A wheel is put beside the environment of a running site, and switched on in one community."""

import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.databases import Sqlite
from tests.examples.installed import built, install
from tests.factories import build_world
from tests.installed import command
from tests.server import ROOT, own_sqlite, serving


@pytest.fixture
def site(sqlite: Sqlite, tmp_path: Path) -> Iterator[Flask]:
    with own_sqlite(sqlite, tmp_path / "site") as app:
        with app.app_context():
            build_world()
        yield app


def status(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def core() -> dict[str, tuple[int, int]]:
    """Return size and time of change of each file of the core."""
    folders = ("civic", "migrations", "templates")
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {".py", ".html", ".css", ".js"}
    }


def test_hello_comes_to_a_running_site(site: Flask, tmp_path: Path):
    before = core()
    instance = site.config["SETTINGS"].instance
    with serving(instance) as server:
        assert status(server.url + "/c/erlonglu/hello/")[0] == 404
    beside = tmp_path / "beside"
    install(built("hello", tmp_path / "build"), beside)
    path = os.pathsep.join((str(beside), str(ROOT)))
    for words in (("install", "hello"), ("enable", "hello", "erlonglu")):
        done = command(site, path, "plugins", *words)
        assert done.returncode == 0, done.stdout + done.stderr
    with serving(instance, PYTHONPATH=path) as server:
        found, page = status(server.url + "/c/erlonglu/hello/")
        assert found == 200
        assert "还没有人留言" in page
        _, home = status(server.url + "/c/erlonglu/")
        assert re.search(r'href="/c/erlonglu/hello/"[^>]*>大家好！', home)
        assert status(server.url + "/c/jingjidao/hello/")[0] == 404
        assert "hello" not in status(server.url + "/c/jingjidao/")[1]
    # Taken away again without a word to anybody, it stops nothing.
    with serving(instance) as server:
        assert status(server.url + "/c/erlonglu/")[0] == 200
        assert status(server.url + "/c/erlonglu/hello/")[0] == 404
    assert core() == before
