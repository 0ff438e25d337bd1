"""Who chairs, who keeps the desk of a meeting, who may raise a hand in it."""

from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from civic.communities.models import Community, Post
from civic.consultations.models import Consultation
from civic.halls.models import HallMeeting
from civic.identities.audiences import fitting_group
from civic.identities.models import Appointment, Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, Path, allowed

MANAGE, KEEP, TAKE_PART = "halls.manage", "halls.keep", "halls.take_part"
SPEAK, ANSWER = "consultations.speak", "consultations.answer"


@dataclass(frozen=True)
class Holder:
    """Be somebody who holds a post at a community, by which they can lead a meeting."""

    person_id: int
    name: str
    post: str


def holders(community: Community) -> dict[int, Holder]:
    """Return whoever holds a post at a community or above it, each once, by their key."""
    now = clock.now()
    rows = db.session.execute(
        select(Appointment.person_id, Person.name, Post.title)
        .join(Post, Post.id == Appointment.post_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Post.node_id.in_(community.path),
            Person.closed_at.is_(None),
            Appointment.valid_from <= now,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to > now),
        )
        .order_by(Post.node_id.desc(), Post.id, Appointment.person_id)
    )
    found: dict[int, Holder] = {}
    for person_id, name, title in rows:
        found.setdefault(person_id, Holder(person_id, name, title))
    return found


def chairs(actor: Actor, meeting: HallMeeting) -> bool:
    """Tell whether somebody leads a meeting."""
    return actor.person_id == meeting.chair_id


def keeps(actor: Actor, meeting: HallMeeting, path: Path) -> bool:
    """Tell whether somebody keeps the desk: chair, secretary, or the office beside them."""
    named = actor.person_id in {meeting.chair_id, meeting.secretary_id}
    return named or allowed(actor, MANAGE, path)


def must_chair(actor: Actor, meeting: HallMeeting) -> None:
    """Refuse whoever does not lead a meeting.

    :raises Refused: `not_the_chair`.
    """
    if not chairs(actor, meeting):
        raise Refused(
            "not_the_chair",
            _l("This is for the chair of the meeting, %(name)s."),
            HTTPStatus.FORBIDDEN,
            {"name": meeting.chair_name},
        )


def must_keep(actor: Actor, meeting: HallMeeting, path: Path) -> None:
    """Refuse whoever has nothing to do at the desk of a meeting.

    :raises Refused: `not_at_the_desk`.
    """
    if not keeps(actor, meeting, path):
        message = _l("The desk is for the chair, for whoever takes the minutes, and the office.")
        raise Refused("not_at_the_desk", message, HTTPStatus.FORBIDDEN)


def why_not(actor: Actor, case: Consultation, path: Path) -> Refused | None:
    """Return why somebody may not take part in the meetings of a case, or None when they may."""
    if actor.person_id is None:
        return Refused("sign_in", _l("Please sign in to take part."), HTTPStatus.UNAUTHORIZED)
    asked = allowed(actor, SPEAK, path) and fitting_group(actor, case.audience, path)
    if asked or allowed(actor, ANSWER, path):
        return None
    message = _l(
        "This meeting asks other people than those whose standing you have. You may follow it."
    )
    return Refused("audience", message, HTTPStatus.FORBIDDEN)
