"""Bundles become versions: twice is once, none is ever changed, and what a street adopted stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Misconfigured, Refused
from civic.procedures import bundles, confirming, loading, services, snapshots
from civic.procedures.bundles import Source
from civic.procedures.loading import Adoption
from civic.procedures.models import ProcedureConfirmation, ProcedureVersion
from tests.procedures.samples import TEXT, written
from tests.procedures.test_bundles import ROWS

POLL = (bundles.SHIPPED / "household_poll.toml").read_text("utf-8")


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(ProcedureVersion))


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """A bundle of one file that can be written anew."""
    monkeypatch.setattr(loading, "sources", lambda: [Source("civic", tmp_path)])

    def write(text: str) -> None:
        written(tmp_path, text)

    write(TEXT)
    return write


def test_all_rows_are_loaded_once_as_an_official_act(app) -> None:
    assert len(loading.sync().added) == len(ROWS)
    db.session.commit()
    done = loading.sync()
    assert (done.added, len(done.same), done.elsewhere) == ([], len(ROWS), [])
    assert count() == len(ROWS)
    (entry,) = db.session.scalars(select(audit.AuditEntry)).all()
    assert entry.act == "procedures.loaded"
    row = services.find("owner_special", 1)
    assert entry.data["versions"]["owner_special/1"] == row.fingerprint
    assert row.fingerprint == snapshots.fingerprint(row.data)
    assert row.confirmation is None
    db.session.rollback()


def test_a_site_elsewhere_has_the_rules_of_elsewhere(app, monkeypatch) -> None:
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", type(settings)(jurisdiction="CN"))
    done = loading.sync()
    assert sorted(done.elsewhere) == ["oc_meeting", "owner_found", "pmc_meeting"]
    special = services.one_in_force("owner_special")
    assert services.binding_of(special) == "advisory"
    db.session.flush()
    # The same site moves: what differs there becomes a new version.
    monkeypatch.setitem(app.config, "SETTINGS", type(settings)(jurisdiction="CN-BJ"))
    assert "owner_special 2" in loading.sync().added
    assert services.binding_of(services.one_in_force("owner_special")) == "mirror"
    db.session.rollback()


def test_nobody_knows_the_jurisdiction(app, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", type(app.config["SETTINGS"])(jurisdiction="CN-XX"))
    with pytest.raises(Misconfigured, match="CIVIC_JURISDICTION is 'CN-XX'; known are: CN, CN-BJ"):
        loading.sync()


def test_a_changed_file_needs_a_higher_number(app, bundle) -> None:
    loading.sync()
    changed = TEXT.replace("n = 15", "n = 20")
    bundle(changed)
    with pytest.raises(Misconfigured, match="needs a higher `version` than 1"):
        loading.sync()
    bundle(changed.replace("version = 1", "version = 2"))
    assert loading.sync().added == ["owner_special 2"]
    assert services.one_in_force("owner_special").number == 2
    first, second = services.find("owner_special", 1), services.find("owner_special", 2)
    assert first.data["times"]["notice"]["n"] == 15
    assert second.data["times"]["notice"]["n"] == 20
    db.session.rollback()


def test_one_fault_and_nothing_is_loaded(app, bundle, tmp_path) -> None:
    written(tmp_path, "id = 3", "other.toml")
    with pytest.raises(Misconfigured, match=r"other\.toml:1: id: a text is needed"):
        loading.sync()
    assert count() == 0
    db.session.rollback()


def test_what_a_street_has_adopted_is_not_replaced_by_a_bundle(app, tmp_path) -> None:
    loading.sync()
    own = written(tmp_path, POLL.replace("n = 7", "n = 10"), "household_poll.toml")
    adoption = Adoption("二龙路社区居民会议", date(2026, 11, 1))
    assert loading.load_files([own], adoption).added == ["household_poll 2"]
    assert loading.load_files([own], adoption).same == ["household_poll 2"]
    assert loading.sync().kept == ["household_poll 2"]
    held = services.one_in_force("household_poll")
    assert (held.adopted_by, held.adopted_on) == ("二龙路社区居民会议", date(2026, 11, 1))
    assert services.snapshot(held)["adopted_by"] == "二龙路社区居民会议"
    own.write_text("", "utf-8")
    with pytest.raises(Misconfigured, match=r"household_poll\.toml:1: "):
        loading.load_files([own], adoption)
    db.session.rollback()


def test_the_newest_that_has_begun_is_in_force_and_an_ended_one_does_not_fall_back(
    app, bundle
) -> None:
    loading.sync()
    second = TEXT.replace("version = 1", "version = 2")
    bundle(
        second.replace("valid_from = 2021-01-01", "valid_from = 2030-01-01\nvalid_to = 2030-12-31")
    )
    loading.sync()
    held = {
        day: [version.number for version in services.in_force(day)]
        for day in (
            date(2020, 12, 31),
            date(2021, 1, 1),
            date(2029, 12, 31),
            date(2030, 1, 1),
            date(2030, 12, 31),
            date(2031, 1, 1),
        )
    }
    assert list(held.values()) == [[], [1], [1], [2], [2], []]
    with pytest.raises(Refused) as refused:
        services.one_in_force("owner_special", date(2031, 1, 1))
    assert refused.value.code == "procedure"
    db.session.rollback()


def test_history_is_not_in_force(app) -> None:
    loading.sync()
    holding = services.in_force()
    assert {version.code for version in holding} == {
        code for code in ROWS if not code.startswith("ra_2018")
    }
    past = services.past(holding, 100)
    assert {version.code for version in past} == {
        code for code in ROWS if code.startswith("ra_2018")
    }
    then = {version.code for version in services.in_force(date(2025, 12, 31))}
    assert "ra_2018_person" in then
    assert "ra_2026_person" not in then
    db.session.rollback()


@pytest.mark.parametrize(
    "change",
    [
        update(ProcedureVersion).values(adopted_by="x"),
        delete(ProcedureVersion),
        update(ProcedureConfirmation).values(post="x"),
        delete(ProcedureConfirmation),
    ],
)
def test_the_database_changes_no_version_and_no_confirmation(world, change) -> None:
    loading.sync()
    version = services.one_in_force("rep_2026")
    confirmed(version.id, world.secretary.id)
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(change)
    db.session.rollback()


def confirmed(version_id: int, person_id: int, **changes) -> ProcedureConfirmation:
    values = {
        "version_id": version_id,
        "at": clock.now(),
        "person_id": person_id,
        "post_kind": "legal_officer",
        "post": "司法所",
        "document": "法审〔2026〕3号",
        "document_on": services.today() - timedelta(days=1),
        "name": "a.pdf",
        "stored": f"{version_id}.pdf",
        "media_type": "application/pdf",
        "size": 1,
        "sha256": "0" * 64,
        "is_image": False,
    }
    made = ProcedureConfirmation(**values | changes)
    db.session.add(made)
    db.session.flush()
    return made


@pytest.mark.parametrize(
    "changes", [{"post_kind": "administrator"}, {"document": ""}, {"post": ""}]
)
def test_the_database_takes_no_confirmation_of_anybody_else(world, changes) -> None:
    loading.sync()
    version = services.one_in_force("rep_2026")
    with pytest.raises(IntegrityError):
        confirmed(version.id, world.secretary.id, **changes)
    db.session.rollback()


def test_a_version_is_confirmed_once(world) -> None:
    loading.sync()
    version = services.one_in_force("rep_2026")
    confirmed(version.id, world.secretary.id)
    db.session.commit()
    with pytest.raises(IntegrityError):
        confirmed(version.id, world.officer.id, stored="other.pdf")
    db.session.rollback()


@pytest.mark.parametrize(
    "change", [{"number": 0}, {"fingerprint": "x"}, {"valid_to": date(2000, 1, 1)}]
)
def test_the_database_takes_no_version_that_cannot_be(app, change) -> None:
    values = {
        "code": "x",
        "number": 1,
        "jurisdiction": "CN",
        "source": "civic",
        "bundled": 1,
        "adopted_by": "",
        "valid_from": date(2020, 1, 1),
        "data": {},
        "fingerprint": "0" * 64,
        "loaded_at": clock.now(),
    }
    db.session.add(ProcedureVersion(**values | change))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_statutory_is_locked_until_the_legal_officer_has_confirmed(world) -> None:
    loading.sync()
    version = services.one_in_force("rep_2026")
    assert services.binding_of(version) == "self_governance"
    assert services.snapshot(version)["confirmed"] is None
    confirmed(version.id, world.secretary.id)
    db.session.commit()
    db.session.expire_all()
    version = services.one_in_force("rep_2026")
    assert services.binding_of(version) == "statutory"
    kept = services.snapshot(version)
    assert kept["confirmed"]["document"] == "法审〔2026〕3号"
    assert snapshots.load_snapshot(kept).confirmed
    with pytest.raises(Refused, match=r"已经确认|confirmed already"):
        confirming.check_version(version)
    db.session.rollback()
