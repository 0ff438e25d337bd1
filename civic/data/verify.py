"""Check a ballot of Civic without Civic: `python3 verify.py BUNDLE… [--closing HASH]`.

Give it the file of a ballot (one JSON value a line) and, from the notice board or your mail, the
hash of the closing record. It needs nothing but Python 3.11 and trusts nothing it is told:

1. each line is written in the one canonical way, so that no bit can change unseen;
2. the rules have the fingerprint that was published before the first vote;
3. the receipts make an unbroken chain that begins with that fingerprint, and none is there twice;
4. the choices have the Merkle root (RFC 9162) of the closing record;
5. as many receipts are in force as rights were used and as choices were counted, in each channel,
   and not more than the roll has;
6. counting again gives the same result.

Where groups of judges scored apart, give the bundles of all of them, and with `--combined` the hash
of what they gave together: their means are weighted again.

It ends with 0 when all of this holds, with 1 when something does not, with 2 when it cannot read.
What it cannot show: that the server stored the choice that the owner of a receipt made, and that
nobody was forced. Note the head of the board and your own receipt; they are your part of the proof.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Any

FORMAT = "civic-ballot-1"
#: More tied outcomes than these are not listed.
MOST_OUTCOMES = 1000
MOST_STATES = 10_000


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
        self.names: dict[str, str] = {}  # each channel once, and not once for each receipt
        self.codes: set[str] = set()
        self.withdrawn: dict[int, str] = {}  # number to channel of the receipt that it struck

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
            must(
                earlier and bool(self.channels[strikes]), f"receipt {number} strikes another twice"
            )
            if act == "withdrawn":
                self.withdrawn[number] = self.channels[strikes]
            self.channels[strikes] = ""
        must(act == "cast" or strikes is not None, f"receipt {number} withdraws nothing")
        self.channels.append(self.names.setdefault(channel, channel) if act == "cast" else "")
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
    return opened(lines, closing_hash)[2]


def opened(
    lines: Iterable[bytes], closing_hash: str = ""
) -> tuple[dict[str, Any], Mapping[str, int], dict[str, Any]]:
    """Return the rules, how often each choice was made, and the closing record of a bundle."""
    found = values(lines)
    head = next(found, None)
    if not isinstance(head, dict) or set(head) != {"format", "rehearsal", "rules"}:
        raise Wrong("the first line does not open a ballot")
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
    return rules, box.heads, closing


def combine(
    parts: Sequence[tuple[Mapping[str, Any], Mapping[str, int], Mapping[str, Any]]],
) -> dict[str, Any]:
    """Return what groups of judges gave together, from their bundles: means, weighted exactly."""
    data = parts[0][0]["procedure"]["data"]
    weights = data["pass"]["weights"]
    texts = [option["text"] for option in parts[0][0]["options"]]
    means: dict[str, list[Fraction | None]] = {}
    records: dict[str, Mapping[str, Any]] = {}
    for rules, heads, closing in parts:
        must(rules["procedure"]["data"] == data, "the groups scored by different procedures")
        same = [option["text"] for option in rules["options"]] == texts
        must(same, "the groups scored different options")
        must(not rules["rehearsal"], "a rehearsal belongs to no jury")
        marks: dict[str, list[int]] = {}
        for text, times in heads.items():
            for number, value in (json.loads(text) or {}).items():
                total = marks.setdefault(number, [0, 0])
                total[0] += value * times
                total[1] += times
        given = [marks.get(str(option["id"])) for option in rules["options"]]
        must(rules["part"] not in means, "a group is there twice")
        means[rules["part"]] = [None if one is None else Fraction(*one) for one in given]
        records[rules["part"]] = closing
    names = [one["measure"] for one in weights]
    must(sorted(means) == sorted(names), "a group of the procedure is missing or was added")
    scores: list[Fraction | None] = []
    for place in range(len(texts)):
        each = [means[name][place] for name in names]
        weighed = [
            Fraction(one["num"], one["den"]) * mean
            for one, mean in zip(weights, each, strict=True)
            if mean is not None
        ]
        scores.append(sum(weighed, Fraction(0)) if len(weighed) == len(names) else None)

    def exact(value: Fraction | None) -> str | None:
        return None if value is None else str(value)

    return {
        "form": 1,
        "procedure": data["id"],
        "parts": [
            {
                "part": one["measure"],
                "num": one["num"],
                "den": one["den"],
                "ballot": records[one["measure"]]["ballot"],
                "closing": fingerprint(records[one["measure"]]),
            }
            for one in weights
        ],
        "valid": all(one["result"]["outcome"] == {"all": "counted"} for one in records.values()),
        "options": [
            {
                "text": text,
                "means": {name: exact(means[name][place]) for name in names},
                "score": exact(scores[place]),
            }
            for place, text in enumerate(texts)
        ],
        "order": [
            [text for text, score in zip(texts, scores, strict=True) if score == value]
            for value in sorted({one for one in scores if one is not None}, reverse=True)
        ],
    }


def _papers(closing: Mapping[str, Any], live: Mapping[str, int]) -> None:
    """Compare numbered sheets with receipts, where some votes did not come over the browser."""
    papers = closing.get("papers")
    if papers is None:
        return
    offline = sum(count for channel, count in live.items() if channel != "online")
    must(papers["counted"] == offline, "sheets that count and receipts differ")
    whole = papers["counted"] + papers["not_returned"] + len(papers["not_counted"])
    must(papers["issued"] == whole, "sheets are missing or were added")


def _standing(rules: Mapping[str, Any], closing: Mapping[str, Any], board: Board) -> None:
    """Compare what was struck at the count with the rule that was published before the vote.

    Whoever votes by rule needs the standing at the close, too. Receipts that follow those of the
    vote take votes back, and nothing else follows; from a detached box nothing can be taken.
    """
    promised = rules["roll"].get("standing")
    said = closing.get("standing", {})
    must(said.get("checked") == promised, "standings were checked by another rule")
    if promised != "close":
        return
    after = range(said["receipts"] + 1, len(board.channels))
    must(all(number in board.withdrawn for number in after), "a vote came in after the close")
    struck = Counter(board.withdrawn[number] for number in after)
    must(said["struck"] == dict(struck), "votes struck at the count and receipts differ")


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
    _papers(closing, live)
    _standing(rules, closing, board)
    must(sum(live.values()) == box.count, "there are not as many choices as receipts in force")
    roll = closing["roll"]
    must(roll["used"] == box.count, "not as many rights were used as choices were counted")
    must(roll["used"] <= roll["rights"], "more rights were used than the roll has")
    must(sum(box.heads.values()) <= roll["heads"], "more heads voted than the roll has")
    if box.measured:
        must(sum(box.area.values()) <= roll["area_cm2"], "more area voted than the roll has")
    result = recount(rules, box.heads, box.area if box.measured else None, board.head, roll)
    must(canonical(result) == canonical(closing["result"]), "counting again gives another result")


# Counting: exact numbers, every tied outcome, and the one that the tie rule picks


Tier = tuple[int, ...]


class Cut(Exception):
    """Say that there are too many tied outcomes to list."""


def recount(
    rules: Mapping[str, Any],
    heads: Mapping[str, int],
    area: Mapping[str, int] | None,
    head: str,
    roll: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the result of a ballot: figures, every tied outcome, and what was reached."""
    ids = [option["id"] for option in rules["options"]]
    votes = [(json.loads(text), weight) for text, weight in sorted(heads.items())]
    chosen = [(choice, weight) for choice, weight in votes if choice is not None]
    cast = sum(heads.values())
    shown = figures(rules["kind"], ids, chosen)
    outcomes, elected = elect(rules, ids, chosen, cast, fingerprint(rules) + head)
    result: dict[str, Any] = {
        "method": rules["method"],
        "seats": rules["seats"],
        "cast": cast,
        "abstained": heads.get("null", 0),
        "figures": shown,
        "winners": outcomes,
        "elected": elected,
        "outcome": reached(rules, heads, area, roll),
    }
    if area is not None:
        sized = [(json.loads(text), size) for text, size in sorted(area.items())]
        result["area_cm2"] = figures(
            rules["kind"], ids, [one for one in sized if one[0] is not None]
        )
    return result


