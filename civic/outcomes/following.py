"""Follow a case, or hear nothing more of it."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.identities import staying
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.outcomes import participating
from civic.outcomes.models import Following
from civic.topics.models import TopicAsker


def hears(person_id: int | None, case_id: int) -> bool:
    """Tell whether somebody hears of a case: as they chose, else if they took part or raised it."""
    if person_id is None:
        return False
    query = select(Following.hears).filter_by(consultation_id=case_id, person_id=person_id)
    chosen = db.session.scalar(query)
    if chosen is not None:
        return chosen
    asked = participating.askers(case_id).where(TopicAsker.person_id == person_id).limit(1)
    return participating.took_part(person_id, case_id) or db.session.scalar(asked) is not None


def choose(actor: Actor, case_id: int, *, wants: bool) -> None:
    """Keep whether somebody wants to hear of a case."""
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    staying.hold(actor.person_id)
    key = {"consultation_id": case_id, "person_id": actor.person_id}
    found = db.session.get(Following, key, with_for_update=True)
    if found is None:
        try:
            with db.session.begin_nested():
                db.session.add(Following(**key, hears=wants, at=clock.now()))
        except IntegrityError:
            found = db.session.get_one(Following, key, with_for_update=True)
        else:
            return
    found.hears, found.at = wants, clock.now()
    db.session.flush()
