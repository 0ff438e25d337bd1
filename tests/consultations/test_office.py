"""The office writes a consultation: drafts, their files, publishing."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.consultations.models import Attachment, Consultation
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.voting.models import Ballot, BallotOption
from tests.factories import World, consultation, rows, scalars
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
IN = "/c/erlonglu/consultations"


def moment(days: int) -> str:
    return clock.local(clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def form() -> dict[str, object]:
    return {
        "title": "停车位设在哪里？",
        "background": "小区有**四十**辆车。",
        "audience": ["resident"],
        "opens_at": moment(1),
        "voting_opens_at": moment(8),
        "closes_at": moment(15),
        "question": "设在哪一侧？",
        "options": "东侧\r\n\r\n西侧\n不建",
    }


@pytest.fixture
def office(app: Flask, world: World, login: Login) -> FlaskClient:
    return login(world.secretary)


@pytest.fixture
def draft(app: Flask, world: World) -> Consultation:
    return consultation(world.erlong, stage="scheduled", published=False)


def only() -> Consultation:
    found = scalars(select(Consultation))
    assert len(found) == 1
    return found[0]


def options() -> list[str]:
    return scalars(select(BallotOption.text).order_by(BallotOption.position))


def test_from_empty_form_to_published(
    office: FlaskClient, world: World, login: Login, form: dict[str, object]
) -> None:
    assert office.get(f"{IN}/new").status_code == 200
    made = office.post(f"{IN}/new", data=form)
    case = only()
    assert (made.status_code, made.location) == (303, f"{IN}/{case.id}/edit")
    assert case.published_at is None
    assert "<strong>四十</strong>" in case.background_html
    assert options() == ["东侧", "西侧", "不建"]
    edit = text_of(office.get(made.location))
    for value in ("停车位设在哪里？", "设在哪一侧？", form["opens_at"], form["closes_at"]):
        assert f'value="{value}"' in edit
    assert "东侧\n西侧\n不建" in edit.replace("\r", "")
    assert login(world.resident).get(f"{IN}/{case.id}/").status_code == 404
    done = office.post(f"{IN}/{case.id}/publish")
    assert (done.status_code, done.location) == (303, f"{IN}/{case.id}/")
    assert "停车位设在哪里？" in text_of(login(None).get(f"{IN}/{case.id}/"))
    acts = rows(select(AuditEntry.act, AuditEntry.subject, AuditEntry.post))
    assert acts == [("consultation.published", f"consultation:{case.id}", "二龙路社区党委")]


def test_times_are_those_of_the_place(office: FlaskClient, form: dict[str, object]) -> None:
    office.post(
        f"{IN}/new",
        data=form
        | {
            "opens_at": "2030-03-01T09:00",
            "voting_opens_at": "2030-03-08T09:00",
            "closes_at": "2030-03-15T18:00",
        },
    )
    assert only().opens_at.isoformat() == "2030-03-01T01:00:00+00:00"
    assert rows(select(Ballot.opens_at, Ballot.closes_at)) == [
        (only().voting_opens_at, only().closes_at)
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 81}, "title"),
        ({"background": ""}, "background"),
        ({"audience": []}, "audience"),
        ({"audience": ["everybody"]}, "audience"),
        ({"opens_at": "morgen"}, "opens_at"),
        ({"opens_at": ""}, "opens_at"),
        ({"voting_opens_at": "2020-01-01T09:00"}, "voting_opens_at"),
        ({"closes_at": "2020-01-01T09:00"}, "voting_opens_at"),
        ({"closes_at": "0000-00-00T00:00"}, "closes_at"),
        ({"closes_at": "9999-12-31T23:59"}, "closes_at"),
        ({"opens_at": "0001-01-01T00:00"}, "opens_at"),
        ({"question": ""}, "question"),
        ({"options": "只有一个"}, "options"),
        ({"options": "\n".join(map(str, range(13)))}, "options"),
        ({"options": "东侧\n 东侧！"}, "options"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_all_is_kept(
    office: FlaskClient,
    draft: Consultation,
    form: dict[str, object],
    change: dict[str, object],
    field: str,
) -> None:
    before = rows(select(Consultation.title, Consultation.opens_at, Consultation.closes_at))
    sent = form | change
    for address in (f"{IN}/new", f"{IN}/{draft.id}/edit"):
        response = office.post(address, data=sent)
        page = text_of(response)
        assert response.status_code == 422
        assert f'id="{field}-error"' in page
        for name, value in sent.items():
            if isinstance(value, str) and value and name not in {"background", "options"}:
                assert f'value="{value}"' in page
        assert "小区有**四十**辆车。" in page or "background" in change
    query = select(Consultation.title, Consultation.opens_at, Consultation.closes_at)
    assert rows(query) == before
    assert options() == ["东侧", "西侧", "不建"]


def test_a_draft_is_changed(
    office: FlaskClient, draft: Consultation, form: dict[str, object]
) -> None:
    changed = form | {"title": "换个问法", "options": "西侧\n东侧", "audience": ["worker"]}
    response = office.post(f"{IN}/{draft.id}/edit", data=changed)
    assert response.status_code == 303
    assert (only().title, only().audience) == ("换个问法", ["worker"])
    assert scalars(select(Ballot.audience)) == [["worker"]]
    assert options() == ["西侧", "东侧"]


def test_what_is_published_is_fixed(
    office: FlaskClient, draft: Consultation, form: dict[str, object]
) -> None:
    assert office.post(f"{IN}/{draft.id}/publish").status_code == 303
    before = rows(select(Consultation.title, Consultation.published_at))
    for method, tail, data in (
        ("GET", "edit", None),
        ("POST", "edit", form),
        ("POST", "publish", None),
        ("POST", "attachments", {"file": (io.BytesIO(b"x"), "x.pdf")}),
    ):
        assert office.open(f"{IN}/{draft.id}/{tail}", method=method, data=data).status_code == 409
    assert rows(select(Consultation.title, Consultation.published_at)) == before


def test_what_would_be_over_at_once_is_not_published(
    office: FlaskClient, draft: Consultation
) -> None:
    clock.shift(timedelta(days=30))
    response = office.post(f"{IN}/{draft.id}/publish")
    assert response.location == f"{IN}/{draft.id}/edit"
    assert only().published_at is None
    assert 'class="box box-stop' in text_of(office.get(response.location))


# Files


def photograph() -> bytes:
    picture = Image.new("RGB", (60, 40), "navy")
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 0.0)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def document() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return stream.getvalue()


def attach(client: FlaskClient, case: Consultation, data: bytes, name: str) -> TestResponse:
    """Send a form with a file; the test client would leave large ones in files of its own."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return client.post(
        f"{IN}/{case.id}/attachments",
        data=head.encode() + data + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def fetch(client: FlaskClient, case: Consultation, name: str) -> TestResponse:
    number = scalars(select(Attachment.id).order_by(Attachment.id.desc()).limit(1))[0]
    with client.get(f"{IN}/{case.id}/attachments/{number}/{name}") as response:
        response.get_data()
        return response


