"""Applications: saved at each step, handed in for a receipt, verified, withdrawn, forgotten."""

import copy
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from civic.api import clock, db
from civic_rental import allot_data, draw_own_data, folding, verifying
from civic_rental.application_models import Applicant, Ground
from civic_rental.words import data

HERE = "/c/erlonglu/rental/"
DAY = timedelta(days=1)
TIERS = [
    {"code": "partner", "claims": ["unit"]},
    {"code": "far", "claims": ["no_home", "far"]},
    {"code": "other", "claims": []},
]


def fresh(mine):
    db.session.expire_all()
    return db.session.get(Applicant, mine.id)


@pytest.mark.parametrize(
    ("verified", "tier"),
    [
        ([], "other"),
        (["no_home"], "other"),
        (["far"], "other"),
        (["no_home", "far"], "far"),
        (["unit"], "partner"),
        (["unit", "no_home", "far"], "partner"),
    ],
)
def test_the_first_tier_all_of_whose_claims_are_verified_counts(verified, tier):
    assert verifying.tier_of(verified, TIERS) == tier


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("138 0000-1234", "13800001234"),
        ("+86 13800001234", "13800001234"),
        ("0086-138-0000-1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("010-66001234", "01066001234"),
        ("86001234", "86001234"),
        ("张", ""),
    ],
)
def test_a_number_is_the_same_however_it_is_written(typed, folded):
    assert folding.phone(typed) == folded


def test_an_address_is_the_same_however_it_is_written():
    assert folding.address("丰台区 某街１号（2单元）-101") == folding.address(
        "丰台区某街1号 2单元101"
    )
    assert folding.address("某街1号") != folding.address("某街11号")


def test_each_step_is_kept_and_the_last_says_what_is_missing(allot, workplace):
    one = allot.opened()
    who = allot.applicant(0)
    answer, mine = allot.begin(who, one)
    assert answer.headers["Location"].endswith("/household")
    missing = allot.post(who, mine, "submit", {})
    assert missing.status_code == 422
    page = who.get(f"{HERE}applications/{mine.id}/submit").text
    assert page.count(f"applications/{mine.id}/household") >= 3
    allot.post(who, mine, "household", allot.household(household="2"))
    allot.post(who, mine, "work", {"unit": "某银行", "workplace": str(workplace.id)})
    assert fresh(mine).household == 2
    assert fresh(mine).workplace_id == workplace.id
    assert "金融街" in who.get(f"{HERE}applications/{mine.id}/submit").text
    allot.post(who, mine, "grounds", {"claim_far": "yes", "evidence_far": ""})
    assert allot.post(who, mine, "submit", {}).status_code == 422
    allot.post(who, mine, "grounds", {"claim_far": "yes", "evidence_far": "地铁70分钟"})
    assert allot.post(who, mine, "submit", {}).status_code == 303
    assert fresh(mine).number == 1
    again, same = allot.begin(who, one)
    assert again.headers["Location"].endswith(f"applications/{mine.id}/")
    assert same.id == mine.id


BAD = [
    ("household", {"household": "0"}),
    ("household", {"household": "21"}),
    ("household", {"household": "-1"}),
    ("household", {"household": "二"}),
    ("household", {"household": "9" * 400}),
    ("household", {"household": "²"}),
    ("household", {"phone": "12345"}),
    ("household", {"phone": "1" * 31}),
    ("household", {"phone": "张三"}),
    ("household", {"address": "路" * 121}),
    ("work", {"unit": "司" * 61}),
    ("work", {"unit": "某司", "workplace": "x"}),
    ("work", {"unit": "某司", "workplace": "99999999999999999999"}),
    ("work", {"unit": "某司", "workplace": "0"}),
    ("wishes", {"wishes": "望" * 501}),
    ("grounds", {"claim_far": "yes", "evidence_far": "证" * 301}),
]


