"""What is told to people about their own data."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.kernel.tell import Kind, Values
from civic.records.naming import REASONS


def _corrected(values: Values) -> str:
    return _(
        "Your name was corrected at the desk. Reason: %(reason)s.", reason=REASONS[values["reason"]]
    )


def _data(_values: Values) -> str:
    return "/me/data"


def _me(_values: Values) -> str:
    return "/me"


KINDS = (
    Kind(
        code="records.name_corrected",
        title=_l("Corrections of your name"),
        sentence=_corrected,
        address=_data,
    ),
    Kind(
        code="records.child_admitted",
        title=_l("Accounts of your children"),
        sentence=lambda _values: _("An account was made for your child, with your consent."),
        address=_me,
    ),
    Kind(
        code="records.child_released",
        title=_l("The end of guardianship"),
        sentence=lambda _values: _(
            "The office has recorded that the child is old enough: no guardian answers for the "
            "account any more."
        ),
        address=_me,
    ),
)
