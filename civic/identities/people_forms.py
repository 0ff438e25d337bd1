"""Forms of the register: standings that staff grant and change, and organisations."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from civic.identities.choosing import Offer
from civic.identities.evidence import EVIDENCE, LONGEST_REASON
from civic.identities.kinds import StandingKind
from civic.identities.models import Organisation
from civic.identities.verifying import LONGEST
from civic.kernel import choices
from civic.kernel.moments import meant

NO_DAY = _l("This is not a whole day. Please choose year, month and day.")
EVIDENCE_CHOICES = choices.listed((code, words) for code, (_level, words) in EVIDENCE.items())


def day_field(
    label: LazyString, *, needed: bool = False, explained: LazyString | str = ""
) -> DateField:
    """Return a field for a day; what cannot be read as one is said so."""
    first = InputRequired(_l("Please choose the day.")) if needed else Optional()
    return _Day(label, [first, meant], description=explained)


class _Day(DateField):
    """Take a day; WTForms' own sentence about a wrong one is in English alone."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day.

        :raises ValueError: with a sentence.
        """
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(NO_DAY)) from error


def offered(field: SelectField, offer: Offer) -> None:
    """Fill a choice of places; where there are several, none is chosen for anybody."""
    first = [(0, _l("Please choose"))] if len(offer.options) > 1 else []
    field.choices = choices.listed([*first, *offer.options.items()])


def organisations_in(field: SelectField, found: Sequence[Organisation], none: object) -> None:
    """Fill a choice of organisations; 0 stands for none."""
    field.choices = choices.listed([(0, none), *((row.id, row.name) for row in found)])


def kinds_in(field: SelectField, kinds: Mapping[str, StandingKind]) -> None:
    """Fill a choice of standings."""
    field.choices = choices.listed((code, kind.title) for code, kind in kinds.items())


class PlaceForm(FlaskForm):  # type: ignore[misc]
    """Carry the place along: the wider one that was chosen first, and the one itself."""

    near = HiddenField()
    whole = HiddenField()
    node = SelectField(
        _l("At which place"), [NumberRange(1, None, _l("Please choose the place."))], coerce=int
    )


class GrantForm(PlaceForm):
    """Ask what is granted, where, on what it rests, and until when."""

    kind = SelectField(_l("Which standing"))
    organisation = SelectField(
        _l("For which organisation"),
        coerce=int,
        default=0,
        description=_l("Only for standings that are held for one, as a liaison."),
    )
    rests_on = RadioField(
        _l("What does it rest on?"), choices=EVIDENCE_CHOICES, validate_choice=False
    )
    proof = StringField(_l("What is to be checked"), [Length(max=LONGEST)])
    last_day = day_field(
        _l("Until which day (optional)"),
        explained=_l(
            "As the lease or the residence permit says. Leave it empty where it has no end."
        ),
    )

    def offer_kinds(self, kinds: Mapping[str, StandingKind]) -> None:
        """Fill the choice of standings, and ask for what plugins check where there are such."""
        kinds_in(self.kind, kinds)
        checked = {code: kind for code, kind in kinds.items() if kind.verify}
        self.checked = frozenset(checked)
        self.rests_on.flags.required = not checked
        if not checked:
            del self.proof
            return
        named = "、".join(
            f"{kind.title} ({kind.evidence})" if kind.evidence else str(kind.title)
            for kind in checked.values()
        )
        self.proof.description = _l(
            "Only for: %(kinds)s. The level then follows from it, and not from the answer above.",
            kinds=named,
        )

    def validate_rests_on(self, field: RadioField) -> None:
        """Ask for an answer where no plugin checks it.

        :raises ValidationError: where there is none.
        """
        if self.kind.data not in self.checked and field.data not in EVIDENCE:
            raise ValidationError(str(_l("Please say what was shown or said.")))


class RenewForm(FlaskForm):  # type: ignore[misc]
    """Ask until when a standing counts from now on."""

    last_day = day_field(_l("Until which day"), needed=True)


class RaiseForm(FlaskForm):  # type: ignore[misc]
    """Ask what was shown since."""

    rests_on = RadioField(
        _l("What was shown?"),
        [InputRequired(_l("Please say what was shown or said."))],
        choices=EVIDENCE_CHOICES,
    )


class EndForm(FlaskForm):  # type: ignore[misc]
    """Ask why a standing ends."""

    reason = StringField(
        _l("Reason"),
        [InputRequired(_l("Please say why; the person reads it.")), Length(max=LONGEST_REASON)],
        description=_l("The person reads it as you write it here."),
    )


class OrganisationForm(PlaceForm):
    """Ask what is kept of an organisation."""

    name = StringField(_l("Name"), [InputRequired(_l("Please enter the name.")), Length(max=80)])
    kind = RadioField(
        _l("What it is"),
        [InputRequired(_l("Please choose what kind of organisation it is."))],
    )
    credit_code = StringField(
        _l("Unified social credit code, or number of registration (optional)"),
        [Length(max=40)],
    )
    telephone = StringField(
        _l("Telephone of its office (optional)"),
        [Length(max=40)],
        description=_l("The office's, not a person's own."),
    )