@pytest.mark.parametrize(("step", "changed"), BAD)
def test_bad_input_of_each_step_is_refused_and_stands_there_still(allot, step, changed):
    one = allot.opened()
    who = allot.applicant(0)
    _answer, mine = allot.begin(who, one)
    typed = (allot.household(**changed) if step == "household" else {}) | changed
    answer = allot.post(who, mine, step, typed)
    assert answer.status_code == 422, answer.text
    key, value = next(iter(changed.items()))
    if key not in {"workplace", "claim_far"}:
        assert value in answer.text
    assert fresh(mine).version == 1


@pytest.mark.parametrize(
    ("step", "changed"),
    [
        ("household", {"household": "20", "phone": "1234567", "address": "路" * 120}),
        ("household", {"household": "", "phone": "", "address": ""}),
        ("work", {"unit": "司" * 60, "workplace": ""}),
        ("wishes", {"wishes": "望" * 500, "step_free": "yes"}),
        ("grounds", {"claim_far": "yes", "evidence_far": "证" * 300, "claim_x": "yes"}),
    ],
)
def test_what_is_just_within_the_limits_is_kept(allot, step, changed):
    one = allot.opened()
    who = allot.applicant(0)
    _answer, mine = allot.begin(who, one)
    assert allot.post(who, mine, step, changed).status_code == 303


def test_a_household_larger_than_the_home_is_told_before_handing_in(allot):
    one = allot.opened()
    who = allot.applicant(0)
    _answer, mine = allot.begin(who, one)
    allot.post(who, mine, "household", allot.household(household="3"))
    allot.post(who, mine, "work", {"unit": "某司"})
    assert allot.post(who, mine, "submit", {}).status_code == 422


def test_two_windows_on_one_draft_lose_nothing(allot):
    one = allot.opened()
    who = allot.applicant(0)
    _answer, mine = allot.begin(who, one)
    first = allot.post(who, mine, "household", allot.household(address="甲地"), version=1)
    second = allot.post(who, mine, "household", allot.household(address="乙地"), version=1)
    assert (first.status_code, second.status_code) == (303, 409)
    assert "甲地" in second.text
    assert "乙地" in second.text
    assert fresh(mine).address == "甲地"
    assert allot.post(who, mine, "submit", {}, version=1).status_code == 409


def test_the_last_moment_passes_while_somebody_types(allot):
    one = allot.opened()
    who = allot.applicant(0)
    _answer, mine = allot.begin(who, one)
    allot.post(who, mine, "household", allot.household())
    allot.post(who, mine, "work", {"unit": "某司"})
    allot.later(one.closes_at - clock.now())
    for step, sent in (("wishes", {"wishes": "写了很久"}), ("submit", {})):
        answer = allot.post(who, mine, step, sent)
        assert answer.status_code == 409
        assert sent.get("wishes", "") in answer.text
    answer, _mine = allot.begin(allot.applicant(1), one)
    assert answer.status_code == 409
    assert fresh(mine).number is None
    statement = "UPDATE rental_applicant SET number = 1, submitted_at = :at, state = 'submitted'"
    with pytest.raises(DatabaseError, match="too late"):
        db.session.execute(text(statement), {"at": str(clock.now())})
    db.session.rollback()


def test_nobody_applies_before_it_opens_nor_chooses_a_number(allot):
    one = allot.fixed()
    who = allot.applicant(0)
    answer, mine = allot.begin(who, one)
    assert (answer.status_code, mine) == (409, None)
    allot.later(DAY + timedelta(minutes=2))
    _answer, mine = allot.begin(who, one)
    at = f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"
    statement = "UPDATE rental_applicant SET number = 7, submitted_at = :at, state = 'submitted'"
    with pytest.raises(DatabaseError, match="chooses"):
        db.session.execute(text(statement), {"at": at})
    db.session.rollback()
    data = allot.household() | {"number": "7"}
    allot.post(who, mine, "household", data)
    allot.post(who, mine, "work", {"unit": "某司", "number": "7"})
    assert allot.post(who, mine, "submit", {"number": "7"}).status_code == 303
    assert fresh(mine).number == 1


