"""The database refuses rows about somebody whose account is closed, whoever writes them."""

import pytest
from sqlalchemy import func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from civic.identities.models import InviteCode, Person, Standing
from civic.kernel import clock, guards
from civic.kernel.db import db
from civic.kernel.tell import News, tell
from civic.notifications.models import InboxItem, Message
from tests import factories
from tests.factories import World

#: Columns that name who acts. Their account is held open by the session they act in
#: (`actors.signed_in`), and what they did in an office stays, under a number without a name.
WHO_ACTS = {
    "acknowledgement": {"person_id"},
    "appointment": {"appointed_by", "ended_by"},
    "claim_step": {"by_id"},
    "consultation": {"created_by"},
    "correction": {
        "admitted_by",
        "answerable_id",
        "decided_by",
        "examined_by",
        "proposed_by",
    },
    "draft_answer": {"answered_by"},
    "draft_cluster": {"made_by"},
    "draft_version": {"published_by"},
    "question_answer": {"by_id"},
    "text_draft": {"closed_by", "written_by"},
    "wall": {"opened_by"},
    "decision": {"answered_by", "decided_by"},
    "guardian_consent": {"seen_by"},
    "hall_entry": {"by_id"},
    "hall_meeting": {"made_by"},
    "hall_old_words": {"by_id"},
    "holiday_year": {"uploaded_by"},
    "invite_batch": {"made_by"},
    "invite_code": {"made_by"},
    "lesson": {"made_by"},
    "look": {"by_id"},
    "notice": {"drafted_by", "issued_by", "withdrawn_by"},
    "notice_step": {"person_id"},
    "notice_version": {"made_by", "approved_by"},
    "rating_round": {"asked_by"},
    "resolution": {"written_by", "published_by"},
    "resolution_objection": {"written_by", "answered_by"},
    "task": {"made_by"},
    "task_step": {"by_id"},
    "recount": {"counted_by", "confirmed_by"},
    "recovery_code": {"made_by"},
    "report": {"settled_by"},
    "case_ballot": {"by"},
    "case_notice": {"by"},
    "stage_entry": {"by", "confirmed_by"},
    "stage_proposal": {"by"},
    "waiting_text": {"decided_by"},
    "mandate": {"proposed_by", "confirmed_by", "revoked_by"},
    "paper_work": {"done_by", "confirmed_by"},
    "sheet": {
        "issued_by",
        "first_by",
        "second_by",
        "decided_by",
        "void_by",
        "void_confirmed_by",
    },
    "sheet_scan": {"added_by"},
    "topic": {"refused_by"},
    "topic_step": {"by_id"},
    "topic_appeal": {"refused_by", "answered_by"},
    "catalogue": {"made_by", "published_by"},
    "standing": {"ended_by", "verified_by"},
    "tree_event": {"recorded_by"},
    "ballot_extension": {"by"},
    "ballot_step": {"proposed_by", "confirmed_by"},
    "household_rep": {"recorded_by"},
    "owner": {"matched_by"},
    "procedure_confirmation": {"person_id"},
    "roll": {"proposed_by", "frozen_by"},
    "rule_change": {"proposed_by", "concluded_by"},
    "roll_change": {"proposed_by", "confirmed_by"},
    "roll_objection": {"answered_by"},
}


def triggers() -> set[str]:
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(db.session.scalars(text(query)))


def test_every_column_that_names_somebody_is_guarded_or_names_who_acts(app) -> None:
    """A new table says in its migration, with `kernel.guards`, that it names no closed account."""
    known = triggers()
    unguarded = set()
    tables = inspect(db.session.connection())
    for table in tables.get_table_names():
        for key in tables.get_foreign_keys(table):
            [column] = key["constrained_columns"][:1]
            if key["referred_table"] != "person" or column in WHO_ACTS.get(table, ()):
                continue
            called = guards.name(table, column)
            if not known & {called, f"{called}_insert"}:
                unguarded.add((table, column))
    assert unguarded == set()


@pytest.fixture
def gone(world: World) -> Person:
    made = factories.person("欧阳独一")
    factories.closed(made)
    db.session.commit()
    return made


def test_no_standing_is_written_for_who_is_gone(world: World, gone: Person) -> None:
    with pytest.raises(IntegrityError) as caught:
        factories.standing(gone, world.gate)
    assert guards.refused(caught.value)
    db.session.rollback()


def test_no_row_is_handed_over_to_who_is_gone(world: World, gone: Person) -> None:
    factories.fresh_code(world)
    for statement in (
        update(InviteCode).values(used_by=gone.id, used_at=clock.now()),
        update(Standing).values(person_id=gone.id),
        update(Person).where(Person.id == world.minor.id).values(guardian_id=gone.id),
    ):
        with pytest.raises(IntegrityError) as caught:
            db.session.execute(statement)
        assert guards.refused(caught.value)
        db.session.rollback()


def test_other_failures_are_not_taken_for_it(world: World) -> None:
    with pytest.raises(IntegrityError) as caught:
        db.session.execute(update(Standing).values(level=9, kind="nonsense"))
    assert not guards.refused(caught.value)
    assert not guards.refused(ValueError(guards.SENTENCE))
    db.session.rollback()


def test_a_message_for_many_leaves_out_who_is_gone(world: World, gone: Person) -> None:
    message = Message(kind="notices.issued", subject="notice:1", values={}, at=clock.now())
    db.session.add(message)
    db.session.flush()
    people = select(message.id + 0 * Person.id, Person.id, func.lower("NONE"))
    rows = ["message_id", "person_id", "mail"]
    db.session.execute(insert(InboxItem).from_select(rows, people))
    db.session.commit()
    told = set(factories.scalars(select(InboxItem.person_id).filter_by(message_id=message.id)))
    everybody = set(factories.scalars(select(Person.id)))
    assert told == everybody - {gone.id}


def test_the_triggers_go_with_the_migration(app) -> None:
    for table in ("standing", "inbox_item"):
        for statement in guards.removing(db.engine.dialect.name, table, "person_id"):
            db.session.execute(text(statement))
    left = {name for name in triggers() if name.startswith(("standing_", "inbox_item_"))}
    assert left == set()
    db.session.rollback()


def test_telling_somebody_who_is_gone_tells_nobody(world: World, gone: Person) -> None:
    tell(News(kind="standing", subject="standing:1", people=[gone.id], values={}))
    assert factories.scalars(select(InboxItem.id).filter_by(person_id=gone.id)) == []
