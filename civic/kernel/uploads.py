"""Accept files from people, judged by content, and say how to serve them back.

Pictures are decoded and written anew as WebP, so that nothing but pixels survives: no place, no
camera, no hidden payload. Documents are kept byte for byte and only ever offered as downloads.
What a file is called never decides what it is.
"""

import hashlib
import os
import re
import secrets
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import quote

import filetype
from flask_babel import lazy_gettext as _l

from civic.kernel.errors import Refused
from civic.kernel.pictures import TooManyPixelsError, UnreadableError, rewrite


class Reason(StrEnum):
    """Why a file is not accepted."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND = "kind"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"


SENTENCES = {
    Reason.EMPTY: _l("The file is empty."),
    Reason.TOO_LARGE: _l("The file is too large."),
    Reason.KIND: _l("Only pictures and PDF, Word and Excel files without macros are accepted."),
    Reason.BROKEN: _l("The file is damaged and cannot be read."),
    Reason.TOO_MANY_PIXELS: _l("The picture has too many pixels."),
}

_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORD, _EXCEL = _OFFICE + "wordprocessingml.document", _OFFICE + "spreadsheetml.sheet"
_SUFFIXES = {"image/webp": ".webp", "application/pdf": ".pdf", _WORD: ".docx", _EXCEL: ".xlsx"}
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_MAIN_PARTS = {"word/document.xml": _WORD, "xl/workbook.xml": _EXCEL}
_MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/.*)$", re.IGNORECASE)
_CONTENT_TYPES = "[Content_Types].xml"
_CHUNK = 64 * 1024
_TAIL = 4096
_LONGEST_NAME = 80
_UNFIT = re.compile(r'[<>:"|?*%\\/]')


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is too much. Sizes in bytes; an office file is bounded unpacked and in members too."""

    max_bytes: int = 10 * 1024 * 1024
    max_pixels: int = 50_000_000
    max_edge: int = 2000
    max_unpacked: int = 100 * 1024 * 1024
    max_members: int = 2000


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A file that was accepted: `name` is shown, `stored_name` is random, `size` is in bytes.

    `size` and `sha256` describe what is stored, which for a picture is the WebP made from it.
    """

    name: str
    stored_name: str
    media_type: str
    size: int
    sha256: str
    is_image: bool
    width: int | None = None
    height: int | None = None


class FileRefused(Refused):
    """The file is not accepted, for one of the reasons above."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason, SENTENCES[reason])


def store(
    stream: IO[bytes], filename: str, folder: Path, *, limits: Limits | None = None
) -> Stored:
    """Check `stream`, write it to `folder` under a random name (mode 0640) and describe it.

    The file appears whole or not at all. Raises `FileRefused`.
    """
    limits = limits or Limits()
    folder.mkdir(parents=True, exist_ok=True)
    with _part(folder) as path, path.open("w+b") as part:
        _copy(stream, part, limits.max_bytes)
        media_type, pixels = _kind(part, limits), None
        if media_type in _PICTURES:
            media_type, pixels = "image/webp", _redraw(part, limits)
        stored_name = secrets.token_hex(16) + _SUFFIXES[media_type]
        size, digest = _settle(part, path, folder / stored_name)
    return Stored(
        name=shown_name(filename, media_type),
        stored_name=stored_name,
        media_type=media_type,
        size=size,
        sha256=digest,
        is_image=pixels is not None,
        width=pixels[0] if pixels else None,
        height=pixels[1] if pixels else None,
    )


def headers(stored: Stored) -> dict[str, str]:
    """Return the response headers under which `stored` may be served without harm.

    Only pictures that were drawn anew open in the page; everything else is a download.
    """
    ascii_name = unicodedata.normalize("NFKD", stored.name).encode("ascii", "ignore").decode()
    if ascii_name.startswith("."):
        ascii_name = f"file{ascii_name}"
    return {
        "Content-Type": stored.media_type,
        "Content-Disposition": (
            f"{'inline' if stored.is_image else 'attachment'}; "
            f"filename=\"{ascii_name}\"; filename*=UTF-8''{quote(stored.name, safe='')}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def shown_name(filename: str, media_type: str) -> str:
    """Return `filename` fit for display: no path, no unseen characters, the ending of its kind."""
    base = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    tidy = " ".join(_UNFIT.sub("_", seen).split()).strip(". ")
    suffix = _SUFFIXES[media_type]
    path = PurePosixPath(tidy or "file")
    replaced = path.suffix.lower() == suffix or media_type == "image/webp"
    stem = path.stem if replaced else path.name
    return stem[: _LONGEST_NAME - len(suffix)].rstrip(". ") + suffix


@contextmanager
def _part(folder: Path) -> Iterator[Path]:
    path = folder / f".{secrets.token_hex(16)}.part"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _copy(stream: IO[bytes], target: IO[bytes], max_bytes: int) -> None:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise FileRefused(Reason.TOO_LARGE)
        target.write(chunk)
    if not size:
        raise FileRefused(Reason.EMPTY)
    target.flush()


def _kind(source: IO[bytes], limits: Limits) -> str:
    source.seek(0)
    guess = filetype.guess(source.read(8192))
    mime = guess.mime if guess else ""
    if mime in _PICTURES:
        return str(mime)
    source.seek(0)
    if mime == "application/pdf":
        return _pdf(source)
    if source.read(4) == b"PK\x03\x04":
        return _office(source, limits)
    raise FileRefused(Reason.KIND)


def _pdf(source: IO[bytes]) -> str:
    source.seek(max(0, source.seek(0, os.SEEK_END) - _TAIL))
    if b"%%EOF" not in source.read():
        raise FileRefused(Reason.BROKEN)
    return "application/pdf"


def _office(source: IO[bytes], limits: Limits) -> str:
    # ECMA-376 part 2: an office file is a zip with [Content_Types].xml and one main part. Nothing
    # but that list is ever unpacked here.
    try:
        with zipfile.ZipFile(source) as archive:
            members = {member.filename: member for member in archive.infolist()}
            total = sum(member.file_size for member in archive.infolist())
            if len(archive.infolist()) > limits.max_members or total > limits.max_unpacked:
                raise FileRefused(Reason.TOO_LARGE)
            kinds = [kind for part, kind in _MAIN_PARTS.items() if part in members]
            if len(kinds) != 1 or _CONTENT_TYPES not in members:
                raise FileRefused(Reason.KIND)
            with archive.open(_CONTENT_TYPES) as listing:
                types = listing.read(1024 * 1024).lower()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise FileRefused(Reason.BROKEN) from error
    if b"macroenabled" in types or any(map(_MACROS.search, members)):
        raise FileRefused(Reason.KIND)
    return kinds[0]


def _redraw(part: IO[bytes], limits: Limits) -> tuple[int, int]:
    part.seek(0)
    try:
        data, *size = rewrite(part, max_pixels=limits.max_pixels, max_edge=limits.max_edge)
    except TooManyPixelsError as error:
        raise FileRefused(Reason.TOO_MANY_PIXELS) from error
    except UnreadableError as error:
        raise FileRefused(Reason.BROKEN) from error
    part.seek(0)
    part.truncate()
    part.write(data)
    return size[0], size[1]


def _settle(part: IO[bytes], path: Path, goal: Path) -> tuple[int, str]:
    """Put the finished `part` at its place for good and return its size and SHA-256."""
    part.flush()
    os.fsync(part.fileno())
    part.seek(0)
    digest = hashlib.sha256()
    while chunk := part.read(_CHUNK):
        digest.update(chunk)
    path.chmod(0o640)
    path.replace(goal)
    return part.tell(), digest.hexdigest()
