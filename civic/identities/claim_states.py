"""What may become of a claim, and by which rules (pure): states and acts as data."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

#: States in which a claim waits for somebody; one such per person, kind and place.
WAITING = ("open", "asked", "appealed")
CLAIMANT, DESK = "claimant", "desk"


@dataclass(frozen=True)
class Act:
    """Say from which states an act leads to which one, and who takes it."""

    before: frozenset[str]
    after: str
    by: str


ACTS: dict[str, Act] = {
    "asked": Act(frozenset({"open"}), "asked", DESK),
    "answered": Act(frozenset({"asked"}), "open", CLAIMANT),
    "accepted": Act(frozenset(WAITING), "accepted", DESK),
    "refused": Act(frozenset(WAITING), "refused", DESK),
    "appealed": Act(frozenset({"refused"}), "appealed", CLAIMANT),
    "withdrawn": Act(frozenset(WAITING), "withdrawn", CLAIMANT),
}
STATES: dict[str, LazyString] = {
    "open": _l("Waits for the office"),
    "asked": _l("Waits for your answer"),
    "appealed": _l("Objection waits for another person of the office"),
    "accepted": _l("Accepted"),
    "refused": _l("Refused"),
    "withdrawn": _l("Withdrawn"),
}
#: Why a claim is refused; with `OTHER`, words say it.
OTHER = "other"
REASONS: dict[str, LazyString] = {
    "wrong_place": _l("It belongs to another place"),
    "not_shown": _l("What is needed was not shown"),
    "not_true": _l("What was said does not fit what we know"),
    "duplicate": _l("You hold or claim this already"),
    OTHER: _l("Another reason"),
}
#: How it was seen that a claim is true: the level that follows, and how it is said.
CHECKED: dict[str, tuple[int, LazyString]] = {
    "desk": (3, _l("Seen at the desk (level 3)")),
    "attested": (2, _l("Attested by somebody known here (level 2)")),
}


@dataclass(frozen=True)
class Rule:
    """Hold a figure that no law sets, and where it comes from, so that a street can change it.

    :ivar verified: whether the street's legal staff have confirmed it.
    """

    value: int
    source: str
    verified: bool = False


RULES = {
    # A refusal is looked at again within a time in which papers can be gathered. The law knows no
    # such claim, so that this is the platform's own rule, for the street to confirm or change.
    "appeal_days": Rule(15, "rule of the platform"),
    "waiting_at_most": Rule(3, "rule of the platform"),
}


def possible(state: str, by: str) -> frozenset[str]:
    """Return the acts that one side may take in a state."""
    return frozenset(code for code, act in ACTS.items() if act.by == by and state in act.before)
