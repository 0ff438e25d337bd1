"""Events as a calendar that other programs read (iCalendar, RFC 5545)."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from civic.api import Community, clock, db, plain
from civic_events.kinds import CANCELLED, PUBLISHED
from civic_events.models import Activity

#: Events of the last weeks stay in the calendar, so that programs see what became of them.
SINCE = timedelta(days=60)
MOST = 500


def of(community: Community) -> Sequence[Activity]:
    """Return the published events of a community for its calendar."""
    query = select(Activity).where(
        Activity.community_id == community.id,
        Activity.published_at.is_not(None),
        Activity.state.in_((PUBLISHED, CANCELLED)),
        Activity.ends_at > clock.now() - SINCE,
    )
    return db.session.scalars(query.order_by(Activity.starts_at, Activity.id).limit(MOST)).all()


def calendar(community: Community, rows: Sequence[Activity]) -> bytes:
    """Return a calendar of events, in local time with its zone."""
    import icalendar  # noqa: PLC0415 - slow to import and rarely needed

    made = icalendar.Calendar()
    made.add("prodid", "-//Civic//events//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", community.name)
    for row in rows:
        event = icalendar.Event()
        address = url_for(
            "events.activity", community=community.slug, activity_id=row.id, _external=True
        )
        event.add("uid", f"activity-{row.id}@{community.slug}.events.civic")
        event.add("dtstamp", row.published_at or clock.now())
        event.add("dtstart", clock.local(row.starts_at))
        event.add("dtend", clock.local(row.ends_at))
        event.add("summary", row.title)
        event.add("location", row.place)
        event.add("description", plain(row.text))
        event.add("url", address)
        event.add("sequence", row.sequence)
        event.add("status", "CANCELLED" if row.state == CANCELLED else "CONFIRMED")
        made.add_component(event)
    if rows:
        made.add_missing_timezones()
    return bytes(made.to_ical())