def figures(kind: str, ids: Sequence[int], votes: Sequence[tuple[Any, int]]) -> dict[str, Any]:
    """Return what people read: votes, marks, points, first places, or who agreed to each item."""
    found: dict[str, Any] = {str(one): 0 for one in ids}
    if kind == "items":
        found = {str(one): {"agree": 0, "oppose": 0, "abstain": 0} for one in ids}
    for choice, weight in votes:
        if kind == "one":
            found[str(choice)] += weight
        elif kind == "items":
            for one, answer in choice.items():
                found[one][answer] += weight
        elif kind in ("score", "dots"):
            for one, value in choice.items():
                found[one] += value * weight
        else:
            for one in choice[0] if kind == "ranking" else choice:
                found[str(one)] += weight
    return found


def elect(
    rules: Mapping[str, Any],
    ids: Sequence[int],
    votes: Sequence[tuple[Any, int]],
    cast: int,
    seed: str,
) -> tuple[list[list[int]] | None, list[int] | None]:
    """Return every tied outcome and the one that stands; no list where there are too many."""
    if rules["method"] == "items":
        found = figures("items", ids, votes)
        more = [one for one in ids if found[str(one)]["agree"] > found[str(one)]["oppose"]]
        return [more], more
    place = {one: number for number, one in enumerate(ids)}
    ballots = Counter[Any]()
    for choice, weight in votes:
        ballots[_numbered(rules["kind"], choice, place)] += weight
    start, step = _process(rules, len(ids), ballots, cast)
    if start is None:
        return [], None
    decides = rules["tie"] != "show-all"
    places = list(range(len(ids)))
    if rules["tie"] == "lot":
        key = hashlib.sha256(seed.encode()).digest()
        drawn = [hashlib.sha256(key + str(one).encode()).digest() for one in ids]
        order = sorted(places, key=lambda one: (drawn[one], one))
        places = [order.index(one) for one in range(len(ids))]
    chosen = _walk(start, step, places)
    try:
        every: list[Tier] | None = _universes(start, step)
    except Cut:
        every = None
    if every is not None and not any(every):
        return [], None
    stands = decides or (every is not None and len(every) == 1)
    return (
        None if every is None else [[ids[one] for one in outcome] for outcome in every],
        [ids[one] for one in chosen] if stands else None,
    )


