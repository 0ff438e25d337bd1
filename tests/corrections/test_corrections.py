"""A correction from the first word to the note, and what it refuses on the way."""

from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from civic.consultations import checks, linked, moving, stages
from civic.consultations import services as consultations
from civic.corrections import changing, deciding, lessons, recounts, services, targets, written
from civic.corrections.models import (
    DECIDED,
    GATHERING,
    LAPSED,
    RAISED,
    Correction,
    CorrectionSignature,
    Recount,
)
from civic.corrections.own_data import PART
from civic.kernel import audit, clock, public_notes
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation import services as moderation
from civic.notices.models import Notice, NoticeVersion
from civic.procedures import loading
from civic.procedures import services as procedures
from civic.voting import closing
from civic.voting.models import Ballot
from civic.voting.rolls import Roll, VotingRight
from tests import factories
from tests.corrections.conftest import examined, neighbours, proposed, raised, sealed
from tests.factories import World
from tests.notices.conftest import issued
from tests.voting.boxes import DAY


def notes(*which: Any) -> list[public_notes.Note]:
    """What stands on something, as its page asks."""
    with current_app.test_request_context("/"):
        return public_notes.of(*which).notes


def refused(code: str, act: Any, *args: Any, **values: Any) -> None:
    with pytest.raises(Refused) as found:
        act(*args, **values)
    assert found.value.code == code
    db.session.rollback()


def test_a_roll_error_is_counted_again_and_leaves_a_note(world: World) -> None:
    neighbours(world, 6)
    ballot = sealed(world, 0, 0, 0, 0, 0, 1)
    first = dict(ballot.closing)
    found = raised(world, ballot)
    assert found.state == RAISED
    examined(world, found, {"admitted": [2], "excluded": 1})
    here, secretary, deputy = world.erlong, world.actor("secretary"), world.actor("deputy")
    proposal = deciding.Proposal(effect="recount", reason="一", note="二")
    refused("recount", deciding.propose, secretary, here, found.id, proposal)
    done = recounts.count(secretary, here, found.id)
    db.session.commit()
    assert (done.equal, done.verdict, len(done.bundle)) == (True, "stands", 64)
    refused("second_person", recounts.confirm, secretary, here, found.id, done.bundle)
    refused("stale", recounts.confirm, deputy, here, found.id, "0" * 64)
    recounts.confirm(deputy, here, found.id, done.bundle)
    proposed(world, found, "recount")
    refused("second_person", deciding.decide, secretary, here, found.id)
    deciding.decide(deputy, here, found.id)
    db.session.commit()
    roll = db.session.get_one(Roll, ballot.roll_id)
    struck = db.session.scalars(
        select(VotingRight.number).where(VotingRight.struck_by.is_not(None))
    ).all()
    assert struck == [2]
    assert roll.heads == first["roll"]["heads"] - 1
    db.session.refresh(ballot)
    assert ballot.closing == first
    [note] = notes("count", ballot.id, "erlonglu")
    assert note.text == "已经更正。"
    acts = set(db.session.scalars(select(audit.AuditEntry.act)))
    names = {"raised", "admitted", "examined", "recounted", "proposed", "decided"}
    assert {f"correction.{name}" for name in names} <= acts
    assert list(audit.broken()) == []


def test_a_close_result_is_voted_on_again(world: World) -> None:
    loading.sync()
    neighbours(world, 6)
    version = procedures.one_in_force("ra_2026_person")
    soon = {"opens_at": clock.now() + 20 * DAY, "closes_at": clock.now() + 21 * DAY}
    ballot = sealed(world, 0, 0, 1, procedure=procedures.snapshot(version), **soon)
    found = examined(world, raised(world, ballot), {"admitted": [1], "excluded": 0})
    here, deputy = world.erlong, world.actor("deputy")
    done = recounts.count(deputy, here, found.id)
    assert done.verdict == "changes"
    recounts.confirm(world.actor("secretary"), here, found.id, done.bundle)
    db.session.commit()
    proposal = deciding.Proposal(effect="recount", reason="一", note="二")
    refused("verdict", deciding.propose, deputy, here, found.id, proposal)
    proposed(world, found, "revote")
    deciding.decide(deputy, here, found.id)
    db.session.commit()
    again = db.session.get_one(Ballot, found.made["ballot"])
    assert (again.question, again.roll_id) == (ballot.question, ballot.roll_id)
    assert (again.fingerprint, again.formal) == (None, True)
    assert again.procedure == ballot.procedure


