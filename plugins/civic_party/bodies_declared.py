"""What the half of the plugin with bodies and joint meetings declares."""

from civic.api import Exporter, Permission, PersonalData
from civic.api import lazy_gettext as _l
from civic_party import messages

#: Who answers for the bodies.
LEADS = ("secretary", "deputy_secretary", "street_officer", "administrator")

PERMISSIONS = [
    Permission(
        "read", _l("Read agendas, minutes and tasks of joint meetings"), ("participant", "staff")
    ),
    Permission("sit", _l("Act for a unit in a body it sits in"), ("unit", "participant", "staff")),
    Permission("office", _l("Keep the office of a body: seats, meetings, minutes"), "staff"),
    Permission("found", _l("Found bodies, and set their posts and rota"), LEADS),
]
EXPORTERS: list[Exporter] = []
MESSAGES = messages.KINDS
PERSONAL_DATA = [
    PersonalData(
        field=_l("Which seat of a unit you fill, and what you did on it"),
        purpose=_l("So that units meet, and it is known who spoke and signed for them"),
        basis=_l("A task of the community by law (PIPL §13, 3)"),
        retention=_l("As long as the record of the body; without your name once you have left"),
        recipients=_l("The office, and the units of the body"),
    ),
]
