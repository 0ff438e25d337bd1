"""Liaisons of the units of bodies as readers of notices."""

from party_said import HEADS, HERE, UNITS
from sqlalchemy import event, text

from civic.api import clock, db
from civic_party.audience import unit_liaisons
from civic_party.models import Body, Seat


def reach(answer):
    """Return what a page says of how many a notice reaches."""
    return answer.text.split('id="reach"')[1].split("</div>")[0]


def meant():
    return sorted(tuple(row) for row in db.session.execute(unit_liaisons()))


def test_exactly_the_liaisons_of_seated_units_are_meant(story):
    body = story.body(filled=False)
    here = story.community.id
    who = [story.login.id("resident_unit", name=head) for head in HEADS]
    story.liaison("没有席位的单位", "局外人")
    _browser, second = story.liaison(UNITS[0], "第二联络员")
    assert meant() == sorted((one, here) for one in [*who, second])
    other = story.body(filled=False, title="四方联席会")
    assert meant() == sorted((one, here) for one in [*who, second]), "nobody twice"

    ended = "UPDATE standing SET valid_to = :now WHERE person_id = :who"
    db.session.execute(text(ended), {"now": clock.now(), "who": second})
    for which in (body, other):
        seat = story.seat(UNITS[1], which)
        db.session.get(Seat, seat.id).ended_at = clock.now()
    db.session.commit()
    assert meant() == sorted((one, here) for one in [who[0], *who[2:]])

    for which in (body, other):
        db.session.get(Body, which.id).dissolved_at = clock.now()
    db.session.commit()
    assert meant() == []


def test_it_is_one_statement_for_many(story):
    story.body(filled=False)
    said = []

    def note(_connection, _cursor, statement, *_):
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert len(meant()) == len(UNITS)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(said) == 1


def test_a_notice_is_for_them_where_the_plugin_is_on(story):
    story.body(filled=False)
    home = HERE.removesuffix("party/")
    form = f"{home}notices/new"
    assert 'value="party.liaison"' in story.secretary.get(form).text
    data = {
        "code": "party.liaison",
        "node": str(story.community.id),
        "role": "any",
        "do": "count",
    }
    counted = story.secretary.post(f"{home}notices/readers", data=data)
    assert counted.status_code == 200
    assert "机构成员单位的联络员" in counted.text
    assert "少于5人" in reach(counted)
    story.liaison(UNITS[0], "第二联络员")
    counted = story.secretary.post(f"{home}notices/readers", data=data)
    assert "5" in reach(counted)
    assert "少于" not in reach(counted)
    switched = db.metadata.tables["activation"]
    db.session.execute(switched.update().where(switched.c.plugin == "party").values(on=False))
    db.session.commit()
    assert "party.liaison" not in story.secretary.get(form).text
    refused = story.secretary.post(f"{home}notices/readers", data=data)
    assert "请从列表里选择人和地方" in reach(refused)
