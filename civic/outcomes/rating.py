"""Ask those who took part whether it is solved; where it is not, tasks begin once more."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.consultations import figures, stages
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.identities import staying
from civic.kernel import clock, holidays, periods, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.outcomes import carrying_out, news, participating, resolutions
from civic.outcomes.models import (
    FIRST_ROUND,
    LAST_ROUND,
    NOT_SOLVED,
    VERDICTS,
    Rating,
    RatingRound,
    TaskStep,
)
from civic.outcomes.rules import rules

LONGEST = 1000
PER_PAGE = 50
#: Of the panel: until when is asked; how many rated in the round that ended last, and of these
#: how many say it is solved.
UNTIL, RATED, SOLVED_NOW = "rating_until", "rating_all", "rating_solved"


def ask(actor: Actor, community: Community, case_id: int) -> RatingRound:
    """Open a round, once all tasks are done.

    :raises Refused: `not_done`, `running`, `rated`, or what `TableMissing` says.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    case = resolutions.held(community, case_id)
    found = carrying_out.tasks(case.id)
    if not found or any(task.done_at is None for task in found):
        message = _l("Ratings are asked for when all tasks are done.")
        raise Refused("not_done", message, HTTPStatus.CONFLICT)
    last = latest(case.id)
    if last is not None and last.ended_at is None:
        raise Refused("running", _l("Ratings are being asked for."), HTTPStatus.CONFLICT)
    if last is not None and not last.reopened:
        raise Refused("rated", _l("This case is rated."), HTTPStatus.CONFLICT)
    now = clock.now()
    made = RatingRound(
        consultation_id=case.id,
        number=last.number + 1 if last else FIRST_ROUND,
        opens_at=now,
        until=periods.end_of(now, rules().rating, holidays.load()),
        asked_by=actor.person_id,
    )
    db.session.add(made)
    db.session.flush()
    _figure(case, UNTIL, int(made.until.timestamp()))
    resolutions.recorded("rating.asked", actor, community, case.id, round=made.number)
    news.happened(community, case, news.RATE)
    return made


def running(found: RatingRound | None, now: datetime) -> bool:
    """Tell whether one can rate now."""
    return found is not None and found.ended_at is None and now < found.until


