"""Forms about the security of an account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from civic.identities.forms import IdentifierField, again_field, new_password_field


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Ask for the password, for what is done next."""

    confirm_password = PasswordField(
        _l("Your password"), [InputRequired(_l("Please enter your password."))]
    )
    next = HiddenField()


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """Ask for the password of now and a new one."""

    current = PasswordField(
        _l("Your password until now"), [InputRequired(_l("Please enter your password."))]
    )
    password = new_password_field(_l("New password"))
    again = again_field()


class FactorForm(FlaskForm):  # type: ignore[misc]
    """Ask for the code of the authenticator, or a backup code."""

    code = StringField(
        _l("Code"),
        [InputRequired(_l("Please type the code that your telephone shows.")), Length(max=40)],
    )


class MailField(IdentifierField):
    """Take an e-mail address alone."""

    def pre_validate(self, form: object) -> None:
        """Read the address.

        :raises ValidationError: with a sentence that says what is missing.
        """
        super().pre_validate(form)
        if self.value.kind != "email":
            raise ValidationError(_l("This is not a whole e-mail address."))


class MailForm(FlaskForm):  # type: ignore[misc]
    """Ask to which proven address a code shall go."""

    mail = MailField(_l("Your e-mail address"))


class ContactForm(FlaskForm):  # type: ignore[misc]
    """Ask what one wants to sign in with."""

    who = IdentifierField(_l("Telephone number or e-mail address"))


class ContactCodeForm(FlaskForm):  # type: ignore[misc]
    """Ask for the code that was sent to an address."""

    code = StringField(
        _l("Code from the mail"),
        [InputRequired(_l("Please type the code from the mail.")), Length(max=40)],
    )
