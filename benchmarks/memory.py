"""Measure the memory of closing, counting again and checking: `python -m benchmarks.memory`.

Boxes of several sizes are filled; each work on each of them runs in a process of its own, which
first does the same on a box of ten ballots, and tells by how much its peak has risen above that
(VmHWM of /proc; Linux alone). From one size to the next, what has to remember something of each
ballot rises by so many bytes for each; what holds a buffer full at a time is flat.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import votes
from civic.app import create_app
from civic.kernel import clock, config
from civic.kernel.db import db
from civic.voting import bundles, closing, verifying
from civic.voting.models import Ballot

SIZES = (1_000, 100_000, 1_000_000)
WARM = 10
#: Bytes for each ballot more below which a work is called flat: a list of them would take eight.
FLAT = 4


def peak() -> int:
    """Return the largest resident set that this process has had, in bytes."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def _close(ballot_id: int, _file: Path) -> None:
    made = db.session.get_one(Ballot, ballot_id)
    db.session.commit()
    with clock.at(made.closes_at):
        db.session.rollback()
        closing.close(ballot_id)
        db.session.commit()


def _count_again(ballot_id: int, _file: Path) -> None:
    votes.audit(db.session.get_one(Ballot, ballot_id))


def _write(ballot_id: int, file: Path) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(bundles.lines(db.session.get_one(Ballot, ballot_id)))
    db.session.commit()


def _check(_ballot_id: int, file: Path) -> None:
    with file.open("rb") as lines:
        verifying.program().verify(lines)


WORKS: dict[str, Callable[[int, Path], None]] = {
    "close": _close,
    "count again": _count_again,
    "write the bundle": _write,
    "verify.py": _check,
}


def _work(name: str, folder: Path, url: str, few: int, many: int) -> None:
    """Do a work on the small box and on the large one; print seconds and bytes."""
    given = {"CIVIC_INSTANCE": str(folder / "civic"), "CIVIC_SECRET_KEY": "bench" * 8}
    app = create_app(config.load(given | ({"CIVIC_DATABASE_URL": url} if url else {})))
    with app.test_request_context(method="POST"):
        WORKS[name](few, folder / f"{few}.jsonl")
        before, began = peak(), time.process_time()
        WORKS[name](many, folder / f"{many}.jsonl")
        print(time.process_time() - began, peak() - before)
        db.engine.dispose()


def main() -> None:
    """Fill boxes, start a process for each work, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="ballots in the fullest box")
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database")
    parser.add_argument("--work", nargs=4, default=None, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        name, folder, few, many = given.work
        _work(name, Path(folder), given.postgres, int(few), int(many))
        return
    print("| ballots | work | CPU s | MB more | bytes for each more | |\n" + "|---" * 6 + "|")
    before: dict[str, tuple[int, int]] = {}
    with tempfile.TemporaryDirectory(prefix="civic-memory-") as folder:
        for size in (size for size in SIZES if size <= given.most):
            app = votes.site(Path(folder), given.postgres)
            with app.test_request_context(method="POST"):
                # A process of its own warms up with a box of its own.
                boxes = [votes.filled(count).id for count in (WARM, size)]
                db.engine.dispose()
            for name in WORKS:
                seconds, more = _started(name, folder, boxes, given.postgres)
                less, rose = before.get(name, (0, 0))
                each = (more - rose) / (size - less)
                said = (f"{each:.0f}", "flat" if each < FLAT else "") if rose else ("", "")
                before[name] = size, more
                print(
                    f"| {size:,} | {name} | {seconds:.2f} | {more / 2**20:.1f} |",
                    f"{' | '.join(said)} |",
                    flush=True,
                )


def _started(name: str, folder: str, boxes: list[int], url: str) -> tuple[float, int]:
    command = [sys.executable, "-m", "benchmarks.memory", "--work", name, folder]
    command += [*map(str, boxes), *(["--postgres", url] if url else [])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, more = done.stdout.split()
    return float(seconds), int(more)


if __name__ == "__main__":
    main()
