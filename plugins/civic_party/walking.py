"""Minutes on foot between places, as staff have noted them; never from a map of elsewhere."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db, place_at
from civic.api import lazy_gettext as _l
from civic_party.list_models import Walk
from civic_party.manifest import plugin

#: Walks on one page.
MOST = 300


def ways(community: Community, place_id: int) -> dict[int, int]:
    """Return the minutes on foot from a place to others, as far as they are noted."""
    query = select(Walk.one_id, Walk.other_id, Walk.minutes).where(
        Walk.community_id == community.id,
        or_(Walk.one_id == place_id, Walk.other_id == place_id),
    )
    found = {
        other if one == place_id else one: minutes
        for one, other, minutes in db.session.execute(query)
    }
    return found | {place_id: 0} if place_id != community.id else found


def note(actor: Actor, community: Community, one_id: int, other_id: int, minutes: int) -> None:
    """Note how long it is on foot between two places, for both ways.

    :raises Refused: 404 for a place of elsewhere, `same_place`.
    """
    place_at(community, one_id)
    place_at(community, other_id)
    if one_id == other_id:
        raise Refused("same_place", _l("These are the same place. Choose two different ones."))
    first, second = sorted((one_id, other_id))
    key = {"community_id": community.id, "one_id": first, "other_id": second}
    found = db.session.scalar(select(Walk).filter_by(**key).with_for_update())
    if found is None:
        found = Walk(**key, minutes=minutes, noted_at=clock.now())
        try:
            with db.session.begin_nested():
                db.session.add(found)
        except IntegrityError:
            found = db.session.scalars(select(Walk).filter_by(**key)).one()
    found.minutes, found.noted_at = minutes, clock.now()
    db.session.flush()
    plugin.audit(
        "walk_noted",
        community=community,
        subject=f"party_walk:{found.id}",
        actor=actor,
        data={"minutes": minutes},
    )


def noted(community: Community, limit: int = MOST) -> Sequence[Walk]:
    """Return the walks that are noted, the last first."""
    query = select(Walk).filter_by(community_id=community.id)
    return db.session.scalars(query.order_by(Walk.noted_at.desc(), Walk.id).limit(limit)).all()
