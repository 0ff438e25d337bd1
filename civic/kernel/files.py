"""Files that people attach: taken in, kept in the folder of uploads, and sent to who may see them.

What a file is is judged by its content (`uploads`). The room that takes it in keeps a row that
describes it, and asks its own question of who may see it before it is sent.
"""

from pathlib import Path
from typing import Protocol

from flask import Response, current_app, send_from_directory
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from civic.kernel import uploads
from civic.kernel.errors import Refused
from civic.kernel.uploads import Stored


class Row(Protocol):
    """Be a row that describes a file; `stored` is what it is called in the folder."""

    name: str
    stored: str
    media_type: str
    size: int
    sha256: str
    is_image: bool


def folder() -> Path:
    """Return where the files of people are kept."""
    found: Path = current_app.config["SETTINGS"].instance / "uploads"
    return found


def keep(sent: FileStorage | None, *, pictures: bool = False) -> Stored:
    """Check a file that somebody sent, and keep it; `discard` it where its row is not kept.

    :param pictures: whether nothing but pictures is wanted.
    :raises Refused: `no_file`, `picture`, or why the file is not accepted.
    """
    if sent is None or not sent.filename:
        raise Refused("no_file", _l("Please choose a file."))
    stored = uploads.store(sent.stream, sent.filename, folder())
    if pictures and not stored.is_image:
        discard(stored.stored_name)
        message = _l("Please choose a picture: JPEG, PNG, WebP or GIF.")
        raise Refused("picture", message)
    return stored


def discard(stored_name: str) -> None:
    """Delete a file; one that is gone already is no matter."""
    (folder() / stored_name).unlink(missing_ok=True)


def send(row: Row) -> Response:
    """Return a file for whoever may see it, with headers under which it does no harm."""
    stored = Stored(
        name=row.name,
        stored_name=row.stored,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        is_image=row.is_image,
    )
    response = send_from_directory(folder(), row.stored, conditional=True)
    for key, value in uploads.headers(stored).items():
        response.headers[key] = value
    return response
