"""Measure how long a draw and its check take: `python -m benchmarks.draw`.

The baseline is the least that such a draw can be: a list of as many numbers put in the order of the
SHA-256 of each, in the same run. What is measured besides is what a site does: it writes the
list and its hash, ranks tier by tier, and makes the file; and what a stranger does, who loads the
file and checks it with `verify_draw.py`.
"""

import argparse
import hashlib
import importlib.util
import json
import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from civic_rental import drawing

SIZES = (5_000, 50_000)
ROUNDS = 5
#: Seconds of processor time that drawing and checking the largest size may take together.
MOST = 2.0
SECRET, PUBLIC = "ab" * 32, "03,11,17,22,29,33+08"
TIERS = [{"code": "unit", "quota": 200}, {"code": "far"}, {"code": "others"}]
RNG = random.Random(7)


def _program() -> ModuleType:
    path = Path(drawing.__file__).parent / "data" / "verify_draw.py"
    spec = importlib.util.spec_from_file_location("verify_draw", path)
    assert spec is not None  # noqa: S101 - the file is a part of the package
    assert spec.loader is not None  # noqa: S101 - as above
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries(size: int) -> list[drawing.Entry]:
    """Return as many lines, most of them in the last tier."""
    codes = RNG.choices(["unit", "far", "others"], (1, 3, 6), k=size)
    return [drawing.Entry(number, code, "张*") for number, code in enumerate(codes, 1)]


def draw(lines: list[drawing.Entry]) -> str:
    """Freeze a list, draw, and write the file."""
    rule: dict[str, Any] = {
        "allocation": 1,
        "title": "50,000",
        "round": 1,
        "order": drawing.LOTTERY,
        "tiers": TIERS,
        "fixed_at": "2026-03-01T01:00:00+00:00",
        "opens_at": "2026-03-02T01:00:00+00:00",
        "closes_at": "2026-03-10T10:00:00+00:00",
        "public_at": "2026-03-17T13:15:00+00:00",
        "commitment": drawing.commitment(SECRET),
        "source": "a lottery",
    }
    of_rule = drawing.digest(drawing.canonical(rule))
    text = drawing.list_text(of_rule, "2026-03-11T01:00:00+00:00", lines)
    seed = drawing.seed(SECRET, PUBLIC)
    record = drawing.record(
        list_hash=drawing.digest(text),
        secret=SECRET,
        public=PUBLIC,
        seed_hex=seed,
        drawn_at="2026-03-18T02:00:00+00:00",
        places=drawing.ranked(lines, drawing.tiers_of(rule), drawing.LOTTERY, seed),
    )
    return json.dumps(drawing.bundle(rule, text, record), ensure_ascii=False)


def bare(lines: list[drawing.Entry]) -> list[int]:
    """Put as many numbers in the order of their hashes."""
    numbers = [line.number for line in lines]
    return sorted(numbers, key=lambda number: hashlib.sha256(b"%d" % number).digest())


def check(program: ModuleType, file: str) -> None:
    """Load a file and check it, as a stranger does."""
    program.verify(json.loads(file))


def spent(work: Callable[[], object]) -> float:
    """Return the processor seconds that something takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def main() -> int:
    """Measure, print, and return 1 where it takes too long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.draw", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    program, both = _program(), 0.0
    print("| lines | bare order | draw | of bare | verify_draw.py | of bare | together |")
    print("|---" * 7 + "|")
    for size in SIZES:
        lines = entries(size)
        file = draw(lines)
        works = (partial(bare, lines), partial(draw, lines), partial(check, program, file))
        times = [tuple(spent(work) for work in works) for _ in range(rounds)]
        base, drawn, checked = (min(column) for column in zip(*times, strict=True))
        both = drawn + checked
        print(
            f"| {size:,} | {base:.3f} s | {drawn:.3f} s | {drawn / base:.1f} × | {checked:.3f} s | "
            f"{checked / base:.1f} × | {both:.3f} s |",
            flush=True,
        )
    print(f"\n{SIZES[-1]:,} drawn and checked in {both:.2f} s; at most {MOST} s are allowed")
    return int(both > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