def _numbered(kind: str, choice: Any, place: Mapping[int, int]) -> Any:
    if kind == "one":
        return place[choice]
    if kind in ("score", "dots"):
        return tuple(sorted((place[int(one)], value) for one, value in choice.items()))
    if kind == "ranking":
        return tuple(tuple(sorted(place[one] for one in tier)) for tier in choice)
    return tuple(sorted(place[one] for one in choice))


# A count is a process: a state either ends in tiers of options that fill seats, or forks into the
# states that follow from each choice that is tied; where nothing is tied there is one choice.
End = tuple[list[Tier], int]
Fork = tuple[list[Any], Callable[[Any], Any], bool]
Step = Callable[[Any], End | Fork]


def _walk(start: Any, step: Step, places: Sequence[int]) -> Tier:
    state = start
    while True:
        found = step(state)
        if len(found) == 2:
            break
        choices, follow, favours = found
        state = follow((min if favours else max)(choices, key=lambda one: _place(one, places)))
    tiers, seats = found
    sure, tied, left = _split(tiers, seats)
    return tuple(sorted((*sure, *sorted(tied, key=lambda one: places[one])[:left])))


def _place(choice: Any, places: Sequence[int]) -> Any:
    if isinstance(choice, tuple):
        return tuple(places[one] for one in choice)
    return (places[choice],)


