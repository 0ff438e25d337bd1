"""Questions of a form as data, and answers to them (pure but for its sentences)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from civic.api import lazy_gettext as _l

TEXT, LONG, NUMBER, CHOICE, DATE, YESNO = "text", "long", "number", "choice", "date", "yesno"
KINDS = {
    TEXT: _l("A line of text"),
    LONG: _l("A longer text"),
    NUMBER: _l("A whole number"),
    CHOICE: _l("One of several answers"),
    DATE: _l("A date"),
    YESNO: _l("Yes or no"),
}
YES, NO = "yes", "no"
#: Where a question names no limit: characters of texts, and the largest number.
LIMITS = {TEXT: 100, LONG: 1000, NUMBER: 1_000_000}
MOST_QUESTIONS = 30


def required(question: Mapping[str, Any]) -> bool:
    """Tell whether an application without this answer cannot be handed in."""
    return bool(question.get("required", True))


def limit(question: Mapping[str, Any]) -> int:
    """Return how long a text, or how large a number may be."""
    return int(question.get("limit") or LIMITS.get(question["kind"], 0))


def options(question: Mapping[str, Any]) -> list[str]:
    """Return the codes that may be chosen."""
    if question["kind"] == YESNO:
        return [YES, NO]
    return [option["code"] for option in question.get("options", ())]


def wrong(question: Mapping[str, Any], text: str) -> tuple[str, dict[str, Any]] | None:
    """Say what is wrong with an answer, or nothing; an empty one is not wrong, only missing.

    :returns: a code of `SENTENCES`, and values for it.
    """
    if not text:
        return None
    kind, most = question["kind"], limit(question)
    if kind in (TEXT, LONG) and len(text) > most:
        return "long", {"most": most, "length": len(text)}
    if kind == NUMBER:
        least = int(question.get("least", 0))
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if not (digits and least <= int(text) <= most):
            return "number", {"least": least, "most": most}
    if kind in (CHOICE, YESNO) and text not in options(question):
        return "choice", {}
    if kind == DATE:
        try:
            date.fromisoformat(text)
        except ValueError:
            return "date", {}
    return None


SENTENCES = {
    "long": _l("This has %(length)d characters; at most %(most)d fit here."),
    "number": _l("Please write a whole number from %(least)d to %(most)d."),
    "choice": _l("Please choose one of the answers."),
    "date": _l("Please write the date as 2026-12-31."),
}


def missing(
    form: Sequence[Mapping[str, Any]], answers: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """Return the questions that have to be answered and are not."""
    return [each for each in form if required(each) and not answers.get(each["code"])]
