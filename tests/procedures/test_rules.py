"""Quorum and pass on exact numbers: vectors, boundaries, and what must never be."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from civic.procedures import terms
from civic.procedures.rules import Code, Count, decide, petitioned
from civic.procedures.schema import Procedure
from civic.procedures.thresholds import Alternative, Bar, Decision, Demand, Least, Share
from tests.procedures.samples import shipped

#: Square centimetres of a square metre.
M2 = 10_000
HEADS, AREA = terms.HEADS, terms.AREA


def owners(heads, area, *, agree=(0, 0), entitled=(90, 9000)) -> dict[str, Count]:
    """Return what was counted of owners; areas in square metres."""
    return {
        HEADS: Count(entitled=entitled[0], participating=heads, agreeing=agree[0]),
        AREA: Count(
            entitled=round(entitled[1] * M2),
            participating=round(area * M2),
            agreeing=round(agree[1] * M2),
        ),
    }


@pytest.mark.parametrize(
    ("code", "heads", "area", "agree", "expected"),
    [
        ("owner_special", 60, 6000, (45, 4500), Code.PASSED),
        ("owner_special", 60, 6000, (44, 5900), Code.FAILED),
        ("owner_general", 60, 6000, (30, 4000), Code.FAILED),
        ("owner_general", 60, 6000, (31, 3001), Code.PASSED),
        ("owner_general", 60, 6000, (31, 3000), Code.FAILED),
        ("owner_special", 80, 5999.99, (80, 5999.99), Code.INQUORATE),
        ("owner_general", 59, 9000, (59, 9000), Code.INQUORATE),
        ("owner_general", 0, 0, (0, 0), Code.INQUORATE),
    ],
)
def test_vectors_of_owners(code, heads, area, agree, expected) -> None:
    outcome = decide(shipped(code), owners(heads, area, agree=agree))
    assert outcome.code is expected
    assert outcome.quorum_met is (expected is not Code.INQUORATE)
    assert outcome.passed is (expected is Code.PASSED)


def test_each_check_says_its_figures() -> None:
    outcome = decide(shipped("owner_special"), owners(60, 6000, agree=(44, 5900)))
    (quorum,), (passing,) = outcome.quorum, outcome.passing
    heads, area = quorum.checks
    assert (heads.count, heads.base, heads.needed, heads.met) == (60, 90, 60, True)
    assert (area.count, area.base, area.needed) == (6000 * M2, 9000 * M2, 6000 * M2)
    heads, area = passing.checks
    assert (heads.count, heads.base, heads.needed, heads.met) == (44, 60, 45, False)
    assert (area.of, area.met) == (terms.PARTICIPATING, True)


def test_two_thirds_of_a_hundred_square_metres() -> None:
    """66.67 is enough and 66.66 is not: areas are compared as whole numbers (§3.5)."""
    share = Share(terms.AT_LEAST, 2, 3)
    assert share.met(666_700, 100 * M2)
    assert not share.met(666_600, 100 * M2)
    assert share.needed(100 * M2) == 666_667


@pytest.mark.parametrize(
    ("share", "base", "needed"),
    [
        (Share("gt", 1, 2), 60, 31),
        (Share("gt", 1, 2), 61, 31),
        (Share("ge", 1, 2), 61, 31),
        (Share("ge", 1, 2), 60, 30),
        (Share("ge", 1, 1), 7, 7),
        (Share("ge", 2, 3), 900, 600),
        (Share("ge", 1, 3), 0, 1),
        (Share("gt", 0, 1), 9, 1),
    ],
)
def test_exact_boundaries(share, base, needed) -> None:
    assert share.needed(base) == needed
    assert not share.met(needed - 1, base)
    assert share.met(needed, base) is (base > 0)


@given(
    st.sampled_from(["ge", "gt"]),
    st.integers(0, 40),
    st.integers(1, 40),
    st.integers(1, 10**13),
    st.integers(1, 10**6),
)
def test_needed_is_the_smallest_that_is_met_and_scale_changes_nothing(op, num, den, base, scale):
    assume(num <= den and not (num == den and op == "gt") and not (num == 0 and op == "ge"))
    share = Share(op, num, den)
    needed = share.needed(base)
    assert share.met(needed, base)
    assert not share.met(needed - 1, base)
    assert share.met(needed * scale, base * scale)
    assert Share(op, num * 7, den * 7).needed(base) == needed


def test_one_of_several_alternatives_is_enough() -> None:
    procedure = shipped("ra_2026_person")

    def outcome(adults: int, reps: int) -> Code:
        counts = {
            "heads": Count(entitled=2000, participating=adults, agreeing=adults),
            "household_reps": Count(entitled=900, participating=reps),
        }
        return decide(procedure, counts).code

    assert outcome(1001, 0) is Code.PASSED
    assert outcome(600, 600) is Code.PASSED
    assert outcome(1000, 599) is Code.INQUORATE


def test_alternatives_that_nobody_counted_are_left_out() -> None:
    counts = {"heads": Count(entitled=10, participating=6, agreeing=6)}
    outcome = decide(shipped("ra_2026_person"), counts)
    assert outcome.code is Code.PASSED
    assert len(outcome.quorum) == 1
    with pytest.raises(ValueError, match="household_reps"):
        decide(shipped("ra_2026_person"), {})


def test_a_committee_with_owners_needs_both() -> None:
    def outcome(members: int, owner_members: int) -> Code:
        counts = {
            "heads": Count(entitled=7, participating=members, agreeing=members),
            "owner_members": Count(entitled=4, participating=owner_members),
        }
        return decide(shipped("pmc_meeting", "CN-BJ"), counts).code

    assert outcome(4, 3) is Code.PASSED
    assert outcome(7, 2) is Code.INQUORATE
    assert outcome(3, 3) is Code.INQUORATE


def test_shares_of_all_and_of_those_present() -> None:
    half_of_all = shipped("oc_meeting", "CN-BJ")
    counts = {"heads": Count(entitled=9, participating=5, agreeing=4)}
    assert decide(half_of_all, counts).code is Code.FAILED
    counts = {"heads": Count(entitled=9, participating=5, agreeing=5)}
    assert decide(half_of_all, counts).code is Code.PASSED
    # Ten were there, eight took a ballot, five agreed: half of those present, and no more.
    present = {"heads": Count(entitled=15, participating=8, agreeing=5, attending=10)}
    assert decide(shipped("rep_2026"), present).code is Code.FAILED


def test_all_must_agree() -> None:
    def outcome(took: int, agreed: int, of: int = 12) -> Code:
        counts = {"heads": Count(entitled=of, participating=took, agreeing=agreed)}
        return decide(shipped("owner_unanimous"), counts).code

    assert outcome(12, 12) is Code.PASSED
    assert outcome(12, 11) is Code.FAILED
    assert outcome(11, 11) is Code.INQUORATE
    assert outcome(0, 0, of=0) is Code.INQUORATE


def test_an_abstention_took_part_and_has_not_agreed() -> None:
    counts = {"heads": Count(entitled=90, participating=60, agreeing=30, opposing=0)}
    assert decide(shipped("household_poll"), counts).code is Code.FAILED
    counts = {"heads": Count(entitled=90, participating=60, agreeing=31, opposing=0)}
    assert decide(shipped("household_poll"), counts).code is Code.PASSED


def test_where_nothing_passes_the_order_is_the_result() -> None:
    counts = {"heads": Count(entitled=900, participating=1)}
    outcome = decide(shipped("street_advisory"), counts)
    assert outcome.code is Code.COUNTED
    assert outcome.quorum_met
    panel = shipped("project_score")

    def outcome_of(experts: int, residents: int) -> Code:
        return decide(
            panel,
            {
                "experts": Count(entitled=9, participating=experts),
                "residents": Count(entitled=50, participating=residents),
            },
        ).code

    assert outcome_of(5, 30) is Code.COUNTED
    assert outcome_of(6, 30) is Code.INQUORATE
    assert outcome_of(5, 29) is Code.INQUORATE


def test_silence_is_not_consent_unless_a_rule_says_so() -> None:
    counts = {
        "heads": Count(entitled=90, participating=40, agreeing=30, opposing=5, reached=30),
        "area_cm2": Count(entitled=900, participating=400, agreeing=300, opposing=50, reached=300),
    }
    procedure = shipped("owner_general")
    assert decide(procedure, counts).code is Code.INQUORATE
    following = replace(procedure, silence_follows_majority=True, silence_basis="议事规则 §9")
    outcome = decide(following, counts)
    assert outcome.code is Code.PASSED
    assert outcome.followed == "agree"
    assert outcome.quorum[0].checks[0].count == 70
    against = {
        measure: replace(one, agreeing=one.opposing, opposing=one.agreeing)
        for measure, one in counts.items()
    }
    outcome = decide(following, against)
    assert (outcome.code, outcome.followed) == (Code.FAILED, "oppose")
    # Heads one way and areas the other: there is no majority to follow.
    split = counts | {"area_cm2": against["area_cm2"]}
    # Those who are silent take part then, and stand on no side.
    assert decide(following, split).followed == "neither"
    assert decide(following, split).code is Code.FAILED


def test_petitions() -> None:
    bar = shipped("ra_2026_person").petition
    adults = {"adults": Count(entitled=1000, participating=100)}
    assert petitioned(bar, adults)
    few = {"adults": Count(entitled=1000, participating=99)}
    assert not petitioned(bar, few)
    reps = {"household_reps": Count(entitled=300, participating=100)}
    assert petitioned(bar, few | reps)


@pytest.mark.parametrize(
    "figures",
    [
        {"entitled": 1, "participating": 2},
        {"entitled": 5, "participating": 3, "agreeing": 2, "opposing": 2},
        {"entitled": 5, "participating": 3, "attending": 2},
        {"entitled": 5, "participating": 3, "attending": 6},
        {"entitled": 5, "participating": 3, "reached": 3},
        {"entitled": 5, "participating": -1},
        {"entitled": 5, "participating": 3, "agreeing": -1},
    ],
)
def test_figures_that_cannot_be_are_refused(figures) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Count(**figures)


def thresholds():
    return st.one_of(
        st.builds(
            lambda op, num, more: Share(op, num, num + more),
            st.sampled_from(["ge", "gt"]),
            st.integers(1, 9),
            st.integers(1, 9),
        ),
        st.just(Share("ge", 1, 1)),
        st.builds(Least, st.integers(1, 30)),
    )


def bars(bases):
    demands = st.lists(
        st.builds(Demand, st.sampled_from([HEADS, AREA]), thresholds()),
        min_size=1,
        max_size=2,
        unique_by=lambda demand: demand.measure,
    ).map(tuple)
    alternative = st.builds(Alternative, st.sampled_from(bases), demands)
    return st.lists(alternative, min_size=1, max_size=3).map(lambda found: Bar(tuple(found)))


@st.composite
def votes(draw):
    """Ballots of owners as (area, choice); None is somebody who has not voted."""
    owner = st.tuples(
        st.integers(1, 500), st.sampled_from(["agree", "oppose", "abstain", None, "reached"])
    )
    return draw(st.lists(owner, min_size=1, max_size=40))


def counted(ballots, scale: int = 1) -> dict[str, Count]:
    def total(size, *choices) -> int:
        return scale * sum(size(area) for area, choice in ballots if choice in choices)

    def count(size) -> Count:
        return Count(
            entitled=total(size, "agree", "oppose", "abstain", None, "reached"),
            participating=total(size, "agree", "oppose", "abstain"),
            agreeing=total(size, "agree"),
            opposing=total(size, "oppose"),
            reached=total(size, "reached"),
        )

    return {HEADS: count(lambda _area: 1), AREA: count(lambda area: area)}


def made(quorum: Bar, passing: Bar, *, silence: bool = False) -> Procedure:
    return replace(
        shipped("owner_general"),
        quorum=quorum,
        decision=Decision(terms.THRESHOLD, passing),
        silence_follows_majority=silence,
    )


PASSING = [terms.ALL, terms.PARTICIPATING, terms.ATTENDING]


@given(bars([terms.ALL]), bars(PASSING), votes(), st.booleans(), st.data())
def test_an_agreeing_ballot_more_never_turns_passed_into_failed(
    quorum, passing, ballots, silence, data
) -> None:
    silent = [n for n, (_area, choice) in enumerate(ballots) if choice in {None, "reached"}]
    assume(silent)
    place = data.draw(st.sampled_from(silent))
    more = list(ballots)
    more[place] = (ballots[place][0], "agree")
    procedure = made(quorum, passing, silence=silence)
    before, after = (decide(procedure, counted(each)) for each in (ballots, more))
    if before.passed:
        assert after.passed
    if before.quorum_met:
        assert after.quorum_met


@given(bars([terms.ALL]), bars(PASSING), votes(), st.randoms())
def test_the_order_of_ballots_never_matters(quorum, passing, ballots, random) -> None:
    shuffled = list(ballots)
    random.shuffle(shuffled)
    procedure = made(quorum, passing)
    assert decide(procedure, counted(ballots)) == decide(procedure, counted(shuffled))


@given(votes(), st.integers(2, 10**6))
def test_shares_do_not_depend_on_the_unit_of_area(ballots, scale) -> None:
    procedure = shipped("owner_special")
    small, large = counted(ballots), counted(ballots, scale)
    large = {HEADS: small[HEADS], AREA: large[AREA]}
    assert decide(procedure, small).code is decide(procedure, large).code
