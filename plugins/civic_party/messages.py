"""What the people of seats are told of meetings and tasks."""

from collections.abc import Mapping
from typing import Any

from civic.api import MessageKind
from civic.api import gettext as _
from civic.api import lazy_gettext as _l

Values = Mapping[str, Any]


def _meeting(values: Values) -> str:
    return f"/c/{values['community']}/party/meetings/{values['meeting']}"


def _action(values: Values) -> str:
    return f"/c/{values['community']}/party/tasks/{values['action']}"


KINDS = [
    MessageKind(
        code="topics",
        title=_l("A joint meeting calls for topics"),
        sentence=lambda values: _("%(title)s calls for topics", title=values["title"]),
        address=_meeting,
    ),
    MessageKind(
        code="agenda",
        title=_l("The agenda of a joint meeting"),
        sentence=lambda values: _("%(title)s: the agenda is out", title=values["title"]),
        address=_meeting,
    ),
    MessageKind(
        code="notice",
        title=_l("A notice of a joint meeting to acknowledge"),
        sentence=lambda values: _(
            "%(title)s: please acknowledge the notice of the meeting", title=values["title"]
        ),
        address=_meeting,
    ),
    MessageKind(
        code="minutes",
        title=_l("Minutes of a joint meeting to comment on"),
        sentence=lambda values: _(
            "%(title)s: please read the draft of the minutes", title=values["title"]
        ),
        address=lambda values: f"{_meeting(values)}/minutes",
    ),
    MessageKind(
        code="issued",
        title=_l("Minutes of a joint meeting that are issued"),
        sentence=lambda values: _("%(title)s: the minutes are issued", title=values["title"]),
        address=lambda values: f"{_meeting(values)}/minutes",
    ),
    MessageKind(
        code="called_off",
        title=_l("A joint meeting that is called off"),
        sentence=lambda values: _(
            "%(title)s: the meeting is called off. %(reason)s",
            title=values["title"],
            reason=values["reason"],
        ),
        address=_meeting,
    ),
    MessageKind(
        code="action_due",
        title=_l("Tasks of my unit that fall due"),
        sentence=lambda values: _(
            "Due on %(day)s: %(title)s", day=values["due"], title=values["title"]
        ),
        address=_action,
    ),
    MessageKind(
        code="action_checked",
        title=_l("Tasks of my unit that the office has checked"),
        sentence=lambda values: (
            _("Done: %(title)s", title=values["title"])
            if values["done"]
            else _("Not done yet: %(title)s", title=values["title"])
        ),
        address=_action,
    ),
]
