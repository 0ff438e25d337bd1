"""What the side in need says of a finished project: of the project, never of people."""

from http import HTTPStatus

from sqlalchemy import select

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_party import sides
from civic_party.joint_models import ACCEPTED, NEED, Project, Rating
from civic_party.list_models import Need
from civic_party.list_rules import RATING, rules
from civic_party.projects import held, note


def to_rate(actor: Actor, found: Project) -> list[Need]:
    """Return the needs of a finished project for which an actor can rate it, and has not."""
    if not any(
        found.state in each.sources and each.words == RATING for each in rules().moves.values()
    ):
        return []
    own = sides.units(actor)
    rated = {each.need_id for each in ratings(found)}
    needs = {
        each.need_id: each.need
        for each in found.matches
        if each.state == ACCEPTED and NEED in sides.of_match(actor, each, own)
    }
    return [need for need_id, need in sorted(needs.items()) if need_id not in rated]


def ratings(found: Project) -> list[Rating]:
    """Return what the sides in need said of a project."""
    query = select(Rating).filter_by(project_id=found.id).order_by(Rating.id)
    return list(db.session.scalars(query))


def rate(
    actor: Actor, community: Community, project_id: int, need_id: int, stars: int, words: str
) -> None:
    """Say what came of a project, for one of its needs, once; of the project, never of people.

    :raises Refused: `not_finished`, `not_yours`.
    """
    found = held(community, project_id)
    if any(each.need_id == need_id for each in ratings(found)):
        return  # by a second press, or by somebody else of the same side
    known = next(each for each in rules().moves.values() if each.words == RATING)
    if found.state not in known.sources:
        message = _l("A project is rated once it is finished.")
        raise Refused("not_finished", message, HTTPStatus.CONFLICT)
    if need_id not in {need.id for need in to_rate(actor, found)}:
        message = _l("Only the side in need rates the project.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    now = clock.now()
    db.session.add(
        Rating(
            project_id=found.id,
            need_id=need_id,
            stars=stars,
            words=words,
            by_id=actor.person_id,
            at=now,
        )
    )
    needs = {each.need_id for each in found.matches if each.state == ACCEPTED}
    db.session.flush()
    if needs <= {each.need_id for each in ratings(found)}:
        found.state = known.to
        db.session.flush()
    note(actor, found, "rated")
