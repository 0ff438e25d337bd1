"""What is stored of who objected, rated, or follows: given out, and freed of the person."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from civic.consultations.models import Consultation
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table
from civic.moderation.models import Decision
from civic.outcomes.models import Following, Rating, Resolution, ResolutionObjection
from civic.outcomes.words import VERDICTS


def _export(person_id: int) -> list[Table]:
    case, text, at = _l("Consultation"), _l("Text"), _l("When")
    objections = db.session.execute(
        select(Resolution.title, ResolutionObjection, Decision.sealed)
        .join(Resolution, Resolution.id == ResolutionObjection.resolution_id)
        .outerjoin(Decision, Decision.id == ResolutionObjection.hidden_by)
        .where(ResolutionObjection.person_id == person_id)
        .order_by(ResolutionObjection.id)
    ).all()
    ratings = db.session.execute(
        select(Consultation.title, Rating, Decision.sealed)
        .join(Consultation, Consultation.id == Rating.consultation_id)
        .outerjoin(Decision, Decision.id == Rating.hidden_by)
        .where(Rating.person_id == person_id)
        .order_by(Rating.id)
    ).all()
    followed = db.session.execute(
        select(Consultation.title, Following.hears, Following.at)
        .join(Consultation, Consultation.id == Following.consultation_id)
        .where(Following.person_id == person_id)
        .order_by(Following.at)
    ).all()
    return [
        Table(
            "resolution_objections",
            _l("Objections to resolutions"),
            {"resolution": _l("Resolution"), "text": text, "answer": _l("Answer"), "at": at},
            [
                (title, sealed.get("text", "") if sealed else one.words, one.answer, one.at)
                for title, one, sealed in objections
            ],
        ),
        Table(
            "ratings",
            _l("Ratings"),
            {"consultation": case, "rating": _l("Rating"), "text": text, "at": at},
            [
                (
                    title,
                    VERDICTS[one.verdict],
                    sealed.get("text", "") if sealed else one.words,
                    one.at,
                )
                for title, one, sealed in ratings
            ],
        ),
        Table(
            "followed",
            _l("Cases that you follow or have muted"),
            {"consultation": case, "hears": _l("You hear of it"), "at": at},
            [tuple(row) for row in followed],
        ),
    ]


def _forget(person_id: int) -> None:
    """Keep how many rated how; cut that off from the person, and end their following."""
    cut = update(Rating).where(Rating.person_id == person_id)
    db.session.execute(cut.values(person_id=None, words=""))
    db.session.execute(delete(Following).filter_by(person_id=person_id))


PART = Part(
    owner="outcomes",
    title=_l("Objections, ratings, and cases that you follow"),
    stored=(
        Collected(
            _l("What you object to a resolution, and how you rate what was done"),
            _l(
                "Offices have to answer objections; they are public under your masked name. Of "
                "ratings only numbers are public, and words without a name."
            ),
            _l("as long as the record of the case"),
        ),
        Collected(
            _l("Which cases you follow, or want to hear nothing of"),
            _l("So that you are told what comes of them. Nobody else sees it."),
            _l("until you change it"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Objections to resolutions, under “已注销的用户”"),
            _l("Offices have answered them, and others rely on that."),
        ),
        Kept(
            _l("How a case was rated, in numbers"),
            _l("It decides whether work begins once more. Nothing leads from it to you."),
        ),
    ),
)