def _split(tiers: Sequence[Tier], seats: int) -> tuple[Tier, Tier, int]:
    sure: Tier = ()
    for tier in tiers:
        left = seats - len(sure)
        if len(tier) > left:
            return sure, tier if left else (), left
        sure += tier
    return sure, (), 0


def _universes(start: Any, step: Step) -> list[Tier]:
    found: set[Tier] = set()
    seen, waiting = {start}, [start]
    while waiting:
        here = step(waiting.pop())
        if len(here) == 2:
            sure, tied, left = _split(*here)
            if tied and comb(len(tied), left) > MOST_OUTCOMES:
                raise Cut
            for more in combinations(sorted(tied), left) if tied else [()]:
                found.add(tuple(sorted(sure + more)))
        else:
            choices, follow, _favours = here
            for choice in choices:
                state = follow(choice)
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)
        if len(seen) > MOST_STATES or len(found) > MOST_OUTCOMES:
            raise Cut
    return sorted(found)


def _tiers(values: Sequence[Any]) -> list[Tier]:
    steps = sorted(set(values), reverse=True)
    return [tuple(one for one, value in enumerate(values) if value == step) for step in steps]


def _process(
    rules: Mapping[str, Any], size: int, ballots: Mapping[Any, int], cast: int
) -> tuple[Any, Step]:
    method, seats = rules["method"], rules["seats"]
    if not ballots:
        return None, lambda _state: ([], 0)
    if method in ("schulze", "ranked-pairs"):
        margin = _margins(size, ballots)
        if method == "schulze":
            return (), lambda _state: (_schulze(size, margin), seats)
        return _ranked_pairs(size, margin, seats)
    if method == "irv":
        return frozenset(range(size)), lambda left: _runoff(left, ballots)
    if method == "stv":
        return _transferable(size, ballots, seats)
    if method in ("greedy", "equal-shares"):
        costs = [option["cost"] for option in rules["options"]]
        return _budget(method, costs, rules["limits"]["total"], ballots, cast)
    values = _sums(method, size, ballots)
    unsupported = method == "borda" or (method == "score" and rules["limits"]["low"] < 0)
    tiers = [tier for tier in _tiers(values) if unsupported or values[tier[0]] > 0]
    return () if tiers else None, lambda _state: (tiers, seats)


def _sums(method: str, size: int, ballots: Mapping[Any, int]) -> list[Any]:
    found: list[Any] = [0] * size
    for content, weight in ballots.items():
        if method == "plurality":
            found[content] += weight
        elif method in ("score", "dots"):
            for one, value in content:
                found[one] += value * weight
        elif method == "borda":
            ranked = {one for tier in content for one in tier}
            below = size
            for tier in (*content, tuple(one for one in range(size) if one not in ranked)):
                below -= len(tier)
                for one in tier:
                    found[one] += (2 * below + len(tier) - 1) * weight
        else:
            for one in content:
                found[one] += weight
    return found


def _margins(size: int, ballots: Mapping[Any, int]) -> list[list[int]]:
    over = [[0] * size for _ in range(size)]
    for tiers, weight in ballots.items():
        below = set(range(size))
        for tier in tiers:
            below -= set(tier)
            for one in tier:
                for other in below:
                    over[one][other] += weight
    return [[over[one][two] - over[two][one] for two in range(size)] for one in range(size)]


def _unbeaten(size: int, beats: Callable[[int, int], bool]) -> list[Tier]:
    left, tiers = list(range(size)), []
    while left:
        tier = tuple(one for one in left if not any(beats(other, one) for other in left))
        tiers.append(tier)
        left = [one for one in left if one not in tier]
    return tiers


def _schulze(size: int, margin: Sequence[Sequence[int]]) -> list[Tier]:
    path = [[max(0, value) for value in row] for row in margin]
    for middle in range(size):
        for one in range(size):
            for other in range(size):
                if len({one, middle, other}) == 3:
                    through = min(path[one][middle], path[middle][other])
                    path[one][other] = max(path[one][other], through)
    return _unbeaten(size, lambda one, other: path[one][other] > path[other][one])


