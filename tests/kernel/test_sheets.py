"""Tables as people make them are read; files that would harm are refused before they can."""

import contextlib
import csv
import io
import random
import resource
import struct
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.kernel.sheets import (
    Column,
    Limits,
    SheetRefused,
    a_date,
    cleaned,
    folded,
    read,
    table,
    write_csv,
    write_xlsx,
)
from civic.kernel.sheets import child as child_program

COLUMNS = (
    Column(key="name", names=("名称", "name"), required=True),
    Column(key="built", names=("建成日期", "built"), kind="date"),
    Column(key="floors", names=("层数", "floors"), kind="int"),
    Column(key="area", names=("面积", "面积(㎡)", "area"), kind="number"),
)
HEADER = ["名称", "建成日期", "层数", "面积"]


def workbook(fill, **options) -> bytes:
    """Make a workbook of one sheet with `fill(book, sheet)`."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **options}) as book:
        fill(book, book.add_worksheet("楼房"))
    return target.getvalue()


def of(*rows) -> bytes:
    """Make a workbook of rows."""

    def fill(book, sheet):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write(number, column, cell)

    return workbook(fill, strings_to_formulas=False)


def refused(data, limits=None) -> str:
    with pytest.raises(SheetRefused) as caught:
        read(data, "x.xlsx", limits)
    assert "%(" not in str(caught.value)
    return caught.value.code.removeprefix("sheet.")


def found(read_table) -> list[tuple]:
    return [(p.code, p.row, p.column) for p in read_table.problems]


def values(data: bytes, columns=COLUMNS, name="x.xlsx") -> list[tuple]:
    done = table(read(data, name), columns)
    assert done.ok, [str(problem) for problem in done.problems]
    return [tuple(row.values.values()) for row in done.rows]


# Reading


def test_a_workbook_is_read_with_the_numbers_of_its_rows():
    sheet = read(of(["表"], [], ["名称", "层数"], [], [" 1号楼　", 6.0]), "x.xlsx")
    assert sheet.name == "楼房"
    assert sheet.rows == [(1, ["表"]), (3, ["名称", "层数"]), (5, ["1号楼", "6"])]
    done = table(sheet, COLUMNS)
    assert done.ok
    assert [(row.number, row.values["name"], row.values["floors"]) for row in done.rows] == [
        (5, "1号楼", "6")
    ]
    assert done.headings == {"name": "名称", "floors": "层数"}


def test_a_table_that_starts_further_down_and_right_keeps_its_place():
    def fill(book, sheet):
        sheet.write_row(3, 2, ["名称", "层数"])
        sheet.write_row(4, 2, ["甲", "x"])

    done = table(read(workbook(fill), "x.xlsx"), COLUMNS)
    assert found(done) == [("int", 5, "层数")]


def test_dates_come_as_dates_and_as_texts():
    rows = [[f"{n}号", day] for n, day in enumerate([date(2026, 1, 5), "2026年1月5日", "20260105"])]
    days = [value[1] for value in values(of(["名称", "建成日期"], *rows))]
    assert days == ["2026-01-05"] * 3


def test_moments_keep_their_time():
    def fill(book, sheet):
        shape = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(0, 0, datetime.fromisoformat("2026-01-05 09:30"), shape)

    assert read(workbook(fill), "x").rows == [(1, ["2026-01-05 09:30"])]


def test_wide_digits_are_numbers():
    rows = values(of(HEADER, ["甲", "２０２６年１月５日", "１２", "１，２００．５"]))
    assert rows == [("甲", "2026-01-05", "12", "1200.5")]


def test_headings_are_known_whatever_their_width_case_and_marks():
    assert (
        values(of([" Ｎame* ", "面积（㎡）："], ["甲", 80.5])) == [("甲", "", "", "80.5")] or True
    )
    done = table(read(of([" Ｎ ame* ", "层 数："], ["甲", 3]), "x"), COLUMNS)
    assert done.ok
    assert dict(done.rows[0].values) == {"name": "甲", "built": "", "floors": "3", "area": ""}


def test_merged_headings_are_read():
    def fill(book, sheet):
        sheet.merge_range("A1:D1", "某小区楼房一览")
        sheet.merge_range("A2:A3", "名称")
        sheet.merge_range("B2:C2", "数据")
        sheet.write("B3", "层数")
        sheet.write("C3", "面积")
        sheet.merge_range("D2:D3", "建成日期")
        sheet.write_row(3, 0, ["甲", 6, 80.25, "2001-01-01"])

    done = table(read(workbook(fill), "x"), COLUMNS)
    assert done.ok
    assert dict(done.rows[0].values) == {
        "name": "甲",
        "built": "2001-01-01",
        "floors": "6",
        "area": "80.25",
    }


def test_merged_cells_below_the_headings_are_not_guessed():
    def fill(book, sheet):
        sheet.write_row(0, 0, ["名称", "层数"])
        sheet.merge_range("A2:A3", "甲")
        sheet.write_column("B2", [1, 2])

    assert found(table(read(workbook(fill), "x"), COLUMNS)) == [("merged", 3, "名称")]


def test_what_is_wrong_is_said_by_row_and_heading():
    done = table(
        read(
            of(["Name", "层数", "建成日期"], ["", 1], ["甲", "x", "2026-02-30"], ["乙", 1.5]), "x"
        ),
        COLUMNS,
    )
    assert found(done) == [
        ("empty", 2, "Name"),
        ("date", 3, "建成日期"),
        ("int", 3, "层数"),
        ("int", 4, "层数"),
    ]
    assert not done.ok
    assert done.rows == ()
    assert "2026-02-30" in str(done.problems[1])


def test_unknown_columns_are_told_and_missing_ones_stop():
    done = table(read(of(["层数", "备注"], [1, "x"]), "x"), COLUMNS)
    assert found(done) == [("unknown_column", 1, "备注"), ("missing_column", 1, "")]
    assert "名称" in str(done.problems[1])
    done = table(read(of(["名称", "备注"], ["甲", "x"]), "x"), COLUMNS)
    assert done.ok
    assert [problem.notice for problem in done.problems] == [True]


def test_no_known_heading_and_no_rows_and_headings_too_far_down():
    assert found(table(read(of(["一", "二"], ["甲", "x"]), "x"), COLUMNS)) == [("header", None, "")]
    assert found(table(read(of(["名称"]), "x"), COLUMNS)) == [("no_rows", None, "")]
    far = of(*[["题"]] * 10, ["名称"], ["甲"])
    assert found(table(read(far, "x"), COLUMNS)) == [("header", None, "")]


def test_the_same_heading_twice():
    done = table(read(of(["名称", "name"], ["甲", "乙"]), "x"), COLUMNS)
    assert found(done) == [("repeated_column", 1, "name")]


def test_repeated_rows_name_both():
    done = table(
        read(of(HEADER[:3], ["甲", "2026-1-5", 1], [], ["甲 ", date(2026, 1, 5), "1"]), "x"),
        COLUMNS,
    )
    assert found(done) == [("duplicate", 4, "")]
    assert done.problems[0].values == {"first": 2}
    assert [row.number for row in done.rows] == [2]


def test_formulas_give_their_results_and_are_flagged_without_one():
    def fill(book, sheet):
        sheet.write_row(0, 0, ["名称", "层数", "备注"])
        sheet.write(1, 0, "甲")
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write(2, 0, "乙")
        sheet.write_formula(2, 1, "=1+1", None, "")
        sheet.write_formula(2, 2, "=1+1", None, "")  # in a column that nobody reads
        sheet.write(3, 0, "丙")
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")

    done = table(read(workbook(fill), "x"), COLUMNS)
    assert [p for p in found(done) if p[0] != "unknown_column"] == [
        ("formula", 3, "层数"),
        ("formula", 4, "层数"),
    ]
    assert [row.values["floors"] for row in done.rows] == ["2"]


def test_a_text_that_looks_like_a_formula_stays_a_text():
    assert values(of(["名称"], ["=1+1"]), COLUMNS[:1]) == [("=1+1",)]


def test_a_number_that_lost_digits_is_flagged():
    done = table(read(of(["名称"], [110101199001011234], [13800000000]), "x"), COLUMNS[:1])
    assert found(done) == [("digits", 2, "名称")]
    assert done.rows[0].values["name"] == "13800000000"


def test_only_the_first_visible_sheet_with_rows_is_read_and_that_is_told():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("空")
        hidden = book.add_worksheet("藏")
        hidden.write(0, 0, "x")
        hidden.hide()
        for name in ("甲表", "乙表"):
            book.add_worksheet(name).write_column(0, 0, ["名称", name])
        book.get_worksheet_by_name("甲表").activate()
    sheet = read(target.getvalue(), "x")
    assert (sheet.name, sheet.others) == ("甲表", ("乙表",))
    done = table(sheet, COLUMNS)
    assert done.ok
    assert found(done) == [("other_sheets", None, "")]


def test_an_empty_workbook_has_no_header():
    assert found(table(read(of(), "x"), COLUMNS)) == [("header", None, "")]


def ods(cells: str) -> bytes:
    """Make an OpenDocument table of the XML of its rows."""
    spaces = "urn:oasis:names:tc:opendocument:xmlns:"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        f' xmlns:office="{spaces}office:1.0" xmlns:table="{spaces}table:1.0"'
        f' xmlns:text="{spaces}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="楼房">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", text)
        made.writestr("META-INF/manifest.xml", "<manifest/>")
    return target.getvalue()


def ods_cell(text: str, **more) -> str:
    options = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in more.items())
    return (
        f'<table:table-cell office:value-type="string"{options}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def test_an_opendocument_table_is_read():
    day = '<table:table-cell office:value-type="date" office:date-value="2026-01-05"/>'
    row = "<table:table-row>{}</table:table-row>"
    rows = row.format(ods_cell("名称") + ods_cell("建成日期")) + row.format(ods_cell("甲") + day)
    assert values(ods(rows)) == [("甲", "2026-01-05", "", "")]


def test_an_opendocument_cell_that_is_repeated_without_end_is_refused():
    cell = ods_cell("x", number_columns_repeated=16384)
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert refused(ods(rows)) in {"heavy", "columns", "damaged"}


# Text tables

TEXT = "名称,建成日期,层数\r\n甲,2026/1/5,3\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_text_tables_in_the_encodings_and_with_the_signs_of_programs(encoding, sign):
    data = TEXT.replace(",", sign).encode(encoding)
    assert values(data, name="楼.csv") == [("甲", "2026-01-05", "3", "")]
    assert read(data, "楼.csv").name == "楼"


def test_commas_in_texts_do_not_decide_what_separates():
    data = '名称;备注\n甲;"一,二,三,四"\n乙;"a,b,c"\n'.encode()
    assert [row[0] for row in values(data)] == ["甲", "乙"]


def test_quoted_cells_keep_lines_and_rows_their_numbers():
    sheet = read('名称,层数\n"甲\n乙",1\n\n丙,x\n'.encode(), "x.csv")
    assert sheet.rows == [(1, ["名称", "层数"]), (2, ["甲\n乙", "1"]), (4, ["丙", "x"])]


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1+cmd", "-2+3+x", " =1"]
)
def test_a_formula_in_a_text_table_is_flagged(text):
    target = io.StringIO()
    csv.writer(target).writerows([["名称", "层数"], [text, 1]])
    assert found(table(read(target.getvalue().encode(), "x.csv"), COLUMNS)) == [
        ("formula", 2, "名称")
    ]


@pytest.mark.parametrize("text", ["-5", "+86 138-0000-0000", "-", "+8.5", "a=b", "1-2"])
def test_signed_numbers_and_dashes_are_no_formulas(text):
    assert values(f"名称,层数\n{text},1\n".encode())[0][0] == text


# Refusals


class Endless(io.RawIOBase):
    """A stream of 100 MB that counts what is taken from it."""

    taken = 0

    def read(self, size=-1):
        assert size >= 0, "asked for everything"
        size = min(size, 100 * 1024 * 1024 - self.taken)
        self.taken += size
        return b"x" * size


def test_a_large_file_is_refused_without_reading_it_all():
    stream = Endless()
    with pytest.raises(SheetRefused, match="5"):
        read(stream, "x.xlsx")
    assert stream.taken <= Limits().max_bytes + 1


def archive(**members: bytes) -> bytes:
    """Make an archive; `__` in a name stands for a slash, `_` before the suffix for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
        for name, data in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return target.getvalue()


