"""The administrator keeps the days off of a year: looked at first, kept whole, never in part."""

import io
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from civic.kernel import audit, clock, holidays, periods
from civic.kernel.db import db
from civic.kernel.holidays import HolidayYear
from civic.kernel.periods import HolidayTable, Period, TableMissing
from civic.kernel.sheets import read, write_csv, write_xlsx
from tests import factories
from tests.pages import text_of

HEADER = ["日期", "休/班", "名称"]
YEAR_2026 = [
    *[[f"2026-01-0{n}", "休", "元旦"] for n in (1, 2, 3)],
    ["2026-01-04", "班", "元旦"],
    *[[f"2026-10-0{n}", "休", "国庆节"] for n in range(1, 8)],
    ["2026-09-20", "班", ""],
    ["2026-10-10", "班", ""],
]
NOTICE = "国办发明电〔2025〕7号"


def upload(client, rows, name="table.csv", source=NOTICE):
    write = (
        write_csv if name.endswith("csv") else lambda rows, header: write_xlsx(rows, header, "x")
    )
    data = {"file": (io.BytesIO(write(rows, HEADER)), name), "source": source}
    return client.post("/admin/holidays/check", data=data)


def kept(year=2026, **more) -> HolidayTable:
    return HolidayTable(
        year=year,
        off=more.get("off", frozenset({date(year, 1, 1)})),
        work=more.get("work", frozenset()),
        source=NOTICE,
    )


def hidden(page: str, name: str) -> str:
    part = page.split(f'name="{name}"')[1]
    return part.split('value="')[1].split('"')[0]


def years() -> list[int]:
    return factories.scalars(select(HolidayYear.year).order_by(HolidayYear.year))


@pytest.mark.parametrize("name", ["table.csv", "table.xlsx"])
def test_a_table_is_looked_at_and_then_kept(world, login, name):
    client = login(world.administrator)
    answer = upload(client, YEAR_2026, name)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "休 1日至7日" in page
    assert "班 10日（周六）" in page
    assert NOTICE in page
    assert years() == []
    form = {field: hidden(page, field) for field in ("days", "source")}
    answer = client.post("/admin/holidays/", data=form)
    assert (answer.status_code, answer.location) == (303, "/admin/holidays/2026/")
    page = text_of(client.get(answer.location))
    assert "休 1日至7日" in page
    assert "2026年的节假日安排已保存" in page
    known = holidays.load()
    assert known.of(2026).work == {date(2026, 1, 4), date(2026, 9, 20), date(2026, 10, 10)}
    assert len(known.of(2026).off) == 10
    act = datetime(2026, 9, 30, 10, tzinfo=clock.ZONE)
    assert periods.last_day(act, Period(n=2, kind="working"), known) == date(2026, 10, 9)
    db.session.rollback()


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        ([["2026-01-01", "休"], ["2026-13-01", "休"], ["2026-01-05", "班"]], ["第3行", "第4行"]),
        ([["2026-01-01", "?"]], ["第2行", "“?”"]),
        ([["2026-01-01", "休"], ["2027-01-01", "休"]], ["第3行", "2027-01-01"]),
        ([["2026-01-04", "休", "a"], ["2026-01-04", "班", "b"]], ["第3行", "第2行"]),
        ([], ["整张表"]),
    ],
)
def test_a_wrong_table_is_answered_row_by_row_and_keeps_what_was_typed(
    world, login, rows, sentences
):
    answer = upload(login(world.administrator), rows)
    page = text_of(answer)
    assert answer.status_code == 422
    for sentence in sentences:
        assert sentence in page
    assert NOTICE in page
    assert years() == []


def test_a_hundred_problems_are_enough(world, login):
    page = text_of(upload(login(world.administrator), [[f"x{n}", "休"] for n in range(130)]))
    assert "第101行" in page
    assert "第102行" not in page
    assert "另有 30 处" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"source": NOTICE}, "请先选一个文件"),
        ({"file": (b"%PDF-1.4", "x.pdf"), "source": NOTICE}, "这不是表格文件"),
        ({"file": (b"x" * (5 * 1024 * 1024 + 1), "x.csv"), "source": NOTICE}, "5 MB"),
        ({"file": ("甲,乙\n1,2\n".encode(), "x.csv"), "source": NOTICE}, "没有找到写有列名"),
        ({"file": ("日期\n2026-01-01\n".encode(), "x.csv"), "source": NOTICE}, "缺少这些列"),
        ({"file": ("日期,休/班\n2026-01-01,休\n".encode(), "x.csv")}, "请写明是哪份通知"),
    ],
)
def test_a_form_that_does_not_do_is_shown_again(world, login, data, sentence):
    if "file" in data:
        content, name = data["file"]
        data = data | {"file": (io.BytesIO(content), name)}
    with login(world.administrator).post("/admin/holidays/check", data=data) as answer:
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        answer.request.input_stream.close()  # the client leaves a large one open


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"days": "2026-01-01 休"},
        {"days": "x", "source": "y"},
        {"days": "2026-01-05 班", "source": "y"},
        {"days": "\n\n", "source": "y"},
    ],
)
def test_what_was_not_looked_at_is_not_kept(world, login, data):
    assert login(world.administrator).post("/admin/holidays/", data=data).status_code == 422
    assert years() == []


