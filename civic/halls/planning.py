"""Plan a meeting: what, where, when, who leads it, its agenda and limits."""

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from civic.communities.models import Community
from civic.consultations import stages
from civic.halls import meetings, who
from civic.halls.models import HallItem, HallMeeting
from civic.halls.rules import rules
from civic.identities import staying
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

LONGEST_LINE, MOST_ITEMS = 200, 30
#: Word of processes for what may be done at a stage.
WORD = "meeting"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Hold what an office plans.

    :ivar items: titles of the agenda, in order.
    :ivar majority: code of what carries a motion.
    """

    title: str
    place: str
    starts_at: datetime
    chair_id: int
    secretary_id: int
    items: list[str] = field(default_factory=list)
    turn_seconds: int
    turns_each: int
    majority: str
    form_key: str = ""


def plan(actor: Actor, community: Community, case_id: int, wanted: Plan) -> HallMeeting:
    """Plan a meeting; a form sent twice is kept once.

    :raises Refused: `stage`, `words`, `agenda`, `caps`, `majority`, `chair` or `secretary`.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    people = leading(community, wanted.chair_id, wanted.secretary_id)
    case = meetings.case_held(community, case_id)
    mine = select(HallMeeting).filter_by(made_by=actor.person_id, form_key=wanted.form_key)
    before = db.session.scalar(mine)
    if before is not None:
        return before
    if not stages.may(case, clock.now(), WORD):
        message = _l("At its present stage no meeting is held in this case.")
        raise Refused("stage", message, HTTPStatus.CONFLICT)
    made = HallMeeting(
        community_id=community.id,
        consultation_id=case.id,
        made_by=actor.person_id,
        made_at=clock.now(),
        form_key=wanted.form_key,
    )
    _fill(made, wanted, people)
    db.session.add(made)
    db.session.flush()
    _write_agenda(made, wanted.items)
    meetings.show(case, made)
    meetings.recorded("hall.planned", actor, community, made, starts_at=made.starts_at.isoformat())
    return made


def change(
    actor: Actor, community: Community, case_id: int, meeting_id: int, wanted: Plan
) -> HallMeeting:
    """Plan anew what has not begun.

    :raises Refused: `begun`, or what `plan` refuses.
    """
    people = leading(community, wanted.chair_id, wanted.secretary_id)
    case = meetings.case_held(community, case_id)
    found = meetings.held(community, case_id, meeting_id)
    meetings.not_begun(found)
    _fill(found, wanted, people)
    db.session.execute(delete(HallItem).filter_by(meeting_id=found.id))
    _write_agenda(found, wanted.items)
    meetings.happened(found)
    meetings.show(case, found)
    meetings.recorded(
        "hall.planned", actor, community, found, starts_at=found.starts_at.isoformat()
    )
    return found


def leading(community: Community, chair_id: int, secretary_id: int) -> dict[int, who.Holder]:
    """Return whoever can lead a meeting, once the two are sure to be among them, and held.

    :raises Refused: `chair` or `secretary`.
    """
    people = who.holders(community)
    for code, person_id in (("chair", chair_id), ("secretary", secretary_id)):
        if person_id not in people:
            raise Refused(code, _l("Please choose somebody who holds a post here."))
    if chair_id == secretary_id:
        message = _l("Whoever leads the meeting cannot take its minutes too: they sign them.")
        raise Refused("secretary", message)
    for person_id in sorted((chair_id, secretary_id)):
        staying.hold(person_id)
    return people


def _fill(meeting: HallMeeting, wanted: Plan, people: dict[int, who.Holder]) -> None:
    title, place = text.plain(wanted.title), text.plain(wanted.place)
    if not title or not place or max(len(title), len(place)) > LONGEST_LINE:
        raise Refused("words", _l("Please write a title and the place, 200 characters each."))
    if not wanted.items or len(wanted.items) > MOST_ITEMS:
        raise Refused("agenda", _l("Please write 1 to 30 items, one a line."))
    if any(len(item) > LONGEST_LINE for item in wanted.items):
        raise Refused("agenda", _l("An item has at most 200 characters."))
    limits = rules()
    if not (
        1 <= wanted.turn_seconds <= limits.most_seconds
        and 1 <= wanted.turns_each <= limits.most_each
    ):
        raise Refused(
            "caps",
            _l("A turn lasts at most %(seconds)d seconds, and there are at most %(each)d."),
            values={"seconds": limits.most_seconds, "each": limits.most_each},
        )
    if wanted.majority not in limits.majorities:
        raise Refused("majority", _l("Please choose what carries a motion."))
    majority, _title = limits.majorities[wanted.majority]
    meeting.title, meeting.place, meeting.starts_at = title, place, wanted.starts_at
    meeting.turn_seconds, meeting.turns_each = wanted.turn_seconds, wanted.turns_each
    meeting.majority_num, meeting.majority_den = majority.num, majority.den
    meeting.majority_more = majority.more
    meetings.lead(meeting, people[wanted.chair_id], people[wanted.secretary_id])


def _write_agenda(meeting: HallMeeting, items: list[str]) -> None:
    for number, title in enumerate(items, 1):
        db.session.add(HallItem(meeting_id=meeting.id, number=number, title=text.plain(title)))
    db.session.flush()
