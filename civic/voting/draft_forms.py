"""The form of a draft: only what its procedure and its kind of paper leave open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from civic.identities.kinds import AUDIENCES
from civic.kernel import choices, clock, holidays, i18n, moments
from civic.kernel.moments import MINUTE, meant
from civic.kernel.periods import TableMissing
from civic.procedures import dates, services, terms
from civic.procedures.models import ProcedureVersion
from civic.procedures.schema import Procedure
from civic.voting import by_procedure, draft_lines, kinds, panels
from civic.voting.draft_fields import NO_MOMENT, MomentField, NumberField
from civic.voting.drafting import Draft
from civic.voting.method_words import METHODS
from civic.voting.models import Ballot, BallotOption
from civic.voting.rolls import Roll

MORNING, EVENING, LASTS = timedelta(hours=9), timedelta(hours=18), timedelta(days=7)


class DraftForm(FlaskForm):  # type: ignore[misc]
    """Ask the office for a ballot."""

    question = StringField(
        _l("The question on the ballot"),
        [InputRequired(_l("Please write the question on the ballot.")), Length(max=120)],
        description=_l("One sentence that everybody understands, at most 120 characters."),
    )
    options = TextAreaField(
        _l("What can be chosen, one a line"),
        [InputRequired(_l("Please write what can be chosen, one a line."))],
    )
    part = RadioField(_l("Which group scores here"), validate_choice=False)
    roll = SelectField(_l("The roll of those who vote"), validate_choice=False)
    audience = SelectMultipleField(
        _l("Who votes, where no roll is chosen"),
        choices=choices.listed(AUDIENCES.items()),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    opens_at = MomentField(_l("Voting begins"), [InputRequired(NO_MOMENT), meant], format=MINUTE)
    closes_at = MomentField(_l("Voting closes"), [InputRequired(NO_MOMENT), meant], format=MINUTE)
    min = NumberField(_l("How many must be chosen at least"))
    max = NumberField(
        _l("How many may be chosen at most"), description=_l("0: as many as one likes.")
    )
    low = NumberField(_l("Lowest points"))
    high = NumberField(_l("Highest points"))
    ties = BooleanField(_l("The same rank may be given twice"))
    dots = NumberField(_l("Dots for each voter"))
    each = NumberField(_l("Dots for one option at most"), description=_l("0: all of them."))
    total = NumberField(_l("How much money there is, in yuan"))
    voter_total = NumberField(
        _l("How much one voter can give out, in yuan"), description=_l("0: no limit.")
    )
    method = RadioField(_l("How it is counted"), validate_choice=False)
    seats = NumberField(_l("How many options are chosen in the end"))
    tie = RadioField(_l("If there is a tie"), choices=choices.listed(kinds.TIES.items()))
    secrecy = RadioField(_l("Who can know what"), validate_choice=False)
    shows = RadioField(_l("When the result is shown"), choices=choices.listed(kinds.SHOWN.items()))

    def __init__(
        self,
        procedure: Procedure,
        kind: str,
        rolls: Sequence[Roll],
        filled: dict[str, Any] | None = None,
    ) -> None:
        """Leave out what is not open.

        :param filled: what it holds at first.
        """
        super().__init__(data=filled)
        usual = kinds.KINDS[kind]
        for name in {name for each in kinds.KINDS.values() for name in each.limits}:
            if name not in usual.limits:
                delattr(self, name)
        self.kind = kind
        self.options.description = _help(kind)
        self.method.choices = choices.listed((code, METHODS[code]) for code in usual.methods)
        if len(usual.methods) == 1:
            del self.method
        if kind == kinds.ITEMS:
            del self.seats, self.tie
        elif kind in {kinds.BUDGET, kinds.ONE}:
            del self.seats
        order = list(kinds.SECRECY)
        allowed = order[order.index(procedure.secrecy) :]
        if "area_cm2" in procedure.measures:
            allowed = [kinds.NAMED]
        self.secrecy.choices = choices.listed((code, kinds.SECRECY[code]) for code in allowed)
        weights = procedure.decision.weights
        self.part.choices = choices.listed(
            (one.measure, terms.MEASURES[one.measure]) for one in weights
        )
        unit = by_procedure.UNITS[procedure.unit]
        units = panels.UNITS if weights else (unit,)
        listed = [(roll.id, _named(roll)) for roll in rolls if roll.unit in units]
        if not weights:
            del self.part
        if weights:
            self.roll.choices = choices.listed([("", _("Please choose a roll")), *listed])
            self.roll.description = _("The frozen roll of this group alone: of seats or persons.")
            del self.audience, self.shows
        elif unit == kinds.PERSON:
            none = _("No roll: everybody of the groups below when they vote")
            self.roll.choices = choices.listed([("", none), *listed])
        else:
            self.roll.choices = choices.listed([("", _("Please choose a roll")), *listed])
            self.roll.description = _(
                "Only a frozen roll of this kind: %(unit)s. Draw one under “Rolls of voters”.",
                unit=kinds.UNITS[unit],
            )
            del self.audience

    def draft(self, version: ProcedureVersion) -> Draft:
        """Return what was entered; only after validation.

        :raises Refused: for options or limits that do not fit.
        """
        options = draft_lines.lines(self.kind, self.options.data or "")
        usual = kinds.KINDS[self.kind]
        entered = {name: self[name].data for name in usual.limits}
        roll = (self.roll.data or "") if isinstance(self.roll.data, str) else str(self.roll.data)
        return Draft(
            version=version,
            question=self.question.data or "",
            kind=self.kind,
            options=options,
            limits=draft_lines.limits(self.kind, entered, options),
            method=self.method.data if "method" in self else usual.methods[0],
            seats=(self.seats.data or 1) if "seats" in self else 1,
            tie=self.tie.data if "tie" in self else kinds.SHOW_ALL,
            secrecy=self.secrecy.data,
            shows=self.shows.data if "shows" in self else kinds.PUBLISHED,
            audience=(self.audience.data or []) if "audience" in self else [],
            roll_id=int(roll) if roll.isdecimal() else None,
            opens_at=moments.of(self.opens_at),
            closes_at=moments.of(self.closes_at),
            part=(self.part.data or "") if "part" in self else "",
        )


def _help(kind: str) -> str:
    if kind == kinds.BUDGET:
        return _("Each line ends with what it costs in yuan: Handrails 20000")
    if kind == kinds.ITEMS:
        return _("Each line is an item that people agree to or not.")
    return _("Abstaining is always possible and need not be listed.")


def _named(roll: Roll) -> str:
    votes = ngettext("%(num)d vote", "%(num)d votes", roll.heads)
    since = i18n.day(roll.frozen_at) if roll.frozen_at else ""
    return _("Roll %(number)d · %(votes)s · frozen %(day)s", number=roll.id, votes=votes, day=since)


def defaults(procedure: Procedure, kind: str) -> dict[str, Any]:
    """Return what a procedure says of a new ballot."""
    form = procedure.ballot
    values: dict[str, Any] = dict(kinds.KINDS[kind].limits)
    for name, value in (("dots", form.dots), ("max", form.most), ("high", form.score_to)):
        if name in values and value is not None:
            values[name] = value
    opens = _earliest(procedure) + MORNING
    return values | {
        "method": kinds.KINDS[kind].methods[0],
        "seats": 1,
        "tie": kinds.SHOW_ALL,
        "secrecy": procedure.secrecy,
        "shows": procedure.results_shown,
        "audience": [one for one in procedure.electorate.standings if one in AUDIENCES][:1],
        "opens_at": opens,
        "closes_at": opens - MORNING + LASTS + EVENING,
    }


def _earliest(procedure: Procedure) -> datetime:
    """Return the first midnight at which the vote can begin, as far as it can be reckoned."""
    tomorrow = clock.local(clock.now()) + timedelta(days=1)
    tonight = tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        found = dates.earliest_opening(procedure, clock.now(), holidays.load())
    except TableMissing:
        return tonight
    # One day is left for the second person.
    return max(
        tonight, clock.local(found) + timedelta(days=1) if procedure.times.notice else tonight
    )


def of(ballot: Ballot, options: Sequence[BallotOption]) -> dict[str, Any]:
    """Return what a draft holds, as its form shows it."""
    lines = [(option.text, option.cost) for option in options]
    return dict(kinds.KINDS[ballot.kind].limits | ballot.limits) | {
        "question": ballot.question,
        "options": draft_lines.written(ballot.kind, lines),
        "roll": str(ballot.roll_id or ""),
        "audience": ballot.audience,
        "opens_at": clock.local(ballot.opens_at),
        "closes_at": clock.local(ballot.closes_at),
        "method": ballot.method,
        "seats": ballot.seats,
        "tie": ballot.tie,
        "secrecy": ballot.secrecy,
        "shows": ballot.shows,
    }


def usable() -> list[ProcedureVersion]:
    """Return the procedures in force by which a ballot can be held here."""
    return [one for one in services.in_force() if by_procedure.held(services.procedure_of(one))]
