"""Elections that were held are counted as they were; their files may lie elsewhere.

CIVIC_SAMPLES names the folder, `../shared/data` beside the project by default. Where a file is not
there, one line says so, and what every reader and method does is shown by the samples of the suite.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from civic.voting import formats, tallying
from civic.voting.formats import Election
from civic.voting.methods import Count

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("CIVIC_SAMPLES") or ROOT.parent / "shared" / "data")
WIELICZKA = "pabulib/Poland_Wieliczka_2023_Green_Budget.pb"


Counter = Callable[..., tuple[Election, Count] | None]


@pytest.fixture(scope="module")
def absent() -> set[Path]:
    """The files that were missed so far."""
    return set()


@pytest.fixture
def counted(absent: set[Path], capsys: pytest.CaptureFixture[str]) -> Counter:
    """A function that counts a file, or says once in a line that it is not there."""

    def count(name: str, method: str, completion: str = "none") -> tuple[Election, Count] | None:
        path = ROOT / FOLDER / name
        if path.is_file():
            election = formats.read(path)
            return election, tallying.count(election, method, completion=completion)
        if path not in absent:
            absent.add(path)
            with capsys.disabled():
                sys.stdout.write(f"\nNOT COUNTED, as CIVIC_SAMPLES has no {name}\n")
        return None

    return count


def test_what_is_absent_fails_nothing(counted: Counter, absent: set[Path]):
    absent.add(ROOT / FOLDER / "none/absent.soi")  # said already, so that this run says nothing
    assert counted("none/absent.soi", "schulze") is None


def test_debian_2002(counted: Counter):
    found = counted("preflib/debian-2002-leader.soi", "schulze")
    if found:
        _, count = found
        assert count.winners == (("Bdale Garbee",),)
        assert (count.profile.valid, count.profile.invalid) == (475, 0)
        assert count.order[0] == ("Bdale Garbee",)
        assert count.ties == ()


@pytest.mark.parametrize("method", ["irv", "ranked-pairs", "borda", "plurality"])
def test_debian_2002_by_other_methods(counted: Counter, method: str):
    found = counted("preflib/debian-2002-leader.soi", method)
    if found:
        assert found[1].winners == (("Bdale Garbee",),)


@pytest.mark.parametrize(
    "name", ["Poland_Krakow_2023_Pradnik_Czerwony.pb", "Poland_Warszawa_2019_Muranow.pb"]
)
def test_greedy_budgets_as_the_towns_decided(counted: Counter, name: str):
    found = counted(f"pabulib/{name}", "greedy")
    if found:
        election, count = found
        assert election.rule == "greedy"
        assert count.elected is not None
        assert sorted(count.elected) == sorted(election.selected)
        assert count.profile.invalid == 0


def test_the_points_of_krakow_are_those_of_its_file(counted: Counter):
    found = counted("pabulib/Poland_Krakow_2023_Pradnik_Czerwony.pb", "greedy")
    if found:
        first = found[1].rounds[0]
        assert first["counts"] == {"BO.D3.41/23": 2074}


def test_wieliczka_and_what_its_rule_adds_to_add1(counted: Counter):
    """Its list is that of the endowment that rises on although nothing fits any more.

    `add1` stops as soon as no further project fits, at 31 projects for 984,579. The town went on
    until the next step would have overspent: two projects (66, 67) gave way to a dearer one (46),
    at 30 projects for 995,079. The comparison with the greedy outcome, from which the rule has
    its name, was then won by equal shares.
    """
    plain = counted(WIELICZKA, "equal-shares", "add1")
    town = counted(WIELICZKA, "equal-shares", "add1-comparison")
    if plain and town:
        election, by_add1 = plain
        _, by_rule = town
        assert election.rule == "equalshares/add1-comparison"
        assert set(by_rule.elected) == set(election.selected)
        assert by_rule.spent == 995_079
        assert len(by_add1.elected) == 31
        assert by_add1.spent == 984_579
        assert set(by_add1.elected) - set(election.selected) == {"66", "67"}
        assert set(election.selected) - set(by_add1.elected) == {"46"}
        assert by_rule.rounds[-1]["stands"] == "equal-shares"


def test_wieliczka_without_completion(counted: Counter):
    found = counted(WIELICZKA, "equal-shares")
    if found:
        assert (len(found[1].elected), found[1].spent) == (21, 450_548)
