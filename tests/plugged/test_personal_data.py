"""What a plugin stores about people: declared, shown to whom it concerns, and in the register."""

import pytest
from civic_kinds import Tenancy
from sqlalchemy import select

from civic.identities import processing
from civic.kernel import own_data
from civic.kernel.db import db
from civic.kernel.sheets import read
from tests.pages import text_of
from tests.plugged.conftest import off

FIELD, AGENCY = "What you rent", "the agency of the house"


def rent(world, who) -> None:
    db.session.add(
        Tenancy(community_id=world.erlong.id, person_id=who.id, node_id=world.gate.id, note="401室")
    )
    db.session.commit()


def test_whom_it_concerns_reads_it_on_their_own_page(world, login):
    mine = text_of(login(world.resident).get("/me/data"))
    assert FIELD in mine
    assert AGENCY in mine
    assert "Your consent" in mine
    assert FIELD not in text_of(login(world.elsewhere).get("/me/data"))


def test_data_that_exist_are_shown_although_it_is_off(world, login):
    rent(world, world.elsewhere)
    off(world)
    page = text_of(login(world.elsewhere).get("/me/data"))
    assert FIELD in page
    assert "401室" in page
    assert "401室" in text_of(login(world.elsewhere).post("/me/data/export.html"))
    assert FIELD not in text_of(login(world.resident).get("/me/data"))


def test_the_page_about_privacy_says_where(world, login):
    page = text_of(login(None).get("/privacy"))
    assert FIELD in page
    assert "二龙路社区" in page
    off(world)
    assert FIELD not in text_of(login(None).get("/privacy"))
    # What one agrees to when one joins is the core's.
    assert all(item.field != FIELD for item in own_data.notice())


@pytest.mark.parametrize(("role", "status"), [("resident", 403), ("administrator", 200)])
def test_the_register_is_the_administrators(world, login, role, status):
    client = login(world.people[role])
    for path in ("/admin/processing/", "/admin/processing/register.xlsx"):
        assert client.get(path).status_code == status


def test_the_register_holds_core_and_plugins(world, login):
    client = login(world.administrator)
    page = text_of(client.get("/admin/processing/"))
    assert FIELD in page
    assert "Your consent" in page
    book = read(client.get("/admin/processing/register.xlsx").data, "register.xlsx")
    rows = [list(texts) for _number, texts in book.rows[1:]]
    mine = ["Kinds", FIELD, "So that tenants can be told.", "Your consent"]
    assert mine in [row[:4] for row in rows]
    assert len(rows) == 1 + len(own_data.notice())
    assert "register.csv" in page
    csv = text_of(client.get("/admin/processing/register.csv"))
    assert AGENCY in csv


def test_who_declares_nothing_although_its_tables_know_people_is_named(world, login, monkeypatch):
    import civic_kinds

    tables = [table.name for table in processing.tables_about_people("kinds")]
    assert tables == ["kinds_tenancy"]
    monkeypatch.setattr(civic_kinds.plugin, "personal_data", ())
    page = text_of(login(world.administrator).get("/admin/processing/"))
    assert "kinds_tenancy" in page


def test_gone_the_pages_do_without(world, bare_login):
    rent(world, world.resident)
    for who, path in (
        (world.resident, "/me/data"),
        (world.resident, "/privacy"),
        (world.administrator, "/admin/processing/"),
    ):
        answer = bare_login(who).get(path)
        assert answer.status_code == 200
        assert FIELD not in text_of(answer)
    assert db.session.scalars(select(Tenancy.note)).all() == ["401室"]


def test_tables_that_cannot_be_read_break_no_page(world, login, caplog):
    Tenancy.__table__.drop(db.session.connection())
    db.session.commit()
    off(world)
    # The plugin's own export fails too; the page says so, and is there.
    assert login(world.resident).get("/me/data").status_code == 200
    assert processing.holds("kinds", world.resident.id)
    assert "plugin kinds failed in reading of kinds.tables" in caplog.text
