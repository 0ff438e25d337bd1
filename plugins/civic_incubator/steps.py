"""The steps of an application: what is typed into each, what it means, and what is kept of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import request

from civic.api import gettext as _
from civic.api import money, plain
from civic_incubator import drafts, questions
from civic_incubator.models import Application
from civic_incubator.words import titles

PARTNERS, ANSWERS, BUDGET, HAND_IN = "partners", "answers", "budget", "submit"
STEPS = (PARTNERS, ANSWERS, BUDGET, HAND_IN)
LONGEST, LONGEST_LINE = 60, 60
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


def _too_long(typed: Typed, most: dict[str, int]) -> None:
    for name, limit in most.items():
        if len(typed.fields[name]) > limit:
            words = _("This has %(length)d characters; at most %(most)d fit here.")
            typed.wrong[name] = words % {"length": len(typed.fields[name]), "most": limit}


def _read_partners(_found: Application) -> Typed:
    typed = Typed({name: _text(name) for name in ("title", "partner", "worker", "agency")})
    _too_long(typed, {"title": LONGEST, "worker": LONGEST, "agency": LONGEST})
    partner = typed.fields["partner"]
    typed.meant = {name: typed.fields[name] for name in ("title", "worker", "agency")}
    typed.meant["partner_id"] = (
        int(partner) if partner.isdecimal() and len(partner) <= DIGITS else 0
    )
    return typed


def _read_answers(found: Application) -> Typed:
    form = found.call.form
    typed = Typed({row["code"]: _text(row["code"]) for row in form})
    for row in form:
        if wrong := questions.wrong(row, typed.fields[row["code"]]):
            sentence, values = wrong
            typed.wrong[row["code"]] = str(questions.SENTENCES[sentence]) % values
    typed.meant = typed.fields
    return typed


def _read_budget(_found: Application) -> Typed:
    typed = Typed({})
    typed.meant = []
    for number in range(1, drafts.MOST_LINES + 1):
        keys = tuple(f"{name}_{number}" for name in ("kind", "text", "fen"))
        kind, text, amount = (_text(key) for key in keys)
        typed.fields |= dict(zip(keys, (kind, text, amount), strict=True))
        if not (text or amount):
            continue
        fen = money.read(amount)
        if not fen:
            typed.wrong[keys[2]] = _("Please write an amount in yuan, such as 12000 or 12000.50.")
        if kind not in titles("budget", "line"):
            typed.wrong[keys[0]] = _("Please choose what kind of cost it is.")
        if not text:
            typed.wrong[keys[1]] = _("Please say what it is for.")
        _too_long(typed, {keys[1]: LONGEST_LINE})
        typed.meant.append(drafts.Wanted(kind, text, fen or 0))
    return typed


def _stored_partners(found: Application) -> dict[str, str]:
    return {
        "title": found.title,
        "partner": str(found.partner_id or ""),
        "worker": found.worker,
        "agency": found.agency,
    }


def _stored_answers(found: Application) -> dict[str, str]:
    return dict(found.answers)


def _stored_budget(found: Application) -> dict[str, str]:
    kept: dict[str, str] = {}
    for number, line in enumerate(found.lines, 1):
        kept[f"kind_{number}"], kept[f"text_{number}"] = line.kind, line.text
        kept[f"fen_{number}"] = money.plain(line.fen)
    return kept


READ = {PARTNERS: _read_partners, ANSWERS: _read_answers, BUDGET: _read_budget}
SAVE: dict[str, Callable[..., None]] = {
    PARTNERS: drafts.save,
    ANSWERS: drafts.save_answers,
    BUDGET: drafts.save_lines,
}
STORED: dict[str, Callable[[Application], dict[str, str]]] = {
    PARTNERS: _stored_partners,
    ANSWERS: _stored_answers,
    BUDGET: _stored_budget,
    HAND_IN: lambda _found: {},
}