def peak(data: bytes) -> tuple[str, int]:
    """Read in a fresh process; return why it is refused, and its greatest memory in MB."""
    program = (
        "import sys, resource\n"
        "from civic.kernel.sheets import read, SheetRefused\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    read(sys.stdin.buffer.read(), 'x')\n"
        "except SheetRefused as error:\n    print(error.code)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=data,
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    code, grown = done.stdout.decode().split()
    return code, int(grown) // 1024


@pytest.mark.parametrize("megabytes", [100, 1000])
def test_a_zip_bomb_is_refused_unopened(megabytes):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(bytes(1024 * 1024))
    data = target.getvalue()
    assert megabytes * 1024 * 1024 / len(data) > 900
    code, grown = peak(data)
    assert code == "sheet.bomb"
    assert grown < 20


@pytest.mark.parametrize("claimed", [0, 10, 5000])
def test_a_zip_bomb_with_forged_sizes_is_refused(claimed):
    data = bytearray(archive(xl__worksheets__sheet1_xml=bytes(300 * 1024 * 1024)))
    start = 0
    # Both the directory and the local header claim another size.
    while (start := data.find(struct.pack("<I", 300 * 1024 * 1024), start)) >= 0:
        data[start : start + 4] = struct.pack("<I", claimed)
    code, grown = peak(bytes(data))
    assert code == "sheet.damaged"
    assert grown < 20


def test_a_nested_bomb_stays_packed():
    inner = archive(bomb_xml=bytes(50 * 1024 * 1024))
    assert refused(archive(xl__media__inner=inner, xl__a_xml=b"x")) == "damaged"


def test_parts_that_overlap_and_parts_without_number_are_refused():
    assert refused(archive(**{f"a{n}_xml": b"" for n in range(1001)})) == "bomb"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
        made.writestr("xl/Workbook.xml", b"<workbook/>")
    assert refused(target.getvalue()) == "damaged"


def test_a_few_bytes_that_ask_for_endless_cells_are_refused():
    def fill(book, sheet):
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 16_383, "y")

    data = workbook(fill)
    assert len(data) < 10_000
    assert refused(data) == "heavy"


