"""What somebody could do next with a case, and what each act still lacks."""

from dataclasses import dataclass

from civic.communities.models import Community
from civic.consultations import move_refusals, moving, plugged
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import StageProposal
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.processes.deciding import decide
from civic.processes.schema import Move, Stage

#: Refusals of moves that are not somebody's at all, or not any more.
NOT_SHOWN = frozenset({"out_of_order", "not_yours", "once"})


@dataclass(frozen=True, kw_only=True)
class Option:
    """Be one act that somebody's posts allow at the present stage.

    :ivar lacks: why it has to wait, a sentence each; nothing where it can be done now.
    :ivar proposal: what waits for a second person, where somebody has proposed it.
    """

    move: Move
    to: Stage
    lacks: tuple[str, ...]
    proposal: StageProposal | None


def options(actor: Actor, community: Community, case: Consultation) -> list[Option]:
    """Return the acts that somebody's posts allow, those that lead on before those beside the line.

    :raises Refused: `no_process` for a case whose dates alone say where it stands.
    """
    process = moving.process_of(case)
    groups = actor.groups(community.path)
    mine = [move for move in process.out_of(case.stage or "") if not move.who.isdisjoint(groups)]
    if not mine:
        return []
    standing = moving.standing(case, moving.history(case.id))
    unmet = move_refusals.missing(case, dict.fromkeys(need for one in mine for need in one.needs))
    proposed = db.session.get(StageProposal, case.id)
    found = []
    for move in mine:
        answer = decide(
            process,
            standing,
            move.act,
            groups=groups,
            unmet=unmet,
            now=clock.now(),
            reason=move.title.zh,
        )
        if answer.code in NOT_SHOWN:
            continue
        lacks: list[str] = []
        if answer.code and answer.code != "missing":
            lacks.append(
                str(move_refusals.refusal(process, standing.stage, move.act, answer, unmet))
            )
        lacks += [sentence for code in answer.missing for sentence in unmet[code]]
        to = process.by_code[answer.to]
        lacks += [said for _code, said in plugged.objections(community, case, move, to)]
        held = (
            proposed
            if proposed and (proposed.stage, proposed.act) == (case.stage, move.act)
            else None
        )
        found.append(Option(move=move, to=to, lacks=tuple(lacks), proposal=held))
    # What leads on stands first, even while it waits: to suspend or withdraw is the exception.
    return sorted(found, key=lambda one: (one.to.beside, bool(one.lacks)))


def refusal(actor: Actor, community: Community, case: Consultation, act: str) -> Refused | None:
    """Return why an act is not somebody's at the present stage, with the rule; None where it is.

    :raises Refused: `no_process` for a case whose dates alone say where it stands.
    """
    process = moving.process_of(case)
    answer = decide(
        process,
        moving.standing(case, moving.history(case.id)),
        act,
        groups=actor.groups(community.path),
        unmet=(),
        now=clock.now(),
        reason=act,
    )
    if answer.code not in NOT_SHOWN:
        return None
    return move_refusals.refusal(process, case.stage or "", act, answer, {})
