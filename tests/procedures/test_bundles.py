"""Procedure files: the bundle holds what domain.md says, and what goes wrong is said by line."""

from fractions import Fraction

import pytest

from civic.kernel.periods import Period
from civic.procedures import bundles, overlays, terms
from civic.procedures.bundles import SHIPPED, Source, check, load
from civic.procedures.thresholds import Least, Share
from tests.procedures.samples import TEXT, shipped, written

ROWS = [
    "ra_2018_person",
    "ra_2018_household",
    "ra_2018_group",
    "ra_2026_person",
    "ra_2026_household",
    "rep_2026",
    "owner_general",
    "owner_special",
    "owner_unanimous",
    "owner_found",
    "oc_meeting",
    "pmc_meeting",
    "party_review",
    "household_poll",
    "household_poll_costs",
    "elevator_addition",
    "street_advisory",
    "project_score",
    "dot_vote",
    "joint_meeting",
]
CALENDAR, WORKING = "calendar", "working"


def shares(bar) -> list[tuple]:
    return [
        tuple(
            (one.measure, one.threshold.op, one.threshold.fraction, alternative.of)
            for one in alternative.demands
        )
        for alternative in bar.alternatives
    ]


def test_the_bundle_holds_every_row_and_nothing_is_wrong_with_it() -> None:
    drafts, problems = load(Source("civic", SHIPPED))
    assert problems == []
    assert sorted(draft.data["id"] for draft in drafts) == sorted(ROWS)


@pytest.mark.parametrize("code", ROWS)
def test_no_row_says_that_it_is_verified_and_each_has_its_basis(code) -> None:
    draft, _ = check(SHIPPED / f"{code}.toml")
    assert draft.data.get("verified", False) is False
    for place in overlays.jurisdictions():
        found = draft.resolve(place)
        if found is None:
            continue
        procedure, _data = found
        assert procedure.basis
        assert procedure.valid_to or procedure.review_on
        assert procedure.effective_binding(confirmed=False) in {
            *terms.UNCONFIRMED,
            terms.MIRROR,
        }
        assert procedure.silence_follows_majority is False


@pytest.mark.parametrize("code", [code for code in ROWS if code.startswith("ra_2018")])
def test_the_rules_of_2018_are_history(code) -> None:
    assert shipped(code).valid_to.isoformat() == "2025-12-31"


HALF, TWO_THIRDS, THREE_QUARTERS = Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)


@pytest.mark.parametrize(
    ("code", "quorum", "passing"),
    [
        (
            "ra_2018_person",
            [(("heads", "gt", HALF, "all"),)],
            [(("heads", "gt", HALF, "attending"),)],
        ),
        (
            "ra_2026_person",
            [(("heads", "gt", HALF, "all"),), (("household_reps", "ge", TWO_THIRDS, "all"),)],
            [(("heads", "gt", HALF, "attending"),)],
        ),
        (
            "ra_2026_household",
            [(("adults", "gt", HALF, "all"),), (("heads", "ge", TWO_THIRDS, "all"),)],
            [(("heads", "gt", HALF, "attending"),)],
        ),
        (
            "rep_2026",
            [(("heads", "ge", TWO_THIRDS, "all"),)],
            [(("heads", "gt", HALF, "attending"),)],
        ),
        *(
            (
                code,
                [(("heads", "ge", TWO_THIRDS, "all"), ("area_cm2", "ge", TWO_THIRDS, "all"))],
                [(("heads", op, share, "participating"), ("area_cm2", op, share, "participating"))],
            )
            for code, op, share in (
                ("owner_general", "gt", HALF),
                ("owner_special", "ge", THREE_QUARTERS),
                ("elevator_addition", "ge", THREE_QUARTERS),
            )
        ),
        (
            "owner_unanimous",
            [(("heads", "ge", Fraction(1), "all"),)],
            [(("heads", "ge", Fraction(1), "all"),)],
        ),
        ("oc_meeting", [(("heads", "gt", HALF, "all"),)], [(("heads", "gt", HALF, "all"),)]),
        (
            "pmc_meeting",
            [(("heads", "gt", HALF, "all"), ("owner_members", "gt", HALF, "all"))],
            [(("heads", "gt", HALF, "all"),)],
        ),
        (
            "party_review",
            [(("heads", "ge", TWO_THIRDS, "all"),)],
            [(("heads", "gt", HALF, "all"),)],
        ),
        (
            "household_poll",
            [(("heads", "ge", TWO_THIRDS, "all"),)],
            [(("heads", "gt", HALF, "participating"),)],
        ),
        (
            "household_poll_costs",
            [(("heads", "ge", TWO_THIRDS, "all"),)],
            [(("heads", "ge", TWO_THIRDS, "participating"),)],
        ),
        (
            "joint_meeting",
            [(("heads", "ge", TWO_THIRDS, "all"),)],
            [(("heads", "gt", HALF, "attending"),)],
        ),
    ],
)
def test_quorum_and_pass_are_those_of_the_table(code, quorum, passing) -> None:
    place = "CN-BJ" if code in {"oc_meeting", "pmc_meeting"} else "CN"
    procedure = shipped(code, place)
    assert shares(procedure.quorum) == quorum
    assert shares(procedure.decision.bar) == passing


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("ra_2018_group", {"adults": (1, 5), "households": (1, 5), "groups": (1, 3)}),
        ("ra_2026_person", {"adults": (1, 10), "household_reps": (1, 3)}),
        ("rep_2026", {"heads": (1, 5)}),
        ("owner_general", {"heads": (1, 5)}),
        ("owner_found", {"heads": (1, 20), "area_cm2": (1, 20)}),
        ("oc_meeting", {"heads": (1, 3)}),
        ("pmc_meeting", {"heads": (1, 3)}),
        ("joint_meeting", {"heads": (1, 3)}),
    ],
)
def test_who_may_ask_for_it_is_as_in_the_table(code, asked) -> None:
    bar = shipped(code, "CN-BJ").petition
    found = {one.measure: (one.threshold.num, one.threshold.den) for one in bar.demands()}
    assert found == asked
    assert all(len(alternative.demands) == 1 for alternative in bar.alternatives)


