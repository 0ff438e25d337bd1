"""Static files are served under names that change with their content, and never otherwise."""

import gzip
import os
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from civic.kernel.static import UnknownFileError, collect, init_app, static_url

STYLE = "body { background: url('../img/a.svg#x'); }\n" + "p { color: red; }\n" * 60
FILES = {
    "css/civic.css": '@import "base.css";\n/* url(gone.png) */\n' + STYLE,
    "css/base.css": "a{background:url(data:image/png;base64,xx)} b{filter:url(#f)}",
    "img/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "js/page.js": 'import { x } from "./part.js";\n// import "./gone.js"\nimport("../js/part.js");',
    "js/part.js": "export const x = 1;",
    "vendor/lib.js": 'import "./elsewhere.js"',
    ".hidden": "no",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "source"


@pytest.fixture
def make(tmp_path: Path, root: Path) -> Callable[..., Flask]:
    def make(**roots: Path) -> Flask:
        app = Flask("made", static_folder=None, instance_path=str(tmp_path / "instance"))
        app.testing = True
        init_app(app, {"": root, **roots})
        return app

    return make


def address(app: Flask, name: str) -> str:
    with app.app_context():
        return static_url(name)


def test_a_name_carries_its_content(make: Callable[..., Flask], root: Path) -> None:
    before = address(make(), "css/base.css")
    assert re.fullmatch(r"/static/css/base\.[0-9a-f]{8}\.css", before)
    assert address(make(), "css/base.css") == before
    (root / "css/base.css").write_text("a{}")
    assert address(make(), "css/base.css") != before


def test_a_change_reaches_what_refers_to_it(make: Callable[..., Flask], root: Path) -> None:
    before = address(make(), "css/civic.css")
    (root / "img/a.svg").write_text("<svg/>")
    assert address(make(), "css/civic.css") != before


def test_served_for_ever_with_type_and_headers(make: Callable[..., Flask]) -> None:
    app = make()
    with app.test_client() as client, client.get(address(app, "css/civic.css")) as response:
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Content-Type"] == 'text/css; charset="utf-8"'
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in response.headers
    with app.test_client() as client, client.get(address(app, "js/page.js")) as response:
        assert response.mimetype == "text/javascript"
        assert response.mimetype_params["charset"] == "utf-8"
    with app.test_client() as client, client.get(address(app, "img/a.svg")) as response:
        assert response.mimetype == "image/svg+xml"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_packed_where_it_helps(make: Callable[..., Flask]) -> None:
    app = make()
    packed = {"Accept-Encoding": "gzip, br"}
    style, small = address(app, "css/civic.css"), address(app, "js/part.js")
    with app.test_client() as client, client.get(style, headers=packed) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Vary"] == "Accept-Encoding"
        unpacked = gzip.decompress(response.data)
    with app.test_client() as client, client.get(style) as response:
        assert response.data == unpacked
    with app.test_client() as client, client.get(small, headers=packed) as response:
        assert "Content-Encoding" not in response.headers
        assert response.data.decode() == FILES["js/part.js"]


def test_head_and_conditional_requests(make: Callable[..., Flask]) -> None:
    app = make()
    url = address(app, "css/civic.css")
    with app.test_client() as client:
        with client.get(url) as whole, client.head(url) as head:
            assert head.data == b""
            assert head.headers["Content-Length"] == str(len(whole.data))
            tag = whole.headers["ETag"]
        with client.get(url, headers={"If-None-Match": tag}) as response:
            assert (response.status_code, response.data) == (304, b"")
        with client.post(url) as response:
            assert response.status_code == 405


def test_references_lead_to_hashed_names(make: Callable[..., Flask]) -> None:
    app = make()
    with app.test_client() as client, client.get(address(app, "css/civic.css")) as response:
        text = response.text
    svg = address(app, "img/a.svg").removeprefix("/static/")
    base = address(app, "css/base.css").removeprefix("/static/css/")
    assert f"url('../{svg}#x')" in text
    assert f'@import "{base}"' in text
    assert "/* url(gone.png) */" in text
    part = address(app, "js/part.js").removeprefix("/static/js/")
    with app.test_client() as client, client.get(address(app, "js/page.js")) as response:
        assert f'from "./{part}"' in response.text
        assert f'import("./{part}")' in response.text or f'import("{part}")' in response.text
        assert '// import "./gone.js"' in response.text
    with app.test_client() as client, client.get(address(app, "vendor/lib.js")) as response:
        assert response.text == FILES["vendor/lib.js"]


def test_a_dead_reference_stops_the_start(make: Callable[..., Flask], root: Path) -> None:
    (root / "css/base.css").write_text("a{background:url(gone.png)}")
    with pytest.raises(UnknownFileError, match=r"css/base\.css refers to gone\.png"):
        make()


def test_a_circle_is_named(make: Callable[..., Flask], root: Path) -> None:
    (root / "css/base.css").write_text('@import "civic.css";')
    with pytest.raises(ValueError, match="circle"):
        make()


@pytest.mark.parametrize(
    "path",
    [
        "css/civic.css",
        "css/civic.00000000.css",
        "../source/css/civic.css",
        "%2e%2e/x",
        ".hidden",
        "css/",
        "",
        "css/../css/civic.css",
        "/etc/passwd",
        "..\\..\\x",
        "css/civic.css.gz",
    ],
)
def test_nothing_else_is_there(make: Callable[..., Flask], path: str) -> None:
    with make().test_client() as client, client.get(f"/static/{path}") as response:
        assert response.status_code == 404


def test_templates_name_files(make: Callable[..., Flask], tmp_path: Path) -> None:
    plugin = tmp_path / "plugin"
    plugin.mkdir()
    (plugin / "hello.css").write_text("b{}")
    app = make(**{"p/hello": plugin})
    with app.app_context():
        shown = render_template_string("{{ static('p/hello/hello.css') }}")
        assert shown == static_url("p/hello/hello.css")
        with pytest.raises(UnknownFileError, match="css/gone"):
            render_template_string("{{ static('css/gone.css') }}")
    with app.test_client() as client, client.get(shown) as response:
        assert response.data == b"b{}"


def test_flask_must_not_serve_the_same_files(tmp_path: Path) -> None:
    app = Flask("made", static_folder=str(tmp_path), instance_path=str(tmp_path))
    with pytest.raises(ValueError, match="static_folder=None"):
        init_app(app, {})


def test_a_second_start_writes_nothing(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "collected"
    first = collect({"": root}, folder)
    inodes = {path: path.stat().st_ino for path in folder.rglob("*")}
    assert collect({"": root}, folder) == first
    assert {path: path.stat().st_ino for path in folder.rglob("*")} == inodes
    assert not list(folder.rglob(".*"))


def test_a_torn_file_is_written_again(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "collected"
    path = folder / collect({"": root}, folder)["img/a.svg"]
    path.write_text("half")
    collect({"": root}, folder)
    assert path.read_text() == FILES["img/a.svg"]


def test_files_of_an_older_release_stay_a_while(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "collected"
    old = folder / collect({"": root}, folder)["css/civic.css"]
    (root / "css/civic.css").write_text("p{}")
    collect({"": root}, folder)
    assert old.exists()
    long_ago = time.time() - 40 * 24 * 3600
    for path in folder.rglob("*.*"):
        os.utime(path, (long_ago, long_ago))
    names = collect({"": root}, folder)
    assert not old.exists()
    assert not old.with_name(f"{old.name}.gz").exists()
    assert all((folder / name).exists() for name in names.values())


def test_many_may_start_at_once(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "collected"
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: collect({"": root}, folder), range(24)))
    assert all(result == results[0] for result in results)
    assert not list(folder.rglob(".*"))


def test_a_start_with_everything_collected_is_quick(tmp_path: Path) -> None:
    root, folder = tmp_path / "source", tmp_path / "collected"
    root.mkdir()
    for number in range(60):
        (root / f"{number}.css").write_text(f"p{number} {{ color: red }}\n" * 200)
    collect({"": root}, folder)
    started = time.process_time()
    collect({"": root}, folder)
    assert time.process_time() - started < 0.05
