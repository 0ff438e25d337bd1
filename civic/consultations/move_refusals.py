"""Why a case does not move: the rule that forbids it, or what is still missing, in words."""

from collections.abc import Iterable
from http import HTTPStatus

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.consultations import checks, plugged
from civic.consultations.models import Consultation
from civic.kernel.errors import Refused
from civic.procedures.phrases import say
from civic.processes.deciding import Answer
from civic.processes.schema import Move, Process, Stage


def missing(case: Consultation, codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the conditions that do not hold, each with sentences; an unknown one never holds."""
    found: dict[str, list[str]] = {}
    for code in codes:
        check = checks.known().get(code)
        unknown = str(_l("“%(code)s” cannot be checked on this site.")) % {"code": code}
        said = [unknown] if check is None else check.missing(case)
        if said:
            found[code] = said
    return found


def objected(community: Community, case: Consultation, move: Move, to: Stage) -> None:
    """Refuse a move that a plugin has something against.

    :raises Refused: `PLUGIN.CODE` of the first, with what all of them say.
    """
    found = plugged.objections(community, case, move, to)
    if found:
        said = " ".join(sentence for _code, sentence in found)
        values: dict[str, object] = {"act": say(move.title), "said": said}
        raise Refused(found[0][0], _SENTENCES["missing"], _CONFLICT, values)


def refusal(
    process: Process, stage: str, act: str, answer: Answer, unmet: dict[str, list[str]]
) -> Refused:
    """Return the refusal of a move, with the rule that forbids it."""
    moves = [answer.move] if answer.move else [one for one in process.moves if one.act == act]
    values: dict[str, object] = {
        "rule": say(process.title),
        "act": say(moves[0].title) if moves else act,
        "stage": say(process.by_code[stage].title) if stage in process.by_code else stage,
    }
    if answer.code == "missing":
        said = " ".join(sentence for code in answer.missing for sentence in unmet[code])
        values["said"] = said
    return Refused(
        answer.code, _SENTENCES[answer.code], _STATUS.get(answer.code, _CONFLICT), values
    )


_CONFLICT = HTTPStatus.CONFLICT
_STATUS = {"not_yours": HTTPStatus.FORBIDDEN, "reason": HTTPStatus.UNPROCESSABLE_ENTITY}
_SENTENCES = {
    "out_of_order": _l("By “%(rule)s”, “%(act)s” is not in order at the stage “%(stage)s”."),
    "not_yours": _l("By “%(rule)s”, “%(act)s” is for other posts than yours."),
    "once": _l("By “%(rule)s”, “%(act)s” is done once only, and it has been done."),
    "too_early": _l(
        "By “%(rule)s”, the stage “%(stage)s” lasts longer. Please wait with “%(act)s”."
    ),
    "verdict": _l("“%(act)s” is not what the vote came to; by “%(rule)s” the vote alone decides."),
    "reason": _l("Please give a reason for “%(act)s”; it is published."),
    "missing": _l("“%(act)s” has to wait: %(said)s"),
}
