"""What the half of the plugin with bodies and joint meetings declares."""

from collections.abc import Iterable, Sequence

from civic.api import Community, Exporter, Permission, PersonalData, sheets
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
#: Columns of the table of tasks.
TASKS = (
    "季度",
    "机构",
    "督办事项",
    "责任单位",
    "协助单位",
    "完成期限",
    "状态",
    "结转次数",
    "进展或佐证",
)


def _tasks(community: Community) -> Iterable[Sequence[sheets.Cell]]:
    from civic_party import listing  # noqa: PLC0415 - which needs the plugin

    return listing.all_tasks(community)


EXPORTERS = [
    Exporter(
        code="tasks",
        title=_l("Tasks of joint meetings"),
        permission="office",
        header=TASKS,
        rows=_tasks,
        personal=False,
    )
]
MESSAGES = messages.KINDS
PERSONAL_DATA = [
    PersonalData(
        field=_l("Which seat of a unit you fill, and what you did on it"),
        purpose=_l("So that units meet, and it is known who spoke and signed for them"),
        basis=_l("A task of the community by law (PIPL §13, 3)"),
        retention=_l(
            "As long as the record of the body; only signed minutes keep the name of who signed"
        ),
        recipients=_l("The office, and the units of the body"),
    ),
]
