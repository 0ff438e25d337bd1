"""Versions, comments, support, clusters, answers: what holds, and what the database refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from civic.consultations import checks, moving, owed, stages
from civic.consultations.models import Consultation, Participant
from civic.drafting import (
    answering,
    clusters,
    commenting,
    conditions,
    held,
    listing,
    news,
    owing,
    own_data,
    supporting,
    writing,
)
from civic.drafting.answering import Answer
from civic.drafting.commenting import Said
from civic.drafting.models import (
    DraftAnswer,
    DraftComment,
    DraftParagraph,
    DraftSupport,
    DraftVersion,
    TextDraft,
)
from civic.drafting.paragraphs import split
from civic.drafting.rules import FILE, read, rules
from civic.identities import staying
from civic.kernel import clock, events, holidays
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation import services as moderation
from civic.moderation import waiting
from civic.moderation.models import WaitingText
from civic.notifications.models import InboxItem, Message
from civic.procedures.strict import Wrong
from tests.drafting.conftest import BODY, TITLE, answered, published, said, written
from tests.factories import World, case_by_process, closed, consultation
from tests.outcomes.conftest import days_off


def refused(code: str, act: Any, *args: Any, **values: Any) -> Refused:
    """An act that is refused, and undone."""
    with pytest.raises(Refused) as caught:
        act(*args, **values)
    assert caught.value.code == code
    db.session.rollback()
    return caught.value


def missing(code: str, case: Consultation) -> list[str]:
    return checks.known()[code].missing(case)


def figure(case: Consultation, code: str) -> int:
    db.session.refresh(case)
    return case.figures.get(code, 0)


def told(role: str, world: World) -> list[str]:
    query = (
        select(Message.kind)
        .join(InboxItem, InboxItem.message_id == Message.id)
        .where(InboxItem.person_id == world.people[role].id, Message.kind.startswith("drafting."))
        .order_by(Message.id)
    )
    return list(db.session.scalars(query))


@given(st.text(alphabet="甲乙 \n\t", max_size=60))
def test_paragraphs_lose_no_words(text: str) -> None:
    found = split(text)
    assert all(one.strip() for one in found)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert not any("\n\n" in one for one in found)


def test_rules_are_read_whole_or_not_at_all() -> None:
    assert rules().paragraphs > 1
    with pytest.raises(Wrong):
        read(FILE.read_text("utf-8").replace("paragraphs = 60\n", ""))
    with pytest.raises(Wrong):
        read(FILE.read_text("utf-8") + "\n[more]\n")


def test_two_who_write_at_once_do_not_undo_each_other(world: World) -> None:
    case = consultation(world.erlong)
    written(world, case)
    values = {"title": TITLE, "body": "别的", "revision": 0}
    deputy = world.actor("deputy")
    refused("stale", writing.save, deputy, world.erlong, case.id, **values)
    kept = writing.save(deputy, world.erlong, case.id, **(values | {"revision": 1}))
    assert (kept.revision, kept.body) == (2, "别的")
    db.session.commit()
    refused("stale", writing.publish, world.actor("secretary"), world.erlong, case.id, revision=1)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "长" * 81}),
        ("body", {"body": "\n \n"}),
        ("body", {"body": "长" * 20_001}),
        ("body", {"body": "段\n\n" * 61}),
    ],
)
def test_what_is_written_has_its_limits(world: World, code: str, values: dict[str, str]) -> None:
    case = consultation(world.erlong)
    given_ = {"title": TITLE, "body": BODY} | values
    refused(
        code, writing.save, world.actor("secretary"), world.erlong, case.id, revision=0, **given_
    )


def test_versions_stay_and_say_which_comments_led_to_them(world: World) -> None:
    days_off(world)
    case = consultation(world.erlong)
    secretary = world.actor("secretary")
    refused("nothing", writing.publish, secretary, world.erlong, case.id, revision=0)
    case, first = published(world, case)
    refused("same", writing.publish, secretary, world.erlong, case.id, revision=1)
    assert figure(case, held.VERSION) == 1
    comment, other = said(world, case), said(world, case, "neighbour", words="不用改。")
    answered(world, case, comment, "partly")
    answered(world, case, other, "not_adopted", "多数人要改。")
    case, second = published(world, case, BODY.replace("一户一位", "一户最多两位"), revision=1)
    assert (first.number, second.number) == (1, 2)
    assert [one.number for one in held.versions(case.id)] == [2, 1]
    assert [row.id for row in listing.listed(case.id, changed=[2]).rows] == [comment.id]
    assert told("resident", world) == [news.ANSWERED.code, news.CHANGED.code]
    # The paragraphs of the new version have no comments yet.
    assert set(listing.counted(second.id).values()) == {0}
    refused("old_version", said, world, case, "neighbour", key="n")
    for change in (update(DraftVersion).values(body="别的"), delete(DraftVersion)):
        with pytest.raises(DBAPIError):
            db.session.execute(change)
        db.session.rollback()


def test_a_case_by_dates_asks_for_the_end_where_days_off_are_missing(world: World) -> None:
    case = consultation(world.erlong)
    db.session.execute(delete(holidays.HolidayYear))
    written(world, case)
    secretary = world.actor("secretary")
    refused("until", writing.publish, secretary, world.erlong, case.id, revision=1)
    past = clock.now() - timedelta(days=1)
    refused("until", writing.publish, secretary, world.erlong, case.id, revision=1, until=past)
    until = clock.now() + timedelta(days=1)
    writing.publish(secretary, world.erlong, case.id, revision=1, until=until)
    text = held.text_of(case.id)
    assert text is not None
    assert (text.comments_until, text.answers_by) == (until, None)
    db.session.commit()
    for end in (until, None):
        refused("until", writing.prolong, secretary, world.erlong, case.id, end)
    longer = until + timedelta(days=1)
    assert writing.prolong(secretary, world.erlong, case.id, longer).comments_until == longer


def test_who_may_comment_and_when(world: World) -> None:
    case, _first = published(world)
    said(world, case)
    again = said(world, case)  # the same form once more
    assert again.id == said(world, case).id
    for code, role, more in (
        ("audience", "worker", {}),
        ("audience", "elsewhere", {}),
        ("empty", "neighbour", {"words": " "}),
        ("words", "neighbour", {"words": "长" * 1001}),
        ("wording", "neighbour", {"wording": "长" * 1001}),
        ("no_draft", "neighbour", {"paragraph": 9}),
    ):
        refused(code, said, world, case, role, key="x", **more)
    said(world, case, "neighbour", words="", wording="一户一位，抽签。", paragraph=0)
    counts = listing.counted(held.versions(case.id)[0].id)
    assert counts == {0: 1, 1: 1, 2: 0, 3: 0}
    assert (figure(case, held.COMMENTS), figure(case, held.WAITING)) == (2, 2)
    text = held.text_of(case.id)
    assert text is not None
    assert text.comments_until is not None
    # A case by dates alone hears nobody after its close.
    assert text.comments_until == case.closes_at
    with clock.at(text.comments_until):
        refused("over", said, world, case, key="late")


def test_comments_have_an_end_of_their_own(world: World) -> None:
    days_off(world)
    case = case_by_process(world.erlong, "hearing", stage="commenting")
    case, _first = published(world, case)
    said(world, case)
    text = held.text_of(case.id)
    assert text is not None
    assert text.comments_until is not None
    with clock.at(text.comments_until):
        refused("over", said, world, case, key="late")


def test_comments_are_heard_as_long_as_the_stage_to_which_a_case_comes(world: World) -> None:
    days_off(world)
    case = case_by_process(world.erlong, "hearing", stage="drafting")
    case, _first = published(world, case)
    text = held.text_of(case.id)
    assert text is not None
    before = text.comments_until
    assert before is not None
    with clock.at(clock.now() + timedelta(days=3)):
        moving.move(world.actor("secretary"), world.erlong, case, "publish_draft")
        db.session.commit()
        assert events.deliver()
        text = held.text_of(case.id)
        assert text is not None
        assert text.comments_until == stages.until(case)
        assert text.comments_until > before
        comment = said(world, case)
    secretary, deputy = world.actor("secretary"), world.actor("deputy")
    with clock.at(text.comments_until):
        # A case does not move on while a comment has no answer, and the sentence says so.
        found = refused("missing", moving.move, secretary, world.erlong, case, "conclude")
        assert "1" in str(found)
        answered(world, case, comment)
        assert moving.move(secretary, world.erlong, case, "conclude") is None
        db.session.commit()
        assert moving.move(deputy, world.erlong, case, "conclude") is not None


def test_an_hour_has_room_for_others(world: World, app: Any) -> None:
    case, _first = published(world)
    most = app.config["SETTINGS"].comments_per_hour
    for number in range(most):
        said(world, case, words=f"话{number}")
    refused("too_many", said, world, case, words="再说一句")


def test_support_counts_each_person_once(world: World) -> None:
    case, _first = published(world)
    comment = said(world, case)
    neighbour = world.actor("neighbour")

    def support(actor: Any = neighbour, *, wants: bool = True) -> int:
        return supporting.support(actor, world.erlong, case, comment.id, wants=wants).supporters

    assert [support(), support(), support(wants=False), support(wants=False), support()] == [
        *(1, 1, 0, 0, 1)
    ]
    db.session.commit()
    refused("own", support, world.actor("resident"))
    # What is counted is asked of the audience alone.
    refused("audience", support, world.actor("secretary"))
    db.session.add(
        DraftSupport(comment_id=comment.id, person_id=world.neighbour.id, at=clock.now())
    )
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_support_takes_part_only_where_it_is_added(world: World) -> None:
    case, _first = published(world)
    comment = said(world, case)
    neighbour = world.actor("neighbour")

    def parts() -> tuple[int, int]:
        db.session.refresh(case)
        query = select(Participant.acts).filter_by(
            consultation_id=case.id, person_id=world.neighbour.id
        )
        return case.participant_count, db.session.scalar(query) or 0

    for wants, expected in ((False, (1, 0)), (True, (2, 1)), (True, (2, 1)), (False, (2, 1))):
        supporting.support(neighbour, world.erlong, case, comment.id, wants=wants)
        db.session.commit()
        assert parts() == expected


def test_what_has_happened_meanwhile_counts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the page that was read and the case held a version comes, or the text is closed."""
    case, _first = published(world)
    comment = said(world, case)
    take_turns = staying.take_turns

    def meanwhile(act: Callable[[], object]) -> None:
        def first(person_id: int) -> None:
            act()
            db.session.commit()
            take_turns(person_id)

        monkeypatch.setattr(staying, "take_turns", first)

    def over() -> None:
        db.session.execute(update(TextDraft).values(comments_until=clock.now()))

    written(world, case, "新的一段。", revision=1)
    secretary = world.actor("secretary")
    meanwhile(lambda: writing.publish(secretary, world.erlong, case.id, revision=2))
    refused("old_version", said, world, case, "neighbour")
    meanwhile(over)
    refused("over", said, world, case, "neighbour", version=2)
    neighbour = world.actor("neighbour")
    text = held.text_of(case.id)
    assert text is not None
    text.comments_until = case.closes_at
    db.session.commit()
    refused("over", supporting.support, neighbour, world.erlong, case, comment.id, wants=True)


