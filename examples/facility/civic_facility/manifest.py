"""What the plugin declares."""

from wtforms import Form, IntegerField
from wtforms.validators import NumberRange

from civic.api import Exporter, Importer, NavItem, Permission, PersonalData, Plugin
from civic.api import lazy_gettext as _l
from civic_facility import imports


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
    nav=[NavItem(_l("Facilities"), "facility.index", order=60, icon="building")],
    importers=[
        Importer(
            code="places",
            title=_l("Bays and signs"),
            permission="facility.keep",
            columns=imports.COLUMNS,
            read=imports.read,
            apply=imports.apply,
            hint=_l("One row for each place. The state and the point may be left empty."),
        )
    ],
    exporters=[
        Exporter(
            code="places",
            title=_l("Bays and signs"),
            permission="facility.handle",
            header=imports.HEADER,
            rows=imports.rows,
            personal=False,
        )
    ],
    personal_data=[
        PersonalData(
            field=_l("What you reported about a bay or a sign, and your answers"),
            purpose=_l("To have it repaired, and to ask you whether it is solved"),
            basis=_l("What you ask of the community yourself (PIPL §13, 1)"),
            retention=_l("Until you close your account; that something was repaired stays"),
            recipients=_l("Staff of the community"),
        ),
        PersonalData(
            field=_l("Which reports you handled as staff"),
            purpose=_l("To say who answers for what was done"),
            basis=_l("A task of the community by law (PIPL §13, 3)"),
            retention=_l("Until you close your account"),
            recipients=_l("Staff of the community"),
        ),
    ],
)