def test_homes_for_workers_are_not_for_residents(allot):
    one = allot.opened(listing=allot.homes(audience=["worker"]))
    who = allot.browser("resident", "宋大爷")
    answer, mine = allot.begin(who, one)
    assert (answer.status_code, mine) == (403, None)
    assert allot.begin(allot.applicant(0), one)[0].status_code == 303


def test_whoever_works_elsewhere_in_the_street_applies_here(allot):
    one = allot.opened(listing=allot.homes(audience=["worker"]))
    who = allot.login("worker", name="钱学礼", at="jingjidao")
    assert "<form" in who.get(f"{HERE}allocations/{one.id}/").text
    answer, mine = allot.begin(who, one)
    assert (answer.status_code, mine is not None) == (303, True)
    member = allot.login("member", name="路人甲")
    assert allot.act(member, one, "apply").status_code == 403


def test_nobody_sees_or_changes_the_application_of_somebody_else(allot, stranger):
    one = allot.opened()
    mine = allot.apply(0, one)
    other = allot.applicant(1)
    for page in ("", "household", "submit"):
        assert other.get(f"{HERE}applications/{mine.id}/{page}").status_code == 404
        assert stranger.get(f"{HERE}applications/{mine.id}/{page}").status_code in {302, 303, 401}
    for act in ("household", "submit", "discard", "withdraw", "accept", "decline", "review"):
        answer = other.post(f"{HERE}applications/{mine.id}/{act}", data={"version": "1"})
        assert answer.status_code == 404, act
    elsewhere = allot.applicant(0).get(f"/c/jingjidao/rental/applications/{mine.id}/")
    assert elsewhere.status_code == 404
    assert allot.applicant(0).get(f"{HERE}applications/{2**40}/").status_code == 404
    for who in (other, stranger):
        assert who.get(f"{HERE}applications/{mine.id}/check").status_code in {302, 303, 401, 403}


def test_staff_see_names_only_where_they_open_one_and_the_applicant_reads_of_it(allot):
    one = allot.opened()
    mine = allot.apply(0, one, ("far",))
    draft = allot.begin(allot.applicant(1), one)[1]
    page = allot.staff.get(f"{HERE}allocations/{one.id}/applications/").text
    assert "建国" not in page
    assert "13800000000" not in page
    shown = allot.staff.get(f"{HERE}applications/{mine.id}/check").text
    assert "张建国" in shown
    assert allot.staff.get(f"{HERE}applications/{draft.id}/check").status_code == 404
    looks = db.session.execute(text("SELECT what FROM look")).scalars().all()
    assert looks == ["claim"]
    sheet = allot.staff.post(f"{HERE}allocations/{one.id}/applications.xlsx")
    assert sheet.data[:2] == b"PK"
    looks = db.session.execute(text("SELECT what FROM look ORDER BY id")).scalars().all()
    assert looks == ["claim", "export"]


def test_a_claim_is_decided_by_another_post_with_a_reason_where_it_is_refused(allot):
    one = allot.opened()
    mine = allot.apply(0, one, ("far", "no_home"))
    assert allot.decide(mine, "far", "").status_code == 422
    assert allot.decide(mine, "far", "no").status_code == 422
    assert allot.decide(mine, "unit").status_code == 404
    assert allot.decide(mine, "nonsense").status_code in {404, 422}
    assert allot.decide(mine, "far", "no", "长" * 501).status_code == 422
    assert allot.decide(mine, "far", "no", "只有40分钟").status_code == 303
    assert "只有40分钟" in allot.applicant(0).get(f"{HERE}applications/{mine.id}/").text
    assert allot.decide(mine, "far").status_code == 303
    row = db.session.scalars(select(Ground).filter_by(kind="far")).one()
    assert (row.state, bool(row.office), row.decided_by is not None) == ("verified", True, True)
    own = allot.login.id("community_worker", name="何社工")
    mine.person_id = own
    assert allot.decide(mine, "no_home").status_code == 403