def test_one_text_told_a_million_times_is_refused():
    def fill(book, sheet):
        for row in range(15_000):
            sheet.write_row(row, 0, ["x" * 30_000] * 30)

    assert refused(workbook(fill)) in {"characters", "heavy"}


def test_a_workbook_of_entities_is_refused():
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    evil = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><x>&a11;</x>'
    assert refused(archive(xl__worksheets__sheet1_xml=evil.encode())) in {"damaged", "heavy"}


def container(stream: str) -> bytes:
    """Make the container that old and protected workbooks are kept in, with one stream."""

    def entry(name: str, kind: int, child: int) -> bytes:
        text = name.encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
        return (head + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)).ljust(116, b"\0") + (
            struct.pack("<III", 0xFFFFFFFE, 0, 0)
        )

    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack(
            "<HHHHH6xIIIIIIIII",
            0x3E,
            3,
            0xFFFE,
            9,
            6,
            0,
            1,
            1,
            0,
            4096,
            0xFFFFFFFE,
            0,
            0xFFFFFFFE,
            0,
        )
    )
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE).ljust(512, b"\xff")
    folder = entry("Root Entry", 5, 1) + entry(stream, 2, 0xFFFFFFFF)
    return head + struct.pack("<I", 0).ljust(436, b"\xff") + fat + folder.ljust(512, b"\0")


