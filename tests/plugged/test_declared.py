"""What a plugin cannot declare: it is not loaded, the site is, and the reason is told."""

import pytest

from civic.api import (
    AudienceTerm,
    Exporter,
    Importer,
    ImportPlan,
    Permission,
    PlaceKind,
    Plugin,
    StandingKind,
)
from civic.communities import known as places
from civic.identities import known
from civic.kernel import declared, exchange
from civic.notices import plugged

CHECKS = (places.check, known.check_declared, plugged.check, exchange.check)


def fits(**declarations) -> None:
    plugin = Plugin(
        "sample",
        __name__,
        title="Sample",
        api=">=1.0,<2",
        permissions=[Permission("keep", "Keep", "staff")],
        **declarations,
    )
    for check in CHECKS:
        check(plugin)


def exporter(permission: str = "keep") -> Exporter:
    return Exporter(code="a", title="A", permission=permission, header=("x",), rows=lambda _: [])


def importer(permission: str = "keep") -> Importer:
    return Importer(
        code="a",
        title="A",
        permission=permission,
        columns=(),
        read=lambda *_: ImportPlan(),
        apply=lambda *_: None,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"standings": [StandingKind("a", "A", frozenset({"staff"}))]},
        {"standings": [StandingKind("a", "A", frozenset({"participant"}))]},
        {"standings": [StandingKind("a", "A", frozenset({"anyone"}))]},
        {"standings": [StandingKind("a", "A", frozenset({"administrator"}))]},
        {"standings": [StandingKind("a", "A", frozenset({"resident_registered"}))]},
        {"standings": [StandingKind("a", "A", frozenset({"other.group"}))]},
        {"standings": [StandingKind("a", "A"), StandingKind("a", "B")]},
        {"standings": [StandingKind("a", "A", permission="unknown")]},
        {"standings": [StandingKind("a", "A", by_code=True, verify=lambda **_: 2)]},
        {"places": [PlaceKind("a", "A", ())]},
        {"places": [PlaceKind("a", "A", ("castle",))]},
        {"places": [PlaceKind("a", "A", ("building",)), PlaceKind("a", "B", ("building",))]},
        {"audience": [AudienceTerm("a", "A", lambda: None), AudienceTerm("a", "B", lambda: None)]},
        {
            "audience": [AudienceTerm("a", "A", lambda: None)],
            "standings": [StandingKind("a", "A")],
        },
        {"importers": [importer("unknown")]},
        {"importers": [importer(), importer()]},
        {"exporters": [exporter("unknown")]},
        {"exporters": [exporter(), exporter()]},
    ],
)
def test_it_is_refused_with_a_sentence(wrong):
    with pytest.raises(ValueError, match=r"its|two"):
        fits(**wrong)


def test_what_fits_is_taken():
    fits(
        standings=[StandingKind("a", "A", frozenset({"resident", "own", "sample.other"}))],
        places=[PlaceKind("a", "A", ("building", "b")), PlaceKind("b", "B", ("sample.a",))],
        audience=[AudienceTerm("t", "T", lambda: None)],
        importers=[importer()],
        exporters=[exporter("sample.keep")],
    )


def test_codes_carry_their_owner():
    assert declared.owner("facility.bay") == "facility"
    assert declared.owner("building") == ""
    assert declared.of_plugin("facility", "bay") == "facility.bay"
    assert declared.of_plugin("facility", "facility.bay") == "facility.bay"


def test_outside_of_an_app_the_kinds_are_the_cores():
    assert "resident_living" in known.standings()
    assert "building" in places.places().parents
    assert known.standings()["nobody.knows"].groups == frozenset()
