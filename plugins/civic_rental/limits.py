"""What a home for rent has to keep to (pure): each finding with its rule and its cure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

from civic_rental.words import codes, data

#: What stops has to be mended before a home is listed; a warning is for whoever decides.
STOP, WARN = "stop", "warn"
FIGURES = (
    *("area_per_person", "persons_per_room", "window"),
    *("deposit", "custody", "prepayment", "home_area"),
)
LISTS = {
    "forbidden_rooms": codes("homes", "use"),
    "living_apart": codes("homes", "use"),
    "facts": codes("conversion", "fact"),
    "papers": codes("conversion", "record"),
}
#: Where a jurisdiction has no limits of its own, and none around it has.
FALLBACK = "CN"
Said: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Limit:
    """Be one limit for some kinds of dwelling.

    :ivar figure: for codes of `FIGURES`; `listed` for those of `LISTS`.
    :ivar source: where the rule stands, in `zh` and `en`.
    """

    code: str
    kinds: frozenset[str]
    figure: int
    listed: tuple[str, ...]
    level: str
    source: Said
    verified: bool


@dataclass(frozen=True)
class Word:
    """Be words that no offer may carry, with the rule and what to write instead."""

    words: tuple[str, ...]
    source: Said
    cure: Said


@dataclass(frozen=True)
class Limits:
    """Hold what holds in one jurisdiction."""

    limits: tuple[Limit, ...]
    words: tuple[Word, ...]

    def of(self, kind: str) -> dict[str, Limit]:
        """Return the limits of a kind of dwelling by their codes."""
        return {limit.code: limit for limit in self.limits if kind in limit.kinds}

    @property
    def verified(self) -> bool:
        """Tell whether the legal staff has confirmed all of them."""
        return all(limit.verified for limit in self.limits)


@dataclass(frozen=True)
class RoomFacts:
    """Be a room as the checks see it; `area` is in hundredths of a square metre."""

    name: str
    use: str
    area: int
    persons: int
    window: bool


@dataclass(frozen=True)
class HomeFacts:
    """Be a home as the checks see it; money in fen, area in hundredths of a square metre."""

    kind: str
    area: int
    rooms: Sequence[RoomFacts]
    rent: int = 0
    deposit: int = 0
    custody: str = ""
    pay_months: int = 1
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class BuildingFacts:
    """Be a building as the checks see it: what is so in it, and which papers are there."""

    kind: str
    facts: frozenset[str]
    papers: frozenset[str]


@dataclass(frozen=True)
class Finding:
    """Be one limit that is not kept.

    :ivar code: of the limit, or `word`, `rooms`, `sum`.
    :ivar values: figures and names for its sentence.
    :ivar cure: what to do instead, where data says so.
    """

    code: str
    level: str
    source: Said
    values: Mapping[str, Any] = field(default_factory=dict)
    cure: Said = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        """Tell whether it has to be mended before a home is listed."""
        return self.level == STOP


def _limit(row: Mapping[str, Any]) -> Limit:
    where = f"limit {row['code']!r} of {row.get('kinds')}"
    figure = 0
    listed: tuple[str, ...] = ()
    if row["code"] in LISTS:
        listed = tuple(row["limit"])
        if unknown := set(listed) - set(LISTS[row["code"]]):
            message = f"{where} names {sorted(unknown)}, which do not exist"
            raise ValueError(message)
    elif row["code"] in FIGURES:
        figure = row["limit"]
        if type(figure) is not int or figure < 0:
            message = f"{where} has no figure: {figure!r}"
            raise ValueError(message)
    else:
        message = f"{where} is a limit that nothing checks"
        raise ValueError(message)
    level = row.get("level", STOP)
    kinds = frozenset(row["kinds"])
    if level not in {STOP, WARN} or not kinds or kinds - set(codes("homes", "kind")):
        message = f"{where} has an unknown level or kind"
        raise ValueError(message)
    if not row["source"].get("zh"):
        message = f"{where} does not say where it stands"
        raise ValueError(message)
    return Limit(row["code"], kinds, figure, listed, level, row["source"], row["verified"])


def parse(table: Mapping[str, Any]) -> Limits:
    """Read the limits of a jurisdiction.

    :raises ValueError: for one that nothing checks, that names no source, or that stands twice for
        a kind of dwelling.
    """
    limits = tuple(_limit(row) for row in table["limit"])
    seen: set[tuple[str, str]] = set()
    for limit in limits:
        for kind in limit.kinds:
            if (limit.code, kind) in seen:
                message = f"limit {limit.code!r} stands twice for {kind!r}"
                raise ValueError(message)
            seen.add((limit.code, kind))
    words = tuple(
        Word(tuple(row["words"]), row["source"], row["cure"]) for row in table.get("word", ())
    )
    if any(not row.words or not row.source.get("zh") or not row.cure.get("zh") for row in words):
        message = "a banned word needs its words, its source and its cure"
        raise ValueError(message)
    return Limits(limits, words)


@cache
def of(jurisdiction: str) -> Limits:
    """Return the limits of a jurisdiction, else those of the one around it."""
    known = data("limits")
    while jurisdiction not in known and "-" in jurisdiction:
        jurisdiction = jurisdiction.rpartition("-")[0]
    return parse(known.get(jurisdiction, known[FALLBACK]))


def check_home(home: HomeFacts, limits: Limits) -> list[Finding]:
    """Return what a home does not keep to, what stops first."""
    held = limits.of(home.kind)
    found = [*_rooms(home, held), *_money(home, held), *_words(home, limits)]
    return sorted(found, key=lambda each: not each.stops)


def check_building(building: BuildingFacts, limits: Limits) -> list[Finding]:
    """Return what a building lacks."""
    held = limits.of(building.kind)
    found = []
    for code, there in (("facts", building.facts), ("papers", building.papers)):
        if code in held:
            lacking = [each for each in held[code].listed if each not in there]
            found += [_found(held[code], lacks=each) for each in lacking]
    return found


def _found(limit: Limit, **values: object) -> Finding:
    return Finding(limit.code, limit.level, limit.source, {"limit": limit.figure, **values})


def _rooms(home: HomeFacts, held: Mapping[str, Limit]) -> Iterator[Finding]:
    slept = [room for room in home.rooms if room.persons]
    if not slept:
        source = next(iter(held.values())).source if held else {}
        yield Finding("rooms", STOP, source)
    for room in slept:
        yield from _room(room, held)
    if (total := sum(room.area for room in home.rooms)) > home.area:
        yield Finding("sum", STOP, {}, {"total": total, "area": home.area})
    limit = held.get("home_area")
    if limit and home.area > limit.figure:
        yield _found(limit, area=home.area)


def _room(room: RoomFacts, held: Mapping[str, Limit]) -> Iterator[Finding]:
    for code in ("forbidden_rooms", "living_apart"):
        if code in held and room.use in held[code].listed:
            yield _found(held[code], room=room.name, use=room.use)
            return
    limit = held.get("persons_per_room")
    if limit and room.persons > limit.figure:
        yield _found(limit, room=room.name, persons=room.persons)
    limit = held.get("area_per_person")
    if limit and room.area < limit.figure * room.persons:
        most = room.area // limit.figure if limit.figure else 0
        yield _found(limit, room=room.name, area=room.area, persons=room.persons, most=most)
    if "window" in held and not room.window:
        yield _found(held["window"], room=room.name)


def _money(home: HomeFacts, held: Mapping[str, Limit]) -> Iterator[Finding]:
    limit = held.get("deposit")
    if limit and home.deposit > limit.figure * home.rent:
        yield _found(limit, deposit=home.deposit, most=limit.figure * home.rent)
    limit = held.get("custody")
    if limit and home.deposit > limit.figure and not home.custody:
        yield _found(limit, deposit=home.deposit)
    limit = held.get("prepayment")
    if limit and home.pay_months > limit.figure:
        yield _found(limit, months=home.pay_months)


def _words(home: HomeFacts, limits: Limits) -> Iterator[Finding]:
    texts = [_folded(text) for text in home.texts]
    for row in limits.words:
        for word in row.words:
            if any(_folded(word) in text for text in texts):
                yield Finding("word", STOP, row.source, {"word": word}, row.cure)
                break


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


#: Read once when the plugin is loaded: a wrong file stops it there, with a sentence.
LOADED = tuple(parse(table) for table in data("limits").values())
