"""Forms of claims: to claim, to answer and object, and to decide."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from civic.identities import verifying
from civic.identities.claim_states import CHECKED, REASONS
from civic.identities.claims import LONGEST
from civic.identities.people_forms import PlaceForm, day_field
from civic.kernel import choices

TOO_LONG = Length(max=LONGEST, message=_l("Please use at most %(max)d characters."))


class ClaimForm(PlaceForm):
    """Ask what is claimed, where, and why."""

    kind = RadioField(
        _l("What are you here?"), [InputRequired(_l("Please choose what you claim."))]
    )
    organisation = SelectField(_l("For which organisation"), coerce=int, default=0)
    words = TextAreaField(
        _l("Why is it so?"),
        [InputRequired(_l("Please say in a sentence what it rests on.")), TOO_LONG],
        description=_l(
            "As: I have rented flat 301 since March. Do not write numbers of identity cards here; "
            "papers are shown at the desk."
        ),
    )


class WordsForm(FlaskForm):  # type: ignore[misc]
    """Ask for some sentences."""

    words = TextAreaField(
        _l("Your words"), [InputRequired(_l("Please write a sentence.")), TOO_LONG]
    )


class AskForm(FlaskForm):  # type: ignore[misc]
    """Ask what the person should show or say."""

    words = TextAreaField(
        _l("What should the person show or say?"),
        [InputRequired(_l("Please write what the person should show or say.")), TOO_LONG],
    )


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """Ask how it was seen that a claim is true."""

    checked = RadioField(
        _l("How was it checked?"),
        [InputRequired(_l("Please say how it was checked."))],
        choices=choices.listed((code, words) for code, (_level, words) in CHECKED.items()),
    )
    proof = StringField(
        _l("What is to be checked"),
        [Length(max=verifying.LONGEST)],
        description=_l("As the person wrote it, or as you see it; its plugin says the level."),
    )
    organisation = SelectField(_l("For which organisation"), coerce=int, default=0)
    last_day = day_field(
        _l("Until which day (optional)"),
        explained=_l(
            "As the lease or the residence permit says. Leave it empty where it has no end."
        ),
    )


class RefuseForm(FlaskForm):  # type: ignore[misc]
    """Ask why a claim is refused."""

    reason = RadioField(
        _l("Reason"),
        [InputRequired(_l("Please choose a reason from the list."))],
        choices=choices.listed(REASONS.items()),
    )
    words = TextAreaField(
        _l("A word to the person"), [TOO_LONG], description=_l("Needed for another reason.")
    )
