"""Words of correcting that pages, messages and exports share."""

from flask_babel import lazy_gettext as _l

from civic.corrections.bounds import CHANGES, STANDS, UNKNOWN
from civic.corrections.models import (
    ADMITTED,
    ADOPTED,
    DECIDED,
    EXAMINED,
    GATHERING,
    LAPSED,
    RAISED,
    REFUSED,
    REJECTED,
    RUNNING,
)
from civic.corrections.rules import ANNUL, CORRECT, RECOUNT, REPRESENTATIVES, REVOTE, VOTERS

STATES = {
    GATHERING: _l("Gathering signatures"),
    RAISED: _l("Waits to be taken up"),
    LAPSED: _l("Ended without enough signatures"),
    REFUSED: _l("Not taken up"),
    ADMITTED: _l("Being examined"),
    EXAMINED: _l("Examined, waits for a decision"),
    DECIDED: _l("Decided"),
}
BASES = {VOTERS: _l("Voters"), REPRESENTATIVES: _l("Representatives")}
VERDICTS = {
    STANDS: _l("What was decided stands, whatever those rights would have chosen."),
    CHANGES: _l("What was decided could have been different."),
    UNKNOWN: _l("It cannot be reckoned whether what was decided stands."),
}
CHANGES_OF_RULES = {
    RUNNING: _l("People are asked"),
    ADOPTED: _l("Adopted"),
    REJECTED: _l("Not adopted; the rule stays"),
}
#: How a note stands on its target: kind of box, and words.
NOTES = {
    CORRECT: ("done", _l("Corrected")),
    RECOUNT: ("done", _l("Counted again")),
    REVOTE: ("warn", _l("It is voted on again")),
    ANNUL: ("stop", _l("Annulled")),
    "amend_rule": ("info", _l("A change of the rule is asked for")),
    "unfounded": ("info", _l("Examined; it stays as it is")),
}
