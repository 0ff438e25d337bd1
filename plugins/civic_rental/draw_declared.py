"""What the plugin declares of applications and draws: `manifest` takes it in."""

from collections.abc import Mapping
from typing import Any

from civic.api import Exporter, MessageKind, Permission, PersonalData
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_rental import allot_data, draw_tables
from civic_rental.words import data

allot_data.check(data("allocation"), data("homes"))
#: Who fixes rules, freezes lists, publishes and answers; and who draws: posts of other people.
ALLOTS = ("secretary", "deputy_secretary", "committee_head")
DRAWS = ("street_officer", "legal_officer", "administrator")

PERMISSIONS = [
    Permission("apply", _l("Apply for a home, and object to a list"), "participant"),
    Permission("check", _l("See applications for homes, and verify what they claim"), "staff"),
    Permission("allot", _l("Fix how homes are allotted, freeze lists, offer homes"), ALLOTS),
    Permission("draw", _l("Draw the order of applications"), DRAWS),
    Permission("publish", _l("Publish a draw that somebody else has made"), ALLOTS),
]

PERSONAL_DATA = [
    PersonalData(
        field=_l(
            "Your application for a home: household, telephone number, address, work, wishes, "
            "claims and what shows them"
        ),
        purpose=_l("To know in which tier you are, to find doubles, and to reach you"),
        basis=_l("What you ask of the community yourself (PIPL §13, 1)"),
        retention=_l("Until you close your account; your line on a list stays, masked"),
        recipients=_l("Staff of the community"),
    ),
    PersonalData(
        field=_l("Your rank in a draw for homes, and the home you took"),
        purpose=_l("To offer homes in the order that was drawn"),
        basis=_l("What you ask of the community yourself (PIPL §13, 1)"),
        retention=_l("The rank stays with its receipt number, without your name"),
        recipients=_l("Everybody, masked; staff with your name"),
    ),
    PersonalData(
        field=_l("Your objections to lists of applicants, and reviews you ask for"),
        purpose=_l("So that a person answers you"),
        basis=_l("Your right to have an automated decision looked at (PIPL §24)"),
        retention=_l("Until you close your account; the answer stays"),
        recipients=_l("Staff of the community"),
    ),
]


def _allocation(values: Mapping[str, Any]) -> str:
    return f"/c/{values['community']}/rental/allocations/{values['id']}/"


def _answered(values: Mapping[str, Any]) -> str:
    if values.get("applicant"):
        return f"/c/{values['community']}/rental/applications/{values['applicant']}/"
    return _allocation(values)


MESSAGES = [
    MessageKind(
        code="drawn",
        title=_l("The draw for homes I applied for"),
        sentence=lambda values: _("The draw is published: %(title)s", title=values["title"]),
        address=_allocation,
    ),
    MessageKind(
        code="claim_refused",
        title=_l("What was decided on my application for a home"),
        sentence=lambda values: _(
            "Something you claimed does not count; read why: %(title)s", title=values["title"]
        ),
        address=lambda values: f"/c/{values['community']}/rental/applications/{values['id']}/",
    ),
    MessageKind(
        code="answered",
        title=_l("Answers to my objections and requests about homes"),
        sentence=lambda values: _("You have been answered: %(title)s", title=values["title"]),
        address=_answered,
    ),
]

EXPORTERS = [
    Exporter(
        code="applications",
        title=_l("Applications for homes"),
        permission="check",
        header=draw_tables.HEADER,
        rows=draw_tables.rows,
    )
]
