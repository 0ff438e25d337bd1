"""Forms of meetings in the hall."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from civic.halls import words
from civic.halls.deciding import Shown
from civic.halls.minute_rows import NOTE, TAKEN
from civic.halls.minutes import Taken
from civic.halls.models import HallItem, HallMeeting
from civic.halls.motions import Somebody
from civic.halls.planning import Plan
from civic.halls.rules import rules
from civic.halls.who import Holder
from civic.kernel import choices, clock, i18n, moments

MINUTE = "%Y-%m-%dT%H:%M"
NOBODY = "0"


class KeyedForm(FlaskForm):  # type: ignore[misc]
    """Carry a key, so that a form sent twice is kept once."""

    form_key = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - as FlaskForm takes them
        """Make the key."""
        super().__init__(*args, **values)
        self.form_key.data = (self.form_key.data or secrets.token_hex(8))[:64]


class LeadForm(FlaskForm):  # type: ignore[misc]
    """Ask who leads a meeting and who takes its minutes."""

    chair = SelectField(_l("Who leads the meeting"), coerce=int, validate_choice=False)
    secretary = SelectField(_l("Who takes the minutes"), coerce=int, validate_choice=False)

    def offer(self, holders: dict[int, Holder]) -> None:
        """Offer whoever holds a post here."""
        for field in (self.chair, self.secretary):
            field.choices = choices.listed(
                (one.person_id, f"{one.name} · {one.post}") for one in holders.values()
            )


class HandOverForm(LeadForm):
    """Ask who leads a meeting from now on, and why."""

    reason = StringField(_l("Why"), description=_l("Everybody can read it. No names, please."))


class PlanForm(LeadForm, KeyedForm):
    """Ask for a meeting."""

    title = StringField(_l("Title of the meeting"))
    place = StringField(_l("Place"), description=_l("Building, floor and room."))
    starts_at = DateTimeLocalField(
        _l("Begins"),
        [InputRequired(_l("Please enter a date and time.")), moments.meant],
        format=MINUTE,
    )
    items = TextAreaField(_l("Agenda"), description=_l("One item on each line, 1 to 30."))
    turn_seconds = IntegerField(_l("How many seconds a turn lasts"))
    turns_each = IntegerField(_l("How often one person speaks on one item"))
    majority = RadioField(_l("What carries a motion"), validate_choice=False)

    def offer(self, holders: dict[int, Holder]) -> None:
        """Offer people, majorities, and the limits that hold where nothing else is written."""
        super().offer(holders)
        limits = rules()
        language = i18n.language()
        self.majority.choices = choices.listed(
            (code, title.words(language)) for code, (_majority, title) in limits.majorities.items()
        )
        if not self.is_submitted():
            self.turn_seconds.data = self.turn_seconds.data or limits.seconds
            self.turns_each.data = self.turns_each.data or limits.each
            self.majority.data = self.majority.data or next(iter(limits.majorities))
            # Never the same person: whoever leads signs what somebody else writes.
            self.secretary.data = self.secretary.data or next(iter([*holders][1:]), None)

    def fill(self, found: HallMeeting, items: list[HallItem]) -> None:
        """Show what is planned."""
        self.title.data, self.place.data = found.title, found.place
        self.starts_at.data = clock.local(found.starts_at).replace(tzinfo=None)
        self.items.data = "\n".join(one.title for one in items)
        self.turn_seconds.data, self.turns_each.data = found.turn_seconds, found.turns_each
        self.chair.data, self.secretary.data = found.chair_id, found.secretary_id
        known = rules().majorities.items()
        codes = [code for code, (one, _title) in known if one == found.majority]
        self.majority.data = codes[0] if codes else None

    def plan(self) -> Plan:
        """Return what was planned; only after validation."""
        lines = (self.items.data or "").splitlines()
        return Plan(
            title=self.title.data or "",
            place=self.place.data or "",
            starts_at=moments.of(self.starts_at),
            chair_id=self.chair.data or 0,
            secretary_id=self.secretary.data or 0,
            items=[line.strip() for line in lines if line.strip()],
            turn_seconds=self.turn_seconds.data or 0,
            turns_each=self.turns_each.data or 0,
            majority=self.majority.data or "",
            form_key=self.form_key.data or "",
        )


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Ask for a reason."""

    reason = StringField(_l("Why"), description=_l("Everybody can read it. No names, please."))


