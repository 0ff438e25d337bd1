"""The pure draw, and the program by which anybody checks it."""

import copy
import hashlib
import hmac
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_rental import drawing
from civic_rental.drawing import LOTTERY, QUEUE, Entry, Tier

PROGRAM = Path(drawing.__file__).parent / "data" / "verify_draw.py"
SECRET = "ab" * 32
PUBLIC = "03,11,17,22,29,33+08"
TIERS = [
    {"code": "unit", "quota": 2, "zh": "单位", "en": "Unit"},
    {"code": "far", "zh": "无房且远", "en": "Far"},
    {"code": "others", "zh": "其他", "en": "Others"},
]


def load():
    spec = importlib.util.spec_from_file_location("verify_draw", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify_draw = load()


def rule(**changed):
    return {
        "allocation": 7,
        "title": "二龙路青年公寓",
        "round": 1,
        "reason": "",
        "order": LOTTERY,
        "tiers": TIERS,
        "opens_at": "2026-03-02T01:00:00+00:00",
        "closes_at": "2026-03-10T10:00:00+00:00",
        "fixed_at": "2026-03-01T01:00:00+00:00",
        "commitment": drawing.commitment(SECRET),
        "source": "第2026031期双色球",
        "public_at": "2026-03-17T13:15:00+00:00",
        "public_number_before": "",
    } | changed


def made(
    entries, changed=None, *, secret=SECRET, public=PUBLIC, frozen="2026-03-11T01:00:00+00:00"
):
    """Return a bundle as a site makes it."""
    rules = rule(**(changed or {}))
    text = drawing.list_text(drawing.digest(drawing.canonical(rules)), frozen, entries)
    seed = drawing.seed(secret, public) if rules["order"] == LOTTERY else ""
    places = drawing.ranked(entries, drawing.tiers_of(rules), rules["order"], seed)
    record = drawing.record(
        list_hash=drawing.digest(text),
        secret=secret if seed else "",
        public=public if seed else "",
        seed_hex=seed,
        drawn_at="2026-03-18T02:00:00+00:00",
        places=places,
    )
    return drawing.bundle(rules, text, record)


def some(count, tiers=("unit", "far", "others")):
    return [Entry(n, tiers[n % len(tiers)], "张*") for n in range(1, count + 1)]


def leaves(value, path=()):
    """Yield the path of each value that is no list and no table."""
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for number in range(len(value)):
            yield from leaves(value[number], (*path, number))
    else:
        yield path


def other(value):
    """Return something else of the same kind."""
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int):
        return value + 1
    digits = {"0": "1"}
    return (digits.get(value[0], "0") + value[1:]) if value else "x"


def tampered(bundle, path):
    found = copy.deepcopy(bundle)
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = other(inner[path[-1]])
    return found


@given(st.integers(0, 60), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_what_the_site_draws_holds_and_each_line_has_one_rank(count, secret):
    entries = some(count)
    bundle = made(entries, {"commitment": drawing.commitment(secret)}, secret=secret)
    found = verify_draw.verify(bundle)
    assert sorted(number for number, _ in found) == list(range(1, count + 1))
    assert sum(tier == "unit" for _, tier in found) <= 2


def test_the_order_is_that_of_the_hmac_inside_each_tier():
    entries = some(40, ("far", "others"))
    seed = drawing.seed(SECRET, PUBLIC)
    assert seed == hashlib.sha256((SECRET + PUBLIC).encode()).hexdigest()
    found = drawing.ranked(entries, [Tier("far"), Tier("others")], LOTTERY, seed)
    assert [place.rank for place in found] == list(range(1, 41))
    for tier in ("far", "others"):
        values = [drawing.value(seed, place.number) for place in found if place.tier == tier]
        assert values == sorted(values)
        assert len(values) == 20
    key = bytes.fromhex(seed)
    assert drawing.value(seed, 17) == hmac.new(key, b"17", hashlib.sha256).hexdigest()


def test_who_is_above_the_quota_is_drawn_with_the_next_tier():
    entries = [Entry(n, "unit", "李*") for n in range(1, 6)] + [Entry(6, "others", "王*")]
    seed = drawing.seed(SECRET, PUBLIC)
    found = drawing.ranked(entries, [Tier("unit", 2), Tier("others")], LOTTERY, seed)
    assert [place.placed_in for place in found] == ["unit"] * 2 + ["others"] * 4
    values = [drawing.value(seed, place.number) for place in found[2:]]
    assert values == sorted(values)
    with pytest.raises(ValueError, match="last tier"):
        drawing.ranked(entries, [Tier("others"), Tier("unit", 2)], LOTTERY, seed)


def test_a_queue_goes_by_arrival_and_needs_no_seed():
    bundle = made(some(9), {"order": QUEUE, "commitment": "", "source": "", "public_at": ""})
    assert [number for number, _ in verify_draw.verify(bundle)][:2] == [3, 6]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 12))
