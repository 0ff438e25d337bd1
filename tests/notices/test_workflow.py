"""A notice is written by one and issued by another, numbered once, corrected in the open."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.notices import corrections, drafts, ends, issuing, kinds
from civic.notices.models import Notice, NoticeAudience, NoticeStep, NoticeVersion
from civic.notices.terms import Term
from tests.factories import World, person, rows, scalars, standing
from tests.notices.conftest import DISPLAY, days_off, issued, submitted, written


def refused(code: str):
    return pytest.raises(Refused, check=lambda error: error.code == code)


def steps(notice: Notice) -> list[str]:
    query = select(NoticeStep.act).filter_by(notice_id=notice.id).order_by(NoticeStep.id)
    return scalars(query)


def of_gate(world: World, role: str = "any", code: str = "resident") -> Term:
    return Term(role=role, code=code, node_id=world.gate.id, min_level=2)


def people(news) -> set[int]:
    return set(news.people) if isinstance(news.people, list) else set(scalars(news.people))


def test_the_way_of_a_notice(world: World, told):
    made = written(world, of_gate(world))
    with refused("not_submitted"):
        issuing.issue(world.actor("deputy"), world.erlong, made.id, made.revision)
    db.session.rollback()
    drafts.submit(world.actor("secretary"), world.erlong, made.id)
    with refused("second_person"):
        issuing.issue(world.actor("secretary"), world.erlong, made.id, made.revision)
    db.session.rollback()
    drafts.submit(world.actor("secretary"), world.erlong, made.id)
    issuing.issue(world.actor("deputy"), world.erlong, made.id, made.revision)
    db.session.commit()
    year = clock.local(clock.now()).year
    assert made.number == f"二龙路社区通知〔{year}〕1号"
    assert steps(made) == ["drafted", "submitted", "issued"]
    assert [news.kind for news in told] == ["notice"]
    assert people(told[0]) == {world.resident.id, world.minor.id}
    for act in (
        lambda: issuing.issue(world.actor("officer"), world.erlong, made.id, made.revision),
        lambda: drafts.submit(world.actor("secretary"), world.erlong, made.id),
        lambda: drafts.send_back(
            world.actor("deputy"), world.erlong, made.id, code="facts", note=""
        ),
    ):
        with refused("issued"):
            act()
        db.session.rollback()
    assert list(audit.broken()) == []
    acts = scalars(select(audit.AuditEntry.act).where(audit.AuditEntry.act.startswith("notice.")))
    assert acts == ["notice.drafted", "notice.submitted", "notice.issued"]


def test_a_public_notice_is_told_to_those_of_the_place(world: World, told):
    issued(world)
    assert people(told[0]) == {world.resident.id, world.neighbour.id, world.minor.id}


def test_whoever_changes_a_draft_does_not_issue_it(world: World):
    made = written(world)
    draft = drafts.Draft(kind="notice", level="ordinary", title="改", body="改", office="居委会")
    drafts.change(world.actor("deputy"), world.erlong, made.id, draft, 1)
    drafts.submit(world.actor("secretary"), world.erlong, made.id)
    db.session.commit()
    with refused("second_person"):
        issuing.issue(world.actor("deputy"), world.erlong, made.id, 2)
    db.session.rollback()
    issuing.issue(world.actor("secretary"), world.erlong, made.id, 2)


def test_a_draft_comes_back_with_its_reason(world: World, told):
    made = submitted(world)
    draft = drafts.Draft(kind="notice", level="ordinary", title="改", body="改", office="居委会")
    with refused("submitted"):
        drafts.change(world.actor("secretary"), world.erlong, made.id, draft, 1)
    db.session.rollback()
    with refused("reason"):
        drafts.send_back(world.actor("deputy"), world.erlong, made.id, code="other", note=" ")
    db.session.rollback()
    drafts.send_back(world.actor("deputy"), world.erlong, made.id, code="facts", note="日期不对")
    db.session.commit()
    assert (told[0].kind, told[0].people) == ("notice_returned", [world.secretary.id])
    drafts.change(world.actor("secretary"), world.erlong, made.id, draft, 1)
    with refused("stale"):
        drafts.change(world.actor("secretary"), world.erlong, made.id, draft, 1)


def test_what_changed_since_it_was_read_is_not_issued(world: World):
    made = submitted(world)
    with refused("stale"):
        issuing.issue(world.actor("deputy"), world.erlong, made.id, made.revision + 1)


def test_numbers_count_by_place_year_and_kind(world: World):
    year = clock.local(clock.now()).year
    found = [issued(world), issued(world, kind="bulletin"), issued(world)]
    street = written(world, by="officer", at=world.street)
    other = person("钱进")
    db.session.execute(update(Notice).where(Notice.id == street.id).values(drafted_by=other.id))
    db.session.commit()
    drafts.submit(world.actor("officer"), world.street, street.id)
    issuing.issue(world.actor("officer"), world.street, street.id, 1)
    numbers = [notice.number for notice in (*found, street)]
    assert numbers == [
        f"二龙路社区通知〔{year}〕1号",
        f"二龙路社区通报〔{year}〕1号",
        f"二龙路社区通知〔{year}〕2号",
        f"金融街街道通知〔{year}〕1号",
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"issued_by": "drafted_by"},
        {"withdrawn_reason": "x", "withdrawn_at": None, "withdrawn_by": 1},
        {"number": None},
        {"submitted_at": None},
        {"kind": "public_display"},
        {"kind": "rumour"},
    ],
)
def test_the_database_holds_the_rules(world: World, values):
    made = issued(world)
    if values.get("issued_by") == "drafted_by":
        values = {"issued_by": made.drafted_by}
    if "withdrawn_by" in values:
        values = values | {"withdrawn_by": made.drafted_by}
    with pytest.raises(IntegrityError):
        db.session.execute(update(Notice).where(Notice.id == made.id).values(**values))
    db.session.rollback()


def test_the_database_lets_nobody_name_the_party(world: World):
    made = written(world)
    db.session.add(
        NoticeAudience(
            notice_id=made.id, role="any", code="party_member", node_id=world.gate.id, min_level=0
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    line = Term(role="any", code="party_member", node_id=world.erlong.id)
    with refused("audience"):
        written(world, line)


@pytest.mark.parametrize("elsewhere", ["jingji", "street"])
def test_readers_of_another_place_cannot_be_named(world: World, elsewhere: str):
    line = Term(role="any", code="resident", node_id=getattr(world, elsewhere).id)
    with refused("audience"):
        written(world, line)


def test_a_correction_needs_a_second_person_and_shows(world: World, told):
    made = issued(world)
    texts = {"title": "停水通知", "body": "后天停水。", "reason": "日期写错了"}
    with refused("body"):
        corrections.draft(
            world.actor("deputy"), world.erlong, made.id, **(texts | {"body": "明天停水。"})
        )
    db.session.rollback()
    waiting = corrections.draft(world.actor("deputy"), world.erlong, made.id, **texts)
    db.session.commit()
    stamp = waiting.made_at.isoformat()
    with refused("waits"):
        corrections.draft(world.actor("secretary"), world.erlong, made.id, **texts)
    db.session.rollback()
    with refused("second_person"):
        corrections.approve(world.actor("deputy"), world.erlong, made.id, stamp)
    db.session.rollback()
    with refused("stale"):
        corrections.approve(world.actor("secretary"), world.erlong, made.id, "earlier")
    db.session.rollback()
    assert rows(select(Notice.body, Notice.version)) == [("明天停水。", 1)]
    corrections.approve(world.actor("secretary"), world.erlong, made.id, stamp)
    db.session.commit()
    assert rows(select(Notice.body, Notice.version)) == [("后天停水。", 2)]
    kept = rows(select(NoticeVersion.number, NoticeVersion.body).order_by(NoticeVersion.number))
    assert kept == [(1, "明天停水。"), (2, "后天停水。")]
    assert [news.kind for news in told] == ["notice", "notice_changed"]
    with refused("no_correction"):
        corrections.approve(world.actor("secretary"), world.erlong, made.id, stamp)


def test_a_correction_comes_back_and_is_changed(world: World):
    made = issued(world)
    texts = {"title": "停水通知", "body": "后天停水。", "reason": "日期写错了"}
    corrections.draft(world.actor("deputy"), world.erlong, made.id, **texts)
    corrections.send_back(
        world.actor("secretary"), world.erlong, made.id, code="facts", note="是大后天"
    )
    db.session.commit()
    again = texts | {"body": "大后天停水。"}
    waiting = corrections.draft(world.actor("deputy"), world.erlong, made.id, **again)
    assert (waiting.number, waiting.returned_at) == (2, None)


def test_what_is_withdrawn_stays_withdrawn(world: World, told):
    made = issued(world)
    with refused("reason"):
        issuing.withdraw(world.actor("secretary"), world.erlong, made.id, " ")
    db.session.rollback()
    issuing.withdraw(world.actor("secretary"), world.erlong, made.id, "活动取消")
    db.session.commit()
    with refused("withdrawn"):
        issuing.withdraw(world.actor("secretary"), world.erlong, made.id, "再撤")
    db.session.rollback()
    with refused("withdrawn"):
        corrections.draft(
            world.actor("deputy"), world.erlong, made.id, title="a", body="b", reason="c"
        )
    assert [news.kind for news in told] == ["notice", "notice_changed"]


# Displays


MONDAY = datetime(2031, 9, 29, 10, 0, tzinfo=clock.ZONE)


def test_a_display_ends_at_midnight_after_its_days(world: World, later):
    days_off(2031, off=tuple(date(2031, 10, day) for day in range(1, 8)))
    later(MONDAY)
    made = issued(world, **DISPLAY)
    # Three days lead into the holidays, whose next working day is Wednesday the 8th.
    assert clock.local(made.display_to) == datetime(2031, 10, 9, 0, 0, tzinfo=clock.ZONE)
    working = issued(world, **DISPLAY, display_kind="working")
    # 30 September, 8 and 9 October.
    assert clock.local(working.display_to) == datetime(2031, 10, 10, 0, 0, tzinfo=clock.ZONE)


def test_without_the_days_off_a_display_is_not_issued(world: World, later):
    later(MONDAY)
    made = submitted(world, **DISPLAY, display_kind="working")
    with refused("holidays.missing") as found:
        issuing.issue(world.actor("deputy"), world.erlong, made.id, made.revision)
    db.session.rollback()
    assert "2031" in str(found.value)
    assert rows(select(Notice.issued_at, Notice.number)) == [(None, None)]


@pytest.mark.parametrize("missing", ["display_n", "objection_telephone"])
def test_a_display_names_its_days_and_its_telephone(world: World, missing: str):
    with refused(missing):
        written(world, **(DISPLAY | {missing: None if missing == "display_n" else ""}))


def test_the_end_is_posted_once_and_told(world: World, later, told):
    days_off(2031)
    later(MONDAY)
    made = issued(world, of_gate(world), **DISPLAY)
    issued(world, valid_to=MONDAY + timedelta(days=2))
    del told[:]
    assert ends.post_ends() == 0
    later(MONDAY + timedelta(days=10))
    assert ends.post_ends() == 2
    db.session.commit()
    assert ends.post_ends() == 0
    db.session.commit()
    assert steps(made)[-1] == kinds.DISPLAY_ENDED
    assert [news.kind for news in told] == ["notice_ended_staff", "notice_ended"]
    assert people(told[0]) == {world.secretary.id, world.deputy.id}
    assert people(told[1]) == {world.resident.id, world.minor.id}
    with pytest.raises(IntegrityError):
        db.session.execute(
            NoticeStep.__table__.insert().values(
                notice_id=made.id, act="display_ended", at=clock.now(), post="", code="", note=""
            )
        )
    db.session.rollback()


def test_receipts_are_asked_of_organisations_alone(world: World):
    soon = clock.now() + timedelta(days=3)
    with refused("receipt_by"):
        written(world, of_gate(world), receipt_by=soon)
    db.session.rollback()
    unit = Term(role="any", code="unit", node_id=world.erlong.id)
    assert written(world, unit, receipt_by=soon).receipt_by == soon


def test_standing_that_is_over_reads_nothing_more(world: World, told):
    mover = person("搬走")
    row = standing(mover, world.gate)
    row.valid_to = clock.now() - timedelta(days=1)
    db.session.commit()
    issued(world, of_gate(world))
    assert mover.id not in people(told[0])
