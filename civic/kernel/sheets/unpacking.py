"""Unpack an office file within bounds, whatever its directory claims.

What is handed on is a new archive, made of the parts that were really read: two programs that would
understand a malicious archive in two ways can no longer disagree.
"""

import io
import lzma
import zipfile
import zlib

_PARTS = (".xml", ".rels", ".bin")
_CHUNK = 64 * 1024
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
#: Below this many bytes no ratio is suspicious.
_HARMLESS = 1024 * 1024
_ENCRYPTED = 1
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


class BombError(Exception):
    """The archive holds more than anything a person makes."""


class DamagedError(Exception):
    """The archive cannot be read."""


class LockedError(Exception):
    """The archive needs a password."""


def repacked(data: bytes, *, max_unpacked: int, max_ratio: int, max_members: int) -> bytes:
    """Return the parts of an office file that hold text, in a new archive without compression.

    Pictures and the like are left behind unread. Both what the directory claims and what is really
    in the parts must stay within `max_unpacked` bytes and, if large, `max_ratio` times the packed
    size. Raises `BombError`, `DamagedError` or `LockedError`.
    """
    most = max(min(max_unpacked, max_ratio * len(data)), min(max_unpacked, _HARMLESS))
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w") as new:
            for part in _parts(archive, most, max_members):
                text = _bounded(archive, part, most)
                most -= len(text)
                new.writestr(part.filename, text)
    except _DAMAGED as error:
        raise DamagedError from error
    return target.getvalue()


def _parts(archive: zipfile.ZipFile, most: int, max_members: int) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > max_members or sum(member.file_size for member in members) > most:
        raise BombError
    names = {member.filename.casefold() for member in members}
    if len(names) != len(members) or any(each.compress_type not in _METHODS for each in members):
        raise DamagedError
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise LockedError
    return [
        member
        for member in members
        if member.filename == "mimetype" or member.filename.lower().endswith(_PARTS)
    ]


def _bounded(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """Read a part in pieces; its checksum tells a forged size from a true one."""
    text = bytearray()
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            text += piece
            if len(text) > most:
                raise BombError
    return bytes(text)
