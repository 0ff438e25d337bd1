"""Read a workbook in a process of its own, which may die of it.

A few kilobytes can ask for a table of seventeen thousand million cells, and the library that reads
workbooks ends its process where memory does. So it is run as a program: a workbook on standard
input, limits as JSON in the first argument, a JSON object on standard output. It knows nothing of
the rest of Civic, holds no secret, and can neither write a file nor use more than its share.
"""

import contextlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree as ET

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
#: Excel keeps fifteen digits of a number; what is longer has lost some.
_EXACT = 10**15


class TooMuchError(Exception):
    """The table is larger than the limits; the argument says in what."""


def confine(memory: int, seconds: int) -> None:
    """Bound what this process may use: bytes of memory, seconds of work, no files."""
    with contextlib.suppress(ImportError):  # not everywhere
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def shown(value: object) -> str:
    """Return the text of a value: whole numbers without a point, dates in ISO form."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes" if not value.second else "seconds")
    if isinstance(value, time):
        return value.isoformat("minutes" if not value.second else "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def read(data: bytes, limits: dict[str, int]) -> dict[str, Any]:
    """Return the first visible sheet that holds something.

    Rows are pairs of their number, from 1, and their texts. Marks are triples of a row's number, a
    column's index and what is wrong there.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook  # noqa: PLC0415

    book = load_workbook(io.BytesIO(data))
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    for place, name in enumerate(names):
        sheet = book.get_sheet_by_name(name)
        marks: list[tuple[int, int, str]] = []
        rows = _rows(sheet, limits, marks)
        if rows:
            marks += [(row, column, "formula") for row, column in _formulas(data, name)]
            merged = [
                (top + 1, left, bottom - top)
                for (top, left), (bottom, _) in sheet.merged_cell_ranges or ()
                if bottom > top
            ]
            others = names[place + 1 :]
            return {"name": name, "rows": rows, "marks": marks, "merged": merged, "others": others}
    return {"name": "", "rows": [], "marks": [], "merged": [], "others": []}


def _rows(
    sheet: Any,  # noqa: ANN401 - the type lives in a library that is loaded late
    limits: dict[str, int],
    marks: list[tuple[int, int, str]],
) -> list[tuple[int, list[str]]]:
    if sheet.start is None:
        return []
    top, left = sheet.start[0], [""] * sheet.start[1]
    rows: list[tuple[int, list[str]]] = []
    size = 0
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        texts = left + [shown(cell) for cell in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            continue
        rows.append((number, texts))
        size += sum(map(len, texts))
        _within(len(rows), limits["rows"], "rows")
        _within(len(texts), limits["columns"], "columns")
        _within(size, limits["characters"], "characters")
        marks += [
            (number, column, "digits")
            for column, cell in enumerate(cells, len(left))
            if type(cell) in {int, float} and abs(cell) >= _EXACT
        ]
    return rows


def _within(figure: int, most: int, what: str) -> None:
    if figure > most:
        raise TooMuchError(what)


def _formulas(data: bytes, name: str) -> Iterator[tuple[int, int]]:
    """Yield the cells of an .xlsx sheet that hold a formula without a result, or an error."""
    if not data.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        path = _path(archive, name)
        if path is None or not _FORMULA.search(text := archive.read(path)):
            return
    for _, cell in ET.iterparse(io.BytesIO(text)):  # noqa: S314 - entities die with this process
        if not cell.tag.endswith("}c"):
            continue
        parts = {part.tag.rpartition("}")[2]: part for part in cell}
        value = parts["v"].text if "v" in parts else None
        kind, place = cell.get("t"), _CELL.fullmatch(cell.get("r", ""))
        empty = "f" in parts and not value and kind != "str"
        if place and (empty or kind == "e"):
            yield int(place[2]), _index(place[1])
        cell.clear()


def _path(archive: zipfile.ZipFile, name: str) -> str | None:
    """Return where an .xlsx archive keeps a sheet; nothing for other formats."""
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except KeyError:
        return None
    ids = {
        value
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet") and sheet.get("name") == name
        for key, value in sheet.items()
        if key.endswith("}id")
    }
    targets = [link.get("Target", "") for link in links if link.get("Id") in ids]
    paths = [each.lstrip("/") if each.startswith("/") else f"xl/{each}" for each in targets]
    return next((path for path in paths if path in archive.namelist()), None)


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def main() -> None:
    """Read what comes in, say what was found or why it cannot be."""
    limits = json.loads(sys.argv[1])
    confine(limits["memory"], limits["seconds"])
    from python_calamine import CalamineError, PasswordError  # noqa: PLC0415

    try:
        found = read(sys.stdin.buffer.read(), limits)
    except PasswordError:
        found = {"refused": "locked"}
    except TooMuchError as error:
        found = {"refused": str(error)}
    except (CalamineError, ET.ParseError, ValueError, KeyError, OverflowError):
        found = {"refused": "damaged"}
    # Escaped, so that a lone surrogate in a cell cannot break the answer.
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
