"""The steps of an application: what is typed into each, what it means, and what is kept of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import request

from civic.api import gettext as _
from civic.api import plain
from civic_rental import applying, folding
from civic_rental.application_models import Applicant
from civic_rental.applying import GROUNDS, HAND_IN, HOUSEHOLD, WISHES, WORK
from civic_rental.words import codes

LONGEST_PHONE, LONGEST_ADDRESS, LONGEST_UNIT, LONGEST_WISH, LONGEST_EVIDENCE = 30, 120, 60, 500, 300
#: More people than any home is for; and digits of a telephone number, the fewest and the most.
MOST_PEOPLE = 20
FEWEST_DIGITS, MOST_DIGITS = 7, 15
#: More digits than any key of a community has.
DIGITS = 9


@dataclass
class Typed:
    """Be what somebody typed into a step, what it means, and what is wrong with it by field."""

    fields: dict[str, str]
    meant: Any = None
    wrong: dict[str, str] = field(default_factory=dict)


def _text(name: str) -> str:
    return plain(request.form.get(name, ""))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def _too_long(typed: Typed, most: dict[str, int]) -> None:
    for name, limit in most.items():
        if len(typed.fields[name]) > limit:
            words = _("This has %(length)d characters; at most %(most)d fit here.")
            typed.wrong[name] = words % {"length": len(typed.fields[name]), "most": limit}


def _read_household() -> Typed:
    typed = Typed({name: _text(name) for name in ("household", "phone", "address")})
    _too_long(typed, {"phone": LONGEST_PHONE, "address": LONGEST_ADDRESS})
    text, phone = typed.fields["household"], typed.fields["phone"]
    household = _number(text)
    if text and (household is None or not 1 <= household <= MOST_PEOPLE):
        typed.wrong["household"] = _(
            "Please write how many people will live there as a number from 1 to %(most)d.",
            most=MOST_PEOPLE,
        )
    if phone and not FEWEST_DIGITS <= len(folding.phone(phone)) <= MOST_DIGITS:
        typed.wrong.setdefault("phone", _("Please write a telephone number, with all its digits."))
    typed.meant = typed.fields | {"household": household}
    return typed


def _read_work() -> Typed:
    typed = Typed({name: _text(name) for name in ("unit", "workplace")})
    _too_long(typed, {"unit": LONGEST_UNIT})
    text = typed.fields["workplace"]
    place = _number(text) if text else None
    typed.meant = {
        "unit": typed.fields["unit"],
        "workplace_id": 0 if text and place is None else place,
    }
    return typed


def _read_wishes() -> Typed:
    typed = Typed({"wishes": _text("wishes"), "step_free": _text("step_free")})
    _too_long(typed, {"wishes": LONGEST_WISH})
    typed.meant = {
        "wishes": typed.fields["wishes"],
        "step_free": typed.fields["step_free"] == "yes",
    }
    return typed


def _read_grounds() -> Typed:
    typed = Typed({})
    typed.meant = {}
    for code in codes("allocation", "claim"):
        claimed, evidence = _text(f"claim_{code}"), _text(f"evidence_{code}")
        typed.fields |= {f"claim_{code}": claimed, f"evidence_{code}": evidence}
        _too_long(typed, {f"evidence_{code}": LONGEST_EVIDENCE})
        if claimed == "yes":
            typed.meant[code] = evidence
    return typed


def _stored_household(found: Applicant) -> dict[str, str]:
    household = "" if found.household is None else str(found.household)
    return {"household": household, "phone": found.phone, "address": found.address}


def _stored_work(found: Applicant) -> dict[str, str]:
    return {"unit": found.unit, "workplace": str(found.workplace_id or "")}


def _stored_wishes(found: Applicant) -> dict[str, str]:
    return {"wishes": found.wishes, "step_free": "yes" if found.step_free else ""}


def _stored_grounds(found: Applicant) -> dict[str, str]:
    kept: dict[str, str] = {}
    for ground in found.grounds:
        kept[f"claim_{ground.kind}"] = "yes"
        kept[f"evidence_{ground.kind}"] = ground.evidence
    return kept


READ: dict[str, Callable[[], Typed]] = {
    HOUSEHOLD: _read_household,
    WORK: _read_work,
    WISHES: _read_wishes,
    GROUNDS: _read_grounds,
}
SAVE: dict[str, Callable[[Applicant, int, Any], None]] = {
    HOUSEHOLD: applying.save_household,
    WORK: applying.save_work,
    WISHES: applying.save_wishes,
    GROUNDS: applying.save_grounds,
}
STORED: dict[str, Callable[[Applicant], dict[str, str]]] = {
    HOUSEHOLD: _stored_household,
    WORK: _stored_work,
    WISHES: _stored_wishes,
    GROUNDS: _stored_grounds,
    HAND_IN: lambda _found: {},
}
