"""Homes: written down, checked, published, pictured, taken off, found."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from civic.api import db, sheets
from civic_rental import commutes, finding
from civic_rental.home_models import Commute, Home, Listing, Photo

HERE = "/c/erlonglu/rental/"


@pytest.fixture
def listed(story):
    """A conversion that is listed, with homes that are drafts."""
    row = story.begin()
    home = story.home(row)
    story.to(row, "listed")
    return home


def at(home, part=""):
    return f"{HERE}homes/{home.id}/{part}"


def edit(story, home, **changed):
    """Change homes as they stand now."""
    db.session.expire_all()
    data = story.home_fields(version=str(home.version), **changed)
    return story.staff.post(at(home, "edit"), data=data)


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def picture(size=(40, 30), kind="PNG"):
    data = BytesIO()
    Image.new("RGB", size, "navy").save(data, kind)
    data.seek(0)
    return data


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"title": ""}, 422),
        ({"title": "字" * 61}, 422),
        ({"rent": "0"}, 422),
        ({"rent": "0.01"}, 303),
        ({"rent": "-5"}, 422),
        ({"rent": "10000000"}, 303),
        ({"rent": "10000000.01"}, 422),
        ({"rent": "9" * 400}, 422),
        ({"area": ""}, 422),
        ({"area": "10000"}, 303),
        ({"area": "10000.01"}, 422),
        ({"area": "1e3"}, 422),
        ({"pay_months": "0"}, 422),
        ({"pay_months": "36"}, 303),
        ({"pay_months": "37"}, 422),
        ({"pay_months": "9" * 5000}, 422),
        ({"lease_months": "0"}, 422),
        ({"deposit": ""}, 422),
        ({"kind": "castle"}, 422),
        ({"audience": []}, 422),
        ({"audience": ["secretary"]}, 422),
        ({"tiers": []}, 422),
        ({"persons_1": "101"}, 422),
        ({"persons_1": "100"}, 303),
        ({"persons_1": "-1"}, 422),
        ({"persons_1": "²"}, 422),
        ({"area_1": "很大"}, 422),
        ({"use_1": "castle"}, 422),
    ],
)
def test_homes_are_written_whole_or_refused_and_kept_as_typed(story, changed, status):
    row = story.begin()
    answer = story.staff.post(story.at(row, "homes/new"), data=story.home_fields(**changed))
    assert answer.status_code == status
    assert count(Listing) == (status == 303)
    if status == 422:
        assert "近地铁，可做饭。" in answer.text
        assert "北京建房托管账户" in answer.text


def test_a_form_sent_twice_writes_homes_once(story):
    row = story.begin()
    assert story.home(row).id == story.home(row).id


@pytest.mark.parametrize(
    ("changed", "rule", "cure"),
    [
        ({"area_1": "9.99"}, "2013年出租房屋人均居住面积", "1人以内"),
        ({"persons_1": "3", "area_1": "20"}, "每个房间不超过2人", "2人以内"),
        ({"use_1": "store"}, "住房租赁条例（2025年9月15日施行）", "居住人数改为0"),
        ({"use_1": "living"}, "起居室不得单独出租", "供住户共用"),
        ({"window_1": ""}, "室内装饰装修", "请开设外窗"),
        ({"deposit": "3200.01"}, "押金不超过一个月租金", "3,200"),
        ({"custody": ""}, "押金由第三方托管", "第三方托管账户"),
        ({"pay_months": "4"}, "不超过三个月", "最多付3个月"),
        ({"text": "有打 隔断的小间"}, "分割出租", "按原设计的房间"),
        ({"title": "按床出租"}, "不得按床位出租", "按房间或整套"),
        ({"text": "谢绝带小孩"}, "歧视性", "删去对人的限制"),
    ],
)
def test_a_failed_check_names_rule_and_cure_and_stops_it(story, listed, changed, rule, cure):
    assert story.publish(listed).status_code == 303
    off = {"act": "suspended", "words": "改信息"}
    assert story.secretary.post(at(listed, "take-off"), data=off).status_code == 303
    assert edit(story, listed, **changed).status_code == 303
    page = story.staff.get(at(listed, "office")).text
    assert rule in page
    assert cure in page
    answer = story.publish(listed)
    assert answer.status_code == 409
    db.session.expire_all()
    assert listed.state == "suspended"
    assert edit(story, listed).status_code == 303
    assert story.publish(listed).status_code == 303


def test_who_wrote_them_does_not_publish_them(story):
    row = story.begin()
    home = story.home(row, who=story.secretary)
    story.to(row, "listed")
    assert story.publish(home).status_code == 403
    officer = story.browser("street_officer")
    assert story.publish(home, officer).status_code == 303
    assert story.publish(home, officer).status_code == 409
    assert story.publish(home, story.staff).status_code == 403


def test_homes_wait_for_their_conversion_and_their_doors(story):
    row = story.begin()
    home = story.home(row, doors="")
    assert story.publish(home).status_code == 409
    story.to(row, "listed")
    answer = story.publish(home)
    assert answer.status_code == 422
    assert "门牌" in answer.text


def test_doors_are_for_staff_alone_and_stay_the_same_homes(story, listed, client, login):
    ids = dict(db.session.execute(select(Home.door, Home.id)).all())
    doors = "2层202\n\n 2层202 \n9层901"
    assert story.staff.post(at(listed, "doors"), data={"doors": doors}).status_code == 303
    now = dict(db.session.execute(select(Home.door, Home.id)).all())
    assert now == {"2层202": ids["2层202"], "9层901": now["9层901"]}
    db.session.expire_all()
    assert listed.homes == 2
    story.publish(listed)
    assert "9层901" in story.staff.get(at(listed, "office")).text
    for code in ("resident", "worker", "member"):
        browser = login(code)
        for page in ("", "print"):
            assert "9层901" not in browser.get(at(listed, page)).text
        assert browser.get(at(listed, "office")).status_code == 403
        assert "9层901" not in browser.get(HERE).text
    refused = story.staff.post(at(listed, "doors"), data={"doors": "1"})
    assert refused.status_code == 409


@pytest.mark.parametrize(("doors", "status"), [("门" * 61, 422), ("门" * 60, 303)])
def test_a_door_has_its_bounds(story, listed, doors, status):
    assert story.staff.post(at(listed, "doors"), data={"doors": doors}).status_code == status


def test_too_many_doors_are_refused_and_kept(story, listed):
    many = "\n".join(f"{number}号" for number in range(501))
    answer = story.staff.post(at(listed, "doors"), data={"doors": many})
    assert answer.status_code == 422
    assert "500号" in answer.text


def test_a_draft_is_seen_by_the_office_alone(story, listed, login, client):
    assert story.staff.get(at(listed)).status_code == 200
    assert login("resident").get(at(listed)).status_code == 404
    login.out()
    assert client.get(at(listed)).status_code == 404
    assert "一居室（朝南）" not in client.get(HERE).text
    assert "一居室（朝南）" not in client.get("/c/erlonglu/").text


def test_public_homes_are_on_the_home_page(story, client, login):
    story.public()
    login.out()
    assert "一居室（朝南）" in client.get("/c/erlonglu/").text


def test_they_are_taken_off_with_a_reason(story):
    home = story.public()
    off = at(home, "take-off")
    assert story.secretary.post(off, data={"act": "closed"}).status_code == 422
    for act in ("", "moon", "draft"):
        answer = story.secretary.post(off, data={"act": act, "words": "原因"})
        assert answer.status_code == 409
    assert story.staff.post(off, data={"act": "closed", "words": "原因"}).status_code == 403
    assert story.secretary.post(off, data={"act": "closed", "words": "整栋大修"}).status_code == 303
    assert "整栋大修" in story.staff.get(at(home)).text
    assert story.secretary.post(off, data={"act": "closed", "words": "原因"}).status_code == 409
    assert "一居室（朝南）" not in story.staff.get(HERE).text


def test_public_homes_are_not_changed(story):
    home = story.public()
    assert story.staff.get(at(home, "edit")).status_code == 303
    answer = story.staff.post(at(home, "edit"), data=story.home_fields(rent="1"))
    assert answer.status_code == 409
    db.session.expire_all()
    assert home.rent == 320_000


def test_of_two_people_on_one_draft_the_second_is_told(story, listed):
    assert edit(story, listed, rent="3000").status_code == 303
    late = story.home_fields(rent="2800", version="1")
    answer = story.secretary.post(at(listed, "edit"), data=late)
    assert answer.status_code == 409
    assert 'value="2800"' in answer.text
    db.session.expire_all()
    assert listed.rent == 300_000
    late["version"] = str(listed.version)
    assert story.secretary.post(at(listed, "edit"), data=late).status_code == 303
    db.session.expire_all()
    assert listed.rent == 280_000


def test_elsewhere_there_are_no_such_homes(story, login):
    home = story.public()
    other = login("secretary", name="别处的", at="jingjidao")
    for part in ("office", "edit"):
        assert other.get(at(home, part)).status_code == 403
    data = {"act": "closed", "words": "别处"}
    assert other.post(at(home, "take-off"), data=data).status_code == 403
    assert other.get(f"/c/jingjidao/rental/homes/{home.id}/").status_code == 404


def add(story, home, data, name="room.png", alt="朝南的房间"):
    form = {"file": (data, name), "alt": alt}
    return story.staff.post(at(home, "photos"), data=form)


def test_a_picture_is_added_shown_and_taken_off(story, client, login):
    home = story.public()
    assert add(story, home, picture()).status_code == 303
    photo = db.session.scalars(select(Photo)).one()
    key, address = photo.id, at(home, f"photos/{photo.id}/{photo.name}")
    login.out()
    sent = client.get(address)
    assert sent.status_code == 200
    assert sent.headers["Content-Type"] == "image/webp"
    sent.close()
    assert client.get(at(home, f"photos/{key}/other.webp")).status_code == 404
    assert 'alt="朝南的房间"' in client.get(at(home)).text
    assert story.staff.post(at(home, f"photos/{key}/remove")).status_code == 303
    assert client.get(address).status_code == 404
    assert story.staff.post(at(home, f"photos/{key}/remove")).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "alt"),
    [
        (b"no picture", "room.png", "房间"),
        (b"", "room.png", "房间"),
        (b"%PDF-1.4\n%%EOF", "room.pdf", "房间"),
        (None, "room.png", ""),
        (None, "", "房间"),
        (None, "room.png", "字" * 121),
    ],
)
def test_a_wrong_picture_is_refused_and_the_words_are_kept(story, listed, data, name, alt):
    sent = picture() if data is None else BytesIO(data)
    answer = add(story, listed, sent, name, alt)
    assert answer.status_code == 422
    assert alt in answer.text
    assert count(Photo) == 0


def test_a_picture_of_another_home_is_not_there(story):
    home = story.public()
    add(story, home, picture())
    photo = db.session.scalars(select(Photo)).one()
    row = home.conversion
    other = story.home(row, form_key="other", title="另一种")
    page = f"photos/{photo.id}/{photo.name}"
    assert story.staff.get(at(other, page)).status_code == 404
    assert story.staff.post(at(other, f"photos/{photo.id}/remove")).status_code == 404
    assert count(Photo) == 1


def test_homes_are_found_by_what_one_looks_for(story, client, login):
    home = story.public()
    row = home.conversion
    place = story.ways(row, walk=14, cycle=6, transit=31)
    other = story.home(row, form_key="two", title="首层开间", rent="2600", area="24", lift="")
    data = story.home_fields(
        form_key="two",
        title="首层开间",
        rent="2600",
        area="24",
        step_free="y",
        deposit="0",
        version="1",
    )
    data.pop("lift")
    assert story.staff.post(at(other, "edit"), data=data).status_code == 303
    assert story.publish(other).status_code == 303
    login.out()

    def found(query):
        page = client.get(f"{HERE}?{query}")
        assert page.status_code == 200
        names = ("首层开间", "一居室（朝南）")
        return [name for name in names if f">{name}</a>" in page.text]

    assert found("") == ["首层开间", "一居室（朝南）"]
    assert found("rent=2600") == ["首层开间"]
    assert found("rent=2599.99") == []
    assert found("area=32.5") == ["一居室（朝南）"]
    assert found("persons=2") == ["首层开间", "一居室（朝南）"]
    assert found("persons=3") == []
    assert found("lift=y") == ["一居室（朝南）"]
    assert found("step_free=y") == ["首层开间"]
    assert found("kind=dormitory") == []
    assert len(found(f"workplace={place}&minutes=15")) == 2
    assert len(found(f"workplace={place}&minutes=15&mode=walk")) == 2
    assert found(f"workplace={place}&minutes=30&mode=transit") == []
    assert len(found(f"workplace={place}&minutes=45&mode=transit")) == 2
    for odd in ("rent=-1", "rent=" + "9" * 99, "minutes=16", "workplace=" + "9" * 30):
        assert len(found(odd)) == 2
    for odd in ("after=" + "9" * 30, "persons=²", "mode=fly", "kind=x", "after=0"):
        assert len(found(odd)) == 2
    assert "14分钟" in client.get(f"{HERE}?workplace={place}").text


def test_a_long_list_asks_no_more_and_every_home_is_on_one_page(story, client, login):
    home = story.public()
    story.ways(home.conversion, walk=14)
    place = story.ways(home.conversion, place="西单", walk=20)
    login.out()

    def statements():
        said = []

        def note(_connection, _cursor, statement, *_):
            said.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        assert client.get(f"{HERE}?workplace={place}&minutes=30").status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        return len(said)

    client.get(HERE)
    few = statements()
    names = [column.name for column in Listing.__table__.columns if column.name != "id"]
    for number in range(45):
        again = Listing(**{name: getattr(home, name) for name in names})
        again.form_key, again.title, again.rent = f"k{number}", f"房源{number:02}", 100 + number % 3
        db.session.add(again)
    db.session.commit()
    assert statements() <= few
    seen, address = [], f"{HERE}?workplace={place}&minutes=30"
    while address:
        page = client.get(address).text
        seen += [part.partition("<")[0] for part in page.split('/">')[1:] if "房源" in part[:4]]
        address = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 45


TABLES = "/c/erlonglu/desk/tables/rental/commutes"
SEND = f"{TABLES}/import"


def send(client, rows, header=commutes.HEADER):
    data = sheets.write_xlsx(rows, header, "通勤")
    return client.post(SEND, data={"file": (BytesIO(data), "commutes.xlsx")})


def test_ways_to_work_come_in_and_go_out_again(story, login, client):
    row = story.begin()
    login("staff")
    looked = send(client, [(row.title, "金融街", 12, 6, None), (row.title, "西单", None, 10, 240)])
    assert looked.status_code == 303, looked.text
    assert client.post(looked.location).status_code == 303
    assert count(Commute) == 4
    out = client.post(f"{TABLES}/export.xlsx")
    again = client.post(SEND, data={"file": (BytesIO(out.data), "again.xlsx")})
    assert again.status_code == 303
    client.post(again.location)
    assert count(Commute) == 4
    looked = send(client, [(row.title, "金融街", 15, None, None)])
    client.post(looked.location)
    assert finding.commutes(row.id)["金融街"] == {"walk": 15, "cycle": 6}


def test_what_is_wrong_with_ways_is_said_by_row(story, login, client):
    row = story.begin()
    login("staff")
    wrong = [
        ("没有的项目", "金融街", 12, None, None),
        (row.title, "金融街", 0, None, None),
        (row.title, "西单", 241, None, None),
        (row.title, "长" * 41, 5, None, None),
        (row.title, "复兴门", None, None, None),
        (row.title, "金融街", 7, None, None),
    ]
    answer = send(client, wrong)
    assert answer.status_code == 422
    for told in ("没有的项目", "240", "第3行", "至少填一列"):
        assert told in answer.text
    assert count(Commute) == 0


@pytest.mark.parametrize("code", ["homes", "conversions", "commutes"])
def test_tables_go_out_for_staff_alone(story, login, client, code):
    story.public()
    login("staff")
    out = client.post(f"/c/erlonglu/desk/tables/rental/{code}/export.xlsx")
    assert out.status_code == 200
    login("resident")
    assert client.post(f"/c/erlonglu/desk/tables/rental/{code}/export.xlsx").status_code in {
        403,
        404,
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rental_listing SET homes = 0",
        "UPDATE rental_listing SET rent = 0",
        "UPDATE rental_listing SET published_at = NULL",
        "UPDATE rental_room SET area = 0",
        "UPDATE rental_room SET persons = -1",
        "UPDATE rental_home SET door = ''",
        "UPDATE rental_home SET door = '同一门牌'",
    ],
)
def test_the_database_keeps_homes_whole(story, statement):
    story.public()
    with pytest.raises(IntegrityError):
        db.session.execute(text(statement))
    db.session.rollback()


def test_own_data_is_given_out_and_forgotten(story, login):
    from civic_rental import own_data

    story.public()
    who = login.id("staff")
    given = {table.name: table for table in own_data.export(who)}
    assert all(
        table.rows for key, table in given.items() if key in {"rental_records", "rental_homes"}
    )
    own_data.forget(who)
    db.session.commit()
    assert not any(table.rows for table in own_data.export(who))
    assert count(Listing) == 1
