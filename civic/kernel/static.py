"""Serve style sheets, scripts and pictures under names that change with their content.

At start-up every file below the given roots is copied to the instance folder under a name that
carries a hash of what it holds, with a gzip sibling where that helps. Such a name never means
anything else, so browsers keep it for a year without asking. References from one file to another
(``url(…)`` and ``@import`` in CSS, relative imports in JavaScript modules) are rewritten to the
hashed names.
"""

import gzip
import hashlib
import os
import posixpath
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, current_app
from whitenoise import WhiteNoise

_EXTENSION = "civic.static"
_FOREVER = "public, max-age=31536000, immutable"
_PREFIX = "/static/"
_UNUSED_SECONDS = 30 * 24 * 3600
_SMALL = 500
# A comment matches first, without a reference, and so hides what is in it.
_REFERENCES = {
    ".css": re.compile(
        r"""/\*[\s\S]*?\*/|(?P<before>url\(\s*["']?|@import\s+["'])(?P<ref>[^"'()\s]+)"""
    ),
    ".js": re.compile(
        r"""/\*[\s\S]*?\*/|^\s*//.*|"""
        r"""(?P<before>\b(?:from|import)\s*\(?\s*["'])(?P<ref>\.{1,2}/[^"']+)""",
        re.MULTILINE,
    ),
}
_VENDORED_SCRIPT = re.compile(r"(^|/)vendor/.*\.js$")
_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|[/#?])", re.IGNORECASE)
_TYPES = {".webmanifest": "application/manifest+json", ".map": "application/json"}


class UnknownFileError(LookupError):
    """A page or a style sheet names a static file that does not exist."""


def init_app(app: Flask, roots: Mapping[str, Path], *, folder: Path | None = None) -> None:
    """Collect the files below `roots`, serve them under ``/static/`` and let templates name them.

    `roots` maps a prefix (``""`` for the core, ``"p/hello"`` for a plugin) to a folder. Files are
    collected in `folder`, by default ``static`` in the instance folder. Templates call
    ``static('css/civic.css')``. The application is made with ``static_folder=None``, or Flask would
    serve the same files a second time without hashes; `ValueError` says so. Raises
    `UnknownFileError` for a dead reference between files.
    """
    if app.has_static_folder:
        message = "make the application with static_folder=None"
        raise ValueError(message)
    goal = folder or Path(app.instance_path) / "static"
    names = collect(roots, goal)
    served = WhiteNoise(
        app.wsgi_app,
        max_age=None,
        allow_all_origins=False,
        mimetypes=_TYPES,
        add_headers_function=_add_headers,
    )
    for hashed in names.values():
        served.add_file_to_dictionary(_PREFIX + hashed, str(goal / hashed))
    app.wsgi_app = served  # type: ignore[method-assign]
    addresses = {name: _PREFIX + hashed for name, hashed in names.items()}
    app.extensions[_EXTENSION] = addresses
    app.jinja_env.globals["static"] = lambda name: _address(addresses, name)


def static_url(name: str) -> str:
    """Return the address of static file `name` in the current application.

    Raises `UnknownFileError`.
    """
    return _address(current_app.extensions[_EXTENSION], name)


def collect(roots: Mapping[str, Path], folder: Path) -> dict[str, str]:
    """Copy every file below `roots` to `folder` under a hashed name; return the names by origin.

    What is already there is left alone. Processes may collect into the same folder at once: a file
    appears whole or not at all. Copies that no start has used for 30 days are removed; until then a
    page of an older release still finds its files.
    """
    sources = {
        posixpath.join(prefix, path.relative_to(root).as_posix()): path
        for prefix, root in roots.items()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    folder.mkdir(parents=True, exist_ok=True)
    collector = _Collector(sources, folder)
    names = {name: collector.name_of(name) for name in sources}
    _remove_unused(folder, set(names.values()))
    return names


class _Collector:
    """Works out hashed names; a file is named after those that it refers to."""

    def __init__(self, sources: Mapping[str, Path], folder: Path) -> None:
        self.sources, self.folder = sources, folder
        self.names: dict[str, str] = {}
        self.open: list[str] = []

    def name_of(self, name: str) -> str:
        if name in self.names:
            return self.names[name]
        if name in self.open:
            message = f"static files refer to each other in a circle: {' → '.join(self.open)}"
            raise ValueError(message)
        self.open.append(name)
        data = self.sources[name].read_bytes()
        stem, suffix = posixpath.splitext(name)
        if suffix in _REFERENCES and not _VENDORED_SCRIPT.search(name):
            data = self._rewrite(name, data.decode(), _REFERENCES[suffix]).encode()
        hashed = f"{stem}.{hashlib.sha256(data).hexdigest()[:8]}{suffix}"
        _put(self.folder / hashed, data)
        self.open.pop()
        self.names[name] = hashed
        return hashed

    def _rewrite(self, name: str, text: str, pattern: re.Pattern[str]) -> str:
        base = posixpath.dirname(name)

        def hashed(match: re.Match[str]) -> str:
            ref: str = match["ref"] or "#"
            if _ELSEWHERE.match(ref):
                return match[0]
            path = re.split(r"[?#]", ref, maxsplit=1)[0]
            target = posixpath.normpath(posixpath.join(base, path))
            if target not in self.sources:
                message = f"{name} refers to {ref}, which is not there"
                raise UnknownFileError(message)
            new = posixpath.relpath(self.name_of(target), base or ".")
            if ref.startswith("./") and not new.startswith("."):
                new = f"./{new}"
            return f"{match['before']}{new}{ref[len(path) :]}"

        return pattern.sub(hashed, text)


def _put(path: Path, data: bytes) -> None:
    # A gzip sibling is written first and the file last: where the file is whole, both are.
    try:
        if path.stat().st_size == len(data):
            return
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(data, 9, mtime=0)
    if len(data) > _SMALL and len(packed) < len(data) * 0.9:
        _write(path.with_name(f"{path.name}.gz"), packed)
    _write(path, data)


def _write(path: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as part:
        part.write(data)
    Path(part.name).chmod(0o644)
    os.replace(part.name, path)  # noqa: PTH105


def _remove_unused(folder: Path, used: set[str]) -> None:
    # Every start marks what it uses; the newest mark stands for now, so that no clock is asked.
    keep = used | {f"{name}.gz" for name in used}
    for name in used:
        os.utime(folder / name)
    newest = max(((folder / name).stat().st_mtime for name in used), default=0.0)
    for path in folder.rglob("*"):
        try:
            old = newest - path.stat().st_mtime > _UNUSED_SECONDS
            if old and path.is_file() and path.relative_to(folder).as_posix() not in keep:
                path.unlink()
        except FileNotFoundError:
            continue  # another process was quicker


def _add_headers(headers: Headers, path: str, _url: str) -> None:
    headers["Cache-Control"] = _FOREVER
    headers["ETag"] = f'"{Path(path).stem.rpartition(".")[2]}"'
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if path.endswith(".svg"):  # opened by itself, a drawing could run scripts
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"


def _address(addresses: Mapping[str, str], name: str) -> str:
    try:
        return addresses[name]
    except KeyError:
        message = f"there is no static file {name!r}"
        raise UnknownFileError(message) from None
