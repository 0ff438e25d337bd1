"""Forms of joining and signing in."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
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

from civic.identities import duties, passwords
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


def new_password_field(label: LazyString | None = None) -> PasswordField:
    """Return the field for a new password, at the place where a form asks for it."""
    return PasswordField(
        label or _l("Password"),
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


def again_field() -> PasswordField:
    """Return the field in which a new password is typed once more."""
    return PasswordField(
        _l("Password once more"),
        [EqualTo("password", _l("The two passwords differ. Please type them again."))],
    )


class RecoverForm(FlaskForm):  # type: ignore[misc]
    """Ask for the code from the desk and a new password."""

    code = StringField(
        _l("Code from the community office or the mail"),
        [
            InputRequired(_l("Please enter the code that you got at the desk or by mail.")),
            Length(max=40),
        ],
    )
    password = new_password_field()
    again = again_field()


class RecoveryForm(FlaskForm):  # type: ignore[misc]
    """Ask who stands at the desk."""

    account = IdentifierField(_l("What the person signs in with now"))
    seen = BooleanField(
        _l("The person is here and has shown an identity card"),
        [InputRequired(_l("Please confirm that you saw the card."))],
    )


class LostForm(FlaskForm):  # type: ignore[misc]
    """Ask who stands at the desk and has lost the second factor."""

    holder = IdentifierField(_l("What the person signs in with now"))
    shown = BooleanField(
        _l("The person is here and has shown an identity card"),
        [InputRequired(_l("Please confirm that you saw the card."))],
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
        _l("Are you 18 or older?"),
        [InputRequired(_l("Please say whether you are 18 or older."))],
        choices=choices.listed(
            [
                ("yes", _l("Yes, 18 or older")),
                ("no", _l("No, %(age)d or older, but not 18", age=duties.child_below())),
                ("child", _l("No, younger than %(age)d", age=duties.child_below())),
            ]
        ),
        description=_l("Who is younger may read and speak, but not vote."),
    )
    who = IdentifierField(_l("Telephone number or e-mail address"))
    password = new_password_field()
    again = again_field()

    def validate_adult(self, field: RadioField) -> None:
        """Send children to the desk, with a guardian.

        :raises ValidationError: with how they get an account.
        """
        if field.data == "child":
            raise ValidationError(
                _l(
                    "Under %(age)d you cannot join by yourself. Please come to the community "
                    "office with a parent or guardian; there you get your own account. Nothing "
                    "that you typed here is kept.",
                    age=duties.child_below(),
                )
            )


class ProveForm(FlaskForm):  # type: ignore[misc]
    """Ask whose number or address was proven at the desk."""

    account = IdentifierField(_l("What the person signs in with now"))
    who = IdentifierField(_l("The number or address that was proven"))
    seen = BooleanField(
        _l("The person is here, and I saw the number ring or the mail arrive"),
        [InputRequired(_l("Please confirm that you saw it."))],
    )
