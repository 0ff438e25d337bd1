"""Object to a resolution while it hangs; somebody else than its writer answers, in time."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.consultations import figures, public
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.identities import staying
from civic.kernel import clock, holidays, periods, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.outcomes import display, news, resolutions
from civic.outcomes.models import Resolution, ResolutionObjection
from civic.outcomes.rules import rules
from civic.procedures import dates

LONGEST = 4000
PER_PAGE = 50
FIGURE = "objections_open"


def open_now(found: Resolution | None, now: datetime) -> bool:
    """Tell whether objections to a resolution are heard."""
    until = found.display_until if found else None
    return until is not None and now < until


def heard(case: Consultation, now: datetime) -> Resolution | None:
    """Return the edition to which one objects now."""
    found = resolutions.standing(case)
    return found if open_now(found, now) else None


def object_(
    actor: Actor, community: Community, case_id: int, *, words: str, form_key: str
) -> ResolutionObjection:
    """Object to the newest edition; a form sent twice is kept once.

    :raises Refused: `words`, `overtaken`, `over`, `once`, or what `TableMissing` says.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    words = text.plain(words)
    if not words or len(words) > LONGEST:
        raise Refused("words", _l("Please write what is wrong, in at most 4,000 characters."))
    staying.hold(actor.person_id)
    mine = select(ResolutionObjection).filter_by(person_id=actor.person_id)
    before = db.session.scalar(mine.filter_by(form_key=form_key))
    if before is not None:
        return before
    case = public.held(community, case_id)
    if not resolutions.published(case.id):
        raise resolutions.missing()
    found, now = resolutions.standing(case), clock.now()
    if found is None:
        message = _l("This is voted on again. One objects to the resolution that follows.")
        raise Refused("overtaken", message, HTTPStatus.CONFLICT)
    if not open_now(found, now):
        message = _l("The time for objections is over. You can still ask for a correction.")
        raise Refused("over", message, HTTPStatus.CONFLICT)
    made = ResolutionObjection(
        resolution_id=found.id,
        person_id=actor.person_id,
        words=words,
        form_key=form_key,
        at=now,
        due_at=_due(case, now),
        written_by=found.written_by,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        again = db.session.scalar(mine.filter_by(form_key=form_key))
        if again is not None:
            return again
        raise Refused(
            "once", _l("You have objected to this already."), HTTPStatus.CONFLICT
        ) from error
    figures.add(case.id, FIGURE)
    return made


def _due(case: Consultation, at: datetime) -> datetime:
    """Return by when an objection of a moment is answered."""
    procedure, known = display.procedure_of(case), holidays.load()
    for due in dates.after_objection(procedure, at, known) if procedure else ():
        if due.ends_at is None:
            raise periods.TableMissing(due.missing or 0)
        return due.ends_at
    return periods.end_of(at, rules().answer, known)


def answer(
    actor: Actor,
    community: Community,
    case_id: int,
    objection_id: int,
    *,
    words: str,
    alone: str = "",
) -> ResolutionObjection:
    """Answer an objection; who wrote the resolution says why it is them.

    :raises Refused: `words`, `answered` or `the_writer`.
    """
    case = public.held(community, case_id)
    found = db.session.scalar(
        select(ResolutionObjection)
        .join(Resolution, Resolution.id == ResolutionObjection.resolution_id)
        .where(ResolutionObjection.id == objection_id, Resolution.consultation_id == case.id)
        .with_for_update(of=ResolutionObjection)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise resolutions.missing()
    if found.answered_at is not None:
        raise Refused("answered", _l("This objection is answered."), HTTPStatus.CONFLICT)
    words, alone = text.plain(words), text.plain(alone)
    if not words or len(words) > LONGEST or len(alone) > LONGEST:
        raise Refused("words", _l("Please write an answer, in at most 4,000 characters."))
    mine = found.written_by == actor.person_id
    if mine and not alone:
        message = _l("You wrote the resolution. Somebody else should answer; if nobody can, why?")
        raise Refused("the_writer", message, HTTPStatus.FORBIDDEN)
    found.answer, found.alone = words, alone if mine else ""
    found.answer_office = resolutions.office(actor, community)
    found.answered_by, found.answered_at = actor.person_id, clock.now()
    db.session.flush()
    figures.add(case.id, FIGURE, -1)
    resolutions.recorded(
        "resolution.objection_answered", actor, community, case.id, objection=found.id
    )
    news.answered(community, case, found)
    return found


def listed(
    case_id: int, before: int | None = None, *, waiting: bool = False
) -> Sequence[ResolutionObjection]:
    """Return the objections of a case, the newest first; those that wait, by their dates."""
    query = (
        select(ResolutionObjection)
        .join(Resolution, Resolution.id == ResolutionObjection.resolution_id)
        .options(joinedload(ResolutionObjection.person))
        .where(Resolution.consultation_id == case_id)
        .limit(PER_PAGE)
    )
    if waiting:
        query = query.where(ResolutionObjection.answered_at.is_(None))
        return db.session.scalars(query.order_by(ResolutionObjection.due_at)).all()
    if before is not None:
        query = query.where(ResolutionObjection.id < before)
    return db.session.scalars(query.order_by(ResolutionObjection.id.desc())).all()


def _missing(case: Consultation) -> list[str]:
    found = resolutions.standing(case)
    if found is None:
        return [_("The resolution is not published yet.")]
    said = []
    if open_now(found, clock.now()):
        said.append(_("The resolution still hangs, and objections are heard."))
    waiting = db.session.scalar(
        select(func.count())
        .select_from(ResolutionObjection)
        .join(Resolution, Resolution.id == ResolutionObjection.resolution_id)
        .where(Resolution.consultation_id == case.id, ResolutionObjection.answered_at.is_(None))
    )
    if waiting:
        said.append(
            ngettext(
                "%(num)d objection has no answer yet.",
                "%(num)d objections have no answer yet.",
                waiting,
            )
        )
    return said


CHECK = Check("publicity_over", _l("The resolution has hung, objections are answered"), _missing)
