"""What people are told of events."""

from collections.abc import Mapping
from typing import Any

from civic.api import MessageKind
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_events.kinds import ACTS


def _address(values: Mapping[str, Any]) -> str:
    return f"/c/{values['community']}/events/{values['id']}/"


DECIDED = MessageKind(
    code="decided",
    title=_l("A decision on an event that I filed"),
    sentence=lambda values: f"{ACTS[values['act']]}: {values['title']}",
    address=_address,
)
CANCELLED = MessageKind(
    code="cancelled",
    title=_l("An event that I signed up for is called off"),
    sentence=lambda values: _(
        "Called off: %(title)s. %(reason)s", title=values["title"], reason=values["reason"]
    ),
    address=_address,
)
KINDS = (DECIDED, CANCELLED)
