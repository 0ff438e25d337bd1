"""Tables of places as people send them: read, looked at, imported whole or not at all."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
import xlsxwriter
from flask import Flask, g
from sqlalchemy import func, select

from benchmarks import inside
from civic.admin import place_columns
from civic.communities import kinds
from civic.communities.models import Body, Community, Node, Post, TreeEvent, TreeEventNode
from civic.identities import kinds as identity_kinds
from civic.kernel import audit, clock
from civic.kernel.audit import AuditEntry
from civic.kernel.sheets import folded, write_csv, write_xlsx
from tests.factories import World, appointed_administrator, build_world, rows, scalars

PAGE = "/admin/import/"
HEAD = ["社区", "功能社区", "网格", "小区", "楼", "单元", "网址名", "电话", "办公时间"]
TABLES = (Node, Community, Body, Post, TreeEvent, TreeEventNode, AuditEntry)


def counts() -> list[int]:
    return [scalars(select(func.count()).select_from(table))[0] for table in TABLES]


def row(community="", estate="", building="", gate="", **more) -> list[str]:
    names = {"社区": community, "小区": estate, "楼": building, "单元": gate} | more
    return [names.get(heading, "") for heading in HEAD]


def csv(*lines, head=HEAD) -> bytes:
    return write_csv(lines, head)


def send(client, data: bytes, what="places", name="地点.csv"):
    head = 'Content-Disposition: form-data; name="{}"'
    body = b"".join(
        [
            f"--b\r\n{head.format('what')}\r\n\r\n{what}\r\n".encode(),
            f'--b\r\n{head.format("file")}; filename="{name}"\r\n\r\n'.encode(),
            data,
            b"\r\n--b--\r\n",
        ]
    )
    return client.post(PAGE, data=body, content_type="multipart/form-data; boundary=b")


def import_(client, data: bytes, what="places", name="地点.csv"):
    looked = send(client, data, what, name)
    assert looked.status_code == 303, looked.text[-3000:]
    assert client.get(looked.location).status_code == 200
    return client.post(looked.location)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page[page.index("<main") :]).split())


@pytest.fixture
def client(world, login):
    return login(world.administrator)


def test_a_table_becomes_places_with_home_pages_and_one_event(app: Flask, world: World, client):
    before = counts()
    data = csv(
        row("新街社区", "新街小区", "1号楼", "1单元", 网址名="xinjie", 电话="010-1234"),
        row("新街社区", "新街小区", "1号楼", "2单元", 办公时间="9:00–17:00"),
        row("西安门社区", "", "3号楼"),
        row("二龙路社区", "二龙路小区", "6号楼", "3单元"),
        row(功能社区="新中心", 楼="A座"),
    )
    done = import_(client, data)
    assert (done.status_code, done.location) == (303, "/admin/")
    after = counts()
    assert after[0] - before[0] == 10
    homes = dict(rows(select(Community.slug, Node.name).join(Community.node)))
    assert homes["xinjie"] == "新街社区"
    named = {name: slug for slug, name in homes.items()}
    assert re.fullmatch(r"c\d+", named["西安门社区"])
    assert rows(select(Community.telephone, Community.hours).filter_by(slug="xinjie")) == [
        ("010-1234", "9:00–17:00")
    ]
    gate = scalars(select(Node).filter_by(name="3单元"))[0]
    assert gate.path == (*world.building.path, gate.id)
    assert after[4] - before[4] == 1
    assert after[5] - before[5] == 10
    entry = scalars(select(AuditEntry).filter_by(act="places.imported"))[0]
    assert entry.data["new"]["building_gate"] == 3
    assert list(audit.broken()) == []
    assert client.get("/c/xinjie/").status_code == 200


def test_what_is_here_stays_and_a_second_time_changes_nothing(app, world, client):
    data = csv(row("二龙路社区", "二龙路小区", "６号楼", " 2单元 "), row("新街社区"))
    import_(client, data)
    between = counts()
    looked = send(client, data)
    page = words(client.get(looked.location).text)
    assert "没有新增" in page
    assert "立即导入" not in page
    assert client.post(looked.location).status_code == 303
    assert counts() == between


def test_a_table_that_leaves_grids_out_finds_what_stands_in_one(app, world, client):
    first = csv(row("二龙路社区", "槐荫里", "5号楼", 网格="第一网格"))
    import_(client, first)
    between = counts()
    import_(client, csv(row("二龙路社区", "槐荫里", "5号楼", "1单元")))
    gate = scalars(select(Node).filter_by(name="1单元"))[0]
    assert scalars(select(func.count()).where(Node.name == "槐荫里")) == [1]
    assert counts()[0] == between[0] + 1
    # The same name in two grids is not guessed at.
    import_(client, csv(row("二龙路社区", "槐荫里", "7号楼", 网格="第二网格")))
    import_(client, csv(row("二龙路社区", "槐荫里", "8号楼")))
    assert scalars(select(func.count()).where(Node.name == "槐荫里")) == [3]
    assert len(gate.path) == 6


def test_the_button_pressed_twice_imports_once(app, world, client):
    looked = send(client, csv(row("新街社区")))
    first, second = client.post(looked.location), client.post(looked.location)
    assert (first.location, second.location) == ("/admin/", PAGE)
    assert scalars(select(func.count()).where(Node.name == "新街社区")) == [1]


def test_blank_details_of_a_community_are_filled_in_and_others_stay(app, world, client):
    data = csv(row("京畿道社区", 电话="010-1", 办公时间="8:00"), row("二龙路社区", 电话="010-2"))
    import_(client, data)
    found = {
        a: (b, c) for a, b, c in rows(select(Community.slug, Community.telephone, Community.hours))
    }
    assert found["jingjidao"] == ("010-1", "8:00")
    assert found["erlonglu"] == ("010-0000-0001", "9:00–17:00")


WRONG = {
    "gate without a building": (row("新街社区", gate="1单元"), "不能直接设在"),
    "building below the street": (row(building="1号楼"), "不能直接设在"),
    "name too long": (row("新" * 61), "超过60个字"),
    "slug": (row("新街社区", 网址名="Xin Jie"), "网址名须为"),
    "slug of another": (row("新街社区", 网址名="erlonglu"), "已有别的社区"),
    "slug that is kept": (row("新街社区", 网址名="c12"), "网址名须为"),
    "no place": (row(电话="010-1"), "没有写地点"),
    "kind differs": (row("金融中心大厦"), "已经存在"),
}


@pytest.mark.parametrize("name", WRONG)
def test_one_wrong_row_stops_all(app, login, name):
    client = login(build_world().administrator)
    before = counts()
    line, sentence = WRONG[name]
    answer = send(client, csv(row("好社区"), line))
    assert answer.status_code == 422
    assert "第3行" in words(answer.text)
    assert sentence in words(answer.text)
    assert counts() == before


def test_rows_that_are_the_same_place_are_named(app, world, client):
    before = counts()
    data = csv(
        row("新街社区", "", "6号楼"),
        row("新街社区", "", "６号楼"),
        row("新街社区", "6号楼"),
        row("新街社区", 电话="1"),
        row("新街社区", "", "7号楼", 电话="2"),
    )
    page = words(send(client, data).text)
    assert "第3行" in page
    assert "第2行" in page
    assert "另一类地点" in page
    assert "第5行为这个社区填了不同的内容" in page
    assert counts() == before


def workbook(fill) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("地点"))
    return target.getvalue()


def test_merged_headings_are_read_and_merged_cells_are_named(app, world, client):
    def fill(book, sheet):
        sheet.merge_range("A1:C1", "金融街街道地点表")
        sheet.merge_range("A2:A3", "社区")
        sheet.merge_range("B2:C2", "房屋")
        sheet.write_row("B3", ["楼", "单元"])
        sheet.write_row("A4", ["新街社区", "1号楼 ", "１单元"])

    assert import_(client, workbook(fill), name="a.xlsx").status_code == 303
    assert scalars(select(Node.name).where(Node.name == "1单元")) == ["1单元"]
    before = counts()

    def merged(book, sheet):
        sheet.write_row("A1", ["社区", "楼"])
        sheet.merge_range("A2:A3", "西安门社区")
        sheet.write("B2", "1号楼")
        sheet.write("B3", "2号楼")

    answer = send(client, workbook(merged), name="a.xlsx")
    assert answer.status_code == 422
    assert "第3行" in words(answer.text)
    assert "合并" in words(answer.text)
    assert counts() == before


def test_formulas_are_refused_in_workbooks_and_csv(app, world, client):
    before = counts()

    def fill(book, sheet):
        sheet.write_row("A1", ["社区", "楼"])
        sheet.write_formula("A2", '="新"&"街"', value="")
        sheet.write("B2", "1号楼")

    for data, name in ((workbook(fill), "a.xlsx"), ("社区\n=1+1\n".encode(), "a.csv")):
        answer = send(client, data, name=name)
        assert answer.status_code == 422
        assert "公式" in words(answer.text)
    assert counts() == before


def test_a_table_of_an_old_program_is_read(app, world, client):
    data = "社区,楼,单元\r\n新街社区,６号楼,一单元\r\n".encode("gb18030")
    import_(client, data)
    assert scalars(select(Node.name).where(Node.name == "一单元")) == ["一单元"]


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (200 * 1024 * 1024))
    return target.getvalue()


NASTY = {
    "nothing": (b"", "文件是空的"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "不是表格"),
    "damaged": (b"PK\x03\x04 xl/workbook.xml" + bytes(200), "损坏"),
    "a bomb": (bomb, "解压"),
    "no headings": ("甲,乙\n1,2\n".encode(), "列名"),
    "headings alone": ("社区,楼\n".encode(), "没有"),
    "too large": (lambda: b"a" * (6 * 1024 * 1024), "5 MB"),
}


@pytest.mark.parametrize("name", NASTY)
def test_nasty_files_get_a_sentence_and_import_nothing(app, login, name):
    client = login(build_world().administrator)
    before = counts()
    data, sentence = NASTY[name]
    answer = send(client, data() if callable(data) else data, name="a.xlsx")
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert counts() == before


def test_a_hundred_megabytes_are_refused_unread(app, login):
    client = login(build_world().administrator)
    answer = send(client, bytes(100 * 1024 * 1024), name="a.xlsx")
    assert answer.status_code == 413
    assert "10 MB" in answer.text


def test_a_kept_table_is_its_senders_alone_and_gone_after_a_day(app, login):
    world = build_world()
    client = login(world.administrator)
    address = send(client, csv(row("新街社区"))).location
    g.pop("_login_user", None)
    other = login(appointed_administrator(world))
    assert other.get(address).status_code == 303
    assert other.post(address).location == PAGE
    g.pop("_login_user", None)
    clock.shift(timedelta(hours=25))
    assert client.post(address).location == PAGE
    assert scalars(select(Node.id).filter_by(name="新街社区")) == []
    send(client, csv(row("新街社区")))
    kept = list((app.config["SETTINGS"].instance / "imports").iterdir())
    assert len(kept) == 1


def test_bodies_and_posts_find_their_places(app, world, client):
    bodies = write_csv(
        [
            ["二龙路社区", "居委会", "二龙路社区居民委员会", "010-2", "9:00", "6号楼一层"],
            ["", "科室", "社区建设办公室", "", "", ""],
        ],
        ["位置", "类型", "名称", "电话", "办公时间", "地点"],
    )
    import_(client, bodies, "bodies")
    assert scalars(select(Body.title).order_by(Body.id)) == [
        "二龙路社区居民委员会",
        "社区建设办公室",
    ]
    posts = write_csv(
        [
            ["京畿道社区", "书记", "社区党委书记", "京畿道社区党委"],
            ["金融街街道/二龙路社区/6号楼", "网格员", "网格员", "街道"],
        ],
        ["位置", "岗位", "名称", "单位"],
    )
    import_(client, posts, "posts")
    found = dict(
        rows(select(Post.title, Post.node_id).where(Post.office.in_(["街道", "京畿道社区党委"])))
    )
    assert found == {"社区党委书记": world.jingji.id, "网格员": world.building.id}
    before = counts()
    assert "没有新增" in client.get(send(client, posts, "posts").location).text
    wrong = write_csv(
        [["无名社区", "书记", "书记", "x"], ["二龙路社区", "皇帝", "皇帝", "x"]],
        ["位置", "岗位", "名称", "单位"],
    )
    page = words(send(client, wrong, "posts").text)
    assert "没有“无名社区”" in page
    assert "不认识“皇帝”" in page
    assert counts() == before


def test_templates_are_tables_that_can_be_sent_back(app, login):
    client = login(build_world().administrator)
    for what in place_columns.WHAT:
        for kind in ("csv", "xlsx"):
            answer = client.get(f"{PAGE}template/{what}.{kind}")
            assert answer.status_code == 200
            page = words(send(client, answer.data, what, f"a.{kind}").text)
            assert "列名" in page
            assert "没有" in page


def test_kinds_are_known_by_their_chinese_titles(app):
    with app.test_request_context():
        titles = {**kinds.BODIES, **identity_kinds.POSTS}
        known = {folded(name) for name in place_columns.SHORT}
        assert {folded(str(title)) for title in titles.values()} <= known


def test_two_thousand_places_take_few_statements(app, login):
    client = login(build_world().administrator)
    lines = [
        [f"社区{n // 200}", f"小区{n // 50}", f"{n // 5}号楼", f"{n}单元"] for n in range(1700)
    ]
    data = write_xlsx(lines, ["社区", "小区", "楼", "单元"], "地点")
    looked = send(client, data, name="a.xlsx")
    with inside.statements(app) as seen:
        assert client.post(looked.location).location == "/admin/"
    assert scalars(select(func.count()).select_from(Node))[0] > 2000
    assert len(seen) < 60