def test_a_petition_is_signed_once_each_and_crosses_its_bar_once(world: World) -> None:
    people = neighbours(world, 8)
    ballot = sealed(world, 0, 0, 1)
    found = raised(world, ballot, "resident", "procedure")
    assert (found.state, found.voters) == (GATHERING, 10)
    here = world.erlong
    refused("not_entitled", services.sign, world.actor("elsewhere"), here, found.id)
    refused("not_entitled", services.sign, world.actor("secretary"), here, found.id)
    services.sign(factories.actor(people[0]), here, found.id)
    db.session.commit()
    refused("signed", services.sign, factories.actor(people[0]), here, found.id)
    services.sign(factories.actor(people[1]), here, found.id)
    db.session.commit()
    assert (found.state, found.signed_voters) == (RAISED, 2)
    refused("not_gathering", services.sign, factories.actor(people[2]), here, found.id)
    assert len(PART.export(people[0].id)[1].rows) == 1
    PART.forget(people[0].id)
    keys = db.session.scalars(select(CorrectionSignature.key)).all()
    assert sorted(key.partition(":")[0] for key in keys) == ["left", "right"]


def test_a_petition_without_enough_signatures_ends(world: World) -> None:
    neighbours(world, 8)
    found = raised(world, sealed(world, 0), "resident", "procedure")
    with clock.at(found.gather_until):
        refused("over", services.sign, world.actor("neighbour"), world.erlong, found.id)
        assert services.lapse() == 1
    assert found.state == LAPSED


def test_who_is_answerable_decides_only_where_nobody_else_can(world: World) -> None:
    ballot = sealed(world, 0, 0)
    found = examined(world, raised(world, ballot))
    proposed(world, found, "unfounded")
    found.answerable_id = world.deputy.id
    db.session.commit()
    refused("answerable", deciding.decide, world.actor("deputy"), world.erlong, found.id)
    with pytest.raises(IntegrityError):
        db.session.execute(
            update(Correction).values(
                state=DECIDED, decided_by=world.secretary.id, decided_at=clock.now()
            )
        )
    db.session.rollback()
    deciding.decide(world.actor("officer"), world.erlong, found.id)
    assert found.state == DECIDED


def test_a_case_rests_until_the_decision(world: World) -> None:
    case = factories.case_by_process(world.erlong, "five_people", stage="publicised")
    with clock.at(case.closes_at):
        closing.close(case.ballot_id)
    db.session.commit()
    found = raised(world, db.session.get_one(Ballot, case.ballot_id))
    examined(world, found)
    assert case.stage == stages.SUSPENDED
    assert checks.known()["no_open_correction"].missing(case)
    proposed(world, found, "annul")
    deciding.withdraw(world.actor("deputy"), world.erlong, found.id)
    proposed(world, found, "annul")
    deciding.decide(world.actor("deputy"), world.erlong, found.id)
    db.session.commit()
    assert case.stage == stages.PUBLICISED
    recorded = [(one.act, one.reason) for one in moving.history(case.id)]
    assert recorded == [("suspend", "需要核实。"), ("resume", "经核实。")]
    assert checks.known()["no_open_correction"].missing(case) == []
    [note] = notes("count", case.ballot_id, "erlonglu")
    assert note.kind == "stop"