def rate(actor: Actor, community: Community, case_id: int, *, verdict: str, words: str) -> Rating:
    """Say whether it is solved, or say it anew.

    :raises Refused: `verdict`, `words`, `not_asked` or `not_yours`.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    words = text.plain(words)
    if verdict not in VERDICTS:
        raise Refused("verdict", _l("Please choose whether it is solved."))
    if len(words) > LONGEST:
        raise Refused("words", _l("Please write at most 1,000 characters."))
    staying.hold(actor.person_id)
    case = db.session.scalar(select(Consultation).filter_by(id=case_id, community_id=community.id))
    if case is None or case.published_at is None:
        raise resolutions.missing()
    # Whoever ends the round holds its row until all who rate before have been counted.
    last = db.session.scalar(_latest(case.id).with_for_update(read=True))
    now = clock.now()
    if last is None or not running(last, now) or case.stage == stages.SUSPENDED:
        raise Refused("not_asked", _l("No rating is asked for now."), HTTPStatus.CONFLICT)
    if not participating.took_part(actor.person_id, case.id):
        message = _l("Those who took part in this case rate what was done.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    key = {"consultation_id": case.id, "number": last.number, "person_id": actor.person_id}
    mine = select(Rating).filter_by(**key).with_for_update()
    found = db.session.scalar(mine)
    if found is None:
        made = Rating(**key, verdict=verdict, words=words, at=now)
        try:
            with db.session.begin_nested():
                db.session.add(made)
        except IntegrityError:
            found = db.session.scalars(mine).one()
        else:
            return made
    if found.hidden_by is not None and words:
        raise Refused("words", _l("Your words were hidden by the office; object to that first."))
    found.verdict, found.words, found.at = verdict, found.words if found.hidden_by else words, now
    db.session.flush()
    return found


def end(community: Community, case_id: int) -> RatingRound:
    """End a round whose time is over; reopen the tasks where too many say it is not solved.

    :raises Refused: `running` while it goes on or none is open.
    """
    # The round before the case: whoever rates holds it and then touches the case's row.
    last = db.session.scalar(
        _latest(case_id).with_for_update().execution_options(populate_existing=True)
    )
    case = resolutions.held(community, case_id)
    now = clock.now()
    if last is None or last.ended_at is not None or now < last.until:
        raise Refused("running", _l("No round of ratings is over."), HTTPStatus.CONFLICT)
    counts = counted(case.id, last.number)
    everybody = sum(counts.values())
    last.ended_at, last.figures = now, counts
    enough = everybody >= rules().smallest
    unsolved = Fraction(counts[NOT_SOLVED], everybody) if everybody else Fraction(0)
    last.reopened = last.number < LAST_ROUND and enough and unsolved >= rules().reopen
    _figure(case, UNTIL, 0)
    _figure(case, RATED, everybody if enough else 0)
    _figure(case, SOLVED_NOW, counts[VERDICTS[0]] if enough else 0)
    shown = counts if enough else {}
    resolutions.recorded("rating.ended", None, community, case.id, round=last.number, figures=shown)
    if last.reopened:
        _reopen(community, case, now)
    db.session.flush()
    return last


def _reopen(community: Community, case: Consultation, now: datetime) -> None:
    due = periods.end_of(now, rules().redo, holidays.load())
    for task in carrying_out.tasks(case.id):
        task.progress, task.done_at, task.due_at = 0, None, due
        task.again, task.told_overdue = True, False
        step = TaskStep(
            task_id=task.id,
            at=now,
            progress=0,
            words=_("Those who took part say that it is not solved. The work begins once more."),
            form_key=f"again:{task.id}",
        )
        db.session.add(step)
    db.session.flush()
    carrying_out.count(case)
    resolutions.recorded("task.reopened", None, community, case.id, due=due.isoformat())
    news.happened(community, case, news.REOPENED)


def _figure(case: Consultation, code: str, number: int) -> None:
    figures.add(case.id, code, number - case.figures.get(code, 0))


def _latest(case_id: int) -> Select[RatingRound]:
    query = select(RatingRound).filter_by(consultation_id=case_id)
    return query.order_by(RatingRound.number.desc()).limit(1)


def latest(case_id: int) -> RatingRound | None:
    """Return the round that runs or ran last."""
    return db.session.scalar(_latest(case_id))


def counted(case_id: int, number: int) -> dict[str, int]:
    """Return how many said what in a round."""
    rows = db.session.execute(
        select(Rating.verdict, func.count())
        .filter_by(consultation_id=case_id, number=number)
        .group_by(Rating.verdict)
    ).all()
    return dict.fromkeys(VERDICTS, 0) | {row[0]: row[1] for row in rows}


def mine(person_id: int | None, found: RatingRound) -> Rating | None:
    """Return what somebody said in a round."""
    key: dict[str, Any] = {"consultation_id": found.consultation_id, "number": found.number}
    query = select(Rating).filter_by(**key, person_id=person_id)
    return db.session.scalar(query) if person_id is not None else None


def said(found: RatingRound) -> Sequence[Rating]:
    """Return the newest ratings of a round that has ended, for their words."""
    query = select(Rating).filter_by(consultation_id=found.consultation_id, number=found.number)
    return db.session.scalars(query.order_by(Rating.at.desc()).limit(PER_PAGE)).all()


def over() -> Select[RatingRound]:
    """Select rounds whose time is over and that nobody has counted."""
    return select(RatingRound).where(
        RatingRound.ended_at.is_(None), RatingRound.until <= clock.now()
    )


def end_all() -> int:
    """End each round whose time is over; return how many."""
    done = 0
    for one in db.session.scalars(over()).all():
        case = db.session.get_one(Consultation, one.consultation_id)
        try:
            with db.session.begin_nested():
                end(db.session.get_one(Community, case.community_id), case.id)
        except periods.TableMissing:
            continue  # the office is told what is missing when it ends the round itself
        done += 1
    return done


def _missing(case: Consultation) -> list[str]:
    last = latest(case.id)
    if last is None:
        return [_("Those who took part have not been asked to rate it yet.")]
    if last.ended_at is None:
        return [_("Ratings are still being given.")]
    if last.reopened:
        return [_("Many say it is not solved: carry it out once more, then ask again.")]
    return []


CHECK = Check("rating_over", _l("Those who took part have rated it"), _missing)
