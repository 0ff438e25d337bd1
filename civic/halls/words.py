"""Codes of this room in words."""

from flask_babel import lazy_gettext as _l

from civic.halls import meetings
from civic.halls.minute_rows import (
    CARRIED,
    DEBATED,
    DECISION,
    DIVIDED,
    DROPPED,
    LATER,
    LOST,
    MOTION,
    MOVED,
    NOTE,
    PUT,
    SECONDED,
    TASK,
    TURN,
)

#: States of a meeting, each with the kind of its badge.
STATES = {
    meetings.PLANNED: (_l("Planned"), ""),
    meetings.OPEN: (_l("The meeting goes on"), "act"),
    meetings.CLOSED: (_l("Over; the minutes are not signed yet"), "warn"),
    meetings.SIGNED: (_l("Over; the minutes are signed"), "done"),
    meetings.CALLED_OFF: (_l("Not held"), "stop"),
}
MOTIONS = {
    MOVED: (_l("Moved, waits for a second"), "warn"),
    SECONDED: (_l("Seconded"), ""),
    DEBATED: (_l("In debate"), "act"),
    PUT: (_l("Hands are counted"), "act"),
    CARRIED: (_l("Carried"), "done"),
    LOST: (_l("Not carried"), "stop"),
    DROPPED: (_l("Taken back"), ""),
    DIVIDED: (_l("Divided into parts"), ""),
    LATER: (_l("Comes later"), ""),
}
ENTRIES = {
    NOTE: _l("Note"),
    DECISION: _l("Decision of the meeting"),
    TASK: _l("To do"),
    TURN: _l("Speaker"),
    MOTION: _l("Motion"),
}
