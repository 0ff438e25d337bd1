"""Read the formats of PrefLib (pure).

Definition: the data format of preflib.org since 2022. A header of `# KEY: value`, then lines of
`count: order`, where an order is numbers of alternatives from the best down and those of one rank
stand in braces. `soc` and `toc` rank all alternatives, `soi` and `toi` some; `soc` and `soi` know
no equal ranks. In `cat` the places are categories, the best first, and may be empty.
"""

import re
from collections.abc import Iterator

from civic.voting.formats.elections import Election
from civic.voting.formats.lines import BadFile, narrow, whole
from civic.voting.methods.papers import Paper

ENDINGS = ("soc", "soi", "toc", "toi", "cat")
_STRICT, _COMPLETE = ("soc", "soi"), ("soc", "toc")

_HEADER = re.compile(r"[#＃]\s*([^:：]+?)\s*[:：](.*)", re.DOTALL)
_NAME = re.compile(r"ALTERNATIVE NAME (\d+)", re.ASCII)
_ORDER = re.compile(r"(?:\d+|\{(?:\d+(?:,\d+)*)?\})(?:,(?:\d+|\{(?:\d+(?:,\d+)*)?\}))*", re.ASCII)
_TIER = re.compile(r"\{([\d,]*)\}|(\d+)", re.ASCII)


class _Reader:
    def __init__(self, file: str, ending: str, lines: Iterator[str]) -> None:
        self.file, self.ending = file, ending
        self.lines = enumerate(lines, 1)
        self.header: dict[str, tuple[int, str]] = {}
        self.names: dict[str, str] = {}
        self.first: tuple[int, str] | None = None

    def bad(self, line: int | None, reason: str) -> BadFile:
        return BadFile(self.file, line, reason)

    def read_header(self) -> None:
        for number, line in self.lines:
            if not line.strip():
                continue
            found = _HEADER.fullmatch(line.strip())
            if not found:
                if line.lstrip()[0] in "#＃":
                    raise self.bad(number, "a line of the header is “# KEY: value”")
                self.first = number, line
                return
            key, value = found[1].upper(), found[2].strip()
            if key in self.header:
                raise self.bad(number, f"“{key}” is said twice")
            self.header[key] = number, value
            name = _NAME.fullmatch(key)
            if name:
                if not value:
                    raise self.bad(number, "an alternative has no name")
                if value in self.names.values():
                    raise self.bad(number, f"two alternatives have the name “{value}”")
                self.names[str(int(name[1]))] = value

    def number(self, key: str) -> int | None:
        if key not in self.header:
            return None
        line, value = self.header[key]
        found = whole(value)
        if found is None:
            raise self.bad(line, f"“{value}” is not a whole number")
        return found

    def check_header(self) -> None:
        line, said = self.header.get("DATA TYPE", (None, self.ending))
        if said.lower() != self.ending:
            raise self.bad(line, f"it says that it is of type “{said}”, and ends in .{self.ending}")
        if not self.names:
            raise self.bad(None, "it names no alternative (“# ALTERNATIVE NAME 1: …”)")
        expected = self.number("NUMBER ALTERNATIVES")
        if expected is not None and expected != len(self.names):
            line = self.header["NUMBER ALTERNATIVES"][0]
            raise self.bad(line, f"{expected} alternatives are announced, {len(self.names)} named")

    def order(self, number: int, line: str) -> tuple[tuple[tuple[str, ...], ...], int]:
        narrowed = "".join(narrow(line).split())
        count, colon, places = narrowed.partition(":")
        times = whole(count)
        if not colon or not times:
            raise self.bad(number, "a ballot is “count: order”, with a count from 1")
        if not _ORDER.fullmatch(places):
            raise self.bad(number, "an order is numbers with commas, those of one rank in braces")
        tiers = []
        seen: set[str] = set()
        for braces, alone in _TIER.findall(places):
            tier = []
            for digits in (braces or alone).split(",") if braces or alone else ():
                name = self.names.get(digits.lstrip("0") or "0")
                if name is None:
                    raise self.bad(number, f"there is no alternative {digits}")
                if name in seen:
                    raise self.bad(number, f"alternative {digits} is named twice")
                seen.add(name)
                tier.append(name)
            tiers.append(tuple(tier))
        if self.ending in _STRICT and any(len(tier) != 1 for tier in tiers):
            raise self.bad(number, f".{self.ending} knows no equal ranks")
        if self.ending in _COMPLETE and len(seen) < len(self.names):
            raise self.bad(number, f".{self.ending} ranks all alternatives, and this line does not")
        if self.ending != "cat" and not all(tiers):
            raise self.bad(number, "a rank is empty")
        return tuple(tiers), times

    def ballots(self) -> Iterator[tuple[object, int]]:
        voters = orders = last = 0
        categories = self.number("NUMBER CATEGORIES")
        rest = [self.first] if self.first else []
        for lines in (rest, self.lines):
            for number, line in lines:
                if not line.strip():
                    continue
                tiers, times = self.order(number, line)
                if categories is not None and self.ending == "cat" and len(tiers) > categories:
                    raise self.bad(number, f"there are {categories} categories only")
                voters, orders, last = voters + times, orders + 1, number
                yield tiers, times
        for key, found in (("NUMBER VOTERS", voters), ("NUMBER UNIQUE ORDERS", orders)):
            expected = self.number(key)
            if expected is not None and expected != found:
                what = "ballots" if key == "NUMBER VOTERS" else "orders"
                raise self.bad(last or None, f"{expected} {what} are announced, {found} found")


def parse(file: str, ending: str, lines: Iterator[str]) -> Election:
    """Read a file of PrefLib, its header at once and its ballots while they are counted.

    :raises BadFile: with the line.
    """
    reader = _Reader(file, ending, lines)
    reader.read_header()
    reader.check_header()
    categories = 0
    if ending == "cat":
        categories = reader.number("NUMBER CATEGORIES") or sum(
            key.startswith("CATEGORY NAME ") for key in reader.header
        )
        if not categories:
            raise reader.bad(None, "it does not say how many categories there are")
    order = sorted(reader.names, key=int)
    paper = Paper(tuple(reader.names[one] for one in order), equal_ranks=ending not in _STRICT)
    title = reader.header.get("TITLE", (0, ""))[1]
    return Election(title, paper, "ranking", reader.ballots(), categories=categories)
