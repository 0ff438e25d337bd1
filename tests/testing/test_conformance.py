"""The checklist: each planted fault fails its own point and no other."""

from pathlib import Path

import pytest

from civic.testing.checklist import CHECKS
from tests.sample import BUNDLED
from tests.testing.faulty import FAULTS, GOOD
from tests.testing.running import ROOT, conformance

CODES = [check.code for check in CHECKS]


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict[str, str]], str]:
    """Run the checklist once over all of them."""
    folder = tmp_path_factory.mktemp("faulty")
    for fault in (GOOD, *FAULTS):
        fault.write(folder)
    names = [fault.name for fault in (GOOD, *FAULTS)]
    return conformance(folder, *names, path=[folder])


def test_without_a_fault_every_point_is_held(ended):
    found, told = ended
    assert found["good"] == dict.fromkeys(CODES, "PASSED"), told


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_fails_its_point_and_no_other(ended, fault):
    found, told = ended
    failed = [code for code, result in found[fault.name].items() if result in {"FAILED", "ERROR"}]
    assert failed == [fault.point], told
    section = told[told.index(f"In {fault.name} it is not so:") :].partition("\n_")[0]
    assert fault.said.replace("NAME", fault.name) in section


def test_every_point_has_a_fault_that_it_sees():
    assert {fault.point for fault in FAULTS} == set(CODES)


def test_a_plugin_that_is_not_there_is_named(tmp_path: Path):
    found, told = conformance(tmp_path, "nowhere")
    assert found["nowhere"]["loads"] == "FAILED"
    assert "there is no package civic_nowhere" in told


#: Samples of the tests, and the points that they break on purpose.
SAMPLES = {
    "hello": set(),
    "kinds": set(),
    "answers": {"on"},  # its page `broken` is there to fail
}


def test_bundled_and_sample_plugins_hold_it(tmp_path: Path):
    path = [ROOT / "plugins", ROOT / "tests" / "plugins"]
    found, told = conformance(tmp_path, *BUNDLED, *SAMPLES, path=path)
    for name, points in found.items():
        failed = {code for code, result in points.items() if result != "PASSED"}
        assert points.keys() == set(CODES)
        assert failed == SAMPLES.get(name, set()), told
