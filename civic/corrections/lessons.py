"""Keep what was tried in good faith and went wrong; the lesson, and never who (容错)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.corrections.holders import named
from civic.corrections.listing import PER_PAGE
from civic.corrections.models import Correction, Lesson
from civic.corrections.services import LONGEST
from civic.kernel import audit, clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, allowed

WRITE = "corrections.lessons"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Hold a lesson as it is entered."""

    attempt: str
    wrong: str
    lesson: str
    public: bool
    form_key: str
    correction_id: int | None = None


def keep(actor: Actor, community: Community, draft: Draft) -> Lesson:
    """Keep a lesson; a form sent twice is kept once.

    :raises Refused: `words` where something is missing, or `names` where somebody is named.
    """
    attempt, wrong, lesson = (
        text.plain(words) for words in (draft.attempt, draft.wrong, draft.lesson)
    )
    if not all((attempt, wrong, lesson)) or max(map(len, (attempt, wrong, lesson))) > LONGEST:
        raise Refused("words", _l("Please fill in all three, in at most 4,000 characters each."))
    if named(community, f"{attempt}\n{wrong}\n{lesson}"):
        raise Refused(
            "names",
            _l("This names somebody who holds a post here. Please say it without names."),
        )
    if draft.correction_id is not None:
        here = select(Correction.id).filter_by(id=draft.correction_id, community_id=community.id)
        if db.session.scalar(here) is None:
            raise Refused("correction", _l("There is no such correction here."))
    made = Lesson(
        community_id=community.id,
        correction_id=draft.correction_id,
        attempt=attempt,
        wrong=wrong,
        lesson=lesson,
        public=draft.public,
        office=actor.office_at(community.path),
        form_key=draft.form_key,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        again = select(Lesson).filter_by(made_by=actor.person_id, form_key=draft.form_key)
        return db.session.scalars(again).one()
    audit.append(
        "lesson.kept",
        person_id=actor.person_id,
        post=made.office,
        subject=f"lesson:{made.id}",
        community_id=community.id,
        data={"public": made.public, "correction": made.correction_id},
    )
    return made


def listed(actor: Actor, community: Community, before: int | None = None) -> Sequence[Lesson]:
    """Return the lessons that an actor may read, the newest first."""
    query = select(Lesson).filter_by(community_id=community.id)
    if not allowed(actor, WRITE, community.path):
        query = query.where(Lesson.public)
    if before is not None:
        query = query.where(Lesson.id < before)
    return db.session.scalars(query.order_by(Lesson.id.desc()).limit(PER_PAGE)).all()
