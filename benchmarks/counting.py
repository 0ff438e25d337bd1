"""Measure how long counting takes, and how that grows: `python -m benchmarks.counting`.

Ballots lie in a table of SQLite and are streamed from it, as in a recount; the baseline is the same
table asked for `SELECT choice, count(*) GROUP BY choice`, in the same run.
"""

import argparse
import random
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from civic.voting.formats import BadFile, read
from civic.voting.methods import PAPER_ORDER, Paper, count
from civic.voting.tallying import count as tally

RNG = random.Random(5)
OPTIONS = tuple(f"option {number}" for number in range(20))
RANKED = OPTIONS[:8]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 3
WIELICZKA = Path("../shared/data/pabulib/Poland_Wieliczka_2023_Green_Budget.pb")

Ballots = Iterator[tuple[object, int]]


def table(size: int, options: tuple[str, ...], most: int) -> sqlite3.Connection:
    """Return a table of ballots that name 1 to `most` options, popular ones more often."""
    weights = range(len(options), 0, -1)
    found = sqlite3.connect(":memory:")
    found.execute("CREATE TABLE ballot (id INTEGER PRIMARY KEY, choice TEXT NOT NULL)")

    def made() -> Iterator[tuple[str]]:
        for _ in range(size):
            wanted = RNG.choices(options, weights, k=RNG.randint(1, most))
            yield ("\n".join(dict.fromkeys(wanted)),)

    found.executemany("INSERT INTO ballot (choice) VALUES (?)", made())
    found.commit()
    return found


def stream(found: sqlite3.Connection) -> Ballots:
    """Give out the ballots one by one."""
    for (choice,) in found.execute("SELECT choice FROM ballot ORDER BY id"):
        yield tuple(choice.split("\n")), 1


def spent(work: Callable[[], object]) -> float:
    """Return the processor seconds that something takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def compare(found: sqlite3.Connection, work: Callable[[], object]) -> tuple[float, float, float]:
    """Return the shortest baseline and the shortest count, and how much memory the latter took.

    :returns: seconds, seconds, and MB by which the peak of the process rose.
    """

    def baseline() -> object:
        return found.execute("SELECT choice, count(*) FROM ballot GROUP BY choice").fetchall()

    bases, counts = [], []
    baseline()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(ROUNDS):
        counts.append(spent(work))
        bases.append(spent(baseline))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return min(bases), min(counts), (after - before) / 1024


def approvals() -> None:
    """Print the growth of a count of approvals."""
    print("| approval ballots | select count(*) | count | ratio | per ballot | memory |")
    print("|---|---|---|---|---|---|")
    paper = Paper(OPTIONS)
    for size in SIZES:
        found = table(size, OPTIONS, 3)
        base, counted, memory = compare(
            found, lambda found=found: count("approval", "approval", paper, stream(found))
        )
        print(
            f"| {size:,} | {base:.4f} s | {counted:.4f} s | {counted / base:.1f} | "
            f"{counted / size * 1e6:.2f} µs | {memory:+.1f} MB |",
            flush=True,
        )
        found.close()


def rankings(size: int) -> None:
    """Print how long each ranked method takes."""
    print(f"\n| {size:,} rankings of {len(RANKED)} options | select count(*) | count | ratio |")
    print("|---|---|---|---|")
    paper = Paper(RANKED)
    found = table(size, RANKED, len(RANKED))
    for method, seats in (
        ("plurality", 1),
        ("borda", 1),
        ("irv", 1),
        ("stv", 3),
        ("schulze", 1),
        ("ranked-pairs", 1),
    ):
        base, counted, _ = compare(
            found,
            lambda method=method, seats=seats: count(
                method, "ranking", paper, stream(found), seats=seats, tie_rule=PAPER_ORDER
            ),
        )
        print(f"| {method} | {base:.3f} s | {counted:.3f} s | {counted / base:.1f} |", flush=True)


def budget(path: Path) -> None:
    """Print how long equal shares take in a real election, where its file is there."""
    print("\n| Wieliczka 2023, 64 projects, 6,586 ballots | seconds |")
    print("|---|---|")
    for completion in ("none", "add1", "add1-comparison"):
        try:
            election = read(path)
        except BadFile as error:
            print(f"| {error} | – |")
            return
        taken = spent(
            lambda election=election, completion=completion: tally(
                election, "equal-shares", completion=completion
            )
        )
        print(f"| equal shares, {completion} | {taken:.2f} |", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.counting", description=__doc__)
    parser.add_argument("--rankings", type=int, default=100_000)
    parser.add_argument("--budget", type=Path, default=WIELICZKA, help="a .pb file of approvals")
    arguments = parser.parse_args()
    approvals()
    rankings(arguments.rankings)
    budget(arguments.budget)


if __name__ == "__main__":
    main()
