"""Forms of joining and signing in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
)
from wtforms.validators import (
    EqualTo,
    InputRequired,
    Length,
    Optional,
    ValidationError,
)

from civic.identities import passwords
from civic.kernel import choices
from civic.kernel.phones import Identifier, identify

#: Answer of somebody younger than 14, who has no account without a guardian.
CHILD = "child"


class IdentifierField(StringField):
    """Take a telephone number or an e-mail address, however it is written."""

    identifier: Identifier | None = None

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 - as WTForms calls it
        """Read the number or address.

        :raises ValidationError: with a sentence that says what is missing.
        """
        if not (self.data or "").strip():
            raise ValidationError(_l("Please enter your telephone number or e-mail address."))
        try:
            self.identifier = identify(self.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error

    @property
    def value(self) -> Identifier:
        """Return what was read; only after validation."""
        assert self.identifier is not None  # noqa: S101 - validated
        return self.identifier


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Ask who one is."""

    who = IdentifierField(_l("Telephone number or e-mail address"))
    password = PasswordField(_l("Password"), [InputRequired(_l("Please enter your password."))])
    next = HiddenField()


class CodeForm(FlaskForm):  # type: ignore[misc]
    """Ask for the invitation code."""

    code = StringField(
        _l("Invitation code"),
        [InputRequired(_l("Please enter the code from the letter.")), Length(max=40)],
        description=_l("Ten letters and digits, on the letter from your community office."),
    )


def _new_password() -> PasswordField:
    """Return the field for a new password, at the place where a form asks for it."""
    return PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Please choose a password.")),
            Length(
                min=passwords.SHORTEST,
                message=_l("The password needs at least %(min)d characters."),
            ),
            Length(
                max=passwords.LONGEST,
                message=_l("The password can have at most %(max)d characters."),
            ),
        ],
        description=_l("At least 8 characters. Three words that only you put together are good."),
    )


def _again() -> PasswordField:
    """Return the field in which a new password is typed once more."""
    return PasswordField(
        _l("Password once more"),
        [EqualTo("password", _l("The two passwords differ. Please type them again."))],
    )


class RecoverForm(FlaskForm):  # type: ignore[misc]
    """Ask for the code from the desk and a new password."""

    code = StringField(
        _l("Code from the community office"),
        [InputRequired(_l("Please enter the code that you got at the desk.")), Length(max=40)],
    )
    password = _new_password()
    again = _again()


class RecoveryForm(FlaskForm):  # type: ignore[misc]
    """Ask who stands at the desk."""

    account = IdentifierField(_l("What the person signs in with now"))
    seen = BooleanField(
        _l("The person is here and has shown an identity card"),
        [InputRequired(_l("Please confirm that you saw the card."))],
    )


def _old_enough(_form: object, field: RadioField) -> None:
    """Refuse a child's own account (PIPL §31).

    :raises ValidationError: with the sentence that says how a child joins.
    """
    if field.data == CHILD:
        raise ValidationError(
            _l(
                "Whoever is younger than 14 joins together with a parent or guardian, at the "
                "community office. Please come there together; nothing was kept."
            )
        )


class SignUpForm(FlaskForm):  # type: ignore[misc]
    """Ask what is needed to join, and nothing else."""

    code = HiddenField()
    agree = BooleanField(
        _l("I have read this and agree"),
        [InputRequired(_l("Please read what is stored and agree; without it you cannot join."))],
    )
    name = StringField(
        _l("Your name"),
        [InputRequired(_l("Please enter your name.")), Length(max=40)],
        description=_l("Others read it masked, as 张*."),
    )
    public_name = StringField(
        _l("How others shall read you (optional)"),
        [Optional(), Length(max=12, message=_l("Please use at most 12 characters."))],
        description=_l("Leave it empty to be shown as 张*."),
    )
    adult = RadioField(
        _l("How old are you?"),
        [InputRequired(_l("Please say whether you are 18 or older.")), _old_enough],
        choices=choices.listed(
            [
                ("yes", _l("18 or older")),
                ("no", _l("14 to 17")),
                (CHILD, _l("Younger than 14")),
            ]
        ),
        description=_l("Who is younger than 18 may read and speak, but not vote."),
    )
    who = IdentifierField(_l("Telephone number or e-mail address"))
    password = _new_password()
    again = _again()


class ProveForm(FlaskForm):  # type: ignore[misc]
    """Ask whose number or address was proven at the desk."""

    account = IdentifierField(_l("What the person signs in with now"))
    who = IdentifierField(_l("The number or address that was proven"))
    seen = BooleanField(
        _l("The person is here, and I saw the number ring or the mail arrive"),
        [InputRequired(_l("Please confirm that you saw it."))],
    )