def test_claims_are_settled_once_the_list_is_frozen(allot):
    one = allot.frozen(2)
    mine = db.session.scalars(select(Applicant).filter_by(number=1)).one()
    assert allot.decide(mine, "unit").status_code == 409
    assert one.state == "frozen"


def test_withdrawn_is_withdrawn_and_one_can_apply_anew_until_the_end(allot):
    one = allot.opened()
    mine = allot.apply(0, one)
    who = allot.applicant(0)
    assert who.post(f"{HERE}applications/{mine.id}/discard").status_code == 409
    assert who.post(f"{HERE}applications/{mine.id}/withdraw").status_code == 303
    assert who.post(f"{HERE}applications/{mine.id}/withdraw").status_code == 409
    again = allot.apply(0, one)
    assert (again.number, again.id != mine.id) == (2, True)
    _answer, draft = allot.begin(allot.applicant(1), one)
    assert allot.applicant(1).post(f"{HERE}applications/{draft.id}/discard").status_code == 303
    assert db.session.scalars(select(Applicant).filter_by(state="draft")).all() == []


def test_what_is_kept_of_a_person_is_given_out_and_forgotten_and_the_line_stays(allot, stranger):
    one = allot.published(3)
    person = allot.login.id("worker", name="张建国")
    tables = {table.name: table.rows for table in draw_own_data.export(person)}
    assert len(tables["rental_applications"]) == 1
    assert len(tables["rental_ranks"]) == 1
    secretary = allot.login.id("secretary")
    acts = {table.name: table.rows for table in draw_own_data.export(secretary)}["rental_allotting"]
    assert len(acts) == 4
    draw_own_data.forget(person)
    draw_own_data.forget(secretary)
    db.session.commit()
    row = db.session.scalars(select(Applicant).filter_by(number=1)).one()
    assert (row.person_id, row.phone, row.address, row.state) == (None, "", "", "withdrawn")
    assert all(not rows for rows in (t.rows for t in draw_own_data.export(person)))
    listed = stranger.get(f"{HERE}allocations/{one.id}/lists/1/").text
    assert "张*" in listed


def test_the_home_page_and_the_desk_say_what_waits(allot):
    one = allot.opened()
    who = allot.applicant(0)
    home = who.get("/c/erlonglu/").text
    assert one.title in home
    _answer, draft = allot.begin(who, one)
    assert f"applications/{draft.id}/" in who.get("/c/erlonglu/").text
    mine = allot.apply(1, one, ("far",))
    assert "only=undecided" in allot.staff.get("/desk/").text
    allot.decide(mine, "far")
    allot.later(7 * DAY)
    assert f"allocations/{one.id}/conduct" in allot.secretary.get("/desk/").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d["tier"].reverse(), "homes.toml"),
        (lambda d: d["tier"][0]["claims"].append("rich"), "there are not"),
        (lambda d: d["tier"][2]["claims"].append("far"), "takes everybody"),
        (lambda d: d["tier"][2].update(quota=True), "takes everybody"),
        (lambda d: d["claim"].append(d["claim"][0]), "twice"),
        (lambda d: d["source"][1].update(example="x"), "pattern"),
        (lambda d: d.update(reserve=0), "reserve"),
        (lambda d: d.update(offer_hours="48"), "offer_hours"),
    ],
)
def test_data_that_no_allotment_could_go_by_is_refused_when_it_is_loaded(change, sentence):
    allot_data.check(data("allocation"), data("homes"))
    changed = copy.deepcopy(data("allocation"))
    change(changed)
    with pytest.raises(ValueError, match=sentence):
        allot_data.check(changed, data("homes"))
