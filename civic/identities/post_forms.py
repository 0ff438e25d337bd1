"""Forms about posts and who holds them."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from civic.identities.forms import IdentifierField
from civic.identities.kinds import POSTS
from civic.kernel import choices, clock
from civic.kernel.moments import meant

LONGEST = 60
_LENGTH = Length(max=LONGEST, message=_l("Please use at most 60 characters."))


def _basis() -> StringField:
    return StringField(
        _l("Number of the decision"),
        [Optional(), Length(max=80, message=_l("Please use at most 80 characters."))],
        description=_l("As it stands on the document."),
    )


class PostForm(FlaskForm):  # type: ignore[misc]
    """Ask for a position: where, of which kind, and what it is called."""

    node = SelectField(_l("At which place"), coerce=int)
    kind = SelectField(_l("Kind of post"), choices=choices.listed(POSTS.items()))
    title = StringField(
        _l("Title of the post"),
        [InputRequired(_l("Please write what the post is called.")), _LENGTH],
        description=_l("As on the door plate, as 社区党委书记."),
    )
    office = StringField(
        _l("In the name of which office"),
        [InputRequired(_l("Please write which office it answers for.")), _LENGTH],
        description=_l("Residents read it beside official answers, as 二龙路社区党委."),
    )
    body = SelectField(_l("Body it belongs to"), coerce=int)


class AppointForm(FlaskForm):  # type: ignore[misc]
    """Ask who takes up a post, and for which time."""

    name = StringField(
        _l("Name of the person"), [InputRequired(_l("Please enter the name.")), _LENGTH]
    )
    who = IdentifierField(_l("What the person signs in with"))
    fresh = BooleanField(
        _l("The person has no account yet: open one and make a code with which they come in")
    )
    first = DateField(
        _l("First day"),
        [InputRequired(_l("Please enter the first day.")), meant],
        default=lambda: clock.local(clock.now()).date(),
    )
    last = DateField(
        _l("Last day"),
        [Optional(), meant],
        description=_l(
            "The powers end with this day by themselves. Without one they last until somebody "
            "ends them."
        ),
    )
    basis = _basis()


class RenewForm(FlaskForm):  # type: ignore[misc]
    """Ask for the new end of a term."""

    last = DateField(
        _l("New last day"), [InputRequired(_l("Please enter the new last day.")), meant]
    )
    basis = _basis()


class EndForm(FlaskForm):  # type: ignore[misc]
    """Ask why an appointment ends before its time."""

    reason = StringField(
        _l("Reason"),
        [
            InputRequired(_l("Please write the reason; the person reads it.")),
            Length(max=200, message=_l("Please use at most 200 characters.")),
        ],
        description=_l("The person reads it, as 工作调动."),
    )