@pytest.mark.parametrize(
    ("code", "name", "period"),
    [
        ("ra_2026_person", "notice", (10, CALENDAR)),
        ("owner_general", "notice", (15, CALENDAR)),
        ("owner_special", "result", (3, CALENDAR)),
        ("owner_found", "check", (30, CALENDAR)),
        ("owner_found", "posted", (7, CALENDAR)),
        ("owner_found", "meeting", (60, CALENDAR)),
        ("owner_found", "notice", (15, CALENDAR)),
        ("oc_meeting", "result", (3, CALENDAR)),
        ("pmc_meeting", "result", (3, CALENDAR)),
        ("pmc_meeting", "display", (10, WORKING)),
        ("party_review", "display", (7, CALENDAR)),
        ("household_poll", "notice", (7, CALENDAR)),
        ("street_advisory", "notice", (7, CALENDAR)),
        ("street_advisory", "notice_most", (15, CALENDAR)),
        ("project_score", "display", (7, WORKING)),
        ("joint_meeting", "topics", (15, CALENDAR)),
    ],
)
def test_periods_are_those_of_the_table(code, name, period) -> None:
    found = getattr(shipped(code, "CN-BJ").times, name)
    assert found == Period(n=period[0], kind=period[1])


def test_what_else_the_table_says() -> None:
    assert shipped("oc_meeting", "CN-BJ").times.told[0].before == Period(n=5)
    assert shipped("ra_2026_person").electorate.min_age == 18
    women, most = shipped("rep_2026").electorate.conditions
    assert women.threshold == Share("ge", 1, 3)
    assert most.threshold == Share("ge", 4, 5)
    assert shipped("owner_found", "CN-BJ").electorate.conditions[0].threshold == Share("ge", 1, 2)
    score = shipped("project_score")
    assert [one.threshold for one in score.quorum.demands()] == [Least(5, odd=True), Least(30)]
    assert [Fraction(one.num, one.den) for one in score.decision.weights] == [
        Fraction(3, 5),
        Fraction(2, 5),
    ]
    assert shipped("dot_vote").ballot.dots == 5
    assert shipped("street_advisory").quorum is None
    assert shipped("street_advisory").electorate.apart
    assert shipped("joint_meeting").decision.consensus_first
    assert shipped("pmc_meeting", "CN-BJ").proxy == "not_owners"


def test_owners_of_beijing_only_mirror_or_advise() -> None:
    drafts, _ = load(Source("civic", SHIPPED))
    owners = [draft for draft in drafts if draft.data["unit"] == "owner"]
    assert len(owners) == 5
    for draft in owners:
        procedure, data = draft.resolve("CN-BJ")
        assert procedure.binding in {terms.MIRROR, terms.ADVISORY}
        assert procedure.external_system == "北京业主"
        assert data["jurisdiction"] == "CN-BJ"
        assert bundles.overlays.OVERLAYS not in data
    special, _data = shipped_pair("owner_special")
    assert special.agenda_locked
    assert special.times.notice == Period(n=15)
    assert not shipped("owner_special", "CN").agenda_locked
    assert shipped("owner_special", "CN").binding == terms.STATUTORY


def shipped_pair(code):
    draft, _ = check(SHIPPED / f"{code}.toml")
    return draft.resolve("CN-BJ")


