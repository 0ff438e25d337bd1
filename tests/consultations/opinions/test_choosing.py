"""Statements that stand for a group, that most share, and that many pass on; ties by id."""

from civic.consultations.opinions.choosing import consensus, representative, uncertain
from civic.consultations.opinions.statistics import Tally

YES, NO, PASSED = Tally(3, 0, 0), Tally(0, 3, 0), Tally(0, 0, 3)


def chosen(*rows: tuple[Tally, Tally]) -> list[tuple[object, str]]:
    """Return id and answer of what stands for a group; ids count from 1."""
    group = {number: row[0] for number, row in enumerate(rows, 1)}
    others = {number: row[1] for number, row in enumerate(rows, 1)}
    return [(item.id, item.answer) for item in representative(group, others)]


def test_what_sets_a_group_apart_agreed_first_and_ties_by_id():
    assert chosen((NO, YES), (YES, NO), (YES, NO)) == [
        (2, "agree"),
        (3, "agree"),
        (1, "disagree"),
    ]


def test_five_at_most_the_best_agreed_among_them():
    many = [(NO, YES)] * 6
    assert chosen(*many, (YES, NO)) == [(7, "agree"), *((n, "disagree") for n in range(1, 5))]
    assert chosen(*many) == [(n, "disagree") for n in range(1, 6)]


def test_where_nothing_suffices_the_best_agreed_one():
    # ratio 1 in all; 2·√2·1/2 = √2 is significant, and 2·√4·1/2 = 2 with 4/5 is more than √2 · 2/3.
    one = Tally(1, 0, 0)
    assert chosen((one, one), (YES, YES)) == [(2, "agree")]
    assert chosen((YES, YES), (one, one)) == [(1, "agree")]


def test_where_none_is_agreed_the_one_that_differs_most():
    few, others = Tally(0, 1, 2), Tally(0, 0, 3)
    # agreeing: 2·√4·(1/4 − 1/2) < 0 and ratio 1; disagreeing: 2/4 against 1/4, above 0.
    assert chosen((PASSED, PASSED), (few, others)) == [(2, "disagree")]
    assert chosen((PASSED, PASSED), (PASSED, PASSED)) == [(1, "disagree")]  # a tie


def test_what_nobody_saw_stands_for_nobody():
    assert chosen((Tally(), YES)) == []


def test_the_best_agreed_one_is_measured_by_what_was_best_before():
    # The first has ratio 4/5 : 4/5 = 1, so the next is better if share · test is more.
    tens = Tally(10, 0, 0)  # 11/12; 2·√11·1/2 = √11
    assert chosen((YES, YES), (tens, tens)) == [(2, "agree")]
    # The first has ratio 4, weight 6.4·√4.8 > 0; the second's weight is 0, for its test is 0.
    assert chosen((YES, NO), (tens, tens)) == [(1, "agree")]


def test_consensus_is_five_of_each_by_id_where_equal():
    clear, less = Tally(9, 1, 0), Tally(8, 2, 0)
    everybody = {0: less, **dict.fromkeys(range(1, 7), clear), 9: Tally(0, 10, 0)}
    found = consensus(everybody)
    assert [(item.id, item.answer) for item in found] == [
        *((number, "agree") for number in range(1, 6)),
        (9, "disagree"),
    ]
    assert (found[0].count, found[0].seen, found[0].share) == (9, 10, 10 / 12)


def test_passes_keep_a_statement_from_consensus():
    # 2·√13·(4/13 − 1/2) < 0; and of 1 of 3 the test is 0, of 2 of 3 1.
    assert consensus({1: Tally(3, 0, 9), 2: Tally(1, 0, 2), 3: Tally(2, 0, 1)}) == ()
    assert [item.id for item in consensus({1: Tally(3, 0, 0)})] == [1]


def test_many_passes_are_uncertainty():
    everybody = {
        1: Tally(7, 0, 3),
        2: Tally(3, 2, 5),
        3: Tally(8, 0, 2),
        4: Tally(0, 0, 4),  # too few to say
        5: Tally(2, 3, 5),
    }
    assert uncertain(everybody) == (2, 5, 1)
