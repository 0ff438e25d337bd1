"""Series: an event that was accepted takes place again and again, each date an event of its own."""

from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import func, select

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_events import kinds, owning, placing, recurring
from civic_events.manifest import plugin
from civic_events.models import Activity, Series

#: What the dates of a series have in common; each has its own places and sign-ups.
SAME = (
    *("title", "text", "place", "audience", "capacity", "expected", "most", "questions"),
    *("organiser", "lead", "facts", "plan", "permit_from"),
)
WEEKS = 8


def begin(actor: Actor, activity: Activity, rule: str) -> Series:
    """Let a published event take place again by a rule; the filing of it counts for all of them.

    :raises Refused: `rule`, `not_published`, `series` for one that is in a series, `permit` for one
        that needs a permit: each date of that is permitted for itself; `not_yours`.
    """
    kept = recurring.read(rule)
    owning.hold(actor, activity)
    if activity.state != kinds.PUBLISHED:
        message = _l("Publish the first date; then let it be repeated.")
        raise Refused("not_published", message, HTTPStatus.CONFLICT)
    if activity.series_id is not None:
        message = _l("This event is one date of a series already.")
        raise Refused("series", message, HTTPStatus.CONFLICT)
    if activity.expected >= activity.permit_from:
        message = _l("So many people are expected that each date needs a permit of its own.")
        raise Refused("permit", message, HTTPStatus.CONFLICT)
    made = Series(community_id=activity.community_id, rule=kept, weeks=WEEKS)
    db.session.add(made)
    db.session.flush()
    activity.series_id = made.id
    db.session.flush()
    plugin.audit(
        "series",
        community=activity.community,
        subject=f"events_series:{made.id}",
        actor=actor,
        data={"rule": kept},
    )
    go_on(made)
    return made


def end(actor: Actor, activity: Activity) -> None:
    """Make no more dates of a series; those that are published take place.

    :raises Refused: `no_series`, `not_yours`.
    """
    owning.hold(actor, activity)
    found = db.session.get(Series, activity.series_id) if activity.series_id else None
    if found is None or found.ended_at is not None:
        message = _l("This series has ended already.")
        raise Refused("no_series", message, HTTPStatus.CONFLICT)
    found.ended_at = clock.now()
    subject = f"events_series:{found.id}"
    plugin.audit("series_ended", community=activity.community, subject=subject, actor=actor)


def go_on(series: Series) -> int:
    """Make the dates of the next weeks that are not there; return how many."""
    dated = select(Activity).filter_by(series_id=series.id)
    first = db.session.scalars(dated.order_by(Activity.starts_at).limit(1)).one()
    last = db.session.scalar(select(func.max(Activity.starts_at)).filter_by(series_id=series.id))
    assert last is not None  # noqa: S101 - the first is there
    made = 0
    until = clock.now() + timedelta(weeks=series.weeks)
    for moment in recurring.dates(series.rule, first.starts_at, last, until):
        if moment <= clock.now():
            continue
        _date(first, series, moment)
        made += 1
    return made


def _date(first: Activity, series: Series, moment: datetime) -> None:
    row = Activity(community_id=first.community_id, community=first.community)
    for name in SAME:
        setattr(row, name, getattr(first, name))
    row.starts_at = moment
    row.ends_at = row.starts_at + (first.ends_at - first.starts_at)
    row.state, row.series_id, row.made_by = kinds.PUBLISHED, series.id, first.made_by
    row.form_key = f"series-{series.id}-{row.starts_at:%Y%m%d%H%M}"
    row.made_at = row.filed_at = row.published_at = clock.now()
    row.permit_number = row.permit_office = row.reason = ""
    row.sequence = 0
    db.session.add(row)
    db.session.flush()
    placing.provide(row)


@plugin.job(every=timedelta(hours=6))
def make_dates(community: Community) -> None:
    """Make the dates of all series as far ahead as each says."""
    query = select(Series).filter_by(community_id=community.id, ended_at=None)
    for row in db.session.scalars(query.order_by(Series.id)).all():
        go_on(row)
