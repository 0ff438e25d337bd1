"""What a home for rent does not keep to (pure): each finding with its rule, and its cure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civic_rental.limits import STOP, Limit, Limits, Said


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
