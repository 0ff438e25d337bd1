"""Limits that homes for rent keep to, read from data and checked when loaded (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
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


#: Read once when the plugin is loaded: a wrong file stops it there, with a sentence.
LOADED = tuple(parse(table) for table in data("limits").values())
