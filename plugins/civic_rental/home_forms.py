"""Forms of homes: what they are, their rooms, their doors, pictures, and what is looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, IntegerField, RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from civic.api import choices, money
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_rental.finding import MOST_AREA, MOST_FEN, MOST_PERSONS
from civic_rental.findings import area as shown_area
from civic_rental.forms import NEEDED, ChangingForm, Several, line, lines, typed
from civic_rental.home_models import Listing
from civic_rental.listings import LONGEST_DOOR, MOST_DOORS
from civic_rental.photos import LONGEST_ALT
from civic_rental.words import titles

ROOMS, OPEN_ROOMS, MOST_MONTHS, LONGEST_LEASE = 8, 3, 36, 120


def _figure(text: str | None, most: int) -> int | None:
    """Return an amount or an area in hundredths, or nothing for what is none or too large."""
    found = money.read(text or "")
    return found if found is not None and found <= most else None


def _yuan(_form: FlaskForm, field: Field) -> None:
    if _figure(field.data, MOST_FEN) is None:
        raise ValidationError(_("Please write an amount in yuan, such as 3200 or 3200.50."))


def _square(_form: FlaskForm, field: Field) -> None:
    if not _figure(field.data, MOST_AREA):
        raise ValidationError(_("Please write square metres, such as 24 or 24.5."))


def _some(_form: FlaskForm, field: Field) -> None:
    if not _figure(field.data, MOST_FEN):
        raise ValidationError(_("Please write the rent; homes are not given away here."))


def _chosen(_form: FlaskForm, field: Field) -> None:
    """Refuse nothing chosen; `DataRequired` would have browsers ask for every single box."""
    if not field.data:
        raise ValidationError(_("Please choose at least one."))


DECIMAL = {"inputmode": "decimal"}
NUMERIC = {"inputmode": "numeric"}


class HomeForm(ChangingForm):
    """Ask what the homes are like."""

    title = line(
        _l("Name of the homes"), 60, help=_l("As people look for it: “one room, south side”.")
    )
    kind = RadioField(_l("Kind of dwelling"), [InputRequired(NEEDED)])
    layout = line(_l("Layout"), 40, help=_l("Such as “one room, kitchen and bathroom”."))
    area = StringField(_l("Area of one home for use, in m²"), [_square], render_kw=DECIMAL)
    rent = StringField(
        _l("Rent for one home and month, in yuan"), [_yuan, _some], render_kw=DECIMAL
    )
    pay_months = IntegerField(
        _l("Months that are paid at once"),
        [InputRequired(NEEDED), NumberRange(1, MOST_MONTHS)],
        default=1,
        render_kw=NUMERIC,
    )
    deposit = StringField(
        _l("Deposit, in yuan"),
        [_yuan],
        default="0",
        description=_l("0 where none is asked for."),
        render_kw=DECIMAL,
    )
    custody = line(
        _l("Where the deposit is kept"), 80, needed=False, help=_l("Account of a third party.")
    )
    fees = line(
        _l("What is paid besides"), 200, needed=False, help=_l("Water, power, heating, management.")
    )
    lease_months = IntegerField(
        _l("Length of a lease, in months"),
        [InputRequired(NEEDED), NumberRange(1, LONGEST_LEASE)],
        default=12,
        render_kw=NUMERIC,
    )
    furniture = Several(_l("What stands in it"))
    lift = BooleanField(_l("There is a lift"))
    step_free = BooleanField(_l("Without steps from the street to the bed"))
    text = lines(_l("What else there is to say"), 2000, needed=False)
    audience = Several(_l("Who may apply"), [_chosen])
    tiers = Several(
        _l("Who is served first"),
        [_chosen],
        description=_l("In this order; only who is ticked may apply."),
    )

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - as FlaskForm takes them
        super().__init__(*args, **values)
        self.kind.choices = choices(titles("homes", "kind").items())
        self.furniture.choices = choices(titles("homes", "furniture").items())
        self.audience.choices = choices(titles("homes", "audience").items())
        self.tiers.choices = choices(titles("homes", "tier").items())

    def values(self) -> dict[str, Any]:
        """Return what the homes are then."""
        return {
            "title": typed(self.title),
            "kind": self.kind.data,
            "layout": typed(self.layout),
            "area": _figure(self.area.data, MOST_AREA),
            "rent": _figure(self.rent.data, MOST_FEN),
            "pay_months": self.pay_months.data,
            "deposit": _figure(self.deposit.data, MOST_FEN),
            "custody": typed(self.custody),
            "fees": typed(self.fees),
            "lease_months": self.lease_months.data,
            "furniture": list(self.furniture.data or ()),
            "lift": bool(self.lift.data),
            "step_free": bool(self.step_free.data),
            "text": (self.text.data or "").strip(),
            "audience": list(self.audience.data or ()),
            "tiers": list(self.tiers.data or ()),
        }


def of_listing(listing: Listing) -> HomeForm:
    """Return the form as a listing stands."""
    names = HomeForm(formdata=None).values().keys()
    kept = {name: getattr(listing, name) for name in names}
    kept |= {"rent": money.plain(listing.rent), "deposit": money.plain(listing.deposit)}
    return HomeForm(**kept | {"area": shown_area(listing.area)})


@dataclass
class Rooms:
    """Hold the rows of rooms as they were typed, and what is wrong with them.

    :ivar rows: what is kept of a home, where nothing is wrong.
    :ivar wrong: sentences by the name of the control.
    """

    typed: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> Sequence[int]:
        """Return the numbers of the rows that are shown."""
        return range(1, ROOMS + 1)

    @property
    def shown(self) -> int:
        """Return how many rows are open; the others are folded."""
        filled = [n for n in self.numbers if self.typed.get(f"area_{n}")]
        return min(ROOMS, max([OPEN_ROOMS, *filled]))


def read_rooms(form: Mapping[str, str]) -> Rooms:
    """Read the rows of rooms; one without an area is left out."""
    found = Rooms()
    uses = titles("homes", "use")
    for number in found.numbers:
        names = {key: f"{key}_{number}" for key in ("use", "area", "persons", "window")}
        given = {key: form.get(name, "").strip()[:40] for key, name in names.items()}
        found.typed |= {names[key]: value for key, value in given.items()}
        if not given["area"] and given["persons"] in {"", "0"}:
            continue
        area = _figure(given["area"], MOST_AREA)
        if not area:
            found.wrong[names["area"]] = _("Please write square metres, such as 24 or 24.5.")
        persons = given["persons"] or "0"
        if not persons.isdecimal() or len(persons) > 3 or int(persons) > MOST_PERSONS:  # noqa: PLR2004 - digits
            found.wrong[names["persons"]] = _("Please write how many people, in digits.")
        if given["use"] not in uses:
            found.wrong[names["use"]] = _("Please choose what the room was designed for.")
        if not found.wrong:
            row = {"use": given["use"], "area": area, "persons": int(persons)}
            found.rows.append(row | {"window": bool(given["window"])})
    return found


def rooms_of(listing: Listing) -> Rooms:
    """Return the rows of rooms as a listing stands."""
    found = Rooms()
    for number, room in enumerate(listing.rooms, 1):
        found.typed |= {
            f"use_{number}": room.use,
            f"area_{number}": shown_area(room.area),
            f"persons_{number}": str(room.persons),
            f"window_{number}": "y" if room.window else "",
        }
    return found


class DoorsForm(FlaskForm):  # type: ignore[misc] # Flask-WTF promises no types
    """Ask for the doors, one on each line."""

    doors = lines(
        _l("Doors, one home on each line"),
        MOST_DOORS * (LONGEST_DOOR + 2),
        needed=False,
        help=_l("Such as “2层205”. Only staff and whom a home is let to read them."),
    )

    def names(self) -> list[str]:
        """Return the doors."""
        rows = (self.doors.data or "").splitlines()
        return [" ".join(row.split()) for row in rows if row.strip()]


class PhotoForm(FlaskForm):  # type: ignore[misc]
    """Ask for a picture."""

    file = FileField(_l("Picture"))
    alt = StringField(
        _l("What it shows, in words"),
        [DataRequired(NEEDED), Length(max=LONGEST_ALT)],
        render_kw={"maxlength": LONGEST_ALT},
    )