def test_a_case_has_no_more_clusters_than_its_pages_show(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _first = published(world)
    comments = [said(world, case, words=f"话{number}").id for number in range(4)]
    few = replace(rules(), clusters=2)
    monkeypatch.setattr(clusters, "rules", lambda: few)
    monkeypatch.setattr(listing, "rules", lambda: few)
    gather = clusters.gather
    secretary = world.actor("secretary")
    for number in range(2):
        gather(secretary, world.erlong, case.id, comments[number : number + 1], title=f"类{number}")
        db.session.commit()
    refused("too_many", gather, secretary, world.erlong, case.id, comments[2:], title="类2")
    gather(secretary, world.erlong, case.id, comments[2:3], title="类1")
    db.session.commit()
    assert [one.size for one in listing.clusters(case.id)] == [1, 2]


def test_an_answer_says_why_and_its_correction_keeps_the_one_before(world: World) -> None:
    case, _first = published(world)
    comment = said(world, case)
    refused("verdict", answered, world, case, comment, "maybe")
    for verdict in ("partly", "not_adopted"):
        refused("reason", answered, world, case, comment, verdict, " ")
    assert len(missing("comments_answered", case)) == 2
    first = answered(world, case, comment, reason="")
    assert first.number == 1
    assert figure(case, held.WAITING) == 0
    refused("answered", answered, world, case, comment)
    second = answered(world, case, comment, "partly", "只改一半。", seen=1, done=True)
    assert second.number == 2
    found = listing.one(case.id, comment.id)
    assert [one.verdict for one in found.of(found.rows[0])] == ["partly", "adopted"]
    assert found.rows[0].changed_in == 1
    answered(world, case, comment, "not_adopted", "收回。", seen=2)
    assert listing.one(case.id, comment.id).rows[0].changed_in is None
    assert told("resident", world) == [news.ANSWERED.code] * 3
    acts = list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
    assert acts.count("draft.answer_corrected") == 2
    with pytest.raises(DBAPIError):
        db.session.execute(update(DraftAnswer).values(reason="别的"))
    db.session.rollback()


def test_a_cluster_is_answered_once_for_all_its_comments(world: World) -> None:
    case, _first = published(world)
    comments = [said(world, case), said(world, case, "neighbour"), said(world, case, words="也是")]
    secretary = world.actor("secretary")
    ids = [one.id for one in comments]

    def gather(chosen: list[int], **values: Any) -> Any:
        return clusters.gather(secretary, world.erlong, case.id, chosen, **values)

    refused("nothing_chosen", gather, [])
    refused("title", gather, ids[:2])
    cluster = gather(ids[:2], title="两辆车怎么办")
    assert gather(ids[:1], title="两辆车怎么办").id == cluster.id
    db.session.commit()
    refused("answered", gather, [ids[0], 99_999], cluster_id=cluster.id)
    refused("no_draft", gather, ids[:1], cluster_id=cluster.id + 1)
    refused("clustered", answered, world, case, comments[0])
    clusters.take_out(secretary, world.erlong, case.id, ids[1])
    gather([ids[1]], cluster_id=cluster.id)
    db.session.commit()

    def answer(**values: Any) -> DraftAnswer:
        made = answering.answer_cluster(
            secretary, world.erlong, case.id, cluster.id, Answer(**values)
        )
        db.session.commit()
        return made

    refused("reason", answer, verdict="partly")
    answer(verdict="partly", reason="一户最多两位。")
    assert figure(case, held.WAITING) == 1
    refused("answered", answer, verdict="adopted")
    refused("answered", clusters.take_out, secretary, world.erlong, case.id, ids[0])
    # Who comes into an answered cluster has its answer.
    gather([ids[2]], cluster_id=cluster.id)
    db.session.commit()
    assert figure(case, held.WAITING) == 0
    found = listing.listed(case.id, cluster_id=cluster.id)
    assert {(row.state, found.of(row)[0].reason) for row in found.rows} == {
        ("partly", "一户最多两位。")
    }
    answer(verdict="not_adopted", reason="没有那么多位。", seen=1)
    assert {row.state for row in listing.listed(case.id).rows} == {"not_adopted"}
    assert told("neighbour", world) == [news.ANSWERED.code] * 2
    empty = DraftComment.__table__.c
    assert db.session.scalar(select(empty.cluster_id).limit(1)) == cluster.id


def test_a_text_is_final_only_with_every_answer(world: World) -> None:
    days_off(world)
    case = case_by_process(world.erlong, "hearing", stage="commenting")
    secretary = world.actor("secretary")
    assert missing("draft_published", case)
    assert not missing("comments_answered", case)
    refused("nothing", writing.close, secretary, world.erlong, case.id)
    case, _first = published(world, case)
    assert not missing("draft_published", case)
    comment = said(world, case)
    text = held.text_of(case.id)
    assert text is not None
    assert text.comments_until is not None
    refused("running", writing.close, secretary, world.erlong, case.id)
    with clock.at(text.comments_until + timedelta(days=1)):
        found = refused("unanswered", writing.close, secretary, world.erlong, case.id)
        assert "1" in str(found)
        assert len(missing("comments_answered", case)) == 1
        answered(world, case, comment)
        assert not missing("comments_answered", case)
        writing.close(secretary, world.erlong, case.id)
        db.session.commit()
        refused("closed", writing.close, secretary, world.erlong, case.id)
        later = clock.now() + timedelta(days=2)
        refused("closed", writing.prolong, secretary, world.erlong, case.id, later)
        refused("closed", said, world, case, key="late")
        # A new version opens it again.
        published(world, case, "新的一段。", revision=1)
        text = held.text_of(case.id)
        assert text is not None
        assert text.closed_at is None


def test_a_text_is_worked_on_where_the_process_says_so(world: World) -> None:
    for stage, works in (("deliberating", False), ("drafting", True), ("commenting", True)):
        case = case_by_process(world.erlong, "hearing", stage=stage)
        assert writing.writable(case, clock.now()) is works
    case = case_by_process(world.erlong, "hearing", stage="deliberating")
    values = {"title": TITLE, "body": BODY, "revision": 0}
    refused("not_now", writing.save, world.actor("secretary"), world.erlong, case.id, **values)
    # Published while it is drafted; people comment at the next stage.
    days_off(world)
    case, _first = published(world, case_by_process(world.erlong, "hearing", stage="drafting"))
    refused("not_open", said, world, case)


def test_hidden_and_taken_back_comments_are_owed_no_answer(world: World, app: Any) -> None:
    case, _first = published(world)
    hidden, gone = said(world, case), said(world, case, "neighbour", wording="改成两位。")
    with app.test_request_context(method="POST"):
        decision = moderation.hide(
            world.actor("deputy"), world.erlong, "draft_comment", hidden.id, reason="insult"
        )
        db.session.commit()
        assert figure(case, held.WAITING) == 1
        refused("gone", answered, world, case, hidden)
        refused("hidden", commenting.own, world.actor("resident"), case, hidden.id)
        refused(
            "no_draft",
            supporting.support,
            world.actor("neighbour"),
            world.erlong,
            case,
            hidden.id,
            wants=True,
        )
        neighbour = world.actor("neighbour")
        refused("no_draft", commenting.take_back, neighbour, world.erlong, case.id, hidden.id)
        commenting.take_back(neighbour, world.erlong, case.id, gone.id)
        db.session.commit()
        assert figure(case, held.WAITING) == 0
        assert conditions.open_count(case.id) == 0
        moderation.object_to(world.resident.id, decision.id, "没有骂人。")
        secretary = world.actor("secretary")
        moderation.answer(secretary, world.erlong, decision.id, restore=True, words="恢复")
        db.session.commit()
    assert figure(case, held.WAITING) == 1
    row = listing.one(case.id, hidden.id).rows[0]
    assert (row.words, row.reason) == ("一户两辆车的怎么办？", None)
    assert listing.one(case.id, gone.id).rows[0].words == ""


def test_checked_first_comments_wait_and_keep_the_text_from_being_final(
    world: World, app: Any
) -> None:
    case, _first = published(world)
    case.checked_first = True
    db.session.commit()
    what = Said(version=1, paragraph=2, words="看一下", wording="每年两次")
    kept = commenting.comment(world.actor("resident"), world.erlong, case, what, form_key="w")
    assert isinstance(kept, WaitingText)
    db.session.commit()
    assert waiting.unchecked(conditions.COMMENT, case.id) == 1
    assert len(missing("comments_answered", case)) == 2
    with app.test_request_context(method="POST"):
        url = waiting.publish(world.actor("deputy"), world.erlong, kept.id)
        db.session.commit()
    [row] = listing.listed(case.id).rows
    assert (row.words, row.wording, row.paragraph) == ("看一下", "每年两次", 2)
    assert url.endswith(f"#comment-{row.id}")
    assert waiting.unchecked(conditions.COMMENT, case.id) == 0


def test_answers_are_owed_by_a_date(world: World, app: Any) -> None:
    case, _first = published(world)
    said(world, case)
    text = held.text_of(case.id)
    assert text is not None
    with app.test_request_context("/c/erlonglu/"):
        app.preprocess_request()
        [one] = [one for one in owed.of(world.erlong) if case.title in one.title]
        assert (one.due, one.late(clock.now())) == (text.answers_by, False)
        [due] = owing.due(world.actor("secretary"), 5)
        assert (due.at, due.community_id) == (text.answers_by, world.erlong.id)
        assert not list(owing.due(world.actor("resident"), 5))


def test_what_is_stored_is_given_out_and_freed(world: World) -> None:
    case, _first = published(world)
    comment = said(world, case)
    supporting.support(world.actor("neighbour"), world.erlong, case, comment.id, wants=True)
    db.session.commit()
    tables = {table.name: table.rows for table in own_data.PART.export(world.resident.id)}
    assert [row[2] for row in tables["draft_comments"]] == [comment.words]
    tables = {table.name: table.rows for table in own_data.PART.export(world.neighbour.id)}
    assert len(tables["draft_supports"]) == 1
    forget = own_data.PART.forget
    assert forget is not None
    assert (comment.place, tables["draft_comments"]) == ("6号楼", [])
    forget(world.neighbour.id)
    forget(world.resident.id)
    db.session.commit()
    db.session.refresh(comment)
    assert (comment.place, comment.words) == ("", "一户两辆车的怎么办？")
    assert db.session.scalars(select(DraftSupport.person_id)).all() == [None]
    assert db.session.scalars(select(DraftComment.supporters)).all() == [1]


def test_the_database_names_nobody_who_has_left(world: World) -> None:
    case, first = published(world)
    comment = said(world, case)
    gone = world.people["neighbour"]
    closed(gone)
    db.session.commit()
    rows = (
        DraftSupport(comment_id=comment.id, person_id=gone.id, at=clock.now()),
        DraftComment(
            consultation_id=case.id,
            version_id=first.id,
            paragraph=1,
            author_id=gone.id,
            words="话",
            form_key="g",
            created_at=clock.now(),
        ),
    )
    for row in rows:
        db.session.add(row)
        with pytest.raises(DBAPIError):
            db.session.flush()
        db.session.rollback()


def test_the_database_holds_comments_to_paragraphs_that_there_are(world: World) -> None:
    case, first = published(world)
    assert db.session.get(DraftParagraph, (first.id, 4)) is None
    db.session.add(
        DraftComment(
            consultation_id=case.id,
            version_id=first.id,
            paragraph=4,
            author_id=world.resident.id,
            words="话",
            form_key="g",
            created_at=clock.now(),
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
