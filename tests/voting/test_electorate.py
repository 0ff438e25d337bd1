"""Voting rights: who counts as one, with which area, and who votes for it (domain.md §3.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.voting.electorate import (
    Capacity,
    Holder,
    Household,
    Part,
    Party,
    State,
    Total,
    area,
    household_rights,
    owner_rights,
    person_rights,
    seat_rights,
    total,
)

M2 = 10_000


def part(number: int, *owners: Party, state: State = State.OWNED, m2: int = 100) -> Part:
    return Part(
        id=number,
        label=f"5号楼{number}",
        area_cm2={"register": m2 * M2},
        state=state,
        owners=owners,
        developer="d1",
    )


def owner(key: str, person_id: int | None = None, **more: object) -> Party:
    return Party(key=key, person_id=person_id, **more)  # type: ignore[arg-type]


WANG, LI, ZHAO = owner("wang", 1), owner("li", 2), owner("zhao", 3)


def test_one_part_is_one_head() -> None:
    rights = owner_rights([part(101, WANG), part(102, LI)])
    assert total(rights) == Total(2, 200 * M2)
    assert [right.label for right in rights] == ["5号楼101", "5号楼102"]
    assert rights[0].holders == (Holder(person_id=1, capacity=Capacity.SELF),)


def test_one_buyer_of_several_parts_is_one_head_and_the_areas_add() -> None:
    rights = owner_rights([part(101, WANG, m2=60), part(102, LI), part(103, WANG, m2=40)])
    assert total(rights) == Total(2, 200 * M2)
    assert rights[0].area_cm2 == 100 * M2
    assert rights[0].label == "5号楼101、5号楼103"


@pytest.mark.parametrize("state", [State.UNSOLD, State.UNDELIVERED])
def test_stock_of_the_developer_is_one_head(state: State) -> None:
    stock = [part(number, WANG, state=state) for number in (201, 202, 203)]
    rights = owner_rights([part(101, LI), *stock])
    assert total(rights) == Total(2, 400 * M2)
    # A buyer to whom it was not handed over does not vote for it.
    assert rights[1].holders == ()


def test_unsold_and_undelivered_stock_is_the_same_head() -> None:
    rights = owner_rights([part(201, state=State.UNSOLD), part(202, state=State.UNDELIVERED)])
    assert [right.key for right in rights] == ["developer:d1"]


def test_co_owners_have_one_ballot() -> None:
    (right,) = owner_rights([part(101, WANG, LI)])
    assert right.heads == 1
    assert {(holder.person_id, holder.capacity) for holder in right.holders} == {
        (1, Capacity.CO_OWNER),
        (2, Capacity.CO_OWNER),
    }


def test_co_owners_are_another_buyer_than_each_alone() -> None:
    rights = owner_rights([part(101, WANG), part(102, WANG, LI), part(103, LI, WANG)])
    assert [right.key for right in rights] == ["owner:wang", "owner:li+wang"]


def test_a_guardian_votes_and_the_ballot_names_both() -> None:
    child = owner("child", 4, guardian_id=3, name="王*")
    (right,) = owner_rights([part(101, child)])
    assert right.holders == (Holder(person_id=3, capacity=Capacity.GUARDIAN, for_name="王*"),)


def test_an_owner_who_also_guards_a_co_owner_holds_the_right_once() -> None:
    child = owner("child", guardian_id=1, name="王*")
    for owners in ((child, WANG), (WANG, child)):
        (right,) = owner_rights([part(101, *owners)])
        assert right.holders == (Holder(person_id=1, capacity=Capacity.CO_OWNER),)


def test_parts_of_unknown_owners_stay_in_the_denominator() -> None:
    rights = owner_rights([part(101), part(102)])
    assert total(rights) == Total(2, 200 * M2)
    assert all(right.holders == () for right in rights)


def test_the_register_is_believed_before_the_survey_and_the_contract() -> None:
    every = {"contract": 3, "survey": 2, "register": 1}
    for expected in (1, 2, 3):
        assert area(Part(id=1, label="x", area_cm2=every)) == expected
        every.popitem()
    with pytest.raises(ValueError, match="no source"):
        area(Part(id=1, label="x", area_cm2={}))
    with pytest.raises(ValueError, match="0 cm²"):
        area(Part(id=1, label="x", area_cm2={"register": 0}))


def test_a_household_without_a_representative_still_counts() -> None:
    rights = household_rights(
        [Household(id=1, label="5号楼101", representative=7), Household(id=2, label="5号楼102")]
    )
    assert total(rights) == Total(2, 0)
    assert rights[0].holders == (Holder(person_id=7, capacity=Capacity.REPRESENTATIVE),)
    assert rights[1].holders == ()


def test_a_person_named_twice_has_one_right() -> None:
    rights = person_rights([(1, "王*"), (2, "李*"), (1, "王*")])
    assert [right.key for right in rights] == ["person:1", "person:2"]


def test_a_seat_counts_whoever_fills_it() -> None:
    rights = seat_rights([("a", "银行甲", 1), ("b", "银行乙", None)])
    assert total(rights).heads == 2
    assert rights[1].holders == ()
    with pytest.raises(ValueError, match="twice"):
        seat_rights([("a", "银行甲", 1), ("a", "银行甲", 2)])


PARTIES = st.sampled_from([WANG, LI, ZHAO, owner("sun"), owner("child", guardian_id=2)])
PARTS = st.lists(
    st.tuples(
        st.lists(PARTIES, max_size=3, unique_by=lambda party: party.key),
        st.sampled_from(list(State)),
        st.integers(1, 500),
    ),
    max_size=12,
).map(lambda rows: [part(n, *o, state=s, m2=m) for n, (o, s, m) in enumerate(rows)])


@given(PARTS, st.randoms(use_true_random=False))
def test_no_area_is_lost_and_order_never_matters(parts: list[Part], chance) -> None:
    rights = owner_rights(parts)
    assert total(rights).area_cm2 == sum(area(one) for one in parts)
    assert total(rights).heads <= len(parts)
    assert len({right.key for right in rights}) == len(rights)
    mixed = parts[:]
    chance.shuffle(mixed)
    again = {right.key: (right.area_cm2, set(right.holders)) for right in owner_rights(mixed)}
    assert again == {right.key: (right.area_cm2, set(right.holders)) for right in rights}
