"""Read tables of comma-separated values so that each complaint names file and line (pure)."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from civic.kernel.errors import Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 18  # digits that fit 64 bits


class BadTable(Refused):
    """Say what is wrong with a table, and where.

    :ivar file: name of the table.
    :ivar line: line at which the bad row begins, or None where no single row is at fault.
    """

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        where = f"{file}, line {line}" if line else file
        super().__init__("bad_table", f"{where}: {reason}")
        self.file, self.line, self.reason = file, line, reason


@dataclass(frozen=True)
class Row:
    """Hold a row by column, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def refuse(self, reason: str) -> NoReturn:
        """Raise the error that this row is wrong."""
        raise BadTable(self.file, self.line, reason)

    def name(self, column: str) -> str:
        """Return an id."""
        value = self.cells[column].strip()
        if not value:
            self.refuse(f"{column} is empty.")
        return value

    def number(self, column: str, allowed: Sequence[int] = ()) -> int:
        """Return a whole number, one of the allowed where they are given."""
        value = self.cells[column].strip()
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST):
            self.refuse(f"{column} is “{value}”, which is not a whole number.")
        if allowed and int(value) not in allowed:
            choices = ", ".join(map(str, allowed))
            self.refuse(f"{column} is {value}; it can be {choices}.")
        return int(value)

    def moment(self) -> datetime:
        """Return the timestamp, which counts milliseconds since 1970."""
        try:
            return _EPOCH + timedelta(milliseconds=self.number("timestamp"))
        except OverflowError:
            self.refuse("timestamp lies beyond all calendars.")


def rows(folder: Path, file: str, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows below a header that has each of the given columns once.

    :raises BadTable: for a file that cannot be read, a missing column, or a row of another width.
    """
    found = lines(folder, file)
    header = next(found, (1, []))[1]
    for column in columns:
        if header.count(column) != 1:
            raise BadTable(file, 1, f"the column “{column}” must be there once.")
    for line, cells in found:
        if len(cells) != len(header):
            raise BadTable(file, line, f"{len(cells)} cells under {len(header)} columns.")
        yield Row(file, line, dict(zip(header, cells, strict=True)))


def lines(folder: Path, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file with the line at which each begins; a cell may hold line breaks.

    :raises BadTable: for a file that cannot be read.
    """
    try:
        raw = (folder / file).read_bytes()
    except OSError as error:
        raise BadTable(file, None, f"it cannot be opened ({error.strerror}).") from error
    try:
        reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
    except UnicodeDecodeError as error:
        bad = raw.count(b"\n", 0, error.start) + 1
        raise BadTable(file, bad, "it is not written in UTF-8.") from error
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTable(file, line, f"it cannot be read: {error}.") from error
