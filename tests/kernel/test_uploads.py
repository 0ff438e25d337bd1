"""Files are what they contain, and pictures keep nothing but their pixels."""

import hashlib
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from civic.kernel.uploads import FileRefused, Limits, Stored, headers, shown_name, store

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def picture(
    kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **saved: object
) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **saved)
    return out.getvalue()


def office(main: str = "word/document.xml", *more: str, types: str = "<Types/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        for name in (main, *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def keep(data: bytes, name: str, folder: Path, limits: Limits | None = None) -> Stored:
    return store(io.BytesIO(data), name, folder, limits=limits)


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that declares a size and holds a few zeros, as a bomb does."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 30.0), 3: "E", 4: (116.0, 21.0, 0.0)})
    return exif


def test_place_and_camera_are_gone(tmp_path: Path) -> None:
    data = picture("JPEG", (60, 40), exif=gps(), comment=b"CommentHere", xmp=b"<x>XmpHere</x>")
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)[1] == "N"  # it was there
    assert b"CameraMaker" in data
    stored = keep(data, "家门口.jpg", tmp_path)
    kept = (tmp_path / stored.stored_name).read_bytes()
    for trace in (b"CameraMaker", b"CommentHere", b"XmpHere", b"EXIF", b"Exif", b"XMP "):
        assert trace not in kept
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.format == "WEBP"
        assert not shown.getexif()
        assert shown.size == (40, 60)  # stands upright now
    assert (stored.name, stored.width, stored.height) == ("家门口.webp", 40, 60)


def test_a_stored_file_is_described_truly(tmp_path: Path) -> None:
    stored = keep(picture("PNG"), "a.png", tmp_path)
    path = tmp_path / stored.stored_name
    assert stored.size == path.stat().st_size
    assert stored.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]
    assert stored.is_image
    assert stored.media_type == "image/webp"


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("PNG", "RGBA"),
        ("PNG", "I;16"),
        ("GIF", "P"),
        ("WEBP", "RGBA"),
        ("WEBP", "RGB"),
    ],
)
def test_every_usual_picture_is_accepted(kind: str, mode: str, tmp_path: Path) -> None:
    if mode == "I;16":
        out = io.BytesIO()
        Image.new("I;16", (60, 40), 9000).save(out, kind)
        data = out.getvalue()
    else:
        data = picture(kind, mode=mode)
    stored = keep(data, "x", tmp_path)
    with Image.open(tmp_path / stored.stored_name) as shown:
        shown.load()
        assert shown.size == (60, 40)


def test_of_an_animation_the_first_frame_is_kept(tmp_path: Path) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    stored = keep(out.getvalue(), "a.gif", tmp_path)
    with Image.open(tmp_path / stored.stored_name) as shown:
        assert getattr(shown, "n_frames", 1) == 1
        red, _, blue = shown.convert("RGB").getpixel((10, 10))
        assert red - blue > 150