def test_a_year_is_replaced_and_the_record_keeps_both(world, login):
    client = login(world.administrator)
    client.post("/admin/holidays/", data={"days": "2026-01-01 休", "source": "first"})
    page = text_of(upload(client, YEAR_2026))
    assert "将替换" in page
    client.post("/admin/holidays/", data={"days": "2026-01-02 休\n2026-01-04 班", "source": "b"})
    assert years() == [2026]
    row = db.session.get(HolidayYear, 2026)
    assert (row.off, row.work, row.source) == (["2026-01-02"], ["2026-01-04"], "b")
    assert row.uploaded_by == world.administrator.id
    entries = db.session.scalars(
        select(audit.AuditEntry)
        .where(audit.AuditEntry.act.startswith("holidays."))
        .order_by(audit.AuditEntry.id)
    ).all()
    assert [(entry.act, entry.subject) for entry in entries] == [
        ("holidays.stored", "holidays:2026"),
        ("holidays.replaced", "holidays:2026"),
    ]
    assert entries[1].data == {
        "off": ["2026-01-02"],
        "work": ["2026-01-04"],
        "before": {"off": ["2026-01-01"], "work": []},
    }
    assert entries[1].post
    assert list(audit.broken()) == []
    db.session.rollback()


def test_missing_years_are_said_plainly(world, login):
    this = clock.local(clock.now()).year
    client = login(world.administrator)
    page = text_of(client.get("/admin/holidays/"))
    assert f"缺少{this}年的节假日表" in page
    assert f"缺少{this + 1}年的节假日表" in page
    assert "还没有任何年度" in page
    for year in (this, this - 1):
        holidays.replace(kept(year), world.administrator.id)
    db.session.commit()
    page = text_of(client.get("/admin/holidays/"))
    assert f"缺少{this}年的节假日表" not in page
    assert f"缺少{this + 1}年的节假日表" in page
    assert page.index(f"/admin/holidays/{this}/") < page.index(f"/admin/holidays/{this - 1}/")
    assert client.get("/admin/holidays/1999/").status_code == 404


def test_only_what_is_kept_is_known(world):
    assert holidays.load().years == frozenset()
    with pytest.raises(TableMissing):
        holidays.load().of(2026)
    holidays.replace(kept(), world.administrator.id)
    assert holidays.load().of(2026) == kept()
    db.session.rollback()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_can_be_filled_in_and_read(world, login, kind):
    answer = login(world.administrator).get(f"/admin/holidays/template.{kind}")
    assert answer.status_code == 200
    assert f"holidays.{kind}" in answer.headers["Content-Disposition"]
    assert read(answer.data, f"x.{kind}").rows == [(1, HEADER)]
    assert login(world.administrator).get("/admin/holidays/template.pdf").status_code == 404


def test_an_administrator_of_one_community_does_not_rule_the_days_of_all(world, login):
    from civic.communities import services
    from civic.identities.kinds import ADMINISTRATOR
    from civic.identities.services import appoint

    someone = factories.person("钱进")
    appoint(someone, services.add_post(world.erlong.node, ADMINISTRATOR, "x", "x").id)
    db.session.commit()
    client = login(someone)
    assert "/admin/holidays/" not in text_of(client.get("/admin/"))
    assert "/admin/holidays/" in text_of(login(world.administrator).get("/admin/"))
    assert client.get("/admin/holidays/").status_code == 403
    keep = client.post("/admin/holidays/", data={"days": "2026-01-01 休", "source": "x"})
    assert keep.status_code == 403
    assert years() == []


def test_a_day_moved_in_two_requests_at_once_ends_as_one_row(world, app):
    """The second to begin a year finds the row of the first."""
    holidays.replace(kept(), world.administrator.id)
    found = holidays._begun(kept(off=frozenset({date(2026, 5, 1)})))
    assert found.off == ["2026-01-01"]
    assert found.uploaded_at <= clock.now() + timedelta(seconds=1)
    db.session.rollback()
