"""Ballots in the words of their pages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from civic.kernel import clock
from civic.voting import by_procedure, choices, duplicates, entries, kinds
from civic.voting.choices import Marks
from civic.voting.models import Ballot

FIELD = "o"
DRAFT, COMING, RUNNING, COUNTING, DONE = "draft", "coming", "voting", "counting", "closed"


def state(ballot: Ballot) -> str:
    """Return where a ballot stands."""
    now = clock.now()
    if ballot.fingerprint is None:
        return DRAFT
    if now < ballot.opens_at:
        return COMING
    if now < ballot.closes_at and ballot.sealed_at is None:
        return RUNNING
    return DONE if ballot.published_at is not None else COUNTING


class Line(NamedTuple):
    """Be an option on a paper, with what may be entered beside it.

    :ivar values: what can be chosen for it, with words; empty where it is marked.
    :ivar chosen: what is entered.
    """

    id: int
    label: str
    detail: str
    field: str
    values: Sequence[tuple[str, str]]
    chosen: str


def paper(ballot: Ballot, filled: Marks | None = None) -> list[Line]:
    """Return the lines of a paper."""
    marks = filled or Marks()
    rules = ballot.rules
    values = _values(rules)
    return [
        Line(
            option["id"],
            option["text"],
            _("%(cost)d yuan", cost=option["cost"]) if ballot.kind == kinds.BUDGET else "",
            f"{FIELD}{option['id']}",
            values,
            marks.values.get(str(option["id"]), "")
            if values
            else ("on" if str(option["id"]) in marks.picked else ""),
        )
        for option in rules["options"]
    ]


def _values(rules: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    limits, kind = rules["limits"], rules["kind"]
    if kind == kinds.ITEMS:
        return [(code, str(words)) for code, words in choices.ANSWERS.items()]
    if kind == kinds.SCORE:
        return _numbers(limits["low"], limits["high"])
    if kind == kinds.DOTS:
        return _numbers(0, limits["each"] or limits["dots"])
    if kind == kinds.RANKING:
        return _numbers(1, len(rules["options"]))
    return ()


def _numbers(first: int, last: int) -> list[tuple[str, str]]:
    return [("", "–"), *((str(number), str(number)) for number in range(first, last + 1))]


def how(ballot: Ballot) -> str:
    """Say what a voter does with this paper, limits included."""
    said = [str(kinds.KINDS[ballot.kind].how), limits(ballot.kind, ballot.rules["limits"])]
    return " ".join(one for one in said if one)


def limits(kind: str, limits: Mapping[str, int]) -> str:
    """Say which limits a paper has."""
    said = []
    if limits.get("min", 0) > 1:
        said.append(_("At least %(least)d.", least=limits["min"]))
    if limits.get("max"):
        said.append(_("At most %(most)d.", most=limits["max"]))
    if kind == kinds.DOTS:
        said.append(_("You have %(count)d dots.", count=limits["dots"]))
    if kind == kinds.RANKING and not limits["ties"]:
        said.append(_("Each number once."))
    if kind == kinds.BUDGET:
        said.append(_("There are %(total)d yuan.", total=limits["total"]))
    return " ".join(said)


def sent(form: MultiDict[str, str]) -> Marks:
    """Read a paper as a form sends it; what is on it is judged by `choices.read`."""
    values = {
        name.removeprefix(FIELD): value
        for name, value in form.items()
        if name.startswith(FIELD) and name[len(FIELD) :].isdecimal()
    }
    return Marks(picked=form.getlist("option"), values=values, abstains="abstain" in form)


def spelt(rules: Mapping[str, Any], choice: str) -> list[tuple[str, str]]:
    """Return what a choice says, line by line: an option, and what is entered for it."""
    found = json.loads(choice)
    texts = {str(option["id"]): option["text"] for option in rules["options"]}
    if found is None:
        return [(_("Abstention"), "")]
    if isinstance(found, dict):
        return [
            (texts[key], str(choices.ANSWERS.get(str(value), value)))
            for key, value in sorted(found.items(), key=lambda item: list(texts).index(item[0]))
            if value != 0
        ]
    if isinstance(found, int):
        return [(texts[str(found)], "")]
    if found and isinstance(found[0], list):
        return [
            (texts[str(one)], _("rank %(rank)d", rank=rank))
            for rank, tier in enumerate(found, 1)
            for one in tier
        ]
    return [(texts[str(one)], "") for one in found]


@dataclass(frozen=True)
class Bar:
    """Be one bar of a result."""

    label: str
    count: int
    kind: str = ""


def result(ballot: Ballot) -> dict[str, Any]:
    """Return the counted ballot in words and figures."""
    found = ballot.closing["result"]
    texts = {option["id"]: option["text"] for option in ballot.rules["options"]}
    figures = found["figures"]
    items = ballot.kind == kinds.ITEMS
    return {
        "sentence": _sentence(found, texts),
        "tie": str(kinds.TIES[ballot.tie]) if _tied(found) else "",
        "rows": []
        if items
        else [Bar(text, figures[str(number)]) for number, text in texts.items()],
        "items": [
            (text, figures[str(number)], _reached(found, str(number)), str(number))
            for number, text in texts.items()
        ]
        if items
        else [],
        "answers": choices.ANSWERS,
        "base": found["cast"] - found["abstained"],
        "base_name": _bases()[ballot.kind],
        "cast": found["cast"],
        "abstained": found["abstained"],
        "outcome": _reached(found, "all"),
        "sentences": by_procedure.outcomes(ballot),
        "roll": ballot.closing["roll"],
        "channels": [
            (str(kinds.CHANNELS[name]), count) for name, count in ballot.closing["channels"].items()
        ],
        "struck": [
            (str(kinds.CHANNELS[name]), count)
            for name, count in ballot.closing.get("standing", {}).get("struck", {}).items()
        ],
        "checked": ballot.closing.get("standing", {}).get("checked", ""),
        "extensions": ballot.closing["extensions"],
        "papers": _papers(ballot.closing.get("papers")),
    }


def _papers(said: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the figures of papers with the reason of each that does not count."""
    if said is None:
        return None
    words = entries.REASONS | duplicates.WHY
    return said | {
        "not_counted": [
            (one["serial"], words.get(one["reason"], _("could not be resolved")))
            for one in said["not_counted"]
        ]
    }


