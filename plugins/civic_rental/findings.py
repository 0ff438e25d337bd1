"""Say findings of the checks in words for staff: what is so, and how to mend it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civic.api import gettext as _
from civic.api import money
from civic_rental.checks import Finding
from civic_rental.words import said, titles


@dataclass(frozen=True)
class Told:
    """Be a finding in words.

    :ivar text: what is so; `cure` is what to do; `source` is where the rule stands.
    """

    code: str
    stops: bool
    text: str
    cure: str
    source: str


def area(hundredths: int) -> str:
    """Return an area in square metres as pages show it: `12.5`."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


def _area_per_person(values: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "%(room)s has %(area)s m² for %(persons)d people; each needs %(limit)s m².",
        room=values["room"],
        area=area(values["area"]),
        persons=values["persons"],
        limit=area(values["limit"]),
    )
    if not values["most"]:
        return text, _("Let nobody sleep in this room: write 0 people.")
    cure = _("Write %(most)d people at most, or join it to a larger room.", most=values["most"])
    return text, cure


def _persons(values: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "%(room)s is for %(persons)d people; %(limit)d are the most in one room.",
        room=values["room"],
        persons=values["persons"],
        limit=values["limit"],
    )
    return text, _("Write %(limit)d people at most.", limit=values["limit"])


def _forbidden(values: Mapping[str, Any]) -> tuple[str, str]:
    use = titles("homes", "use")[values["use"]]
    text = _("%(room)s is a %(use)s: nobody may live in it.", room=values["room"], use=use)
    return text, _("Write 0 people for this room, and let only rooms designed to live in.")


def _living(values: Mapping[str, Any]) -> tuple[str, str]:
    text = _("%(room)s is a living room: it may not be let apart.", room=values["room"])
    return text, _("Write 0 people for this room; all who live here share it.")


def _window(values: Mapping[str, Any]) -> tuple[str, str]:
    text = _("%(room)s has no window, and people sleep in it.", room=values["room"])
    return text, _("Have a window built, or write 0 people for this room.")


def _deposit(values: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "The deposit is ¥%(deposit)s; it may be ¥%(most)s at most.",
        deposit=money.shown(values["deposit"]),
        most=money.shown(values["most"]),
    )
    return text, _("Lower the deposit to ¥%(most)s.", most=money.shown(values["most"]))


def _custody(_values: Mapping[str, Any]) -> tuple[str, str]:
    text = _("There is a deposit, and nothing says where it is kept.")
    return text, _("Name the account of the third party that keeps it, or ask for no deposit.")


def _prepayment(values: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "%(months)d months are paid at once; %(limit)d are the most.",
        months=values["months"],
        limit=values["limit"],
    )
    return text, _("Have the rent paid for %(limit)d months at most.", limit=values["limit"])


def _home_area(values: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "The home has %(area)s m²; as a rule %(limit)s m² are the most.",
        area=area(values["area"]),
        limit=area(values["limit"]),
    )
    return text, _("Say in the record of the inspection why it is larger.")


def _facts(values: Mapping[str, Any]) -> tuple[str, str]:
    what = titles("conversion", "fact")[values["lacks"]]
    text = _("Not so in the building yet: %(what)s", what=what)
    return text, _("Have it put right, then tick it in the data of the conversion.")


def _papers(values: Mapping[str, Any]) -> tuple[str, str]:
    what = titles("conversion", "record")[values["lacks"]]
    text = _("Not on record yet: %(what)s", what=what)
    return text, _("Get it, and record its number and date.")


def _no_rooms(_values: Mapping[str, Any]) -> tuple[str, str]:
    text = _("In no room does anybody sleep.")
    return text, _("Enter the rooms, each with its area and how many people may sleep in it.")


def _sum(values: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "The rooms have %(total)s m² together, the home %(area)s m².",
        total=area(values["total"]),
        area=area(values["area"]),
    )
    return text, _("Look at the areas again: rooms cannot be larger than their home.")


def _word(values: Mapping[str, Any]) -> tuple[str, str]:
    return _("“%(word)s” may not stand in an offer.", word=values["word"]), ""


SENTENCES: dict[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "area_per_person": _area_per_person,
    "persons_per_room": _persons,
    "forbidden_rooms": _forbidden,
    "living_apart": _living,
    "window": _window,
    "deposit": _deposit,
    "custody": _custody,
    "prepayment": _prepayment,
    "home_area": _home_area,
    "facts": _facts,
    "papers": _papers,
    "rooms": _no_rooms,
    "sum": _sum,
    "word": _word,
}


def told(found: Sequence[Finding]) -> list[Told]:
    """Return findings in the language of the page."""
    rows = []
    for each in found:
        text, cure = SENTENCES[each.code](each.values)
        if each.cure:
            cure = said({"code": "", **each.cure})
        source = said({"code": "", **each.source}) if each.source else ""
        rows.append(Told(each.code, each.stops, text, cure, source))
    return rows
