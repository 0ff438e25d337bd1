"""A case of the core in which neighbours are heard: named, waited for, followed."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from civic.api import Community, StageEntered, clock, db
from civic_rental import cases
from civic_rental.models import NamedCase
from tests import factories

SAID = "找不到本社区已发布的议题"


def heard(story, row, case):
    return story.record(row, "neighbours", case=str(case))


def stand(case, kind):
    """Let a case stand at a stage of a process."""
    case.process_code, case.stage, case.stage_since = "hearing", kind, clock.now()
    case.present = {"code": kind, "kind": kind}
    db.session.commit()


def test_only_a_published_case_of_this_community_is_named(story, community):
    row = story.to(story.begin(), "neighbours")
    draft = factories.consultation(community, published=False).id
    elsewhere = factories.consultation(community)
    elsewhere.community_id = db.session.scalar(select(Community.id).filter_by(slug="jingjidao"))
    db.session.commit()
    for typed in (draft, elsewhere.id, "9" * 30, "停车", f"/c/erlonglu/consultations/{draft}/"):
        answer = heard(story, row, typed)
        assert answer.status_code == 422
        assert SAID in answer.text
    assert db.session.scalar(select(NamedCase.record_id)) is None
    case = factories.consultation(community).id
    answer = story.record(row, "neighbours", case=f"https://a.cn/c/erlonglu/consultations/{case}/")
    assert answer.status_code == 303
    page = story.staff.get(story.at(row)).text
    assert f'href="/c/erlonglu/consultations/{case}/"' in page
    assert "讨论中" in page


def test_it_waits_for_the_decision_and_the_desk_tells(story, community):
    row = story.to(story.begin(), "neighbours")
    case = factories.consultation(community)
    number = case.id
    stand(case, "voting")
    assert heard(story, row, number).status_code == 303
    assert story.record(row, "common_parts").status_code == 303
    for kind, on in (("voting", 0), ("rejected", 0), ("archived", 0), ("resolved", 1)):
        stand(db.session.get(type(case), number), kind)
        at = {"community_id": community.id, "consultation_id": number, "origin": "", "act": ""}
        cases.entered(StageEntered(**at, stage=kind, kind=kind))
        db.session.commit()
        assert ("议题已有结果" in story.secretary.get("/desk/").text) == bool(on)
        if not on:
            answer = story.move(row, "joint_review")
            assert answer.status_code == 409
            assert "等它有了结果" in answer.text
    stand(db.session.get(type(case), number), "archived")
    assert story.move(row, "joint_review").status_code == 303
    assert "议题已有结果" not in story.secretary.get("/desk/").text


def test_paper_replaces_a_case_that_comes_to_nothing(story, community):
    row = story.to(story.begin(), "neighbours")
    heard(story, row, factories.consultation(community).id)
    story.fill(row)
    assert story.move(row, "joint_review").status_code == 303


def test_more_cases_cost_the_desk_no_more(story, community):
    case, here, said = factories.consultation(community, stage="closed").id, [community.id], []

    def note(_connection, _cursor, statement, *_):
        said.append(statement)

    for key in ("one", "two"):
        row = story.to(story.begin(form_key=key), "neighbours")
        assert heard(story, row, case).status_code == 303
    event.listen(db.engine, "before_cursor_execute", note)
    found = cases.ready(here, 50)
    event.remove(db.engine, "before_cursor_execute", note)
    assert (len(found), len(said)) == (2, 1)


@pytest.mark.parametrize("days", [0, 4])
def test_a_case_without_a_process_ends_by_its_date(story, community, days):
    row = story.to(story.begin(), "neighbours")
    case = factories.consultation(community)
    assert heard(story, row, case.id).status_code == 303
    case = db.session.get(type(case), case.id)
    for name in ("opens_at", "voting_opens_at", "closes_at"):
        setattr(case, name, getattr(case, name) - timedelta(days=days))
    db.session.commit()
    cases.follow(db.session.get(type(community), community.id))
    db.session.commit()
    assert len(cases.ready([community.id], 5)) == (days > 0)
