"""Take needs and resources off the list: withdrawn by people, expired by the day."""

from http import HTTPStatus

from sqlalchemy import select, update

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_party import sides
from civic_party.joint_models import LAPSED, PROPOSED, Match
from civic_party.list_models import EXPIRED, WITHDRAWN, Entry, Need, Resource
from civic_party.manifest import plugin
from civic_party.posting import LISTED, entry, may_change, not_yours, subject, today


def withdraw(actor: Actor, community: Community, row: Entry, reason: str) -> None:
    """Take a need or a resource off the list; what is agreed already stays.

    :raises Refused: `not_yours`, `reason` for staff without one, `moved_on`.
    """
    hold_matches(row)
    row = entry(community, type(row), row.id, lock=True)
    office = sides.may(actor, "check", community)
    if not (may_change(actor, row) or office):
        raise not_yours()
    if row.state == WITHDRAWN:
        return
    if row.state not in LISTED:
        message = _l("It is part of a project, or over. Look at the page again.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    if not reason and not may_change(actor, row):
        raise Refused("reason", _l("Please give the reason: who posted it reads it."))
    row.state, row.reason = WITHDRAWN, reason
    _lapse(row)
    plugin.audit("withdrawn", community=community, subject=subject(row), actor=actor)


def hold_matches(row: Entry) -> None:
    """Hold the needs of the open matches of a row, then the matches: in the order of all acts."""
    own = Match.need_id if isinstance(row, Need) else Match.resource_id
    needs = select(Match.need_id).where(own == row.id, Match.state == PROPOSED)
    held = select(Need.id).where(Need.id.in_(needs)).order_by(Need.id)
    db.session.execute(held.with_for_update())
    matches = select(Match.id).where(own == row.id, Match.state == PROPOSED).order_by(Match.id)
    db.session.execute(matches.with_for_update())


def _lapse(row: Entry) -> None:
    own = Match.need_id if isinstance(row, Need) else Match.resource_id
    gone = update(Match).where(own == row.id, Match.state == PROPOSED)
    db.session.execute(gone.values(state=LAPSED, ended_at=clock.now()))
    db.session.flush()


def expire(community: Community) -> int:
    """Let what is past its last day expire; return how much that was."""
    here = {"community_id": community.id}
    needs = select(Need).filter_by(**here).where(Need.by_day < today(), Need.state.in_(LISTED))
    over = select(Resource).filter_by(**here).where(Resource.until < today())
    over = over.where(Resource.state.in_(LISTED))
    found: list[Entry] = [
        *db.session.scalars(needs.order_by(Need.id)),
        *db.session.scalars(over.order_by(Resource.id)),
    ]
    for row in found:
        hold_matches(row)
        held = entry(community, type(row), row.id, lock=True)
        if held.state in LISTED:
            held.state = EXPIRED
            _lapse(held)
            plugin.audit("expired", community=community, subject=subject(held))
    return len(found)