def stored(app: Flask) -> list[Path]:
    folder = app.config["SETTINGS"].instance / "uploads"
    return sorted(folder.iterdir())


@pytest.fixture(autouse=True)
def empty_uploads(app: Flask) -> None:
    for path in stored(app):
        path.unlink()


def test_a_picture_is_shown_without_whence_it_came(
    app: Flask, office: FlaskClient, draft: Consultation
) -> None:
    data = photograph()
    assert b"Secret Camera" in data
    response = attach(office, draft, data, "现场 照片.jpg")
    assert response.location == f"{IN}/{draft.id}/edit#files"
    assert "现场 照片.webp" in text_of(office.get(f"{IN}/{draft.id}/edit"))
    sent = fetch(office, draft, "现场 照片.webp")
    assert (sent.status_code, sent.content_type) == (200, "image/webp")
    assert sent.headers["Content-Disposition"].startswith("inline")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"Secret Camera" not in sent.data
    assert b"Exif" not in sent.data
    with Image.open(io.BytesIO(sent.data)) as picture:
        assert picture.size == (60, 40)
        assert not picture.getexif()


def test_a_document_is_a_download(app: Flask, office: FlaskClient, draft: Consultation) -> None:
    data = document()
    attach(office, draft, data, "方案.docx")
    sent = fetch(office, draft, "方案.docx")
    assert sent.data == data
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "plan.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "plan.svg"),
        (b"MZ\x90\x00", "plan.exe"),
        (b"", "plan.png"),
        (photograph()[:200], "plan.jpg"),
    ],
)
def test_other_files_are_refused_with_a_sentence(
    app: Flask, office: FlaskClient, draft: Consultation, data: bytes, name: str
) -> None:
    response = attach(office, draft, data, name)
    assert response.status_code == 422
    assert 'id="file-error"' in text_of(response)
    assert "<html" in text_of(response)
    assert scalars(select(Attachment.id)) == []
    assert stored(app) == []


def test_a_file_that_is_too_large_is_refused_with_a_page(
    app: Flask, office: FlaskClient, draft: Consultation
) -> None:
    response = attach(office, draft, b"%PDF-1.4" + b"0" * (10 * 1024 * 1024) + b"%%EOF", "a.pdf")
    assert response.status_code == 422
    assert 'id="file-error"' in text_of(response)
    response = attach(office, draft, b"0" * (12 * 1024 * 1024), "a.pdf")
    assert response.status_code == 413
    assert "<html" in text_of(response)
    assert stored(app) == []


def test_the_eleventh_file_is_refused(app: Flask, office: FlaskClient, draft: Consultation) -> None:
    for number in range(10):
        assert attach(office, draft, document(), f"方案{number}.docx").status_code == 303
    response = attach(office, draft, document(), "方案10.docx")
    assert response.status_code == 422
    assert 'id="file-error"' in text_of(response)
    assert len(stored(app)) == len(scalars(select(Attachment.id))) == 10


def test_a_file_comes_off_a_draft_but_not_off_what_is_published(
    app: Flask, office: FlaskClient, draft: Consultation
) -> None:
    for name in ("一.docx", "二.docx"):
        attach(office, draft, document(), name)
    first, second = scalars(select(Attachment.id).order_by(Attachment.id))
    assert office.post(f"{IN}/{draft.id}/attachments/{first}/remove").status_code == 303
    assert scalars(select(Attachment.id)) == [second]
    assert len(stored(app)) == 1
    office.post(f"{IN}/{draft.id}/publish")
    assert office.post(f"{IN}/{draft.id}/attachments/{second}/remove").status_code == 409
    assert len(stored(app)) == 1
    assert fetch(app.test_client(), draft, "二.docx").status_code == 200


def test_an_address_must_fit_to_the_letter(
    app: Flask, office: FlaskClient, draft: Consultation
) -> None:
    attach(office, draft, document(), "方案.docx")
    for name in ("方案.pdf", "..%2F..%2Fcivic.sqlite3", "secret_key"):
        assert fetch(office, draft, name).status_code == 404