def test_each_single_tampering_is_found(count):
    bundle = made(some(count))
    verify_draw.verify(bundle)
    for path in leaves(bundle):
        with pytest.raises(verify_draw.Wrong):
            verify_draw.verify(tampered(bundle, path))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_each_changed_letter_of_the_list_is_found(data):
    bundle = made(some(8))
    place = data.draw(st.integers(0, len(bundle["list"]) - 1))
    letter = data.draw(st.characters(exclude_characters=bundle["list"][place]))
    bundle["list"] = bundle["list"][:place] + letter + bundle["list"][place + 1 :]
    try:
        bundle["list"].encode()
    except UnicodeEncodeError:
        return
    with pytest.raises(verify_draw.Wrong):
        verify_draw.verify(bundle)


@pytest.mark.parametrize("part", ["format", "rule", "list", "draw", "hashes"])
def test_a_part_that_is_missing_is_found(part):
    bundle = made(some(3))
    del bundle[part]
    with pytest.raises(verify_draw.Wrong):
        verify_draw.verify(bundle)


@pytest.mark.parametrize("nothing", [None, [], "x", 5, {}, {"format": drawing.FORMAT}])
def test_what_is_no_bundle_is_wrong_and_not_a_crash(nothing):
    with pytest.raises(verify_draw.Wrong):
        verify_draw.verify(nothing)


def forged(bundle):
    """Return a bundle whose hashes are made to fit whatever was changed in it."""
    found = copy.deepcopy(bundle)
    digest = drawing.digest(drawing.canonical(found["rule"]))
    lines = found["list"].split("\n")
    lines[1] = f"rule {digest}"
    lines[3] = f"count {len(lines) - 5}"
    text = "\n".join(lines)
    found["list"], found["draw"]["list_hash"] = text, drawing.digest(text)
    entries = [Entry(int(n), tier, name) for n, tier, name in (x.split("\t") for x in lines[4:-1])]
    seed = drawing.digest(found["draw"]["secret"] + found["draw"]["public_number"])
    places = drawing.ranked(entries, drawing.tiers_of(found["rule"]), LOTTERY, seed)
    found["draw"]["seed"], found["draw"]["ranks"] = seed, [place.number for place in places]
    return drawing.bundle(found["rule"], text, found["draw"])


def test_a_late_entry_an_edited_list_or_a_swapped_number_do_not_have_the_noted_hashes():
    bundle = made(some(6))
    noted = dict(bundle["hashes"])
    assert verify_draw.verify(forged(bundle), noted)
    late = copy.deepcopy(bundle)
    late["list"] += "7\tunit\t赵*\n"
    edited = copy.deepcopy(bundle)
    edited["list"] = edited["list"].replace("1\tfar", "1\tunit", 1)
    swapped = copy.deepcopy(bundle)
    swapped["draw"]["public_number"] = "03,11,17,22,29,33+09"
    for one in (late, edited):
        with pytest.raises(verify_draw.Wrong, match="the list does not have the hash you noted"):
            verify_draw.verify(forged(one), noted)
    with pytest.raises(verify_draw.Wrong, match="the draw does not have the hash you noted"):
        verify_draw.verify(forged(swapped), noted)