def _ranked_pairs(size: int, margin: Sequence[Sequence[int]], seats: int) -> tuple[Any, Step]:
    levels: dict[int, set[tuple[int, int]]] = {}
    for one in range(size):
        for other in range(size):
            if margin[one][other] > 0:
                levels.setdefault(margin[one][other], set()).add((one, other))
    order = tuple(frozenset(levels[value]) for value in sorted(levels, reverse=True))

    def lock(beaten: tuple[frozenset[int], ...], pair: tuple[int, int]) -> Any:
        winner, loser = pair
        more = beaten[loser] | {loser}
        return tuple(
            whom | more if one == winner or winner in whom else whom
            for one, whom in enumerate(beaten)
        )

    def lock_all(beaten: Any, pairs: Iterable[tuple[int, int]]) -> Any:
        for pair in sorted(pairs):
            if pair[0] in beaten[pair[1]]:
                return None
            beaten = lock(beaten, pair)
        return beaten

    def step(state: Any) -> End | Fork:
        beaten, left = state
        if not left:
            return _unbeaten(size, lambda one, other: other in beaten[one]), seats
        level, rest = left[0], left[1:]
        together = lock_all(beaten, level)
        if together is not None:
            return [0], lambda _one: (together, rest), True
        free = frozenset(
            (one, two) for one, two in level if one not in beaten[two] and two not in beaten[one]
        )
        if not free:
            return [0], lambda _one: (beaten, rest), True
        follow = lambda pair: (lock(beaten, pair), (free - {pair}, *rest))
        return sorted(free), follow, True

    return ((frozenset(),) * size, order), step


def _runoff(left: frozenset[int], ballots: Mapping[Any, int]) -> End | Fork:
    if len(left) == 1:
        return [tuple(left)], 1
    votes = dict.fromkeys(left, Fraction(0))
    for tiers, weight in ballots.items():
        for tier in tiers:
            best = [one for one in tier if one in left]
            if best:
                for one in best:
                    votes[one] += Fraction(weight, len(best))
                break
    least = min(votes.values())
    tied = sorted(one for one in left if votes[one] == least)
    return tied, lambda gone: left - {gone}, False


def _transferable(size: int, ballots: Mapping[Any, int], seats: int) -> tuple[Any, Step]:
    """Weighted inclusive Gregory, as the Scottish Local Government Elections Order 2007 has it."""
    quota = sum(ballots.values()) // (seats + 1) + 1

    def move(tiers: Any, weight: Any, left: frozenset[int], piles: dict[Any, Any]) -> None:
        for place, tier in enumerate(tiers):
            best = [one for one in tier if one in left]
            for one in best:
                others = tuple(other for other in best if other != one)
                rest = ((others,) if others else ()) + tiers[place + 1 :]
                piles[one, rest] = piles.get((one, rest), 0) + Fraction(weight) / len(best)
            if best:
                return

    def earlier(tied: list[int], before: Any, pick: Callable[..., Any]) -> list[int]:
        for votes in reversed(before):
            best = pick(votes[one] for one in tied)
            tied = [one for one in tied if votes[one] == best]
        return tied

    def shift(state: Any, who: int, votes: Any, part: Any) -> Any:
        """Let the ballots of somebody elected, or excluded where part is 1, go over."""
        left, elected, surplus, piles, before = state
        left, surplus = left - {who}, surplus - {who}
        kept: dict[Any, Any] = {}
        for (holder, rest), weight in piles:
            if holder != who:
                kept[holder, rest] = kept.get((holder, rest), 0) + weight
            else:
                move(rest, weight * part, left, kept)
        if part != 1:
            kept[who, ()] = Fraction(quota)
        return left, elected, surplus, frozenset(kept.items()), (*before, tuple(votes))

    def step(state: Any) -> End | Fork:
        left, elected, surplus, piles, before = state
        votes = [Fraction(0)] * size
        for (holder, _rest), weight in piles:
            votes[holder] += weight
        new = [one for one in sorted(left) if votes[one] >= quota]
        if len(left) - len(new) <= seats - sum(map(len, elected)) - len(new):
            new = sorted(left)
        values = sorted({votes[one] for one in new}, reverse=True)
        elected += tuple(tuple(one for one in new if votes[one] == value) for value in values)
        left = left - set(new)
        surplus = surplus | {one for one in new if votes[one] > quota}
        state = left, elected, surplus, piles, before
        if sum(map(len, elected)) >= seats or not left:
            return list(elected), seats
        if surplus:
            largest = max(votes[one] for one in surplus)
            tied = earlier([o for o in sorted(surplus) if votes[o] == largest], before, max)

            def give(one: int) -> Any:
                return shift(state, one, votes, (votes[one] - quota) / votes[one])

            return tied, give, True
        least = min(votes[one] for one in left)
        tied = earlier([one for one in sorted(left) if votes[one] == least], before, min)
        return tied, lambda one: shift(state, one, votes, 1), False

    first: dict[Any, Any] = {}
    everybody = frozenset(range(size))
    for tiers, weight in ballots.items():
        move(tiers, weight, everybody, first)
    return (everybody, (), frozenset(), frozenset(first.items()), ()), step