def _bases() -> dict[str, str]:
    return {
        kinds.ONE: _("votes for an option, abstentions not counted in"),
        kinds.ITEMS: _("votes"),
        kinds.APPROVAL: _("votes that mark an option; one vote can mark several"),
        kinds.SCORE: _("votes; figures are sums of points"),
        kinds.RANKING: _("votes; figures are first places"),
        kinds.DOTS: _("votes; figures are sums of dots"),
        kinds.BUDGET: _("votes that mark a project; one vote can mark several"),
    }


def _tied(found: Mapping[str, Any]) -> bool:
    return found["winners"] is None or len(found["winners"]) > 1


def _sentence(found: Mapping[str, Any], texts: Mapping[int, str]) -> str:
    if found["elected"] is not None:
        names = _(", ").join(texts[one] for one in found["elected"])
        return _("Result: %(options)s.", options=names) if names else _("Nothing was chosen.")
    if not found["winners"]:
        return _("Nobody chose an option.")
    outcomes = [_(", ").join(texts[one] for one in outcome) for outcome in found["winners"]]
    return _("A tie between %(options)s.", options=_(" and ").join(outcomes))


def _reached(found: Mapping[str, Any], key: str) -> str:
    words = {
        "passed": _("Passed"),
        "failed": _("Not passed"),
        "inquorate": _("Not valid: too few took part"),
    }
    return words.get((found["outcome"] or {}).get(key, ""), "")
