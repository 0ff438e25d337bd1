"""Write acts into the audit, and tell the people of seats."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select, union

from civic.api import Actor, Community, Organisation, db, liaisons
from civic_party.manifest import plugin
from civic_party.meeting_models import Meeting
from civic_party.models import Body, Holder, Seat


def on_body(actor: Actor, body: Body, act: str, values: dict[str, Any] | None = None) -> None:
    """Write an act on a body into the audit."""
    subject = f"party_body:{body.id}"
    plugin.audit(act, community=body.community, subject=subject, actor=actor, data=values)


def on_meeting(
    actor: Actor, which: Meeting, act: str, values: dict[str, Any] | None = None
) -> None:
    """Write an act on a meeting into the audit."""
    community = db.session.get_one(Community, which.community_id)
    subject = f"party_meeting:{which.id}"
    plugin.audit(act, community=community, subject=subject, actor=actor, data=values)


def people(seat_ids: Collection[int] | Select[int]) -> Select[int]:
    """Return a statement of the ids of all who fill some seats or act for their units."""
    filled = select(Holder.person_id).where(
        Holder.seat_id.in_(seat_ids), Holder.until.is_(None), Holder.person_id.is_not(None)
    )
    units = select(Organisation.id).join(Seat, Seat.organisation_id == Organisation.id)
    units = units.where(Seat.id.in_(seat_ids))
    both = union(filled, liaisons(units)).subquery()
    return select(both.c[0])


def tell_seats(
    code: str, which: Meeting, seat_ids: Collection[int] | None = None, **values: object
) -> None:
    """Tell those who act for the seats of a body, or for some of them, about a meeting."""
    seats = select(Seat.id).where(Seat.body_id == which.body_id, Seat.ended_at.is_(None))
    community = db.session.get_one(Community, which.community_id)
    plugin.tell(
        code,
        community=community,
        subject=f"meeting:{which.id}",
        people=people(seats if seat_ids is None else seat_ids),
        values={"meeting": which.id, "title": which.body.title, **values},
    )