def _budget(
    method: str, costs: Sequence[int], total: int, ballots: Mapping[Any, int], cast: int
) -> tuple[Any, Step]:
    """Buy by votes, skipping what does not fit; before that, where wanted, by equal shares."""
    groups = sorted(ballots)
    votes = [sum(n for group, n in ballots.items() if one in group) for one in range(len(costs))]

    def rest(taken: frozenset[int]) -> End | Fork:
        money = total - sum(costs[one] for one in taken)
        fitting = [
            one
            for one, count in enumerate(votes)
            if one not in taken and count and costs[one] <= money
        ]
        if not fitting:
            return [tuple(sorted(taken))], len(taken)
        most = max(votes[one] for one in fitting)
        best = [one for one in fitting if votes[one] == most]
        if sum(costs[one] for one in best) <= money:
            best = best[:1]
        return best, lambda one: ("rest", taken | {one}, ()), True

    def price(project: int, purses: tuple[Fraction, ...]) -> Fraction | None:
        """Return the largest payment of a supporter, the poor giving all they have."""
        backers = sorted(
            (purses[number], ballots[group])
            for number, group in enumerate(groups)
            if project in group
        )
        need, heads = Fraction(costs[project]), sum(count for _money, count in backers)
        for money, count in backers:
            if need <= money * heads:
                return need / heads
            need -= money * count
            heads -= count
        return None

    def step(state: Any) -> End | Fork:
        stage, taken, purses = state
        if stage == "rest":
            return rest(taken)
        prices = {
            one: paid
            for one, count in enumerate(votes)
            if one not in taken and count and (paid := price(one, purses)) is not None
        }
        if not prices:
            return [0], lambda _one: ("rest", taken, ()), True
        # So much a supporter pays for each yuan of cost: its opposite is the effective support.
        rates = {one: paid / costs[one] if costs[one] else 0 for one, paid in prices.items()}
        best = sorted(one for one, rate in rates.items() if rate == min(rates.values()))

        def buy(one: int) -> Any:
            left = tuple(
                max(Fraction(0), money - prices[one]) if one in group else money
                for group, money in zip(groups, purses, strict=True)
            )
            return "shares", taken | {one}, left

        return best, buy, True

    if method == "greedy":
        return ("rest", frozenset(), ()), step
    return ("shares", frozenset(), (Fraction(total, cast),) * len(groups)), step


# Quorum and share, as the procedure says them


