"""Form for a batch of invitation codes."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from civic.identities import codes
from civic.identities.people_forms import PlaceForm


class MakeCodesForm(PlaceForm):
    """Ask for which place or unit, which standing and how many."""

    standing = SelectField(_l("Who joins with them"))
    organisation = SelectField(
        _l("For the people of which unit"),
        coerce=int,
        default=0,
        description=_l("Leave it open where the letters go into letter boxes."),
    )
    count = IntegerField(
        _l("How many"),
        [
            InputRequired(_l("Please say how many.")),
            NumberRange(1, codes.MOST, _l("Please make 1 to 200 codes at a time.")),
        ],
        default=10,
    )
    note = StringField(
        _l("A note for the office (optional)"),
        [Length(max=80)],
        description=_l("As: second round, empty letter boxes. No names."),
    )
