"""Files that people attach."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from civic.kernel import files
from civic.kernel.errors import Refused


def picture():
    data = BytesIO()
    Image.new("RGB", (4, 3), "navy").save(data, "PNG")
    data.seek(0)
    return data


def row(stored):
    values = {name: getattr(stored, name) for name in ("name", "media_type", "size", "sha256")}
    return SimpleNamespace(stored=stored.stored_name, is_image=stored.is_image, **values)


def test_a_picture_is_kept_sent_and_discarded(app):
    stored = files.keep(FileStorage(picture(), "door.png"), pictures=True)
    assert (stored.width, stored.height) == (4, 3)
    with app.test_request_context():
        answer = files.send(row(stored))
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()
    files.discard(stored.stored_name)
    files.discard(stored.stored_name)
    assert not (files.folder() / stored.stored_name).exists()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (None, "no_file"),
        (b"", "empty"),
        (b"MZ no picture", "kind"),
        (b"%PDF-1.4\n%%EOF", "picture"),
    ],
)
def test_what_is_no_picture_is_refused_and_not_kept(app, sent, code):
    before = set(files.folder().iterdir())
    with pytest.raises(Refused) as refused:
        files.keep(None if sent is None else FileStorage(BytesIO(sent), "door.png"), pictures=True)
    assert str(refused.value.code) == code
    assert set(files.folder().iterdir()) == before
