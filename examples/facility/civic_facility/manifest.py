"""What the plugin declares."""

from wtforms import Form, IntegerField
from wtforms.validators import NumberRange

from civic.api import NavItem, Permission, Plugin
from civic.api import lazy_gettext as _l


class Settings(Form):
    """Say how many reports one person may have open, and how soon one should be handled."""

    most_open = IntegerField(
        _l("Reports that one person may have waiting at a time"),
        [NumberRange(1, 100)],
        default=5,
    )
    days = IntegerField(
        _l("Days within which a report should be handled"), [NumberRange(1, 90)], default=5
    )


plugin = Plugin(
    "facility",
    "civic_facility",
    title=_l("Bays and signs"),
    api=">=1.0,<2",
    settings=Settings,
    permissions=[
        Permission("report", _l("Report a defect"), "participant"),
        Permission("handle", _l("Handle reports of defects"), "staff"),
        Permission(
            "keep",
            _l("Keep the list of bays and signs"),
            ("secretary", "deputy_secretary", "street_officer", "administrator"),
        ),
    ],
    nav=[NavItem(_l("Bays and signs"), "facility.index", order=60, icon="building")],
)
