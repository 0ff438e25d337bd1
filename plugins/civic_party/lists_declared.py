"""What the half of the plugin with the three lists declares."""

from civic.api import Exporter, Permission, PersonalData
from civic.api import lazy_gettext as _l
from civic_party import list_messages, list_tables

#: Who proposes by hand, and looks after all projects.
LEADS = ("secretary", "deputy_secretary", "street_officer", "administrator")

PERMISSIONS = [
    Permission("ask", _l("Post needs, and answer proposals"), ("participant", "unit", "staff")),
    Permission("offer", _l("Post resources of one's unit"), "unit"),
    Permission("check", _l("Check what is posted to the three lists"), "staff"),
    Permission("match", _l("Propose resources by hand, and look after joint projects"), LEADS),
]
MESSAGES = list_messages.LIST_MESSAGES
EXPORTERS = [
    Exporter(
        code=code,
        title=name,
        permission="check",
        header=header,
        rows=rows,
        personal=False,
    )
    for code, name, header, rows in (
        ("needs", _l("List of needs"), list_tables.NEEDS, list_tables.needs),
        ("resources", _l("List of resources"), list_tables.RESOURCES, list_tables.resources),
        ("projects", _l("List of joint projects"), list_tables.PROJECTS, list_tables.projects),
    )
]
PERSONAL_DATA = [
    PersonalData(
        field=_l("Needs and resources that you posted or checked, and what you answered for whom"),
        purpose=_l("So that both sides can come together, and it is known who agreed for them"),
        basis=_l("What you ask of the community yourself (PIPL §13, 1)"),
        retention=_l("As long as the lists are kept; without your name once you have left"),
        recipients=_l("Staff of the community; on the lists stand units and groups alone"),
    ),
    PersonalData(
        field=_l("How you rated a joint project for the side in need, and steps you noted as done"),
        purpose=_l("So that others see what came of it; shown without your name"),
        basis=_l("What you take part in yourself (PIPL §13, 1)"),
        retention=_l("As long as the project is kept; without your name once you have left"),
    ),
    PersonalData(
        field=_l("Who said yes for a group without an account, as the office wrote it down"),
        purpose=_l("So that a group without an account can take part as any other"),
        basis=_l("A task of the community by law (PIPL §13, 3)"),
        retention=_l("As long as the project is kept"),
        recipients=_l("Staff of the community, and the unit that offers the resource"),
    ),
]
