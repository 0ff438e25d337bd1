"""What only computes: limits of homes, the states of a conversion, words of findings."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_rental import limits, states
from civic_rental.checks import BuildingFacts, HomeFacts, RoomFacts, check_building, check_home
from civic_rental.findings import SENTENCES, area, told
from civic_rental.words import codes, data

PATIENT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
BEIJING = limits.of("CN-BJ")
KINDS = codes("homes", "kind")


def room(**values):
    standard = {"name": "房间1", "use": "bedroom", "area": 1200, "persons": 2, "window": True}
    return RoomFacts(**standard | values)


def home(*rooms, **values):
    standard = {"kind": "apartment", "area": 4000, "rent": 300_000, "pay_months": 1}
    return HomeFacts(rooms=rooms or (room(),), **standard | values)


def found(*rooms, **values):
    return [each.code for each in check_home(home(*rooms, **values), BEIJING)]


def test_a_good_home_passes():
    assert found() == []


@pytest.mark.parametrize(
    ("kind", "least"), [("whole", 500), ("shared", 500), ("apartment", 500), ("dormitory", 400)]
)
@pytest.mark.parametrize("persons", [1, 2])
def test_area_per_person_at_its_boundary(kind, least, persons):
    assert found(room(area=least * persons, persons=persons), kind=kind) == []
    assert found(room(area=least * persons - 1, persons=persons), kind=kind) == ["area_per_person"]


@pytest.mark.parametrize(
    ("kind", "most"), [("whole", 2), ("shared", 2), ("apartment", 2), ("dormitory", 8)]
)
def test_persons_per_room_at_its_boundary(kind, most):
    assert found(room(area=3900, persons=most), kind=kind) == []
    assert found(room(area=3900, persons=most + 1), kind=kind) == ["persons_per_room"]


@pytest.mark.parametrize("use", ["kitchen", "bathroom", "balcony", "corridor", "store", "garage"])
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_lives_in_a_forbidden_room(use, kind):
    assert found(room(use=use, persons=1), kind=kind) == ["forbidden_rooms"]
    assert found(room(), room(use=use, persons=0), kind=kind) == []


def test_a_living_room_is_not_let_apart():
    assert found(room(use="living", persons=1), kind="shared") == ["living_apart"]
    assert found(room(use="living", persons=1), kind="whole") == []


def test_money_at_its_boundaries():
    held = {"custody": "北京建房托管账户"}
    assert found(deposit=300_000, **held) == []
    assert found(deposit=300_001, **held) == ["deposit"]
    assert found(deposit=1) == ["custody"]
    assert found(pay_months=3) == []
    assert found(pay_months=4) == ["prepayment"]


def test_rooms_windows_and_sums():
    assert found(room(window=False)) == ["window"]
    assert found(room(), room(use="bathroom", persons=0, window=False, area=300)) == []
    assert found(room(persons=0)) == ["rooms"]
    assert found(room(area=4000), area=4000) == []
    assert found(room(area=4001), area=4000) == ["sum"]


def test_a_large_apartment_is_a_warning_alone():
    assert found(area=7000) == []
    finding = check_home(home(area=7001), BEIJING)
    assert [(each.code, each.stops) for each in finding] == [("home_area", False)]
    assert found(area=7001, kind="whole") == []


@pytest.mark.parametrize("words", ["打 隔 断", "每床 600 元", "外地人勿扰", "A PER BED offer"])
def test_banned_words_are_found_however_they_are_written(words):
    assert found(texts=["近地铁", words]) == ["word"]


def test_a_building_says_what_it_lacks():
    facts, papers = frozenset(codes("conversion", "fact")), frozenset(codes("conversion", "record"))
    assert check_building(BuildingFacts("apartment", facts, papers), BEIJING) == []
    lacking = BuildingFacts("apartment", facts - {"two_exits"}, papers - {"air_report"})
    assert [each.values["lacks"] for each in check_building(lacking, BEIJING)] == [
        "two_exits",
        "air_report",
    ]


def test_elsewhere_the_rules_of_the_country_hold():
    country = limits.of("CN-SH")
    assert country == limits.of("CN")
    crowded = home(room(area=100, persons=9), deposit=10**9)
    assert check_home(crowded, country) == []
    assert [each.code for each in check_home(home(room(use="garage")), country)] == [
        "forbidden_rooms"
    ]


ROOMS = st.builds(
    RoomFacts,
    name=st.just("房间"),
    use=st.sampled_from(codes("homes", "use")),
    area=st.integers(1, 10_000),
    persons=st.integers(0, 12),
    window=st.booleans(),
)
HOMES = st.builds(
    HomeFacts,
    kind=st.sampled_from(KINDS),
    area=st.integers(1, 50_000),
    rooms=st.lists(ROOMS, max_size=6),
    rent=st.integers(1, 10**7),
    deposit=st.integers(0, 10**8),
    custody=st.sampled_from(["", "托管账户"]),
    pay_months=st.integers(1, 24),
)


@PATIENT
@given(HOMES)
def test_every_finding_names_its_cure_and_every_stop_of_a_rule_its_source(app, some):
    with app.test_request_context():
        for each in told(check_home(some, BEIJING)):
            assert each.text
            assert each.cure
            assert each.source or each.code == "sum"


@PATIENT
@given(HOMES)
def test_what_passes_keeps_to_every_limit(some):
    if any(each.stops for each in check_home(some, BEIJING)):
        return
    held = BEIJING.of(some.kind)
    for each in some.rooms:
        if each.persons:
            assert each.area >= held["area_per_person"].figure * each.persons
            assert each.persons <= held["persons_per_room"].figure
            assert each.use not in held["forbidden_rooms"].listed
            assert each.window
    assert some.deposit <= some.rent
    assert some.pay_months <= held["prepayment"].figure


@PATIENT
@given(HOMES, st.integers(0, 5))
def test_fewer_people_are_never_worse(some, which):
    """Taking a person out of a room adds no finding about that room."""
    if not some.rooms:
        return
    at = which % len(some.rooms)
    fewer = list(some.rooms)
    one = fewer[at]
    if one.persons < 2:  # the last one: then perhaps nobody sleeps anywhere
        return
    fewer[at] = RoomFacts(one.name, one.use, one.area, one.persons - 1, one.window)
    less = HomeFacts(some.kind, some.area, fewer, some.rent, some.deposit, some.custody)
    more = HomeFacts(some.kind, some.area, some.rooms, some.rent, some.deposit, some.custody)
    assert len(check_home(less, BEIJING)) <= len(check_home(more, BEIJING))


def test_each_limit_has_its_sentence():
    assert {*limits.FIGURES, *limits.LISTS} <= SENTENCES.keys()


@pytest.mark.parametrize(("hundredths", "text"), [(500, "5"), (1250, "12.5"), (1205, "12.05")])
def test_areas_read_well(hundredths, text):
    assert area(hundredths) == text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t["limit"][0].update(code="colour"), "nothing checks"),
        (lambda t: t["limit"][0].update(limit=-1), "no figure"),
        (lambda t: t["limit"][0].update(limit="500"), "no figure"),
        (lambda t: t["limit"][0].update(kinds=["castle"]), "unknown"),
        (lambda t: t["limit"][0].update(source={}), "where it stands"),
        (lambda t: t["limit"].append(t["limit"][0]), "twice"),
        (lambda t: t["limit"][4].update(limit=["cellar"]), "do not exist"),
        (lambda t: t["word"][0].update(cure={}), "cure"),
    ],
)
def test_wrong_limits_are_not_loaded(change, says):
    table = copy.deepcopy(data("limits")["CN-BJ"])
    change(table)
    with pytest.raises(ValueError, match=says):
        limits.parse(table)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t["state"][0]["moves"][0].update(to="nowhere"), "no such state"),
        (lambda t: t["state"][0]["moves"][0].update(by="anybody"), "who makes it"),
        (lambda t: t["state"][0].update(needs=["oath"]), "no records"),
        (lambda t: t["state"][0].update(gates=["weather"]), "nothing checks"),
        (lambda t: t["state"].append(t["state"][0]), "two states"),
        (lambda t: t.update(first="dream"), "missing"),
        (lambda t: t["state"][0]["moves"].pop(0), "never reached"),
        (lambda t: t["state"][-2]["moves"].clear(), "no way to an end"),
        (lambda t: t["office"].clear(), "offices"),
    ],
)
def test_a_wrong_way_is_not_loaded(change, says):
    table = copy.deepcopy(data("conversion"))
    change(table)
    with pytest.raises(ValueError, match=says):
        states.parse(table)


def test_the_way_is_the_one_of_the_domain():
    assert [code for code in states.way().states if code != states.STOPPED] == [
        *("intake", "eligibility", "demand", "neighbours", "joint_review", "recognition"),
        *("works", "acceptance", "inspection", "listed", "suspended", "closed"),
    ]
    assert len(states.way().offices) == 6
