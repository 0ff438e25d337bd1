"""What the office enters for a paper: options one a line, limits, method (pure)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.kernel import text
from civic.kernel.errors import Refused
from civic.voting import kinds
from civic.voting.methods import METHODS

MOST_OPTIONS, LONGEST_OPTION = 60, 200
#: Points or dots that a voter can still overlook.
MOST_STEPS = 100
_COST = re.compile(
    r"^(?P<text>.*?\S)[\s,，:：;；|]+(?P<cost>\d{1,3}(?:,\d{3})+|\d{1,12})\s*(?:元|yuan)?$"
)


@dataclass(frozen=True)
class Option:
    """Be a line of a paper, with what it costs where there is a budget."""

    text: str
    cost: int = 0


def lines(kind: str, entered: str) -> list[Option]:
    """Read options, one a line; of a budget each ends with what it costs in yuan.

    :raises Refused: `options` or `cost`.
    """
    found = []
    for line in entered.splitlines():
        words = text.plain(line)
        if not words:
            continue
        if kind != kinds.BUDGET:
            found.append(Option(words))
            continue
        match = _COST.match(words)
        if match is None or not int(match["cost"].replace(",", "")):
            message = _l("Please end each line with what it costs, as “Handrails 20000”: %(line)s")
            raise Refused("cost", message, values={"line": words})
        found.append(Option(match["text"], int(match["cost"].replace(",", ""))))
    _check_options(kind, found)
    return found


def written(kind: str, options: Iterable[tuple[str, int]]) -> str:
    """Write options as `lines` reads them."""
    return "\n".join(
        f"{words} {cost}" if kind == kinds.BUDGET else words for words, cost in options
    )


def _check_options(kind: str, options: Sequence[Option]) -> None:
    fewest = 1 if kind == kinds.ITEMS else 2
    if not fewest <= len(options) <= MOST_OPTIONS:
        message = _l("Please give %(fewest)d to %(most)d lines, one for each option.")
        raise Refused("options", message, values={"fewest": fewest, "most": MOST_OPTIONS})
    if any(len(option.text) > LONGEST_OPTION for option in options):
        message = _l("An option has at most %(most)d characters.")
        raise Refused("options", message, values={"most": LONGEST_OPTION})
    if len({text.key(option.text) for option in options}) < len(options):
        raise Refused("options", _l("Two options say the same. Please make them differ."))


def limits(
    kind: str, entered: Mapping[str, int | None], options: Sequence[Option]
) -> dict[str, int]:
    """Return the limits of a paper, checked against each other.

    :raises Refused: `limits` with what does not fit.
    """
    usual = kinds.KINDS[kind].limits
    found = {name: int(entered.get(name) or 0) for name in usual}
    if "low" in found:
        found["low"] = entered.get("low") or 0
    for fits, words in _demands(kind, found, options):
        if not fits:
            raise Refused("limits", words)
    return found


def _demands(
    kind: str, found: Mapping[str, int], options: Sequence[Option]
) -> list[tuple[bool, LazyString]]:
    count = len(options)
    demands: list[tuple[bool, LazyString]] = []
    if "min" in found:
        least, most = found["min"], found["max"]
        demands += [
            (
                1 <= least <= count,
                _l("One has to choose at least one, and not more than there are."),
            ),
            (
                not most or least <= most <= count,
                _l("The highest number of choices has to lie between the lowest and all of them."),
            ),
        ]
    if kind == kinds.SCORE:
        low, high = found["low"], found["high"]
        words = _l("Points go from a lower to a higher number, in at most a hundred steps.")
        demands.append((low < high <= low + MOST_STEPS, words))
    if kind == kinds.DOTS:
        words = _l("Everybody has 1 to 100 dots, and not more of them can go to one option.")
        demands.append((1 <= found["dots"] <= MOST_STEPS and found["each"] <= found["dots"], words))
    if kind == kinds.BUDGET:
        costs = [option.cost for option in options]
        demands += [
            (found["total"] > 0, _l("Please say how much money there is.")),
            (
                not found["total"] or max(costs) <= found["total"],
                _l("One project costs more than there is. Leave it out, or correct the sum."),
            ),
        ]
    return demands


def check_method(kind: str, method: str, seats: int, options: Sequence[Option]) -> None:
    """Refuse a way of counting that does not fit the paper, or too many seats.

    :raises Refused: `method` or `seats`.
    """
    if method not in kinds.KINDS[kind].methods:
        raise Refused("method", _l("This kind of ballot is not counted in that way."))
    if kind == kinds.ITEMS:
        most = 1
    else:
        several = METHODS[method].several_seats and not METHODS[method].spends
        most = len(options) - 1 if several else 1
    if not 1 <= seats <= max(most, 1):
        message = _l("Counted like this, 1 to %(most)d options can be chosen.")
        raise Refused("seats", message, values={"most": max(most, 1)})