def reached(
    rules: Mapping[str, Any],
    heads: Mapping[str, int],
    area: Mapping[str, int] | None,
    roll: Mapping[str, Any],
) -> dict[str, str] | None:
    """Return what came of each option or item, or of the ballot where nothing is for or against."""
    data = rules["procedure"].get("data") if rules["procedure"] else None
    if data is None:
        return None
    part = rules.get("part", "")
    sizes = {part or "heads": heads} | ({"area_cm2": area} if area is not None else {})
    everybody = {measure: roll["heads" if measure == part else measure] for measure in sizes}
    present = {measure: sum(counts.values()) for measure, counts in sizes.items()}
    quorum, bar = data.get("quorum"), data.get("pass")
    if part and quorum:
        # What is asked of the other groups is asked of their ballots.
        own = [{part: one[part]} for one in quorum.get("any", [quorum]) if part in one]
        quorum = {"any": own} if own else None
    enough = quorum is None or _met(quorum, "all", present, present, everybody)
    threshold = bar is not None and bar.get("kind", "threshold") == "threshold"
    if rules["kind"] not in ("one", "items") or not threshold:
        return {"all": "counted" if enough else "inquorate"}
    found = {}
    for option in rules["options"]:
        agreed = {
            measure: _agreed(rules, option["id"], counts) for measure, counts in sizes.items()
        }
        passed = _met(bar, "", agreed, present, everybody)
        found[str(option["id"])] = "inquorate" if not enough else "passed" if passed else "failed"
    return found


def _agreed(rules: Mapping[str, Any], one: int, counts: Mapping[str, int]) -> int:
    votes = [(json.loads(text), weight) for text, weight in counts.items()]
    if rules["kind"] == "one":
        return sum(weight for choice, weight in votes if choice == one)
    return sum(weight for choice, weight in votes if choice and choice[str(one)] == "agree")


def _met(
    bar: Mapping[str, Any],
    base: str,
    counts: Mapping[str, int],
    present: Mapping[str, int],
    everybody: Mapping[str, int],
) -> bool:
    for alternative in bar.get("any", [bar]):
        of = everybody if alternative.get("of", base) == "all" else present
        asked = {
            measure: demand
            for measure, demand in alternative.items()
            if isinstance(demand, dict) and ("num" in demand or "least" in demand)
        }
        if asked.keys() <= counts.keys() and all(
            _enough(counts[measure], of[measure], demand) for measure, demand in asked.items()
        ):
            return True
    return False


def _enough(count: int, base: int, demand: Mapping[str, Any]) -> bool:
    if "least" in demand:
        odd: bool = demand.get("odd", False)
        return bool(count >= demand["least"]) and (not odd or count % 2 == 1)
    have, need = count * demand["den"], base * demand["num"]
    return base > 0 and bool(have >= need if demand["op"] == "ge" else have > need)


# The command


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("bundle", nargs="+", help="the file of the ballot; of a jury all of them")
    parser.add_argument("--closing", default="", metavar="HASH", help="hash of the closing record")
    parser.add_argument("--combined", default="", metavar="HASH", help="hash of what a jury gave")
    given = parser.parse_args(arguments)
    if given.closing and len(given.bundle) > 1:
        parser.error("--closing belongs to one bundle; a jury is compared with --combined")
    try:
        parts = []
        for name in given.bundle:
            with open(name, "rb") as lines:
                parts.append(opened(lines, given.closing))
        together = combine(parts) if len(parts) > 1 or given.combined else None
        if together is not None and given.combined:
            same = fingerprint(together) == given.combined.strip().lower()
            must(same, "the jury gave something else than what was announced")
    except OSError as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 2
    except (Wrong, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        print(f"WRONG: {error}", file=sys.stderr)
        return 1
    for _rules, _heads, closing in parts:
        if closing["rehearsal"]:
            print("A REHEARSAL: nobody has decided anything by it.")
        print(f"In order: {closing['choices']} votes, {closing['receipts']} receipts.")
        print(f"Closing record: {fingerprint(closing)}")
        if not given.closing and together is None:
            print("Compare this hash with the one on the notice, or give it with --closing.")
        print(f"Result: {canonical(closing['result'])}")
    if together is not None:
        print(f"Together: {canonical(together)}")
        print(f"Combined record: {fingerprint(together)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
