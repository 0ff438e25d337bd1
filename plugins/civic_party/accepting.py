"""Accept and decline proposals: both sides, each by who speaks for it; then it is a project.

All acts hold the need first, then its match, then the resource, then a project, so that no two of
them wait for each other. Hours are looked at and taken while the resource is held.
"""

from http import HTTPStatus

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db, excerpt
from civic.api import lazy_gettext as _l
from civic_party import comparing, posting, sides, weekly
from civic_party.joint_models import (
    ACCEPTED,
    DECLINED,
    LAPSED,
    NEED,
    PROPOSED,
    SIDES,
    Match,
    Project,
    Use,
)
from civic_party.list_models import MATCHED, PUBLIC, Need, Resource
from civic_party.list_rules import rules
from civic_party.manifest import plugin


def match(community: Community, match_id: int) -> Match:
    """Return a match of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Match, match_id)
    if found is None or found.community_id != community.id:
        message = _l("There is no such proposal here.")
        raise Refused("no_match", message, HTTPStatus.NOT_FOUND)
    return found


def may_see(actor: Actor, found: Match) -> bool:
    """Tell whether an actor may read a proposal: both sides, and staff; agreed ones everybody."""
    if found.state == ACCEPTED or sides.may(actor, "check", found.community):
        return True
    return bool(sides.of_match(actor, found))


def _held(community: Community, match_id: int) -> Match:
    """Return a match, held together with its need and its resource."""
    found = match(community, match_id)
    posting.entry(community, Need, found.need_id, lock=True)
    db.session.refresh(found, with_for_update={"of": Match})
    posting.entry(community, Resource, found.resource_id, lock=True)
    return found


def accept(actor: Actor, community: Community, match_id: int, side: str, words: str = "") -> Match:
    """Say yes for one side; with the second yes it becomes a project, and its hours are taken.

    :param words: how a group without an account said yes, as the office heard it.
    :raises Refused: `act`, `not_yours`, `words`, `same_person`, `answered`, `too_late`, `gone`,
        `taken`.
    """
    found = _held(community, match_id)
    _check_side(actor, found, side)
    if getattr(found, f"{side}_yes_at") is not None and found.state in {PROPOSED, ACCEPTED}:
        return found  # by a second press, or by somebody else of the same side
    _check_open(found)
    if side == NEED and sides.by_paper(found.need):
        if not words:
            message = _l("Please write down who of the group said yes, when and how.")
            raise Refused("words", message)
        found.need_words = words
    other = found.resource_yes_by if side == NEED else found.need_yes_by
    if other == actor.person_id:
        message = _l(
            "You have said yes for the other side. Somebody else has to answer for this one."
        )
        raise Refused("same_person", message, HTTPStatus.CONFLICT)
    _check_room(found)
    setattr(found, f"{side}_yes_at", clock.now())
    setattr(found, f"{side}_yes_by", actor.person_id)
    db.session.flush()
    _note(actor, found, "accepted", {"side": side})
    if found.need_yes_at is not None and found.resource_yes_at is not None:
        _agree(actor, found)
    return found


def decline(actor: Actor, community: Community, match_id: int, side: str, words: str) -> Match:
    """Say no for one side, with the reason; the other side is told.

    :raises Refused: `act`, `not_yours`, `reason`, `answered` where it is agreed or over.
    """
    found = _held(community, match_id)
    _check_side(actor, found, side)
    if found.state == DECLINED:
        return found
    if found.state != PROPOSED:
        raise _answered()
    if not words:
        raise Refused("reason", _l("Please give the reason: the other side reads it."))
    found.state, found.ended_at, found.ended_words = DECLINED, clock.now(), words
    db.session.flush()
    _note(actor, found, "declined", {"side": side})
    _tell("declined", found)
    return found


def _check_side(actor: Actor, found: Match, side: str) -> None:
    if side not in SIDES:
        raise Refused("act", _l("Please choose for which side you answer."))
    if side not in sides.of_match(actor, found):
        message = _l("Only who speaks for this side can answer for it: its liaison, or its group.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)


def _answered() -> Refused:
    message = _l("This proposal has been answered meanwhile. Look at the page again.")
    return Refused("answered", message, HTTPStatus.CONFLICT)


def _check_open(found: Match) -> None:
    if found.state != PROPOSED:
        raise _answered()
    if found.until <= clock.now():
        message = _l("The time to answer is over. Ask the community office to propose it again.")
        raise Refused("too_late", message, HTTPStatus.CONFLICT)
    joins = found.project_id is not None
    open_need = found.need.state == PUBLIC or (joins and found.need.state == MATCHED)
    today = posting.today()
    over = found.need.by_day < today
    over = over or (found.resource.until is not None and found.resource.until < today)
    if not open_need or found.resource.state != PUBLIC or over:
        message = _l("One side is no longer on the list, or is in another project already.")
        raise Refused("gone", message, HTTPStatus.CONFLICT)


def _check_room(found: Match) -> None:
    """Refuse hours that another project has taken meanwhile; the resource is held."""
    if not room(found):
        message = _l(
            "Another project has taken these hours meanwhile. Decline this proposal, or ask the "
            "community office for another."
        )
        raise Refused("taken", message, HTTPStatus.CONFLICT)


def room(found: Match) -> bool:
    """Tell whether the hours of a match are free still."""
    uses = comparing.taken([found.resource_id]).get(found.resource_id, ())
    capacity = found.resource.capacity
    return weekly.free(found.times, uses, capacity, found.load) == found.times


def _agree(actor: Actor, found: Match) -> None:
    """Make it a project, or a part of one, and take its hours."""
    project = _project(found)
    found.project_id, found.state, found.ended_at = project.id, ACCEPTED, clock.now()
    found.need.state = MATCHED
    db.session.flush()
    if found.load:
        uses = [
            Use(match_id=found.id, resource_id=found.resource_id, begins=a, ends=b, load=found.load)
            for a, b in found.times
        ]
        try:
            with db.session.begin_nested():
                db.session.add_all(uses)
        except IntegrityError as error:  # the database has the last word
            raise Refused(
                "taken",
                _l("Another project has taken these hours meanwhile."),
                HTTPStatus.CONFLICT,
            ) from error
    _end_others(found)
    _note(actor, found, "agreed", {"project": project.id})
    _tell("agreed", found)


def _project(found: Match) -> Project:
    if found.project_id is not None:
        project = db.session.get(
            Project, found.project_id, with_for_update={"of": Project}, populate_existing=True
        )
        if project is None or project.state not in rules().uses:
            message = _l("The project it would belong to is over. Decline this proposal.")
            raise Refused("gone", message, HTTPStatus.CONFLICT)
        return project
    project = Project(
        community_id=found.community_id,
        line=rules().lines[found.need.kind],
        title=found.need.title,
        lead=NEED,
        state=rules().first,
        made_at=clock.now(),
    )
    db.session.add(project)
    db.session.flush()
    return project


def _end_others(found: Match) -> None:
    """Let the other proposals of the need lapse, except those that add to the project."""
    gone = update(Match).where(
        Match.need_id == found.need_id, Match.state == PROPOSED, Match.project_id.is_(None)
    )
    db.session.execute(gone.values(state=LAPSED, ended_at=clock.now()))


def lapse(community: Community) -> int:
    """Let proposals lapse that nobody answered, or whose hours are gone; return how many."""
    query = select(Match).filter_by(community_id=community.id, state=PROPOSED).order_by(Match.id)
    count = 0
    for waiting in db.session.scalars(query).all():
        found = _held(community, waiting.id)
        if found.state != PROPOSED:
            continue
        if found.until <= clock.now() or not room(found):
            found.state, found.ended_at = LAPSED, clock.now()
            _note(Actor(), found, "lapsed", {})
            count += 1
    db.session.flush()
    return count


def _note(actor: Actor, found: Match, act: str, data: dict[str, object]) -> None:
    plugin.audit(
        act,
        community=found.community,
        subject=f"party_match:{found.id}",
        actor=actor,
        data={"need": found.need_id, "resource": found.resource_id, **data},
    )


def _tell(code: str, found: Match) -> None:
    plugin.tell(
        code,
        community=found.community,
        subject=f"party_match:{found.id}",
        people=sides.told([found.need, found.resource]),
        values={
            "id": found.id,
            "project": found.project_id or 0,
            "title": excerpt(found.need.title, posting.SHORT),
        },
    )
