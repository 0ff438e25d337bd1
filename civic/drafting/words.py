"""Codes of this room in words."""

from flask_babel import lazy_gettext as _l

from civic.drafting.models import ADOPTED, NOT_ADOPTED, OPEN, PARTLY

VERDICTS = {
    ADOPTED: _l("Fully adopted"),
    PARTLY: _l("Partly adopted"),
    NOT_ADOPTED: _l("Not adopted"),
}
STATES = {OPEN: _l("Not answered yet"), **VERDICTS}
#: Badges of the style guide.
BADGES = {OPEN: "", ADOPTED: "done", PARTLY: "act", NOT_ADOPTED: "stop"}
