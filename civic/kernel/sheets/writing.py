"""Write tables that spreadsheet programs open without running anything in them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from civic.kernel import clock
from civic.kernel.sheets.texts import cleaned, guarded

#: What the cells of a table that is written may hold.
Cell = str | int | float | Decimal | date | None

_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_UNFIT = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_WIDEST, _NARROWEST = 60, 10
_WIDE = "\u2e80"  # from here on characters take the room of two


def write_csv(rows: Iterable[Sequence[Cell]], header: Sequence[str]) -> bytes:
    """Return a CSV file in UTF-8 with the mark by which Excel knows it.

    A text that a spreadsheet program would take for a formula gets an apostrophe before it, which
    `read` takes off again.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    for row in [header, *rows]:
        writer.writerow([_plain(cell) for cell in row])
    return target.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[Sequence[Cell]], header: Sequence[str], title: str) -> bytes:
    """Return a workbook of one sheet named `title`, its header kept in sight.

    Texts stay texts, whatever they look like; one longer than a cell can hold ends in ``…``. Empty
    columns are formatted as text, so that identity numbers typed into a template keep their digits.
    """
    import xlsxwriter  # noqa: PLC0415 - slow to import and rarely needed

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    widths = [_width(name) for name in header]
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": clock.local(clock.now()).replace(tzinfo=None)})
        formats = {
            kind: book.add_format({"valign": "top", "num_format": text, **more})
            for kind, text, more in (
                (str, "@", {"text_wrap": True}),
                (int, "General", {}),
                (date, "yyyy-mm-dd", {}),
                (datetime, "yyyy-mm-dd hh:mm", {}),
            )
        }
        sheet = book.add_worksheet(cleaned(title.translate(_UNFIT)).strip("'")[:_LONGEST_NAME])
        bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@", "valign": "top"})
        for column, name in enumerate(header):
            sheet.write_string(0, column, cleaned(name), bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    naive = clock.local(cell).replace(tzinfo=None)
                    sheet.write_datetime(number, column, naive, formats[datetime])
                elif isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, formats[date])
                elif isinstance(cell, str):
                    sheet.write_string(number, column, _fitting(cell), formats[str])
                elif cell is not None:
                    sheet.write_number(number, column, cell, formats[int])
                if column < len(widths):
                    widths[column] = max(widths[column], _width(cell))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, formats[str])
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return clock.local(cell).strftime("%Y-%m-%d %H:%M")
    return guarded(cleaned(cell)) if isinstance(cell, str) else str(cell)


def _fitting(text: str) -> str:
    text = cleaned(text)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"


def _width(cell: Cell) -> int:
    lines = ("" if cell is None else str(cell)[:_LONGEST_CELL]).splitlines() or [""]
    longest = max(sum(2 if char >= _WIDE else 1 for char in line[:_WIDEST]) for line in lines)
    return min(max(longest + 2, _NARROWEST), _WIDEST)
