"""Two readings of one paper, line by line, so that a third person sees where they differ."""

import json
from typing import Any, NamedTuple

from flask_babel import gettext as _

from civic.kernel.i18n import moment
from civic.voting import entries, pages
from civic.voting.models import Ballot
from civic.voting.sheets import Sheet


class Reading(NamedTuple):
    """Be one line of both readings."""

    name: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Tell whether the two were read differently."""
        return self.first != self.second


def side_by_side(ballot: Ballot, sheet: Sheet) -> list[Reading]:
    """Return what two people typed, side by side."""
    one, two = (
        _lines(ballot, json.loads(typed or "{}"))
        for typed in (sheet.first_typed, sheet.second_typed)
    )
    return [Reading(name, one.get(name, "–"), two.get(name, "–")) for name in one | two]


def _lines(ballot: Ballot, said: dict[str, Any]) -> dict[str, str]:
    if not said:
        return {}
    found = {_("Handed in"): moment(entries.read_moment(said["at"]))}
    if said["invalid"]:
        return found | {_("Invalid"): str(entries.REASONS[said["invalid"]])}
    found[_("Number on the roll")] = str(said["right"])
    for option, value in pages.spelt(ballot.rules, said["choice"]):
        found[option] = value or "✓"
    return found
