"""What people are told of needs, proposals and joint projects."""

from collections.abc import Mapping
from typing import Any

from civic.api import MessageKind
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_party.list_rules import title

Values = Mapping[str, Any]


def _home(values: Values) -> str:
    return f"/c/{values['community']}/party"


def _checked(values: Values) -> str:
    if values["act"] == "publish":
        return _("“%(title)s” stands on the list now", title=values["title"])
    return _("“%(title)s” was sent back to be changed", title=values["title"])


def _agreed(values: Values) -> str:
    return f"{_home(values)}/projects/{values['project']}"


def _project(values: Values) -> str:
    return _("%(title)s: %(state)s", title=values["title"], state=title("state", values["state"]))


LIST_MESSAGES = [
    MessageKind(
        code="checked",
        title=_l("What I posted to the three lists was checked"),
        sentence=_checked,
        address=lambda values: f"{_home(values)}/{values['list']}/{values['id']}",
    ),
    MessageKind(
        code="proposed",
        title=_l("Proposals of needs and resources that wait for my answer"),
        sentence=lambda values: _(
            "A proposal for “%(title)s” waits for your answer", title=values["title"]
        ),
        address=lambda values: f"{_home(values)}/matches/{values['id']}",
    ),
    MessageKind(
        code="declined",
        title=_l("A proposal that was declined"),
        sentence=lambda values: _(
            "The proposal for “%(title)s” was declined", title=values["title"]
        ),
        address=lambda values: f"{_home(values)}/matches/{values['id']}",
    ),
    MessageKind(
        code="agreed",
        title=_l("A proposal that became a project"),
        sentence=lambda values: _(
            "Both sides agreed: “%(title)s” is a project now", title=values["title"]
        ),
        address=_agreed,
    ),
    MessageKind(
        code="project",
        title=_l("Joint projects of my unit or group"),
        sentence=_project,
        address=lambda values: f"{_home(values)}/projects/{values['id']}",
    ),
]
