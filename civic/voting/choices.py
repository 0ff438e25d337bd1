"""Read what somebody chose by the rules of a ballot, and write it in one canonical way (pure).

A choice is JSON: null for an abstention; for one of several an option's id; for a motion answers by
id; marks as a list of ids in the order of the paper; points and dots by id; an order as a list of
lists of ids, the best first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.kernel.errors import Refused
from civic.voting import canonical, kinds

AGREE, OPPOSE, ABSTAIN = "agree", "oppose", "abstain"
ANSWERS: dict[str, LazyString] = {
    AGREE: _l("Agree"),
    OPPOSE: _l("Against"),
    ABSTAIN: _l("Abstain"),
}
#: More digits than any limit of a ballot has.
DIGITS = 6
NOTHING = "null"


@dataclass(frozen=True)
class Marks:
    """Hold a filled-in paper as it was sent: nothing of it is believed yet.

    :ivar picked: ids of marked options.
    :ivar values: what was entered beside options, by id; empty where nothing was.
    :ivar abstains: whether the voter abstains from the whole ballot.
    """

    picked: Sequence[str] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    abstains: bool = False


def read(rules: Mapping[str, Any], marks: Marks) -> str:
    """Return a choice in canonical JSON.

    :raises Refused: `option`, `empty`, `too_many`, `too_few`, `ties`, `rank`, `points`, `dots` or
        `budget`, for what is not on this paper or breaks a limit.
    """
    if marks.abstains:
        return NOTHING
    ids = [str(option["id"]) for option in rules["options"]]
    sent = [*marks.picked, *marks.values]
    if not set(sent) <= set(ids) or len(set(sent)) < len(sent):
        raise _strange()
    return canonical.text(_READERS[rules["kind"]](rules, ids, marks))


def _strange() -> Refused:
    return Refused("option", _l("Please choose one of the options on this ballot."))


def _one(_rules: Mapping[str, Any], _ids: list[str], marks: Marks) -> int:
    if len(marks.picked) != 1 or marks.values:
        raise _strange()
    return int(marks.picked[0])


def _items(_rules: Mapping[str, Any], ids: list[str], marks: Marks) -> dict[str, str]:
    if marks.picked or not set(marks.values.values()) <= {*ANSWERS, ""}:
        raise _strange()
    return {number: marks.values.get(number) or ABSTAIN for number in ids}


def _marked(rules: Mapping[str, Any], ids: list[str], marks: Marks) -> list[int]:
    if marks.values:
        raise _strange()
    _between(rules, len(marks.picked))
    return [int(number) for number in ids if number in set(marks.picked)]


def _between(rules: Mapping[str, Any], count: int) -> None:
    fewest, most = rules["limits"]["min"], rules["limits"]["max"]
    if count < fewest:
        raise Refused("too_few", _l("Please choose at least %(least)d."), values={"least": fewest})
    if most and count > most:
        raise Refused("too_many", _l("Please choose at most %(most)d."), values={"most": most})


def _project(rules: Mapping[str, Any], ids: list[str], marks: Marks) -> list[int]:
    chosen = _marked(rules, ids, marks)
    costs = {option["id"]: option["cost"] for option in rules["options"]}
    own = rules["limits"]["voter_total"]
    if own and sum(costs[number] for number in chosen) > own:
        raise Refused(
            "budget",
            _l("These projects cost more than the %(most)d yuan you may give out."),
            values={"most": own},
        )
    return chosen


def _whole(text: str) -> int | None:
    """Read a whole number as people type it; None where it is none."""
    digits = text.strip().removeprefix("-")
    if not digits.isdecimal() or len(digits) > DIGITS:
        return None
    return -int(digits) if text.strip().startswith("-") else int(digits)


def _points(rules: Mapping[str, Any], ids: list[str], marks: Marks) -> dict[str, int]:
    low, high = rules["limits"]["low"], rules["limits"]["high"]
    found = {}
    for number in ids:
        entered = marks.values.get(number, "")
        if not entered and rules.get("part"):
            # A judge leaves out what they cannot judge; a mean is then made without them.
            continue
        points = _whole(entered) if entered else low
        if points is None or not low <= points <= high:
            raise Refused(
                "points",
                _l("Points go from %(low)d to %(high)d."),
                values={"low": low, "high": high},
            )
        found[number] = points
    if marks.picked:
        raise _strange()
    if not any(marks.values.values()):
        raise Refused("empty", _l("Please give points to at least one option, or abstain."))
    return found


def _dots(rules: Mapping[str, Any], ids: list[str], marks: Marks) -> dict[str, int]:
    total, each = rules["limits"]["dots"], rules["limits"]["each"] or rules["limits"]["dots"]
    found = {}
    for number in ids:
        entered = marks.values.get(number, "")
        dots = _whole(entered) if entered else 0
        if dots is None or not 0 <= dots <= each:
            raise Refused(
                "dots", _l("An option can get 0 to %(each)d dots."), values={"each": each}
            )
        found[number] = dots
    if marks.picked:
        raise _strange()
    given = sum(found.values())
    if not given:
        raise Refused("empty", _l("Please share out at least one dot, or abstain."))
    if given > total:
        raise Refused(
            "too_many",
            _l("You gave %(given)d dots; you have %(total)d."),
            values={"given": given, "total": total},
        )
    return found


def _ranking(rules: Mapping[str, Any], ids: list[str], marks: Marks) -> list[list[int]]:
    by_rank: dict[int, list[int]] = {}
    for number in ids:
        entered = marks.values.get(number, "")
        if not entered:
            continue
        rank = _whole(entered)
        if rank is None or not 1 <= rank <= len(ids):
            raise Refused("rank", _l("Ranks go from 1 to %(last)d."), values={"last": len(ids)})
        by_rank.setdefault(rank, []).append(int(number))
    if marks.picked:
        raise _strange()
    order = [by_rank[rank] for rank in sorted(by_rank)]
    if not rules["limits"]["ties"] and any(len(tied) > 1 for tied in order):
        raise Refused("ties", _l("Each number may be given once on this ballot."))
    _between(rules, sum(map(len, order)))
    return order


_READERS: dict[str, Callable[[Mapping[str, Any], list[str], Marks], Any]] = {
    kinds.ONE: _one,
    kinds.ITEMS: _items,
    kinds.APPROVAL: _marked,
    kinds.SCORE: _points,
    kinds.RANKING: _ranking,
    kinds.DOTS: _dots,
    kinds.BUDGET: _project,
}