def test_another_secret_does_not_have_the_hash_of_the_rule():
    bundle = made(some(6))
    bundle["draw"]["secret"] = "cd" * 32
    with pytest.raises(verify_draw.Wrong, match="secret is not the one"):
        verify_draw.verify(forged(bundle), {"rule": bundle["hashes"]["rule"]})


@pytest.mark.parametrize(
    ("changed", "frozen", "sentence"),
    [
        ({"fixed_at": "2026-03-02T01:00:00+00:00"}, None, "after applications opened"),
        ({}, "2026-03-10T09:59:59+00:00", "while applications came in"),
        ({}, "2026-03-17T13:15:00+00:00", "before the list was frozen"),
        ({"public_at": "2026-03-18T02:00:01+00:00"}, None, "before the public number was known"),
        ({"round": 2, "fixed_at": "2026-03-11T01:00:01+00:00"}, None, "fixed after the list"),
    ],
)
def test_what_came_in_another_order_is_found(changed, frozen, sentence):
    bundle = made(some(3), changed, **({"frozen": frozen} if frozen else {}))
    with pytest.raises(verify_draw.Wrong, match=sentence):
        verify_draw.verify(bundle)


def test_who_knows_the_secret_gains_nothing_before_the_public_number_is_there():
    """Whatever receipt number they hold, each rank is about equally often theirs."""
    entries = some(10, ("others",))
    tiers = [Tier("others")]
    ranks = {number: [0] * 11 for number in (1, 5, 10)}
    for draw in range(3000):
        seed = drawing.seed(SECRET, f"2026{draw:05d}")
        for place in drawing.ranked(entries, tiers, LOTTERY, seed):
            if place.number in ranks:
                ranks[place.number][place.rank] += 1
    # 300 are expected; the standard deviation is 16, so that 5 of them are 82.
    for counts in ranks.values():
        assert all(218 <= count <= 382 for count in counts[1:])


@given(st.text(max_size=80))
def test_a_public_number_is_read_in_one_way(text):
    found = drawing.read_public(text)
    assert found is None or drawing.read_public(found) == found


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" 03 , 11，17 ", "03,11,17"),
        ("３８９３.４６", "3893.46"),
        ("", None),
        ("-5", None),
        ("一二三", None),
        ("1" * 64, "1" * 64),
        ("1" * 65, None),
    ],
)
def test_full_width_figures_and_blanks_make_no_other_number(typed, read):
    assert drawing.read_public(typed) == read


@pytest.mark.parametrize("secret", ["", "ab" * 31, "AB" * 32, "ab" * 33, "zz" * 32])
def test_a_secret_has_one_shape(secret):
    with pytest.raises(ValueError, match="64"):
        drawing.commitment(secret)
    with pytest.raises(ValueError, match="no secret"):
        drawing.seed(secret, PUBLIC)


@pytest.mark.parametrize(
    "entries",
    [
        [Entry(1, "far", "张*"), Entry(1, "far", "李*")],
        [Entry(0, "far", "张*")],
        [Entry(1, "far", "张\t*")],
        [Entry(1, "far", "张\n2\tunit\t李*")],
    ],
)
def test_no_list_is_made_of_what_could_be_read_in_two_ways(entries):
    with pytest.raises(ValueError, match=r"once|columns"):
        drawing.list_text("0" * 64, "2026-03-11T01:00:00+00:00", entries)


def test_the_program_runs_alone_and_says_what_became_of_a_number(tmp_path):
    bundle = made(some(12))
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(bundle), "utf-8")
    mine = bundle["draw"]["ranks"].index(5) + 1

    def run(*more):
        command = [sys.executable, "-I", str(PROGRAM), str(file), *more]
        return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603

    done = run("--mine", "5", "--rule", bundle["hashes"]["rule"])
    assert done.returncode == 0, done.stderr
    assert f"receipt 5 has rank {mine} of 12" in done.stdout
    assert "第2026031期双色球" in done.stdout
    wrong = run("--list", "0" * 64)
    assert (wrong.returncode, "you noted" in wrong.stdout) == (1, True)
    file.write_text("{", "utf-8")
    assert run().returncode == 2
