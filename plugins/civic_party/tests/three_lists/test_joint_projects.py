"""Matches: proposed, explained, accepted, declined; projects: led, finished, rated."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from civic.api import clock, db
from civic_party import accepting, projects, proposing
from civic_party.joint_models import Match, Project, ProjectStep, Rating, Use
from civic_party.list_models import Need

HERE = "/c/erlonglu/party/"


def day_in(days):
    return (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()


def test_what_fits_is_proposed_at_once_and_explained(lists):
    lists.public("resources")
    need = lists.public("needs")
    match = lists.last(Match)
    assert (match.need_id, match.state, match.by_hand) == (need.id, "proposed", False)
    page = lists.club.get(f"{HERE}matches/{match.id}").text
    assert "周四 14:00–16:00在对方开放时间（周一至周五 14:00–17:00）之内" in page
    for who in (lists.bank, lists.club):
        assert "周四排练场地" in who.get("/c/erlonglu/").text
    assert lists.liaison("另一家公司", "孙联络").get(f"{HERE}matches/{match.id}").status_code == 404


def test_the_order_in_which_they_are_posted_does_not_matter(lists):
    lists.public("needs")
    assert not lists.all(Match)
    lists.public("resources")
    assert len(lists.all(Match)) == 1


def test_a_near_miss_is_shown_with_why(lists):
    lists.public("resources", begins_1="09:00", ends_1="11:00")
    need = lists.public("needs")
    assert not lists.all(Match)
    page = lists.club.get(f"{HERE}needs/{need.id}/fits").text
    assert "不在对方开放时间" in page
    other = lists.browser("resident", "李秀英")
    assert other.get(f"{HERE}needs/{need.id}/fits").status_code == 403


def test_both_sides_say_yes_and_it_is_a_project(lists):
    lists.public("resources")
    lists.public("needs")
    match = lists.last(Match)
    assert lists.answer(lists.club, match, "resource").status_code == 403
    assert lists.answer(lists.bank, match, "need").status_code == 403
    assert lists.answer(lists.bank, match, "both").status_code == 422
    assert lists.answer(lists.bank, match, "resource").status_code == 303
    assert not lists.all(Project)
    assert lists.answer(lists.bank, match, "resource").status_code == 303, "twice is once"
    answer = lists.answer(lists.club, match, "need")
    project = lists.last(Project)
    assert answer.headers["Location"].endswith(f"/projects/{project.id}")
    assert (project.state, project.line) == ("planned", "venues")
    assert db.session.get(Need, match.need_id).state == "matched"
    use = lists.last(Use)
    assert (use.load, use.ends - use.begins) == (60, 120)
    assert lists.answer(lists.club, match, "need").status_code == 303
    assert len(lists.all(Project)) == 1
    assert lists.answer(lists.club, match, "need", yes=False, words="不").status_code == 409


def test_one_person_does_not_agree_for_both_sides(lists):
    lists.public("resources")
    need = lists.public("needs", lists.bank, side="group", group_name="银行书法社")
    match = lists.last(Match)
    assert match.need_id == need.id
    assert lists.answer(lists.bank, match, "resource").status_code == 303
    assert lists.answer(lists.bank, match, "need").status_code == 409
    assert not lists.all(Project)


def test_need_and_resource_of_one_unit_do_not_meet(lists):
    resource = lists.public("resources")
    unit = str(lists.unit("金融银行"))
    need = lists.public("needs", lists.bank, side=unit, group_name="")
    assert not lists.all(Match)
    address = f"{HERE}needs/{need.id}/propose"
    data = {"resource": resource.id, "reason": "就近", "project": "0"}
    assert lists.secretary.post(address, data=data).status_code == 409


def test_a_unit_asks_and_another_gives(lists):
    lists.public("resources")
    shop = lists.liaison("百货公司", "孙联络")
    unit = str(lists.unit("百货公司"))
    lists.public("needs", shop, side=unit, group_name="", title="员工培训教室")
    match = lists.last(Match)
    assert lists.answer(shop, match, "need").status_code == 303
    assert lists.answer(lists.bank, match, "resource").status_code == 303
    assert lists.last(Project).title == "员工培训教室"


def test_a_no_has_its_reason_and_is_not_asked_again(lists, community):
    lists.public("resources")
    lists.public("needs")
    match = lists.last(Match)
    assert lists.answer(lists.bank, match, "resource", yes=False).status_code == 422
    answer = lists.answer(lists.bank, match, "resource", yes=False, words="那天盘点")
    assert answer.status_code == 303
    assert "那天盘点" in lists.club.get(f"{HERE}matches/{match.id}").text
    assert proposing.propose_all(community) == 0
    assert lists.answer(lists.club, match, "need").status_code == 409


def test_a_yes_that_comes_too_late_is_none(lists, community):
    lists.public("resources")
    lists.public("needs")
    match = lists.last(Match)
    clock.shift(timedelta(days=15))
    answer = lists.answer(lists.bank, match, "resource")
    assert answer.status_code == 409
    assert accepting.lapse(community) == 1
    db.session.commit()
    assert db.session.get(Match, match.id).state == "lapsed"


def test_a_yes_to_what_was_withdrawn_meanwhile_is_none(lists):
    resource = lists.public("resources")
    lists.public("needs")
    match = lists.last(Match)
    lists.bank.post(f"{HERE}resources/{resource.id}/withdraw", data={})
    assert lists.answer(lists.club, match, "need").status_code == 409
    assert db.session.get(Match, match.id).state == "lapsed"


def test_hours_that_another_project_took_are_gone(lists, community):
    lists.public("resources")
    lists.public("needs")
    first = lists.last(Match)
    other = lists.browser("resident", "李秀英")
    lists.public("needs", other, group_name="书法社", form_key="other")
    second = lists.last(Match)
    assert first.id != second.id
    for who, match, side in (
        (lists.bank, first, "resource"),
        (lists.bank, second, "resource"),
        (lists.club, first, "need"),
    ):
        assert lists.answer(who, match, side).status_code == 303
    answer = lists.answer(other, second, "need")
    assert answer.status_code == 409
    assert len(lists.all(Project)) == 1
    assert accepting.lapse(community) == 1
    db.session.commit()
    project = lists.last(Project)
    assert lists.move(lists.secretary, project, "stop", "合唱队解散").status_code == 303
    assert not lists.all(Use), "its hours are free again"


def test_the_database_refuses_more_than_there_is(lists):
    lists.project()
    use = lists.last(Use)
    from sqlalchemy.exc import IntegrityError

    for begins, ends, load in (
        (use.begins, use.ends, 1),
        (use.begins - 60, use.begins + 1, 1),
        (use.ends - 1, use.ends + 60, 1),
        (use.ends, use.ends + 60, 61),
    ):
        more = Use(match_id=use.match_id, resource_id=use.resource_id, load=load)
        more.begins, more.ends = begins + (begins == use.begins), ends
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.add(more)
    beside = Use(match_id=use.match_id, resource_id=use.resource_id, load=60)
    beside.begins, beside.ends = use.ends, use.ends + 60
    db.session.add(beside)
    db.session.commit()


def test_a_group_without_account_is_asked_by_the_office(lists):
    lists.public("resources")
    need = lists.posted("needs", lists.staff, side="office", group_name="老年手工组")
    assert lists.check("needs", need).status_code == 303
    match = lists.last(Match)
    assert lists.answer(lists.bank, match, "resource").status_code == 303
    assert "老年手工组" not in lists.club.get("/c/erlonglu/").text
    assert "询问" in lists.secretary.get("/desk/").text
    assert lists.answer(lists.club, match, "need").status_code == 404
    assert lists.answer(lists.secretary, match, "need").status_code == 422
    answer = lists.answer(lists.secretary, match, "need", words="组长电话同意，11月3日")
    assert answer.status_code == 303
    assert lists.last(Project).title == "周四排练场地"


def test_people_propose_by_hand_what_does_not_quite_fit(lists):
    resource = lists.public("resources", place_id=lists.places()["6号楼"])
    need = lists.public("needs", place_id=lists.community.id)
    assert not lists.all(Match), "nobody has noted the way"
    address = f"{HERE}needs/{need.id}/propose"
    data = {"resource": resource.id, "reason": "", "project": "0"}
    assert lists.staff.post(address, data=data).status_code == 403
    assert lists.secretary.post(address, data=data).status_code == 422
    data["reason"] = "队员愿意走过去"
    assert lists.secretary.post(address, data=data).status_code == 303
    assert lists.secretary.post(address, data=data).status_code == 409
    match = lists.last(Match)
    assert match.by_hand
    assert "队员愿意走过去" in lists.bank.get(f"{HERE}matches/{match.id}").text
    for wrong in ({"resource": "0"}, {"resource": "x"}, {"resource": "9" * 30}):
        assert lists.secretary.post(address, data=data | wrong).status_code == 404


def test_a_way_that_is_noted_brings_them_together(lists):
    place, home = lists.places()["6号楼"], lists.community.id
    lists.public("resources")
    lists.public("needs", place_id=home)
    assert lists.club.get(f"{HERE}walks/").status_code == 403
    walk = {"one": home, "other": place, "minutes": "11"}
    assert lists.staff.post(f"{HERE}walks/", data=walk).status_code == 303
    assert not lists.all(Match)
    for wrong in ({"minutes": "0"}, {"minutes": "121"}, {"other": home}, {"other": "999"}):
        assert lists.staff.post(f"{HERE}walks/", data=walk | wrong).status_code == 422
    back = {"one": place, "other": home, "minutes": "10"}
    assert lists.staff.post(f"{HERE}walks/", data=back).status_code == 303
    assert len(lists.all(Match)) == 1


def test_a_project_is_planned_finished_and_rated_by_the_side_in_need(lists, client):
    project = lists.project()
    other = lists.browser("resident", "李秀英")
    plan = {"lead": "need", "plan": "每周四两小时。", "seen": projects.mark(project)}
    assert other.post(f"{HERE}projects/{project.id}/plan", data=plan).status_code == 403
    assert lists.club.post(f"{HERE}projects/{project.id}/plan", data=plan).status_code == 303
    assert (
        lists.club.post(
            f"{HERE}projects/{project.id}/plan", data=plan | {"lead": "king"}
        ).status_code
        == 422
    )
    answer = lists.secretary.post(
        f"{HERE}projects/{project.id}/plan", data=plan | {"plan": "另写一份。"}
    )
    assert answer.status_code == 409
    assert "另写一份。" in answer.text
    steps = f"{HERE}projects/{project.id}/steps"
    step = {"words": "领取钥匙", "due": day_in(3)}
    assert lists.club.post(steps, data=step).status_code == 303
    assert lists.club.post(steps, data=step).status_code == 303
    assert lists.club.post(steps, data=step | {"due": day_in(-1)}).status_code == 422
    assert len(lists.all(ProjectStep)) == 1
    made = lists.last(ProjectStep)
    assert lists.club.post(f"{steps}/{made.id}/done").status_code == 303
    assert lists.club.post(f"{steps}/999/done").status_code == 404
    assert lists.move(lists.bank, project, "begin").status_code == 403
    assert lists.move(lists.club, project, "finish", "好").status_code == 409
    assert lists.move(lists.club, project, "begin").status_code == 303
    assert lists.move(lists.club, project, "explode").status_code == 422
    assert lists.move(lists.club, project, "rate").status_code == 422
    assert lists.move(lists.club, project, "finish").status_code == 422
    rate = {"need": lists.last(Need).id, "stars": "5", "words": "地方宽敞"}
    address = f"{HERE}projects/{project.id}/rate"
    assert lists.club.post(address, data=rate).status_code == 409
    assert lists.move(lists.club, project, "finish", "共排练12次。").status_code == 303
    assert not lists.all(Use)
    assert lists.bank.post(address, data=rate).status_code == 403
    assert lists.club.post(address, data=rate | {"stars": "6"}).status_code == 422
    assert lists.club.post(address, data=rate | {"need": "x"}).status_code == 403
    assert lists.club.post(address, data=rate).status_code == 303
    assert lists.club.post(address, data=rate).status_code == 303
    assert len(lists.all(Rating)) == 1
    assert db.session.get(Project, project.id).state == "rated"
    assert lists.last(Need).state == "met"
    lists.login.out()
    page = client.get(f"{HERE}projects/{project.id}").text
    assert "地方宽敞" in page
    assert "王桂兰" not in page


def test_a_second_resource_joins_a_project_that_is_going_on(lists):
    project = lists.project()
    law = lists.liaison("律师事务所", "孙联络")
    resource = lists.public(
        "resources",
        law,
        side=str(lists.unit("律师事务所")),
        kind="venue",
        title="会议室",
        form_key="law",
    )
    need = lists.last(Need)
    address = f"{HERE}needs/{need.id}/propose"
    alone = {"resource": resource.id, "reason": "", "project": "0"}
    assert lists.secretary.post(address, data=alone).status_code == 409
    assert lists.secretary.post(address, data=alone | {"project": "999"}).status_code == 422
    joined = alone | {"project": project.id}
    assert lists.secretary.post(address, data=joined).status_code == 303
    match = lists.last(Match)
    assert lists.answer(law, match, "resource").status_code == 303
    assert lists.answer(lists.club, match, "need").status_code == 303
    assert len(lists.all(Project)) == 1
    assert "会议室" in lists.club.get(f"{HERE}projects/{project.id}").text


def test_a_stopped_project_gives_its_need_back(lists):
    project = lists.project()
    assert lists.move(lists.club, project, "stop").status_code == 422
    assert lists.move(lists.club, project, "stop", "队员太少").status_code == 303
    assert lists.last(Need).state == "public"
    assert lists.move(lists.club, project, "stop", "又一次").status_code == 303
    page = lists.club.get(f"{HERE}projects/{project.id}").text
    assert "队员太少" in page


def test_ids_of_another_community_lead_nowhere(lists):
    project = lists.project()
    match = lists.last(Match)
    there = HERE.replace("erlonglu", "jingjidao")
    for path in (f"needs/{match.need_id}", f"matches/{match.id}", f"projects/{project.id}"):
        assert lists.secretary.get(f"{there}{path}").status_code == 404
    for path in ("needs/999", "resources/999", "matches/999", "projects/999", "needs/999/fits"):
        assert lists.secretary.get(f"{HERE}{path}").status_code == 404


def test_what_is_kept_of_people_is_given_out_and_forgotten(lists):
    from civic_party import list_own_data

    lists.project()
    who = lists.login.id("resident")
    tables = {table.name: table for table in list_own_data.export(who)}
    assert len(tables["party_posted"].rows) == 1
    assert len(tables["party_proposals"].rows) == 1
    list_own_data.forget(who)
    db.session.commit()
    assert not any(table.rows for table in list_own_data.export(who))
    assert db.session.scalar(select(func.count(Project.id))) == 1
    page = lists.secretary.get(f"{HERE}projects/{lists.last(Project).id}")
    assert page.status_code == 200