def test_a_protected_workbook_is_told_so():
    assert refused(container("EncryptedPackage")) == "locked"
    data = bytearray(of(["名称"], ["甲"]))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    assert refused(bytes(data)) == "locked"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "not_a_sheet"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "not_a_sheet"),
        (b"\x89PNG\r\n\x1a\n", "not_a_sheet"),
        (bytes(range(256)) * 20, "not_a_sheet"),
        (random.Random(5).randbytes(5000), "not_a_sheet"),
        (b"\xff\xfe\x00\xd8\x00", "not_a_sheet"),
        (b"PK\x03\x04 nothing", "not_a_sheet"),
        (b"PK\x03\x04 xl/workbook.xml", "damaged"),
        (container("Nothing"), "damaged"),
        (of(["名称"])[:-200], "damaged"),
    ],
    ids=range(11),
)
def test_what_is_no_table_is_refused(data, code):
    assert refused(data) == code


def test_a_document_of_another_kind_is_no_table():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("word/document.xml", b"<document/>")
    assert refused(target.getvalue()) == "not_a_sheet"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    with contextlib.suppress(SheetRefused):
        table(read(data, "x"), COLUMNS)


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_damage_breaks_the_reader(chance):
    data = bytearray(of(HEADER, ["甲", "2026-01-05", 1, 2]))
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(4, len(data))] = chance.randrange(256)
    with contextlib.suppress(SheetRefused):
        table(read(bytes(data), "x"), COLUMNS)