def test_a_slip_in_a_notice_is_corrected_beside_the_original(world: World) -> None:
    notice = issued(world)
    target = targets.find(world.erlong, "notice", notice.id)
    found = services.raise_(
        world.actor("resident"), world.erlong, target, kind="typo", words="日期。", form_key="a"
    )
    same = services.raise_(
        world.actor("resident"), world.erlong, target, kind="typo", words="日期。", form_key="a"
    )
    assert same.id == found.id
    examined(world, found)
    change = {"title": notice.title, "body": "改过的正文。"}
    proposal = deciding.Proposal(effect="correct", reason="一", note="日期错了", change=change)
    nothing = deciding.Proposal(effect="correct", reason="一", note="二")
    refused("change", deciding.propose, world.actor("deputy"), world.erlong, found.id, nothing)
    deciding.propose(world.actor("deputy"), world.erlong, found.id, proposal)
    deciding.decide(world.actor("secretary"), world.erlong, found.id)
    db.session.commit()
    assert db.session.get_one(Notice, notice.id).body == "改过的正文。"
    kept = db.session.scalars(select(NoticeVersion).filter_by(notice_id=notice.id)).all()
    assert len(kept) == 2
    with current_app.test_request_context("/", method="POST"):
        hidden = moderation.hide(
            world.actor("deputy"), world.erlong, "correction", found.id, reason="off_topic"
        )
    assert (found.words, hidden.sealed) == ("", {"text": "日期。"})


def test_a_rule_changes_by_a_consultation_and_is_not_confirmed_by_it(world: World) -> None:
    loading.sync()
    db.session.commit()
    version = procedures.one_in_force("household_poll")
    officer, street = world.actor("officer"), world.street
    text = written.toml(version.data)
    dates = {"opens_at": clock.now(), "voting_opens_at": clock.now() + factories.timedelta(1)}
    dates["closes_at"] = clock.now() + factories.timedelta(2)
    values = {"reason": "太高了", "audience": ["resident"], **dates}

    def proposal(data: str) -> changing.Proposal:
        return changing.Proposal(data=data, **values)

    code = version.code
    refused("data", changing.start, officer, street, code, proposal(text))
    refused("data", changing.start, officer, street, code, proposal(text + "\nx = 1"))
    refused("data", changing.start, officer, street, code, proposal("= nonsense"))
    changed = text.replace("n = 7", "n = 9")
    refused("street", changing.start, officer, world.erlong, code, proposal(changed))
    made = changing.start(officer, street, code, proposal(changed))
    db.session.commit()
    refused("running", changing.start, officer, street, code, proposal(changed))
    refused("running", changing.conclude, officer, street, made.id)
    case = db.session.get_one(changing.Consultation, made.consultation_id)
    ballot = db.session.scalars(
        select(Ballot).filter_by(id=case.ballot_id).options(selectinload(Ballot.options))
    ).one()

    case = consultations.find(officer, street, case.id)
    consultations.publish(officer, street, case)
    db.session.commit()
    factories.cast(ballot, world.resident, ballot.options[0].id)
    with clock.at(ballot.closes_at):
        closing.close(ballot.id)
    db.session.commit()
    changing.conclude(officer, street, made.id)
    db.session.commit()
    fresh = procedures.versions(code)[0]
    assert (fresh.id, fresh.number) == (made.made_id, version.number + 1)
    assert fresh.confirmation is None
    assert case.title in fresh.adopted_by
    assert procedures.one_in_force(code).id == fresh.id
    assert notes("rule", version.id)
    assert notes("rule", fresh.id)


def changing_options() -> Any:
    from sqlalchemy.orm import selectinload

    return selectinload(Ballot.options)


