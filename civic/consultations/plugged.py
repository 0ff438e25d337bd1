"""What plugins know of cases by stage: where one stands, and what they have against a move."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.kernel import clock, plugins
from civic.kernel.db import db
from civic.kernel.objecting import StageMove
from civic.processes import terms
from civic.processes.schema import Move, Stage


@dataclass(frozen=True)
class CaseAt:
    """Be a published case, as the plugin may know it.

    :ivar url: address of its page, below the site's root.
    :ivar process: code of the way it goes; empty where its dates alone say where it stands.
    :ivar stage: code of the stage at which it stands.
    :ivar kind: kind of that stage, the same in all processes: `voting`, `executing`, `archived`.
    """

    id: int
    url: str
    title: str
    process: str
    stage: str
    kind: str


def look_at_case(community: Community, case_id: int) -> CaseAt | None:
    """Return where a case of a community stands now, or nothing while it is a draft.

    Events come late at times, and in no order: whoever hears one looks at the case itself.
    """
    case = db.session.get(Consultation, case_id)
    if case is None or case.community_id != community.id or case.published_at is None:
        return None
    kind = stages.stage(case, clock.now())
    return CaseAt(
        id=case.id,
        url=f"/c/{community.slug}/consultations/{case.id}/",
        title=case.title,
        process=case.process_code or "",
        stage=case.stage or kind,
        kind=kind,
    )


def objections(
    community: Community, case: Consultation, move: Move, to: Stage
) -> list[tuple[str, str]]:
    """Return what plugins have against a move: a code and a sentence that names the plugin each.

    A suspension and its end are those of a correction, which no plugin holds up.
    """
    if to.kind == terms.SUSPENDED or move.to == terms.BACK:
        return []
    registry = plugins.registry()
    asked = StageMove(
        case_id=case.id,
        title=case.title,
        process=case.process_code or "",
        origin=case.stage or "",
        to=to.code,
        kind=to.kind,
        act=move.act,
    )
    sentence = _l("The plugin “%(plugin)s” says: %(said)s")
    return [
        (
            f"{name}.{said.code}",
            str(sentence) % {"plugin": registry.loaded[name].title, "said": said.sentence},
        )
        for name, said in registry.check_stage(community, asked)
    ]
