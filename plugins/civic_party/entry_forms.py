"""Forms of needs and resources."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic.api import Organisation, choices, lazy_pgettext, moments
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_party.list_rules import day, rules, titles
from civic_party.weekly import DAY, HOUR, WEEK

SHORT, LINE, LONG = 40, 60, 1000
NEEDED = _l("Please fill this in.")
GROUP, OFFICE = "group", "office"
#: Two lines of hours: weekdays and weekends, or mornings and evenings.
LINES = (1, 2)


class Boxes(SelectMultipleField):
    """Be boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def short(label: Any, most: int, *, needed: bool = True, **more: Any) -> StringField:  # noqa: ANN401
    """Return a field of one line."""
    checks = [DataRequired(NEEDED)] if needed else []
    return StringField(label, [*checks, Length(max=most)], render_kw={"maxlength": most}, **more)


def long(label: Any, *, needed: bool = True, rows: int = 4, **more: Any) -> TextAreaField:  # noqa: ANN401
    """Return a field of several lines."""
    checks = [DataRequired(NEEDED)] if needed else []
    kept = {"rows": rows, "maxlength": LONG}
    return TextAreaField(label, [*checks, Length(max=LONG)], render_kw=kept, **more)


class EntryForm(FlaskForm):  # type: ignore[misc] # Flask-WTF promises no types
    """Ask what needs and resources have in common."""

    form_key = HiddenField()
    side = RadioField(_l("For whom do you post it?"), [InputRequired(NEEDED)])
    kind = SelectField(_l("Kind"), [InputRequired(NEEDED)])
    title = short(_l("In a few words"), SHORT)
    text = long(
        _l("What exactly?"),
        needed=False,
        description=_l("Everybody reads this. Please name no people and no flats."),
    )
    place_id = SelectField(_l("At or near which building?"), [InputRequired(NEEDED)], coerce=int)
    room = short(
        _l("Where in it"), LINE, needed=False, description=_l("For example: canteen, 2nd floor.")
    )
    days_1 = Boxes(
        _l("On which days?"),
        coerce=int,
        description=_l("Midnight is 00:00. From 00:00 to 00:00 is the whole day."),
    )
    begins_1 = TimeField(lazy_pgettext("lists", "Begins"), [Optional()])
    ends_1 = TimeField(lazy_pgettext("lists", "Ends"), [Optional()])
    days_2 = Boxes(_l("On other days, or at another time of day"), coerce=int)
    begins_2 = TimeField(lazy_pgettext("lists", "Begins"), [Optional()])
    ends_2 = TimeField(lazy_pgettext("lists", "Ends"), [Optional()])
    holidays = BooleanField(_l("On public holidays too"))

    def __init__(
        self,
        places: Mapping[int, str],
        units: Iterable[Organisation],
        others: Iterable[tuple[str, object]] = (),
        **values: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**values)
        self.form_key.data = (self.form_key.data or secrets.token_hex(8))[:64]
        self.kind.choices = choices(titles("kind").items())
        self.place_id.choices = choices(places.items())
        found: list[tuple[str, object]] = [(str(unit.id), unit.name) for unit in units]
        self.side.choices = choices([*found, *others])
        if len(self.side.choices) == 1 and not self.side.data:
            self.side.data = self.side.choices[0].value
        for number in LINES:
            self[f"days_{number}"].choices = choices(
                (each, day(each)) for each in range(WEEK // DAY)
            )

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Look at the hours too: a line of them is whole or empty."""
        good = super().validate(extra_validators)
        for number in LINES:
            days, begins, ends = self._line(number)
            if days and (begins.data is None or ends.data is None) and not begins.errors:
                begins.errors = [*begins.errors, _("Please give both times, as 14:00 and 17:00.")]
                good = False
            elif not days and (begins.data is not None or ends.data is not None):
                field = self[f"days_{number}"]
                field.errors = [
                    *field.errors,
                    _("Please choose the days on which this time counts."),
                ]
                good = False
        return good

    def _line(self, number: int) -> tuple[list[int], Any, Any]:
        return (
            list(self[f"days_{number}"].data or []),
            self[f"begins_{number}"],
            self[f"ends_{number}"],
        )

    def slots(self) -> list[list[int]]:
        """Return the hours as they are stored; none for a kind that knows no hours."""
        if not rules().kinds[self.kind.data].timed:
            return []
        found = []
        for number in LINES:
            days, begins, ends = self._line(number)
            found += [[each, _minutes(begins.data), _minutes(ends.data)] for each in days]
        return found

    def common(self) -> dict[str, Any]:
        """Return the values that needs and resources have in common."""
        return {
            "kind": self.kind.data,
            "title": (self.title.data or "").strip(),
            "text": (self.text.data or "").strip(),
            "place_id": self.place_id.data,
            "room": (self.room.data or "").strip(),
            "slots": self.slots(),
            "holidays": bool(self.holidays.data),
        }


def _minutes(at: time) -> int:
    return at.hour * HOUR + at.minute


class NeedForm(EntryForm):
    """Ask what is needed, by how many, by when."""

    group_name = short(
        _l("Name of the group"),
        SHORT,
        needed=False,
        description=_l("As everybody reads it; no name of a person."),
    )
    heads = IntegerField(
        _l("For how many?"),
        [Optional(), NumberRange(1, rules().most_yuan)],
        description=_l("People; cars where it is about parking; yuan where it is about money."),
        render_kw={"inputmode": "numeric"},
    )
    urgency = RadioField(_l("How urgent is it?"), [InputRequired(NEEDED)], default="ordinary")
    by_day = DateField(_l("Last day on which it is needed"), [InputRequired(NEEDED), moments.meant])

    def __init__(self, *given: Any, **values: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **values)
        self.urgency.choices = choices(titles("urgency").items())

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Look at what belongs together too: a group has a name, what is counted its number."""
        good = super().validate(extra_validators)
        if self.side.data in {GROUP, OFFICE} and not (self.group_name.data or "").strip():
            self.group_name.errors = [_("Please give the name of the group.")]
            good = False
        return _counted(self.kind.data, self.heads) and good

    def values(self) -> dict[str, Any]:
        """Return what a need is made of."""
        unit = None if self.side.data in {GROUP, OFFICE} else int(self.side.data)
        return self.common() | {
            "organisation_id": unit,
            "group_name": "" if unit else (self.group_name.data or "").strip(),
            "by_office": self.side.data == OFFICE,
            "heads": self.heads.data or 0,
            "urgency": self.urgency.data,
            "by_day": self.by_day.data,
        }


def _counted(kind: str, field: IntegerField) -> bool:
    """Tell whether a number fits its kind; what is counted needs one, within the limit."""
    known = rules()
    if kind not in known.kinds or field.errors:
        return not field.errors
    if not known.kinds[kind].counted:
        field.data = None
        return True
    most = known.most_yuan if kind == "funds" else known.most
    if field.data is None or field.data > most:
        field.errors = [_("Please give a number from 1 to %(most)d.", most=most)]
        return False
    return True


class ResourceForm(EntryForm):
    """Ask what is offered, for how many, on which conditions."""

    capacity = IntegerField(
        _l("Room for how many?"),
        [Optional(), NumberRange(1, rules().most_yuan)],
        description=_l("People; cars where it is about parking; yuan where it is about money."),
        render_kw={"inputmode": "numeric"},
    )
    conditions = long(_l("On which conditions?"), needed=False, rows=3)
    until = DateField(_l("Last day on which it is offered"), [Optional(), moments.meant])

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Look at the number too, where something is counted."""
        good = super().validate(extra_validators)
        return _counted(self.kind.data, self.capacity) and good

    def values(self) -> dict[str, Any]:
        """Return what a resource is made of."""
        return self.common() | {
            "organisation_id": int(self.side.data),
            "capacity": self.capacity.data or 0,
            "conditions": (self.conditions.data or "").strip(),
            "until": self.until.data,
        }