class PresentForm(FlaskForm):  # type: ignore[misc]
    """Ask how many people are in the hall."""

    present = IntegerField(_l("How many people are in the hall"))


class LabelForm(FlaskForm):  # type: ignore[misc]
    """Ask who in the hall wants to speak without a telephone."""

    label = StringField(
        _l("Somebody without a telephone"),
        description=_l("By what one knows them: a surname with building, a jacket. No full names."),
    )


class EntryForm(KeyedForm):
    """Ask what is written down."""

    kind = RadioField(
        _l("Kind of entry"),
        choices=choices.listed((code, words.ENTRIES[code]) for code in TAKEN),
        default=NOTE,
        validate_choice=False,
    )
    words = TextAreaField(_l("What is written down"))
    who = StringField(_l("Of a task: who does it"))
    due = DateField(_l("Of a task: by when"), [Optional(), moments.meant])

    def taken(self) -> Taken:
        """Return what was written."""
        return Taken(
            kind=self.kind.data or "",
            words=self.words.data or "",
            who=self.who.data or "",
            due=self.due.data,
            form_key=self.form_key.data or "",
        )


class CorrectForm(FlaskForm):  # type: ignore[misc]
    """Ask for the right words of an entry."""

    words = TextAreaField(_l("How it should read"))
    seen = HiddenField()


class SeconderForm(FlaskForm):  # type: ignore[misc]
    """Ask who seconds."""

    seconder = SelectField(_l("Who seconds it"), validate_choice=False)
    seconder_label = StringField(_l("Or, without a telephone"))

    def offer(self, people: list[tuple[int, str]]) -> None:
        """Offer those who raised their hand on this item."""
        options = [(NOBODY, _l("Choose …")), *((str(key), name) for key, name in people)]
        for name in ("mover", "seconder"):
            if name in self:
                self[name].choices = choices.listed(options)

    def somebody(self, name: str) -> Somebody | None:
        """Return who was chosen or written, if anybody."""
        chosen, label = self[name].data or NOBODY, self[f"{name}_label"].data or ""
        hand_id = int(chosen) if chosen.isdecimal() and len(chosen) < len(str(2**31)) else 0
        return Somebody(hand_id, label) if hand_id or label.strip() else None


class MoveForm(SeconderForm):
    """Ask for a motion."""

    words = TextAreaField(
        _l("The motion"),
        description=_l("What should be decided, in one sentence that one can vote on."),
    )
    mover = SelectField(_l("Who moves it"), validate_choice=False)
    mover_label = StringField(_l("Or, without a telephone"))


class AmendForm(MoveForm):
    """Ask for a change of a motion."""

    words = TextAreaField(_l("The whole text as it would read then"))


class DivideForm(FlaskForm):  # type: ignore[misc]
    """Ask into which parts a motion is divided."""

    parts = TextAreaField(_l("Parts, one on each line"))


class CountForm(FlaskForm):  # type: ignore[misc]
    """Ask what was counted of a show of hands."""

    in_favour = IntegerField(_l("For"))
    against = IntegerField(_l("Against"))
    abstained = IntegerField(_l("Abstained"))
    counter = StringField(_l("Who counted"))
    other_counter = StringField(_l("Who counted with them"))

    def shown(self) -> Shown:
        """Return what was counted."""
        return Shown(
            in_favour=self.in_favour.data,
            against=self.against.data,
            abstained=self.abstained.data,
            counter=self.counter.data or "",
            other_counter=self.other_counter.data or "",
        )
