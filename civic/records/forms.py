"""Forms to correct one's data, to close the account, and of the desk."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    PasswordField,
    RadioField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from civic.identities.forms import IdentifierField
from civic.identities.own_data import LANGUAGES
from civic.kernel import choices
from civic.kernel.moments import meant
from civic.records.naming import REASONS


class CorrectForm(FlaskForm):  # type: ignore[misc]
    """Ask what one may correct by oneself."""

    public_name = StringField(
        _l("How others shall read you"),
        [Optional(), Length(max=12, message=_l("Please use at most 12 characters."))],
        description=_l("At most 12 characters. Leave it empty to be shown as 张*."),
    )
    language = RadioField(
        _l("In which language mail is written"), choices=choices.listed(LANGUAGES.items())
    )
    adult = BooleanField(
        _l("I am 18 or older now"),
        description=_l("Then you may vote, too. This cannot be taken back."),
    )


class CloseForm(FlaskForm):  # type: ignore[misc]
    """Ask for the password and for a word that nobody types by mistake."""

    word = StringField(
        _l("Type these words to confirm: close the account"),
        [InputRequired(_l("Please type the words.")), Length(max=40)],
    )
    confirm_password = PasswordField(
        _l("Your password"), [InputRequired(_l("Please enter your password."))]
    )

    def validate_word(self, field: StringField) -> None:
        """Compare what was typed with what is asked for.

        :raises ValidationError: when it is something else.
        """
        typed = "".join((field.data or "").casefold().split())
        if typed != "".join(str(_l("close the account")).casefold().split()):
            raise ValidationError(_l("These are other words. Please type: close the account"))


def _account() -> IdentifierField:
    return IdentifierField(_l("What the person signs in with now"))


class LookUpForm(FlaskForm):  # type: ignore[misc]
    """Ask whose name is to be corrected."""

    account = _account()


class NameForm(FlaskForm):  # type: ignore[misc]
    """Ask for the right name, and why it was wrong."""

    account = IdentifierField(widget=HiddenInput())
    name = StringField(
        _l("The name on the identity card"),
        [InputRequired(_l("Please enter the name.")), Length(max=40)],
    )
    reason = RadioField(
        _l("Why is it corrected?"),
        [InputRequired(_l("Please choose a reason from the list."))],
        choices=choices.listed(REASONS.items()),
    )
    seen = BooleanField(
        _l("The person is here and has shown an identity card"),
        [InputRequired(_l("Please confirm that you saw the card."))],
    )


class ChildForm(FlaskForm):  # type: ignore[misc]
    """Ask about a child and its guardian, who both stand at the desk."""

    guardian = IdentifierField(
        _l("What the guardian signs in with"),
        description=_l("An adult who lives in this community. The whole number or address."),
    )
    name = StringField(
        _l("The child's name"),
        [InputRequired(_l("Please enter the child's name.")), Length(max=40)],
    )
    who = IdentifierField(
        _l("What the child will sign in with"),
        description=_l("A number or address of its own, or a second one of the guardian."),
    )
    seen_on = DateField(
        _l("Day on the guardian's signed consent"),
        [InputRequired(_l("Please enter the day on the paper.")), meant],
    )
    seen = BooleanField(
        _l("I have seen the signed consent, and that this is the guardian"),
        [InputRequired(_l("Please confirm that you saw the paper."))],
    )


class ReleaseForm(FlaskForm):  # type: ignore[misc]
    """Ask whether a paper showed the child's age."""

    seen = BooleanField(
        _l("I have seen a paper that shows the age"),
        [InputRequired(_l("Please confirm that you saw the paper."))],
    )
