"""Open a file that a person sent, and give back the texts of its first table."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import IO

from flask_babel import lazy_gettext as _l

from civic.kernel.errors import Refused
from civic.kernel.sheets import unpacking
from civic.kernel.sheets.texts import cleaned, is_formula, unguarded

SENTENCES = MappingProxyType(
    {
        "empty": _l("The file is empty."),
        "too_large": _l("The file is larger than %(megabytes)s MB. Split the table."),
        "rows": _l("The table has more than %(rows)s rows. Split it."),
        "columns": _l("The table has more than %(columns)s columns. Remove those not needed."),
        "characters": _l("The table holds too much text. Split it."),
        "heavy": _l(
            "The table takes too much room. Delete what stands far below or to the right of it, or"
            " copy the rows into a new file."
        ),
        "bomb": _l("The file unpacks to far more than a table needs, so it was not opened."),
        "locked": _l("The file is protected by a password. Save it without one."),
        "damaged": _l("The file is damaged and cannot be read. Save it again as .xlsx."),
        "not_a_sheet": _l("This is not a table. Save the table as .xlsx or .csv."),
    }
)
#: Title and column names may stand above the rows that count.
HEADER_ROWS = 10
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER = (b"%PDF", b"<", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DELIMITERS = ",;\t"
#: A cell in quotes.
_QUOTED = re.compile(r'(?<![^,;\t\r\n])"(?:[^"]|"")*"')
_WORKBOOK = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_CHILD = Path(__file__).with_name("child.py")
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "LD_LIBRARY_PATH")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is too much: bytes of the file, rows and columns of the table, and what they unpack to.

    :ivar max_ratio: how many times its own size a large file may unpack to.
    :ivar memory: bytes that the reading process may use; `seconds` likewise.
    """

    max_bytes: int = 5 * 1024 * 1024
    max_rows: int = 20_000
    max_columns: int = 60
    max_characters: int = 16_000_000
    max_unpacked: int = 64 * 1024 * 1024
    max_ratio: int = 200
    max_members: int = 1000
    memory: int = 512 * 1024 * 1024
    seconds: int = 20


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The first table of a file, as clean texts; empty rows are left out.

    :ivar rows: each with its number, from 1, as the person's program shows it.
    :ivar marks: what is wrong with single cells, by number of row and index of column.
    :ivar others: names of further tables in the file, which were not read.
    :ivar max_rows: how many rows may follow the column names.
    """

    name: str
    rows: Sequence[tuple[int, Sequence[str]]]
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    max_rows: int = Limits.max_rows


class SheetRefused(Refused):
    """The file cannot be read as a table; the code says why."""

    def __init__(self, reason: str, limits: Limits) -> None:
        values: dict[str, object] = {
            "megabytes": limits.max_bytes // (1024 * 1024),
            "rows": limits.max_rows,
            "columns": limits.max_columns,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        super().__init__(f"sheet.{reason}", SENTENCES[reason], status, values)


def read(file: IO[bytes] | bytes, filename: str, limits: Limits | None = None) -> Sheet:
    """Read .xlsx, .xls, .ods and text tables (.csv, .txt), judged by content.

    At most one byte more than the limit is taken from the stream. The name of the file only names
    the table of a text file. Raises `SheetRefused`.
    """
    limits = limits or Limits()
    data = file if isinstance(file, bytes) else file.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise SheetRefused("too_large", limits)
    if not data:
        raise SheetRefused("empty", limits)
    if data.startswith(_ZIP):
        return _workbook(_unpacked(data, limits), limits)
    if data.startswith(_OLE):
        # What a password protects is kept in such a container, .xlsx too.
        if _ENCRYPTED in data:
            raise SheetRefused("locked", limits)
        return _workbook(data, limits)
    return _text(data, PurePath(filename).stem, limits)


def _unpacked(data: bytes, limits: Limits) -> bytes:
    if not any(name.encode() in data for name in _WORKBOOK):
        raise SheetRefused("not_a_sheet", limits)
    try:
        return unpacking.repacked(
            data,
            max_unpacked=limits.max_unpacked,
            max_ratio=limits.max_ratio,
            max_members=limits.max_members,
        )
    except unpacking.BombError:
        raise SheetRefused("bomb", limits) from None
    except unpacking.LockedError:
        raise SheetRefused("locked", limits) from None
    except unpacking.DamagedError as error:
        raise SheetRefused("damaged", limits) from error


def _workbook(data: bytes, limits: Limits) -> Sheet:
    bounds = {
        "rows": limits.max_rows + HEADER_ROWS,
        "columns": limits.max_columns,
        "characters": limits.max_characters,
        "memory": limits.memory,
        "seconds": limits.seconds,
    }
    try:
        done = subprocess.run(  # noqa: S603 - a program of our own
            [sys.executable, "-I", _CHILD, json.dumps(bounds)],
            input=data,
            capture_output=True,
            timeout=limits.seconds * 2,
            check=False,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        raise SheetRefused("heavy", limits) from None
    # It ends in good order unless memory or time gave out.
    if done.returncode:
        raise SheetRefused("heavy", limits)
    found = json.loads(done.stdout)
    if "refused" in found:
        raise SheetRefused(found["refused"], limits)
    marks = {(row, column): code for row, column, code in found["marks"]}
    for top, column, more in found["merged"]:
        for row in range(top + 1, top + min(more, bounds["rows"]) + 1):
            marks.setdefault((row, column), "merged")
    return Sheet(
        name=found["name"],
        rows=_cleaned(found["rows"]),
        marks=marks,
        others=tuple(found["others"]),
        max_rows=limits.max_rows,
    )


def _text(data: bytes, name: str, limits: Limits) -> Sheet:
    text = _decoded(data, limits)
    numbered: list[tuple[int, list[str]]] = []
    marks: dict[tuple[int, int], str] = {}
    csv.field_size_limit(max(limits.max_bytes, csv.field_size_limit()))
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, ""), delimiter=_sniff(text)), 1
        ):
            if len(cells) > limits.max_columns and any(cells[limits.max_columns :]):
                raise SheetRefused("columns", limits)
            if any(cells):
                numbered.append((number, [unguarded(cell) for cell in cells]))
                if len(numbered) > limits.max_rows + HEADER_ROWS:
                    raise SheetRefused("rows", limits)
            marks |= {
                (number, column): "formula"
                for column, cell in enumerate(cells)
                if is_formula(cleaned(cell))
            }
    except csv.Error as error:
        raise SheetRefused("damaged", limits) from error
    return Sheet(name=name, rows=_cleaned(numbered), marks=marks, max_rows=limits.max_rows)


def _decoded(data: bytes, limits: Limits) -> str:
    if data.startswith(_OTHER):
        raise SheetRefused("not_a_sheet", limits)
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(char < " " and char not in "\t\r\n\v\f" for char in set(text)):
            return text
    raise SheetRefused("not_a_sheet", limits)


def _sniff(text: str) -> str:
    """Return what separates cells: what each of the first lines has, else what they have most.

    What stands between quotes separates nothing.
    """
    bare = _QUOTED.sub("", text)
    lines = [line for line in bare.splitlines()[:HEADER_ROWS] if line.strip()] or [""]
    counts = {sign: [line.count(sign) for line in lines] for sign in _DELIMITERS}
    return max(_DELIMITERS, key=lambda sign: (min(counts[sign]), sum(counts[sign])))


def _cleaned(rows: Sequence[tuple[int, Sequence[str]]]) -> list[tuple[int, list[str]]]:
    tidy = [(number, [cleaned(text) for text in texts]) for number, texts in rows]
    return [(number, texts) for number, texts in tidy if any(texts)]
