#!/usr/bin/env python3
"""Check a ballot of Civic without Civic: `python3 verify.py BUNDLE [--closing HASH]`.

Give it the file of a ballot (one JSON value a line) and, from the notice board or your mail, the
hash of the closing record. It needs nothing but Python 3.11 and trusts nothing it is told:

1. each line is written in the one canonical way, so that no bit can change unseen;
2. the rules have the fingerprint that was published before the first vote;
3. the receipts make an unbroken chain that begins with that fingerprint, and none is there twice;
4. the choices have the Merkle root (RFC 9162) of the closing record;
5. as many receipts are in force as rights were used and as choices were counted, in each channel,
   and not more than the roll has;
6. counting again gives the same result.

It ends with 0 when all of this holds, with 1 when something does not, with 2 when it cannot read.
What it cannot show: that the server stored the choice that the owner of a receipt made, and that
nobody was forced. Note the head of the board and your own receipt; they are your part of the proof.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

FORMAT = "civic-ballot-1"
#: More tied outcomes than these are not listed.
MOST_OUTCOMES = 1000


class Wrong(Exception):
    """Say what does not hold."""


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(value: Any) -> str:
    return sha256(canonical(value))


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)


# Lines


def values(lines: Iterable[bytes]) -> Iterator[Any]:
    """Yield the value of each line, which has to be written as it would be written here."""
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode()
            value = json.loads(text)
        except ValueError as error:
            raise Wrong(f"line {number} is not JSON: {error}") from None
        must(text == canonical(value) + "\n", f"line {number} is not written canonically")
        yield value


class Tree:
    """Compute a Merkle root, one leaf after the other."""

    def __init__(self) -> None:
        self.peaks: list[tuple[int, bytes]] = []

    def add(self, text: str) -> None:
        height, one = 0, hashlib.sha256(b"\0" + text.encode()).digest()
        while self.peaks and self.peaks[-1][0] == height:
            one = hashlib.sha256(b"\1" + self.peaks.pop()[1] + one).digest()
            height += 1
        self.peaks.append((height, one))

    def root(self) -> str:
        peaks = [one for _height, one in self.peaks]
        if not peaks:
            return sha256("")
        one = peaks.pop()
        while peaks:
            one = hashlib.sha256(b"\1" + peaks.pop() + one).digest()
        return one.hex()


class Board:
    """Follow the chain of receipts."""

    def __init__(self, start: str) -> None:
        self.head = start
        self.channels: list[str] = [""]  # of receipts in force, by number; the others are empty
        self.codes: set[str] = set()

    def add(self, entry: Any, rehearsal: bool) -> None:
        must(isinstance(entry, list) and len(entry) == 5, f"a receipt is misshapen: {entry}")
        number, code, act, strikes, channel = entry
        must(number == len(self.channels), f"receipt {number} is out of order")
        must(isinstance(code, str) and code not in self.codes, f"receipt {code} is there twice")
        must(code.startswith("TEST0-") is rehearsal, f"receipt {code} is of another kind of ballot")
        must(act in ("cast", "withdrawn"), f"receipt {number} is neither cast nor withdrawn")
        self.codes.add(code)
        if strikes is not None:
            earlier = isinstance(strikes, int) and 0 < strikes < number
            must(earlier and bool(self.channels[strikes]), f"receipt {number} strikes another twice")
            self.channels[strikes] = ""
        must(act == "cast" or strikes is not None, f"receipt {number} withdraws nothing")
        self.channels.append(channel if act == "cast" else "")
        self.head = sha256(f"{self.head}|{number}|{code}|{act}|{strikes or ''}|{channel}")

    def figures(self) -> dict[str, int]:
        return dict(Counter(channel for channel in self.channels if channel))


class Box:
    """Gather the choices: their root, and how often each was made."""

    def __init__(self, measures: Sequence[str]) -> None:
        self.tree = Tree()
        self.count = 0
        self.heads: Counter[str] = Counter()
        self.area: Counter[str] = Counter()
        self.measured = "area_cm2" in measures
        self.last = ""

    def add(self, entry: Any) -> None:
        must(isinstance(entry, list) and len(entry) == 4, f"a choice is misshapen: {entry}")
        key, choice, heads, area = entry
        must(isinstance(key, str) and key > self.last, "choices are not in the order of their keys")
        must(isinstance(heads, int) and heads >= 0, f"choice {key} has no heads")
        must(isinstance(area, int) is self.measured, f"choice {key} has a wrong area")
        self.last = key
        self.count += 1
        text = canonical(choice)
        self.heads[text] += heads
        self.area[text] += area or 0
        self.tree.add(f"{key}|{text}|{heads}|{'' if area is None else area}")


def verify(lines: Iterable[bytes], closing_hash: str = "") -> dict[str, Any]:
    """Return the closing record of a bundle in which everything fits.

    Raises Wrong for the first thing that does not.
    """
    found = values(lines)
    head = next(found, None)
    must(
        isinstance(head, dict) and set(head) == {"format", "rehearsal", "rules"},
        "the first line does not open a ballot",
    )
    must(head["format"] == FORMAT, "this is another format")
    rules = head["rules"]
    must(head["rehearsal"] is rules["rehearsal"], "a rehearsal and a vote are mixed up")
    start = fingerprint(rules)
    board, box = Board(start), Box(rules["roll"]["measures"])
    closing: dict[str, Any] | None = None
    for value in found:
        must(closing is None, "something follows the closing record")
        must(isinstance(value, dict) and len(value) == 1, "a line is neither of the three kinds")
        ((kind, content),) = value.items()
        if kind == "receipt":
            must(not box.count, "receipts and choices are mixed")
            board.add(content, rules["rehearsal"])
        elif kind == "choice":
            box.add(content)
        else:
            must(kind == "closing", f"a line is of an unknown kind: {kind}")
            closing = content
    must(closing is not None, "there is no closing record")
    assert closing is not None
    if closing_hash:
        same = fingerprint(closing) == closing_hash.strip().lower()
        must(same, "the closing record is another one than the one that was announced")
    _compare(rules, start, board, box, closing)
    return closing


def _compare(
    rules: Mapping[str, Any], start: str, board: Board, box: Box, closing: Mapping[str, Any]
) -> None:
    must(closing["rehearsal"] is rules["rehearsal"], "a rehearsal and a vote are mixed up")
    must(closing["rules"] == start, "the rules have another fingerprint")
    must(closing["head"] == board.head, "the chain of receipts has another head")
    must(closing["receipts"] == len(board.channels) - 1, "receipts are missing or were added")
    must(closing["root"] == box.tree.root(), "the choices have another root")
    live = board.figures()
    must(closing["channels"] == live, "receipts in force and rights used differ in a channel")
    must(closing["choices"] == box.count, "choices are missing or were added")
    must(sum(live.values()) == box.count, "there are not as many choices as receipts in force")
    roll = closing["roll"]
    must(roll["used"] == box.count, "not as many rights were used as choices were counted")
    must(roll["used"] <= roll["rights"], "more rights were used than the roll has")
    must(sum(box.heads.values()) <= roll["heads"], "more heads voted than the roll has")
    if box.measured:
        must(sum(box.area.values()) <= roll["area_cm2"], "more area voted than the roll has")
    result = recount(rules, box.heads, box.area if box.measured else None, board.head, roll)
    must(canonical(result) == canonical(closing["result"]), "counting again gives another result")


# Counting

Weights = Mapping[str, int]
Outcomes = list[list[int]]
COUNTING_GOES_HERE = None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("bundle", help="the file of the ballot")
    parser.add_argument("--closing", default="", metavar="HASH", help="hash of the closing record")
    given = parser.parse_args(arguments)
    try:
        with open(given.bundle, "rb") as lines:
            closing = verify(lines, given.closing)
    except OSError as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 2
    except (Wrong, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        print(f"WRONG: {error}", file=sys.stderr)
        return 1
    if closing["rehearsal"]:
        print("A REHEARSAL: nobody has decided anything by it.")
    print(f"In order: {closing['choices']} votes, {closing['receipts']} receipts.")
    print(f"Closing record: {fingerprint(closing)}")
    if not given.closing:
        print("Compare this hash with the one on the notice, or give it with --closing.")
    print(f"Result: {canonical(closing['result'])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
