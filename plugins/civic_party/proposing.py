"""Find what fits, and propose it to both sides: the system what fits, people what nearly does."""

from datetime import timedelta
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db, excerpt
from civic.api import lazy_gettext as _l
from civic_party import comparing, fitting, posting, sides, walking
from civic_party.fit_words import sentence
from civic_party.joint_models import PROPOSED, Match, Project
from civic_party.list_models import MATCHED, PUBLIC, Need, Resource
from civic_party.list_rules import rules
from civic_party.manifest import plugin


def propose_fitting(need: Need) -> list[Match]:
    """Propose what fits a public need, as many at one time as the rules say.

    A pair that was proposed before is left to people, so that nobody is asked the same again.
    """
    if need.state != PUBLIC:
        return []
    before = db.session.execute(
        select(Match.resource_id, Match.state).filter_by(need_id=need.id)
    ).all()
    left = rules().at_once - sum(state == PROPOSED for _id, state in before)
    known = {resource_id for resource_id, _state in before}
    made: list[Match | None] = []
    for found in comparing.compared(need):
        if len(made) >= left or not found.fit.fits:
            break
        if found.resource.id not in known:
            made.append(_propose(Actor(), need, found, by_hand=False))
    return [match for match in made if match is not None]


def propose_resource(resource: Resource) -> int:
    """Propose a resource that was just published for the needs it fits; return how many."""
    served = {resource.kind, *rules().kinds[resource.kind].serves}
    query = (
        select(Need)
        .where(Need.community_id == resource.community_id, Need.state == PUBLIC)
        .where(Need.kind.in_(served))
        .order_by(Need.by_day, Need.id)
        .limit(comparing.MOST)
    )
    needs = db.session.scalars(query).all()
    ways = walking.ways(resource.community, resource.place_id)
    known = db.session.execute(
        select(Match.need_id, Match.resource_id, Match.state).where(
            Match.need_id.in_([need.id for need in needs])
        )
    ).all()
    made = 0
    for need in needs:
        before = [row for row in known if row.need_id == need.id]
        full = sum(row.state == PROPOSED for row in before) >= rules().at_once
        if full or any(row.resource_id == resource.id for row in before):
            continue
        found = comparing.found(need, resource, (), ways.get(need.place_id))
        if found.fit.fits and _propose(Actor(), need, found, by_hand=False) is not None:
            made += 1
    return made


def propose_all(community: Community) -> int:
    """Propose what fits for all public needs of a community; return how many were proposed."""
    query = select(Need).filter_by(community_id=community.id, state=PUBLIC).order_by(Need.id)
    return sum(len(propose_fitting(need)) for need in db.session.scalars(query).all())


def by_hand(
    actor: Actor, need: Need, resource_id: int, reason: str, project_id: int | None = None
) -> Match:
    """Propose a resource that people chose, with the reason where not all fits.

    :param project_id: of a project that is going on, which it would belong to.
    :raises Refused: `no_entry`, `not_public`, `cannot` with what no reason overrules, `reason`,
        `proposed` where it is proposed already.
    """
    community = need.community
    need = posting.entry(community, Need, need.id, lock=True)
    resource = posting.entry(community, Resource, resource_id)
    if project_id is not None:
        _running(community, project_id)
    if resource.state != PUBLIC or not (
        need.state == PUBLIC or (need.state == MATCHED and project_id is not None)
    ):
        message = _l("Both have to be public and free. Look at the page again.")
        raise Refused("not_public", message, HTTPStatus.CONFLICT)
    found = comparing.one(need, resource)
    if not found.fit.by_hand:
        stops = [each for each in found.fit.missing if each.code not in fitting.SOFT]
        message = _l("This cannot be proposed: %(why)s")
        raise Refused("cannot", message, HTTPStatus.CONFLICT, {"why": sentence(stops[0])})
    if found.fit.missing and not reason:
        message = _l("Not all of it fits. Please say why it should be done all the same.")
        raise Refused("reason", message)
    made = _propose(actor, need, found, by_hand=True, reason=reason, project_id=project_id)
    if made is None:
        message = _l("This is proposed already. Look at the proposals of this need.")
        raise Refused("proposed", message, HTTPStatus.CONFLICT)
    return made


def _running(community: Community, project_id: int) -> None:
    found = db.session.get(Project, project_id)
    if found is None or found.community_id != community.id or found.state not in rules().uses:
        message = _l("There is no such project going on here.")
        raise Refused("no_project", message, HTTPStatus.NOT_FOUND)


def _propose(
    actor: Actor,
    need: Need,
    found: comparing.Found,
    *,
    by_hand: bool,
    reason: str = "",
    project_id: int | None = None,
) -> Match | None:
    """Write a proposal and tell both sides; nothing where it stands already."""
    now = clock.now()
    match = Match(
        community_id=need.community_id,
        need_id=need.id,
        resource_id=found.resource.id,
        project_id=project_id,
        state=PROPOSED,
        spans=[list(span) for span in found.fit.times],
        load=found.fit.load,
        minutes=found.minutes,
        by_hand=by_hand,
        reason=reason,
        proposed_by=actor.person_id,
        proposed_at=now,
        until=now + timedelta(days=rules().answer_days),
    )
    try:
        with db.session.begin_nested():
            db.session.add(match)
    except IntegrityError:
        return None
    plugin.audit(
        "proposed",
        community=need.community,
        subject=f"party_match:{match.id}",
        actor=actor,
        data={"need": need.id, "resource": found.resource.id, "by_hand": by_hand},
    )
    plugin.tell(
        "proposed",
        community=need.community,
        subject=f"party_match:{match.id}",
        people=sides.told([need, found.resource]),
        values={"id": match.id, "title": excerpt(need.title, posting.SHORT)},
    )
    return match
