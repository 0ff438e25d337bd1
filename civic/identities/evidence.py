"""What standings rest on, and which of them staff see and grant (pure)."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.identities.kinds import STANDINGS

#: Who may look at the register and act on standings.
PERMISSION = "identities.verify"
#: What a standing that staff grant rests on: its level (domain.md §1), and how it is said.
EVIDENCE: dict[str, tuple[int, LazyString]] = {
    "attested": (2, _l("Attested by the gate head or somebody known here (level 2)")),
    "desk": (3, _l("Papers seen at the desk (level 3)")),
    "roll": (4, _l("Found on the roll of households, owners or the unit (level 4)")),
}
#: How the source of a standing is read.
SOURCES: dict[str, LazyString] = {
    "invite_code": _l("invitation code"),
    "claim": _l("own claim, checked by staff"),
    "staff": _l("granted by staff"),
    "attested": _l("attested"),
    "desk": _l("papers seen at the desk"),
    "roll": _l("on the roll"),
    "event": _l("change of the tree"),
}
#: Kinds that staff of a community see and grant; the private ones belong to who keeps them.
OPEN_KINDS = {code: kind for code, kind in STANDINGS.items() if not kind.private}
LONGEST_REASON = 200
