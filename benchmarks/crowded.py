"""Measure a case in which much is said: `python -m benchmarks.crowded [--postgres URL]`.

A case with 100 comments and 100 statements and one with 100,000 and 10,000 are written into two
databases; each page is asked of the one and the other in turn, in one process and straight through
WSGI. Pages of both show as much: fifty threads, fifty statements. It ends with 1 where a page takes
more statements of SQL than its bound, or more in the large case.
"""

import argparse
import gc
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from flask import Flask

from benchmarks import databases, inside, people, seed
from benchmarks.crowd import Case, fill
from benchmarks.databases import Place
from benchmarks.plugins import ask

SMALL = {"comments": 100, "statements": 100}
LARGE = {"comments": 100_000, "statements": 10_000}
ROUNDS, EACH = 20, 10
WANTED = 1.15


@dataclass(frozen=True)
class Page:
    """Be one page: its address below the case, and the bound of its statements of SQL.

    :ivar path: may name a page of comments in braces.
    """

    name: str
    path: str
    bound: int
    signed_in: bool = False


PAGES = (
    Page("case page, visitor", "", 4),
    Page("case page, signed in", "", 6, signed_in=True),
    Page("comments, first page", "comments?before={first}", 3),
    Page("comments, middle page", "comments?before={middle}", 3),
    Page("comments, last page", "comments?before={last}", 3),
    Page("the same, signed in", "comments?before={last}", 4, signed_in=True),
    Page("a thread", "comments/{talked}", 6, signed_in=True),
    Page("statements, first page", "statements/", 4, signed_in=True),
    Page("statements, last page", "statements/?after={statement}", 4, signed_in=True),
    Page("map of opinions", "opinions/", 4),
)


def main() -> None:
    """Fill two databases, measure, print; exit with 1 where statements of SQL grow."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowded", description=__doc__)
    parser.add_argument(
        "--postgres", default="", metavar="URL", help="a server on which databases may be made"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="only pages whose name contains this")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="civic-crowded-") as name,
        databases.place(Path(name) / "little", arguments.postgres, partial(fill, **SMALL)) as small,
        databases.place(Path(name) / "much", arguments.postgres, partial(fill, **LARGE)) as large,
    ):
        pages = [page for page in PAGES if arguments.only in page.name]
        broken = _pages(pages, (small, SMALL), (large, LARGE), arguments.rounds)
    if broken:
        print(f"\nMore statements of SQL than allowed, or more in the large: {', '.join(broken)}")
    raise SystemExit(1 if broken else 0)


def _pages(
    pages: list[Page],
    small: tuple[Place[Case], dict[str, int]],
    large: tuple[Place[Case], dict[str, int]],
    rounds: int,
) -> list[str]:
    print("\n| page | statements of SQL | bound | ms: small, large | by CPU | by the clock |")
    print("|---" * 6 + "|")
    places = small[0], large[0]
    sizes = small[1]["statements"], large[1]["statements"]
    broken = []
    for page in pages:
        cookies = [
            people.sign_in(place.app, 1)[0].cookie if page.signed_in else "" for place in places
        ]
        paths = [
            f"{seed.HOME}consultations/{place.made.id}/"
            + page.path.format(
                **place.made.pages, talked=place.made.talked, statement=max(0, size - 50)
            )
            for place, size in zip(places, sizes, strict=True)
        ]
        counted = [
            _count(*one) for one in zip([p.app for p in places], paths, cookies, strict=True)
        ]
        if counted[1] > page.bound or counted[0] != counted[1]:
            broken.append(page.name)
        pairs: list[list[tuple[float, float]]] = []
        gc.collect()
        gc.disable()
        for number in range(rounds):
            took = [(0.0, 0.0), (0.0, 0.0)]
            for which in (0, 1) if number % 2 else (1, 0):
                began = time.perf_counter()
                used = ask(places[which].app, paths[which], cookies[which], EACH)
                took[which] = used, time.perf_counter() - began
            pairs.append(took)
            gc.collect()
        gc.enable()
        few, many = (median(pair[which][1] for pair in pairs) / EACH * 1000 for which in (0, 1))
        cpu, clock = (median(pair[1][n] / pair[0][n] for pair in pairs) for n in (0, 1))
        print(
            f"| {page.name} | {counted[0]}, {counted[1]} | {page.bound} | {few:.1f}, {many:.1f}"
            f" | {cpu:.2f} | {clock:.2f}{' !' if max(cpu, clock) > WANTED else ''} |",
            flush=True,
        )
    return broken


def _count(app: Flask, path: str, cookie: str) -> int:
    ask(app, path, cookie, 5)
    with inside.statements(app) as seen:
        ask(app, path, cookie, 1)
    return len(seen) - seen.count("COMMIT")


if __name__ == "__main__":
    main()
