"""Write a picture anew as WebP: upright, no larger than asked, without any metadata.

Pure: knows neither Flask nor the database. Pillow is loaded on first use (it takes 60 ms that most
processes never need).
"""

import io
import threading
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 82
# A decoded picture of 50 million pixels takes 200 MB: never more than two at a time per process.
_DECODING = threading.BoundedSemaphore(2)


class UnreadableError(ValueError):
    """The bytes are no complete picture of a known format."""


class TooManyPixelsError(ValueError):
    """The picture would take too much memory when decoded."""


def rewrite(source: IO[bytes], *, max_pixels: int, max_edge: int) -> tuple[bytes, int, int]:
    """Return the first frame of `source` as WebP, with its width and height.

    The longer edge has at most `max_edge` pixels; smaller pictures keep their size. Colours are
    converted to sRGB. Raises `UnreadableError`, or `TooManyPixelsError` before anything is decoded.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415

    box, out = (max_edge, max_edge), io.BytesIO()
    try:
        with Image.open(source, formats=FORMATS) as picture, _DECODING:
            _measure(picture, max_pixels)
            picture.draft("RGB", box)  # JPEG only: decodes at a half, a quarter or an eighth
            picture.thumbnail(box)
            shown = _srgb(ImageOps.exif_transpose(picture))
            shown.info.clear()
            # Explicitly empty: the encoder would otherwise look for them in the source.
            shown.save(out, "WEBP", quality=_QUALITY, exif=b"", icc_profile=b"", xmp=b"")
            return out.getvalue(), shown.width, shown.height
    except TooManyPixelsError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError from error
    except Exception as error:  # a hostile file makes decoders raise anything
        raise UnreadableError from error


def _measure(picture: "Image", max_pixels: int) -> None:
    if picture.width * picture.height > max_pixels:
        raise TooManyPixelsError


def _srgb(picture: "Image") -> "Image":
    from PIL import ImageCms  # noqa: PLC0415

    profile = picture.info.get("icc_profile")
    plain = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if profile and picture.mode == plain.mode == "RGB":
        try:
            wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(plain, wide, srgb) or plain
        except (ImageCms.PyCMSError, OSError, ValueError):  # a damaged profile
            return plain
    return plain