def test_what_holds_in_beijing_alone_holds_nowhere_else() -> None:
    draft, _ = check(SHIPPED / "oc_meeting.toml")
    assert draft.resolve("CN") is None


def line(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


BROKEN = [
    # what is written, in whose place, what is said, at which words
    ("quorom = 1\nunit", "unit", "unknown key `quorom`", "quorom"),
    (
        'heads = {op = "ge", num = 5, den = 3}',
        'heads = {op = "ge", num = 2, den = 3}',
        "5/3 is more than all",
        "num = 5",
    ),
    (
        'heads = {op = "ge", num = 2, den = 0}',
        'heads = {op = "ge", num = 2, den = 3}',
        "at least 1",
        "den = 0",
    ),
    (
        'heads = {op = "ge", num = -1, den = 3}',
        'heads = {op = "ge", num = 2, den = 3}',
        "at least 0",
        "num = -1",
    ),
    (
        'heads = {op = "gt", num = 3, den = 3}',
        'heads = {op = "ge", num = 2, den = 3}',
        "can never be met",
        '"gt", num = 3',
    ),
    (
        'heads = {op = "ge", num = 0, den = 3}',
        'heads = {op = "ge", num = 2, den = 3}',
        "always met",
        "num = 0",
    ),
    (
        'heads = {op = "ge", num = 0.5, den = 1}',
        'heads = {op = "ge", num = 2, den = 3}',
        "whole number",
        "num = 0.5",
    ),
    (
        'heads = {op = "ge", num = 2, den = 3, of = 1}',
        'heads = {op = "ge", num = 2, den = 3}',
        "unknown key `of`",
        "of = 1",
    ),
    (
        'heads = {op = "more", num = 2, den = 3}',
        'heads = {op = "ge", num = 2, den = 3}',
        "'more' is not one of: ge, gt",
        '"more"',
    ),
    ('standings = ["owners"]', 'standings = ["owner"]', "unknown standing 'owners'", '"owners"'),
    ('unit = "dwelling"', 'unit = "owner"', "'dwelling' is not one of", '"dwelling"'),
    (
        'measures = ["heads", "area"]',
        'measures = ["heads", "area_cm2"]',
        "'area' is not one of",
        '"area"',
    ),
    (
        'measures = ["heads"]',
        'measures = ["heads", "area_cm2"]',
        "`measures` does not name it",
        "area_cm2 = {op",
    ),
    ('secrecy = "hidden"', 'secrecy = "named"', "'hidden' is not one of", '"hidden"'),
    ('kind = "letters"', 'kind = "items"', "'letters' is not one of", '"letters"'),
    ('kind = "ranking"', 'kind = "items"', "cannot be decided by 'threshold'", '"ranking"'),
    ('kind = "items"\ndots = 5', 'kind = "items"', "belongs to ballots of kind 'dots'", "dots = 5"),
    ('binding = "law"\n', 'binding = "statutory"\n', "'law' is not one of", '"law"'),
    ("verified = true", "verified = false", "confirmed in the running site", "verified = true"),
    (
        "basis = []",
        TEXT[TEXT.index("basis = [") : TEXT.index("\ndoubts")] + "\nd",
        "must not be empty",
        "basis = []",
    ),
    (
        "valid_from = 2021-01-01\nvalid_to = 2020-01-01",
        "valid_from = 2021-01-01",
        "before it begins",
        "valid_to",
    ),
    ('review_on = "soon"', "review_on = 2027-12-31", "a day as 2026-01-31", '"soon"'),
    (
        "notice = {n = 15}",
        'notice = {n = 15, kind = "calendar"}',
        "a period has n, kind",
        "notice = {n = 15}",
    ),
    (
        'notice = {n = 0, kind = "calendar"}',
        'notice = {n = 15, kind = "calendar"}',
        "at least 1",
        "n = 0",
    ),
    (
        "silence_follows_majority = true",
        "silence_follows_majority = false",
        "needs `silence_basis`",
        "silence_follows_majority = true",
    ),
    ('of = "present"', 'of = "participating"', "'present' is not one of", '"present"'),
    ("level = 5", "level = 4", "end at 4", "level = 5"),
    (
        'title = {zh = "甲"}',
        'title = {zh = "业主共同决定特别事项", en = "Owners decide on special matters"}',
        "`en` is missing",
        "title = ",
    ),
    (
        'id = "owner_other"',
        'id = "owner_special"',
        "the file is called owner_special.toml",
        "owner_other",
    ),
    ('jurisdiction = "XX"', 'jurisdiction = "CN"', "unknown; known are: CN, CN-BJ", '"XX"'),
    ("[overlays.CN-SH]", "[overlays.CN-BJ]", "unknown jurisdiction", "[overlays.CN-SH]"),
    (
        '[overlays.CN-BJ]\nunit = "person"',
        "[overlays.CN-BJ]",
        "the same everywhere",
        'unit = "person"',
    ),
    (
        'binding = "statutory"\nexternal',
        'binding = "mirror"\nexternal',
        "can only be mirror or advisory",
        'binding = "statutory"\nexternal',
    ),
    (
        "[overlays.CN-BJ]\nagenda = true",
        "[overlays.CN-BJ]",
        "unknown key `agenda`",
        "agenda = true",
    ),
    ("[overlays.CN-BJ]\nreview_on = 3", "[overlays.CN-BJ]", "a day as", "review_on = 3"),
    (
        'external_system = ""',
        'external_system = "北京业主"',
        "a text is needed",
        'external_system = ""',
    ),
    ("title = [", "title = {", "", "title = ["),
]


@pytest.mark.parametrize(
    ("wrong", "right", "said", "at"), BROKEN, ids=[row[0][:40] for row in BROKEN]
)
def test_what_does_not_do_is_refused_with_line_and_reason(tmp_path, wrong, right, said, at) -> None:
    assert right in TEXT
    if right.endswith("\nd"):
        wrong += "\nd"
    text = TEXT.replace(right, wrong, 1)
    draft, problems = check(written(tmp_path, text), "")
    assert draft is None
    assert any(said in each.reason and each.line == line(text, at) for each in problems), problems
    assert str(problems[0]).startswith(f"{tmp_path}/owner_special.toml:")


def test_all_faults_of_a_file_are_told_at_once(tmp_path) -> None:
    text = TEXT.replace('secrecy = "named"', 'secrecy = "x"').replace("level = 4", "level = 9")
    _draft, problems = check(written(tmp_path, text))
    assert [problem.line for problem in problems] == [
        line(text, 'secrecy = "x"'),
        line(text, "level = 9"),
    ]


@pytest.mark.parametrize("missing", ["unit", "secrecy", "binding", "version", "convener"])
def test_what_is_needed_cannot_be_left_out(tmp_path, missing) -> None:
    text = "\n".join(row for row in TEXT.splitlines() if not row.startswith(f"{missing} ="))
    _draft, problems = check(written(tmp_path, text))
    assert any(f"`{missing}` is missing" in each.reason for each in problems)


def test_a_rule_without_end_is_looked_at_again(tmp_path) -> None:
    text = TEXT.replace("review_on = 2027-12-31\n", "")
    _draft, problems = check(written(tmp_path, text))
    assert ["review_on" in each.reason for each in problems] == [True]


def test_a_detached_ballot_cannot_be_changed(tmp_path) -> None:
    text = TEXT.replace('secrecy = "named"', 'secrecy = "detached"')
    text = text.replace('kind = "items"', 'kind = "items"\nchangeable = true')
    _draft, problems = check(written(tmp_path, text))
    assert any("cannot be changed" in each.reason for each in problems)


def test_weights_add_up(tmp_path) -> None:
    text = (SHIPPED / "project_score.toml").read_text("utf-8").replace("num = 40", "num = 41")
    _draft, problems = check(written(tmp_path, text, "project_score.toml"))
    assert ["add up to one" in each.reason for each in problems] == [True]


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a = ", b"a = 1\na = 2\n", b""])
def test_what_is_no_procedure_at_all_is_said_too(tmp_path, data) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(data)
    draft, problems = check(file)
    assert draft is None
    assert problems
    assert check(tmp_path / "gone.toml")[1][0].line == 1


@pytest.mark.parametrize("bad", ["3", "[1]", '"x"', "{}"])
@pytest.mark.parametrize(
    "name", ["electorate", "quorum", "pass", "ballot", "times", "petition", "overlays", "title"]
)
def test_a_value_of_another_kind_is_a_fault_and_no_crash(tmp_path, name, bad) -> None:
    kept, skipping = [], False
    for row in TEXT.splitlines():
        if row.startswith("["):
            skipping = row.strip("[]").partition(".")[0] == name
        if not skipping and not row.startswith(f"{name} ="):
            kept.append(row)
    text = f"{name} = {bad}\n" + "\n".join(kept)
    draft, problems = check(written(tmp_path, text))
    assert problems or (name in {"times", "overlays"} and bad == "{}")
    assert (draft is None) == bool(problems)


def test_ids_of_plugins_begin_with_their_name(tmp_path) -> None:
    text = TEXT.replace('id = "owner_special"', 'id = "hello.owner_special"')
    file = written(tmp_path, text)
    assert check(file, "hello")[1] == []
    assert check(file)[1] == []
    for prefix in ("", "other"):
        assert "an id of this bundle" in check(file, prefix)[1][0].reason
    assert "an id of this bundle" in check(written(tmp_path, TEXT), "hello")[1][0].reason