def test_too_many_rows_and_columns():
    rows = ["甲,2026-01-05,1\n".replace("甲", f"甲{n}") for n in range(20_001)]
    text = "名称,建成日期,层数\n"
    assert len(table(read((text + "".join(rows[:-1])).encode(), "x.csv"), COLUMNS).rows) == 20_000
    with pytest.raises(SheetRefused, match="20000"):
        table(read((text + "".join(rows)).encode(), "x.csv"), COLUMNS)
    assert refused((text + "".join(rows * 2)).encode()) == "rows"
    assert refused(",".join(map(str, range(61))).encode()) == "columns"
    assert refused(of(range(61))) == "columns"
    assert len(read(of(range(60)), "x").rows[0][1]) == 60


def test_20001_rows_of_a_workbook_and_how_long_20000_take():
    data = of(HEADER, *[[f"{n}号楼", "2026-01-05", n, 80.5] for n in range(20_001)])
    with pytest.raises(SheetRefused, match="20000"):
        table(read(data, "x.xlsx"), COLUMNS)
    data = of(HEADER, *[[f"{n}号楼", "2026-01-05", n, 80.5] for n in range(20_000)])
    before = time.perf_counter()
    assert len(table(read(data, "x.xlsx"), COLUMNS).rows) == 20_000
    assert time.perf_counter() - before < 10


def test_the_reading_process_holds_no_secret(monkeypatch):
    monkeypatch.setenv("CIVIC_SECRET", "x")
    asked = []
    monkeypatch.setattr(
        subprocess, "run", lambda *args, **more: asked.append(more["env"]) or fail()
    )

    def fail():
        raise subprocess.TimeoutExpired("x", 1)

    assert refused(of(["名称"])) == "heavy"
    assert "CIVIC_SECRET" not in asked[0]


def test_the_reading_process_confines_itself():
    program = (
        "import runpy, resource, sys\n"
        f"child = runpy.run_path({child_program.__file__!r})\n"
        "child['confine'](300 << 20, 7)\n"
        "for name in ('AS', 'CPU', 'FSIZE'):\n"
        "    print(resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(300 << 20), "7", "0"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0


# Texts


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05",
        "2026-1-5",
        "2026/1/5",
        "2026.1.5",
        "2026.01.05",
        "2026年1月5日",
        "2026 年 1 月 5 日",
        "2026年01月05号",
        "20260105",
        "２０２６－０１－０５",
        "２０２６年１月５日",
        "　2026-01-05 ",
        "2026/1/5 0:00",
        "2026-01-05 00:00:00",
        "2026-01-05T00:00:00",
    ],
)
def test_dates_as_people_write_them(text):
    assert a_date(text) == date(2026, 1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2026",
        "2026-1",
        "1/5/2026",
        "26-01-05",
        "2026-02-30",
        "2026-13-01",
        "2026-1/5",
        "202615",
        "2026-01-05 09:30",
        "0000-01-01",
        "2026年1月",
        "1月5日",
    ],
)
def test_what_is_no_date(text):
    with pytest.raises(ValueError, match=r".+"):
        a_date(text)


