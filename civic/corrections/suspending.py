"""Let a case rest while a correction of it is examined, and go on afterwards."""

from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations import moving, stages
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.corrections.models import ADMITTED, EXAMINED, Correction
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

#: What has ended cannot rest.
ENDED = frozenset({stages.ARCHIVED, stages.WITHDRAWN, stages.VOIDED})
SUSPEND, RESUME = "suspend", "resume"


def suspend(actor: Actor, community: Community, correction: Correction) -> None:
    """Let the case of a correction rest; a dated case has no stage that could.

    :raises Refused: `suspended` for a case that has ended, or what its process refuses it for.
    """
    case = _case(correction)
    if case.stage is None or stages.kind(case) == stages.SUSPENDED:
        return
    if stages.kind(case) in ENDED:
        raise Refused("suspended", _l("This case has ended; it cannot rest."), HTTPStatus.CONFLICT)
    correction.stage_before = case.stage
    moving.move(actor, community, case, SUSPEND, reason=correction.admission)


def resume(actor: Actor, community: Community, correction: Correction) -> None:
    """Let a case go on where it stood, once no other correction of it is examined.

    :raises Refused: what the process of the case refuses it for.
    """
    if correction.stage_before is None:
        return
    case = _case(correction)
    other = db.session.scalar(
        select(Correction)
        .where(
            Correction.consultation_id == case.id,
            Correction.id != correction.id,
            Correction.state.in_((ADMITTED, EXAMINED)),
        )
        .limit(1)
    )
    if other is not None:
        other.stage_before, correction.stage_before = correction.stage_before, None
        return
    if stages.kind(case) == stages.SUSPENDED:
        moving.move(actor, community, case, RESUME, reason=correction.reason)


def _case(correction: Correction) -> Consultation:
    query = select(Consultation).filter_by(id=correction.consultation_id)
    held = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(held).one()


def _missing(case: Consultation) -> list[str]:
    if not case.figures.get("corrections_open"):
        return []
    return [_("A correction of this case is being examined. Please wait for its decision.")]


CHECK = Check("no_open_correction", _l("No correction is being examined"), _missing)
