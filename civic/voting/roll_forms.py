"""Forms of rolls: whose roll is drawn, until when one may object, and what is changed."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from civic.identities.people_forms import PlaceForm
from civic.kernel import choices
from civic.kernel.moments import meant
from civic.voting.drawing import HOUSEHOLD, OWNER, PERSON, SEAT, Rule
from civic.voting.rolls import DISMISSED, STRUCK, UPHELD

LONGEST = 200
HEADS, AREA = "heads", "area_cm2"


@dataclass(frozen=True)
class Whose:
    """Be one kind of roll that an office draws.

    :ivar measures: what is counted with it.
    :ivar rule: makes the rule for a place and a level of identity.
    """

    title: LazyString
    measures: tuple[str, ...]
    rule: Callable[[int, int], Rule]


def _people(node_id: int, level: int) -> Rule:
    return Rule(unit=PERSON, node_id=node_id, standings=("resident",), level=level)


def _workers(node_id: int, level: int) -> Rule:
    return Rule(unit=PERSON, node_id=node_id, standings=("resident", "worker"), level=level)


def _households(node_id: int, _level: int) -> Rule:
    return Rule(unit=HOUSEHOLD, node_id=node_id, uses=("dwelling",))


def _owners(node_id: int, _level: int) -> Rule:
    return Rule(unit=OWNER, node_id=node_id)


def _reps(node_id: int, level: int) -> Rule:
    return Rule(unit=SEAT, node_id=node_id, standings=("resident_rep",), level=level)


def _units(node_id: int, level: int) -> Rule:
    return Rule(
        unit=SEAT,
        node_id=node_id,
        standings=("resident_unit",),
        seats="organisation",
        level=level,
    )


WHOSE: dict[str, Whose] = {
    "residents": Whose(_l("Adult residents, one vote each"), (HEADS,), _people),
    "everybody": Whose(
        _l("Adult residents and people who work here, one vote each"), (HEADS,), _workers
    ),
    "households": Whose(_l("Households, one vote each"), (HEADS,), _households),
    "owners": Whose(_l("Owners, by heads and area"), (HEADS, AREA), _owners),
    "representatives": Whose(_l("Resident representatives, one seat each"), (HEADS,), _reps),
    "units": Whose(_l("Units, one seat each"), (HEADS,), _units),
}
LEVELS = (
    (4, _l("level 4: found on the roll of households, owners or the unit")),
    (3, _l("level 3: papers seen at the desk")),
    (2, _l("level 2: invited or attested; for advisory votes alone")),
)


class DrawForm(PlaceForm):
    """Ask whose roll is drawn, and where."""

    whose = RadioField(
        _l("Who votes?"),
        [InputRequired(_l("Please choose who votes."))],
        choices=choices.listed((code, whose.title) for code, whose in WHOSE.items()),
    )
    level = SelectField(
        _l("How well must people be known?"),
        choices=choices.listed(LEVELS),
        coerce=int,
        default=4,
        description=_l("For people and seats. Owners and households are on the list anyway."),
    )


class FreezeForm(FlaskForm):  # type: ignore[misc]
    """Ask until when anybody may object."""

    until = DateTimeLocalField(
        _l("Until when may people object?"),
        [InputRequired(_l("Please choose a day and an hour.")), meant],
        description=_l("The procedure says how long at least. Afterwards the roll can be used."),
    )


class StrikeForm(FlaskForm):  # type: ignore[misc]
    """Ask which right is struck, and why."""

    act = STRUCK
    number = IntegerField(
        _l("Number on the roll"), [InputRequired(_l("Please enter the number.")), NumberRange(1)]
    )
    reason = StringField(
        _l("Reason"),
        [InputRequired(_l("Please say why the roll is changed.")), Length(max=LONGEST)],
    )


class AddForm(FlaskForm):  # type: ignore[misc]
    """Ask what is added to a roll, and who holds it."""

    label = StringField(
        _l("How others see it"),
        [InputRequired(_l("Please enter the house number or masked name.")), Length(max=80)],
        description=_l("A house number, or a name of which only the surname can be read."),
    )
    area = StringField(_l("Area in square metres, where area counts"), [Length(max=20)])
    account = StringField(
        _l("What its holder signs in with (optional)"),
        [Length(max=254)],
        description=_l("Without one it can be used on paper alone."),
    )
    why = StringField(
        _l("Reason"),
        [InputRequired(_l("Please say why the roll is changed.")), Length(max=LONGEST)],
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Ask for the answer to an objection."""

    outcome = RadioField(
        _l("Decision"),
        [InputRequired(_l("Please choose a decision."))],
        choices=choices.listed(
            [(UPHELD, _l("it is right; the roll is changed")), (DISMISSED, _l("it is not right"))]
        ),
    )
    words = StringField(
        _l("Reason"), [InputRequired(_l("Please give the reason.")), Length(max=LONGEST)]
    )


class ObjectForm(FlaskForm):  # type: ignore[misc]
    """Take an objection to a roll."""

    number = IntegerField(_l("Number on the roll (optional)"), [Optional(), NumberRange(1)])
    words = StringField(
        _l("What is wrong with the roll?"),
        [InputRequired(_l("Please write what is wrong with the roll.")), Length(max=500)],
    )