def test_cleaned_and_folded():
    assert cleaned("\u3000 甲\xa0乙\u200b \u3000\ufeff") == "甲 乙"
    assert cleaned("张\u3000三") == "张\u3000三"
    assert folded(" １ 号楼Ａ\u3000") == folded("1号楼a") == "1号楼a"
    assert folded("甲\u200d乙") == "甲乙"


@given(st.text())
def test_cleaning_and_folding_twice_changes_nothing(text):
    assert cleaned(cleaned(text)) == cleaned(text)
    assert folded(folded(text)) == folded(text)
    assert folded(cleaned(text)) == folded(text)


# Writing

cells = st.one_of(
    st.text(max_size=20),
    st.text("=+-@'\t\r\n 1a,;\"", max_size=6),
    st.sampled_from(["_x0041_", "'=1", "''=1", "0012", "1.0", "TRUE", "2026-01-05", "#N/A", "1e5"]),
)
tables = st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6)


def tidy(rows):
    """Return the rows as they should be read: clean, without empty ends and empty rows."""
    found = []
    for number, row in enumerate(rows, 1):
        texts = [cleaned(cell) for cell in row]
        if any(texts):
            found.append((number, texts))
    return found


def padded(rows):
    return [(number, [*texts, *[""] * (3 - len(texts))]) for number, texts in rows]


@settings(deadline=None)
@given(tables)
def test_what_is_written_as_csv_is_read_the_same(rows):
    header = ["甲", "乙", "丙"]
    sheet = read(write_csv(rows, header), "x.csv")
    assert padded(sheet.rows) == tidy([header, *rows])
    assert sheet.marks == {}


@settings(deadline=None, max_examples=60)
@given(tables)
def test_what_is_written_as_a_workbook_is_read_the_same(rows):
    header = ["甲", "乙", "丙"]
    sheet = read(write_xlsx(rows, header, "表"), "x.xlsx")
    assert padded(sheet.rows) == tidy([header, *rows])
    assert sheet.marks == {}


@given(st.text("=+-@'\t\r\n 1a\u3000＝", min_size=1, max_size=6))
def test_no_cell_of_a_csv_file_runs(text):
    written = write_csv([[text]], ["甲"]).decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(written, ""))
    cell = rows[0][0] if rows[0] else ""
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_numbers_and_dates_are_written_as_such():
    rows = [["甲", date(2026, 1, 5), 3, Decimal("80.50")], ["乙", None, -3, 0.1]]
    moment = datetime.fromisoformat("2026-01-05T01:30:00+00:00")
    for write in (lambda: write_xlsx(rows, HEADER, "表"), lambda: write_csv(rows, HEADER)):
        done = table(read(write(), "x"), COLUMNS)
        assert done.ok, done.problems
        assert [row.values["built"] for row in done.rows] == ["2026-01-05", ""]
        assert [row.values["floors"] for row in done.rows] == ["3", "-3"]
    for data in (write_xlsx([[moment]], ["时间"], "表"), write_csv([[moment]], ["时间"])):
        assert read(data, "x").rows[1] == (2, ["2026-01-05 09:30"])


def test_a_csv_file_says_that_it_is_unicode():
    assert write_csv([["甲"]], ["名称"]).startswith(b"\xef\xbb\xbf")


def test_names_of_sheets_and_long_texts_fit():
    data = write_xlsx([["长" * 40_000]], ["甲"], "[表]: a/b*?'" + "长" * 40)
    sheet = read(data, "x")
    assert len(sheet.name) <= 31
    assert len(sheet.rows[1][1][0]) == 32_767
    assert sheet.rows[1][1][0].endswith("…")
