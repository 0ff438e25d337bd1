"""Ask those who took part whether it is solved; where it is not, tasks begin once more."""

from datetime import datetime
from fractions import Fraction
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.consultations import figures, public, stages
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.identities import staying
from civic.kernel import clock, holidays, periods, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.outcomes import carrying_out, news, once_more, participating, resolutions
from civic.outcomes.models import NOT_SOLVED, VERDICTS, Rating, RatingRound
from civic.outcomes.rules import rules

LONGEST = 1000
#: Of the panel: until when is asked; how many rated in the round that ended last, and of these
#: how many say it is solved.
UNTIL, RATED, SOLVED_NOW = "rating_until", "rating_all", "rating_solved"


def ask(actor: Actor, community: Community, case_id: int) -> RatingRound:
    """Open a round, once all tasks are done.

    :raises Refused: `not_done`, `running`, `rated`, or what `TableMissing` says.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    case = public.held(community, case_id)
    found = carrying_out.in_force(case)
    if not found or any(task.done_at is None for task in found):
        message = _l("Ratings are asked for when all tasks are done.")
        raise Refused("not_done", message, HTTPStatus.CONFLICT)
    last = in_force(case)
    if last is not None and last.ended_at is None:
        raise Refused("running", _l("Ratings are being asked for."), HTTPStatus.CONFLICT)
    if last is not None and not last.reopened:
        raise Refused("rated", _l("This case is rated."), HTTPStatus.CONFLICT)
    now = clock.now()
    before = latest(case.id)
    made = RatingRound(
        consultation_id=case.id,
        number=before.number + 1 if before else 1,
        second=last is not None,
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
    rests = case.stage == stages.SUSPENDED or in_force(case) is None
    if last is None or not running(last, now) or rests:
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
    last = db.session.scalar(_held(case_id))
    case = public.held(community, case_id)
    now = clock.now()
    if last is None or last.ended_at is not None or now < last.until:
        raise Refused("running", _l("No round of ratings is over."), HTTPStatus.CONFLICT)
    return _counted_up(community, case, last)


def _counted_up(community: Community, case: Consultation, last: RatingRound) -> RatingRound:
    now, counts = clock.now(), counted(case.id, last.number)
    everybody = sum(counts.values())
    stands = in_force(case) is last
    last.ended_at, last.figures = now, counts
    enough = everybody >= rules().smallest
    unsolved = Fraction(counts[NOT_SOLVED], everybody) if everybody else Fraction(0)
    again = stands and enough and unsolved >= rules().reopen
    last.reopened = again and not last.second
    _figure(case, UNTIL, 0)
    _figure(case, RATED, everybody if enough and stands else 0)
    _figure(case, SOLVED_NOW, counts[VERDICTS[0]] if enough and stands else 0)
    shown = counts if enough else {}
    resolutions.recorded("rating.ended", None, community, case.id, round=last.number, figures=shown)
    if last.reopened:
        once_more.reopen(community, case, now)
    db.session.flush()
    return last


def overtaken(community: Community, case_id: int) -> None:
    """End a round about what is voted on again, and show no ratings of it at the case."""
    last = db.session.scalar(_held(case_id))
    case = public.held(community, case_id)
    if last is None or in_force(case) is not None:
        return
    if last.ended_at is None:
        _counted_up(community, case, last)
    for code in (UNTIL, RATED, SOLVED_NOW):
        _figure(case, code, 0)


def _figure(case: Consultation, code: str, number: int) -> None:
    figures.add(case.id, code, number - case.figures.get(code, 0))


def _latest(case_id: int) -> Select[RatingRound]:
    query = select(RatingRound).filter_by(consultation_id=case_id)
    return query.order_by(RatingRound.opens_at.desc(), RatingRound.number.desc()).limit(1)


def _held(case_id: int) -> Select[RatingRound]:
    return _latest(case_id).with_for_update().execution_options(populate_existing=True)


def in_force(case: Consultation) -> RatingRound | None:
    """Return the latest round about what stands now; those before a later vote do not count."""
    last, since = latest(case.id), resolutions.in_force_since(case)
    return last if last and since is not None and last.opens_at >= since else None


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
    last = in_force(case)
    if last is None:
        return [_("Those who took part have not been asked to rate it yet.")]
    if last.ended_at is None:
        return [_("Ratings are still being given.")]
    if last.reopened:
        return [_("Many say it is not solved: carry it out once more, then ask again.")]
    return []


CHECK = Check("rating_over", _l("Those who took part have rated it"), _missing)