def test_a_correction_of_a_rule_leads_to_the_form_for_other_words(world: World, login: Any) -> None:
    loading.sync()
    version = procedures.one_in_force("household_poll")
    target = targets.find(world.erlong, "rule", version.id)
    found = services.raise_(
        world.actor("officer"),
        world.erlong,
        target,
        kind="rule_adjustment",
        words="七天太短。",
        form_key="r",
        as_post=True,
    )
    db.session.commit()
    examined(world, found)
    proposed(world, found, "amend_rule")
    deciding.decide(world.actor("deputy"), world.erlong, found.id)
    db.session.commit()
    officer = login(world.officer)
    here = f"/c/jinrongjie/corrections/rules/household_poll/change?correction={found.id}"
    work = officer.get(f"/c/erlonglu/corrections/{found.id}/work").get_data(as_text=True)
    assert here in work
    form = officer.get(here).get_data(as_text=True)
    assert f'name="correction" value="{found.id}"' in form
    sent = {
        "reason": "七天太短",
        "data_field": written.toml(version.data).replace("n = 7", "n = 9"),
        "opens_at": "2030-01-01T09:00",
        "voting_opens_at": "2030-01-08T09:00",
        "closes_at": "2030-01-15T18:00",
        "correction": str(found.id),
    }
    address = here.partition("?")[0]
    wrong = officer.post(address, data=sent | {"data_field": "x = 1"})
    assert wrong.status_code == 422
    answer = officer.post(address, data=sent)
    assert answer.status_code == 303
    assert officer.get(answer.headers["Location"]).status_code == 200


def test_a_lesson_names_nobody(world: World) -> None:
    secretary, here = world.actor("secretary"), world.erlong
    words = {"attempt": "先试了一处", "wrong": "没问老人", "lesson": "先走访"}
    draft = lessons.Draft(**words, public=False, form_key="a")
    named = lessons.Draft(**words | {"wrong": "周 红没问"}, public=True, form_key="b")
    refused("names", lessons.keep, secretary, here, named)
    kept = lessons.keep(secretary, here, draft)
    assert lessons.keep(secretary, here, draft).id == kept.id
    assert lessons.listed(secretary, here)
    assert not lessons.listed(world.actor("resident"), here)


def test_two_people_stand_behind_a_recount(world: World) -> None:
    ballot = sealed(world, 0)
    found = examined(world, raised(world, ballot))
    recounts.count(world.actor("secretary"), world.erlong, found.id)
    with pytest.raises(IntegrityError):
        db.session.execute(
            update(Recount).values(confirmed_by=world.secretary.id, confirmed_at=clock.now())
        )
    db.session.rollback()


def test_a_case_goes_back_to_its_vote_where_a_correction_decided_so(world: World) -> None:
    loading.sync()
    neighbours(world, 6)
    version = procedures.one_in_force("ra_2026_person")
    soon = {"opens_at": clock.now() + 20 * DAY, "closes_at": clock.now() + 21 * DAY}
    ballot = sealed(world, 0, 0, 1, procedure=procedures.snapshot(version), formal=True, **soon)
    case = factories.case_by_process(world.erlong, "four_deliberations", stage="publicised")
    here, deputy = world.erlong, world.actor("deputy")
    linked.link_ballot(world.actor("secretary"), here, case, ballot.id, "voting")
    needs = checks.known()["revote_decided"].missing
    assert needs(case)
    found = examined(world, raised(world, ballot), {"admitted": [1], "excluded": 0})
    assert case.stage == "suspended"
    recounts.confirm(
        world.actor("secretary"), here, found.id, recounts.count(deputy, here, found.id).bundle
    )
    db.session.commit()
    assert needs(case)
    proposed(world, found, "revote")
    deciding.decide(deputy, here, found.id)
    db.session.commit()
    assert case.stage == "publicised"
    again = db.session.get_one(Ballot, found.made["ballot"])
    assert [(link.purpose, one.id) for link, one in linked.ballots(case.id)] == [
        ("voting", again.id),
        ("voting", ballot.id),
    ]
    assert linked.ballot(case).id == again.id
    refused("missing", moving.move, deputy, here, case, "revote", reason="按纠错决定")
