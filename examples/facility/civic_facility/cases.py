"""Cases that name a bay or a sign: not filed while it is broken, and it rests while they are done.

A case names a place by what it is and its number, as in “Sign 12: moved to the east?”.
"""

import re

from sqlalchemy import select

from civic.api import Actor, CaseAt, Community, Objection, StageEntered, StageMove, db, look_at_case
from civic.api import gettext as _
from civic_facility import services
from civic_facility.kinds import CLOSED, HANDLED, IN_USE, KINDS, REPORTED, WORDS
from civic_facility.manifest import plugin
from civic_facility.models import Defect, Place

#: Kinds of the stages at which a case is over.
OVER = frozenset({"archived", "withdrawn"})
#: At which work is going on, and from which on it is done.
WORK, DONE = "executing", frozenset({"result_publicised", "rated", *OVER})


def named(community: Community, title: str) -> list[Place]:
    """Return the places that the title of a case names."""
    numbers = re.findall(r"\d+", title)[:20]
    query = select(Place).where(Place.community_id == community.id, Place.number.in_(numbers))
    found = db.session.scalars(query.order_by(Place.id)) if numbers else ()
    return [place for place in found if _says(title, place.kind)]


def _says(title: str, kind: str) -> bool:
    return any(word in title for word in (str(KINDS[kind]), *WORDS[kind]))


def objection(community: Community, move: StageMove) -> Objection | None:
    """Object to the end of a case about a place that is reported as broken."""
    if move.kind not in OVER:
        return None
    for place in named(community, move.title):
        waiting = select(Defect.id).where(
            Defect.place_id == place.id, Defect.state.in_((REPORTED, HANDLED))
        )
        if db.session.scalar(waiting.limit(1)) is not None:
            sentence = _("A report about number %(number)s is open. Handle it first.")
            return Objection("report_open", sentence % {"number": place.number})
    return None


@plugin.on(StageEntered)
def rest(event: StageEntered) -> None:
    """Close a place for as long as a case about it is carried out."""
    community = db.session.get(Community, event.community_id)
    case = look_at_case(community, event.consultation_id) if community else None
    if community and case:
        follow(community, case)


def follow(community: Community, case: CaseAt) -> None:
    """Close or open what a case names; heard twice or late, it comes to the same."""
    before, after = (IN_USE, CLOSED) if case.kind == WORK else (CLOSED, IN_USE)
    if case.kind == WORK or case.kind in DONE:
        for place in named(community, case.title):
            if place.state == before:
                services.set_state(Actor(), place, after)
