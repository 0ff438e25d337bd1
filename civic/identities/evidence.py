"""What standings rest on, and which of them staff see and grant (pure)."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

#: Who may look at the register and act on standings.
PERMISSION = "identities.verify"
#: What a standing that staff grant rests on: its level (domain.md §1), and how it is said.
EVIDENCE: dict[str, tuple[int, LazyString]] = {
    "attested": (2, _l("Attested by the gate head or somebody known here (level 2)")),
    "desk": (3, _l("Papers seen at the desk (level 3)")),
    "roll": (4, _l("Found on the roll of households, owners or the unit (level 4)")),
}
#: What a standing of a plugin rests on: what the plugin checked for staff, or its own act.
VERIFIED, PLUGIN = "verified", "plugin"
#: How the source of a standing is read.
SOURCES: dict[str, LazyString] = {
    "invite_code": _l("invitation code"),
    "claim": _l("own claim, checked by staff"),
    "staff": _l("granted by staff"),
    "attested": _l("attested"),
    "desk": _l("papers seen at the desk"),
    "roll": _l("on the roll"),
    "event": _l("change of the tree"),
    VERIFIED: _l("checked by a plugin"),
    PLUGIN: _l("given by a plugin"),
}
LONGEST_REASON = 200