def test_transparency_is_kept(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")
    stored = keep(out.getvalue(), "a.png", tmp_path)
    with Image.open(tmp_path / stored.stored_name) as shown:
        assert shown.convert("RGBA").getpixel((5, 5))[3] == 0


def test_wide_colours_become_srgb(tmp_path: Path) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    stored = keep(picture("JPEG", icc_profile=profile), "a.jpg", tmp_path)
    assert b"ICCP" not in (tmp_path / stored.stored_name).read_bytes()
    assert keep(picture("JPEG", icc_profile=b"nonsense"), "a.jpg", tmp_path).width == 60


def test_a_large_picture_shrinks(tmp_path: Path) -> None:
    stored = keep(picture("JPEG", (3000, 2000)), "a.jpg", tmp_path)
    assert (stored.width, stored.height) == (2000, 1333)


@pytest.mark.parametrize(
    "data",
    [png_of(40_000, 40_000), png_of(12_000, 10_000), png_of(8000, 7000)],
    ids=["an error in Pillow", "a warning in Pillow", "our limit"],
)
def test_a_bomb_is_refused_before_it_goes_off(data: bytes, tmp_path: Path) -> None:
    refused(data, "a.png", "too_many_pixels", tmp_path)


def refused(data: bytes, name: str, code: str, folder: Path, limits: Limits | None = None) -> None:
    with pytest.raises(FileRefused) as caught:
        keep(data, name, folder, limits)
    assert caught.value.code == code
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jpg", "empty"),
        (picture("JPEG", (600, 400))[:900], "a.jpg", "broken"),
        (picture("PNG", (600, 400))[:200], "a.png", "broken"),
        (b"\xff\xd8\xff\xe0" + b"<script>" * 50, "a.jpg", "broken"),
        (b"<html><script>alert(1)</script>", "a.jpg", "kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', "a.svg", "kind"),
        (b"MZ\x90\x00" + bytes(300), "a.pdf", "kind"),
        (b"\x7fELF" + bytes(300), "a.png", "kind"),
        (b"plain words", "a.txt", "kind"),
        (b"%PDF-1.7\n half of it", "a.pdf", "broken"),
        (office("evil.js"), "a.docx", "kind"),
        (office()[:-40], "a.docx", "broken"),
        (office("word/document.xml", "xl/workbook.xml"), "a.docx", "kind"),
        (office("word/document.xml", "word/vbaProject.bin"), "a.docx", "kind"),
        (office("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "a.xlsx", "kind"),
        (office(types="application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx", "kind"),
        (picture("BMP"), "a.bmp", "kind"),
        (picture("TIFF"), "a.tif", "kind"),
    ],
)
def test_what_is_refused(data: bytes, name: str, code: str, tmp_path: Path) -> None:
    refused(data, name, code, tmp_path)


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(2_000_000))
    limits = Limits(max_unpacked=1_000_000)
    refused(out.getvalue(), "a.docx", "too_large", tmp_path, limits)
    many = office("word/document.xml", *(f"word/{n}.xml" for n in range(30)))
    refused(many, "a.docx", "too_large", tmp_path, Limits(max_members=20))


def test_the_limit_of_bytes_is_exact(tmp_path: Path) -> None:
    assert keep(PDF, "a.pdf", tmp_path, Limits(max_bytes=len(PDF))).size == len(PDF)
    with pytest.raises(FileRefused) as caught:
        keep(PDF + b" ", "a.pdf", tmp_path, Limits(max_bytes=len(PDF)))
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("data", "name", "shown", "media_type"),
    [
        (PDF, "通知.pdf", "通知.pdf", "application/pdf"),
        (PDF, "evil.exe", "evil.exe.pdf", "application/pdf"),
        (office(), "名单.DOCX", "名单.docx", WORD),
        (
            office("xl/workbook.xml"),
            "表",
            "表.xlsx",
            WORD.replace("wordprocessingml.document", "spreadsheetml.sheet"),
        ),
    ],
)
def test_documents_are_kept_byte_for_byte(
    data: bytes, name: str, shown: str, media_type: str, tmp_path: Path
) -> None:
    stored = keep(data, name, tmp_path)
    assert (tmp_path / stored.stored_name).read_bytes() == data
    assert (stored.name, stored.media_type, stored.is_image) == (shown, media_type, False)
    assert name not in stored.stored_name


@pytest.mark.parametrize(
    ("filename", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\张三\\通知.pdf", "通知.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        ('"quoted" <b>.pdf', "_quoted_ _b_.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("长" * 300 + ".pdf", "长" * 76 + ".pdf"),
    ],
)
def test_shown_names(filename: str, shown: str) -> None:
    assert shown_name(filename, "application/pdf") == shown


def test_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        store(Breaking(PDF), "a.pdf", tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("make", "name", "start"),
    [(lambda: PDF, "通知 a.pdf", "attachment; "), (lambda: picture("PNG"), "a.png", "inline; ")],
)
def test_headers(make: Callable[[], bytes], name: str, start: str, tmp_path: Path) -> None:
    found = headers(keep(make(), name, tmp_path))
    assert found["Content-Disposition"].startswith(start)
    assert found["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in found["Content-Security-Policy"]
    assert all(value.isascii() and "\n" not in value for value in found.values())


def test_a_chinese_name_reaches_the_browser(tmp_path: Path) -> None:
    disposition = headers(keep(PDF, "通知.pdf", tmp_path))["Content-Disposition"]
    assert "filename*=UTF-8''%E9%80%9A%E7%9F%A5.pdf" in disposition
    assert 'filename="file.pdf"' in disposition
