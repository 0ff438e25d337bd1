"""Codes of this room in words."""

from flask_babel import lazy_gettext as _l

from civic.outcomes.models import NOT_SOLVED, PARTLY, SOLVED

VERDICTS = {
    SOLVED: _l("Solved"),
    PARTLY: _l("Partly solved"),
    NOT_SOLVED: _l("Not solved"),
}
