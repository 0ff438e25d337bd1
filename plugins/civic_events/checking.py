"""What a filing lacks, and what stands in its way (pure): each finding with its rule and cure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from civic.api import gettext as _
from civic.api import ngettext, periods
from civic_events.kinds import FACTS, PLAN
from civic_events.rules import Rules, latest

#: A stop has to be mended before the next step; a warning is for whoever decides; a note tells.
STOP, WARN, NOTE = "stop", "warn", "note"


@dataclass(frozen=True)
class Finding:
    """Be one thing that a check has found.

    :ivar code: stable name of the check.
    :ivar text: what is so, and what to do, in the language of the page.
    :ivar basis: where the rule stands.
    """

    code: str
    level: str
    text: str
    basis: str = ""


@dataclass(frozen=True)
class Other:
    """Be another event that takes place about the same time."""

    title: str
    same_place: bool


@dataclass(frozen=True)
class Facts:
    """Hold what the checks need to know of an event."""

    starts_at: datetime
    expected: int
    capacity: int
    facts: frozenset[str] = frozenset()
    plan: frozenset[str] = frozenset()
    lead: str = ""
    permit_number: str = ""
    others: Sequence[Other] = field(default=())


def checked(of: Facts, rules: Rules, holidays: periods.Holidays, today: date) -> list[Finding]:
    """Return what is found, what stops first."""
    found = [
        *_licence(of, rules, holidays, today),
        *_lateness(of, rules, holidays, today),
        *_contents(of, rules),
        *_others(of),
    ]
    order = (STOP, WARN, NOTE)
    return sorted(found, key=lambda each: order.index(each.level))


def stops(found: Sequence[Finding]) -> list[Finding]:
    """Return what stops."""
    return [each for each in found if each.level == STOP]


def _licence(of: Facts, rules: Rules, holidays: periods.Holidays, today: date) -> Iterator[Finding]:
    if not rules.needs_permit(of.expected):
        return
    basis = rules.permit_basis
    if of.permit_number:
        text = _("The police has permitted it: %(number)s", number=of.permit_number)
        yield Finding("permit_there", NOTE, text, basis)
    else:
        text = _(
            "%(expected)d people are expected. From %(limit)d on, it is published only with the "
            "number of the permit of the police.",
            expected=of.expected,
            limit=rules.permit_from,
        )
        yield Finding("permit", WARN, text, basis)
    day = latest(of.starts_at, rules.permit_period, holidays)
    if day is None:
        text = _("By when the permit is applied for cannot be said: days off are missing.")
        yield Finding("permit_day", NOTE, text, basis)
    elif not of.permit_number and today > day:
        text = _(
            "It is too late to apply for the permit: %(day)s was the last day. Choose a later one.",
            day=day.isoformat(),
        )
        yield Finding("permit_late", STOP, text, basis)
    elif not of.permit_number:
        text = _("Apply for the permit by %(day)s at the latest.", day=day.isoformat())
        yield Finding("permit_day", NOTE, text, basis)
    if lacking := [str(title) for code, title in PLAN.items() if code not in of.plan]:
        text = _("The safety plan still lacks: %(parts)s", parts=" · ".join(lacking))
        yield Finding("plan", STOP, text, basis)


def _lateness(
    of: Facts, rules: Rules, holidays: periods.Holidays, today: date
) -> Iterator[Finding]:
    day = latest(of.starts_at, rules.filing_period, holidays)
    if day is not None and today > day:
        text = _(
            "It is filed late: %(day)s was the last day. Whoever decides may accept it still.",
            day=day.isoformat(),
        )
        yield Finding("late", WARN, text, rules.filing_basis)


def _contents(of: Facts, rules: Rules) -> Iterator[Finding]:
    if of.capacity > of.expected:
        text = _("More places are given than people expected. Raise one, or lower the other.")
        yield Finding("capacity", STOP, text)
    if "consent" not in of.facts:
        yield Finding("consent", STOP, _("Whoever owns the place has to agree first."))
    risky = [str(title) for code, title in FACTS.items() if code in of.facts & rules.risky]
    if risky and not of.lead:
        text = _("Say who answers for safety: %(facts)s.", facts=" · ".join(risky))
        yield Finding("lead", STOP, text)
    if risky and "insured" not in of.facts:
        text = _("There is no insurance, although something can happen to people.")
        yield Finding("insurance", WARN, text)


def _others(of: Facts) -> Iterator[Finding]:
    here = [each for each in of.others if each.same_place]
    for each in here:
        text = _("At this place and time there is already: %(title)s", title=each.title)
        yield Finding("same_place", WARN, text)
    if elsewhere := len(of.others) - len(here):
        text = ngettext(
            "%(num)d other event takes place at this time.",
            "%(num)d other events take place at this time.",
            elsewhere,
        )
        yield Finding("same_time", NOTE, text)


def facts_of(row: Any, others: Sequence[Other] = ()) -> Facts:  # noqa: ANN401 - a row or a form
    """Return what the checks need of a row."""
    return Facts(
        starts_at=row.starts_at,
        expected=row.expected,
        capacity=row.capacity,
        facts=frozenset(row.facts),
        plan=frozenset(row.plan),
        lead=row.lead,
        permit_number=row.permit_number,
        others=others,
    )
