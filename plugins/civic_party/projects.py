"""Lead joint projects: plan, steps, moves, the report, and what the side in need says of it."""

from datetime import date
from hashlib import sha256
from http import HTTPStatus

from sqlalchemy import delete, select

from civic.api import Actor, Community, Refused, clock, db, excerpt
from civic.api import lazy_gettext as _l
from civic_party import posting, sides
from civic_party.joint_models import (
    ACCEPTED,
    LAPSED,
    LEADS,
    NEED,
    OFFICE,
    PROPOSED,
    Match,
    Project,
    ProjectStep,
    Use,
)
from civic_party.list_models import EXPIRED, MATCHED, MET, PUBLIC, Need
from civic_party.list_rules import LEAD, RATING, REASON, REPORT, Move, rules
from civic_party.manifest import plugin

#: Steps of one project.
MOST_STEPS = 30


def project(community: Community, project_id: int) -> Project:
    """Return a project of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Project, project_id)
    if found is None or found.community_id != community.id:
        message = _l("There is no such project going on here.")
        raise Refused("no_project", message, HTTPStatus.NOT_FOUND)
    return found


def held(community: Community, project_id: int) -> Project:
    """Return a project, held after its needs, in the order of all acts.

    :raises Refused: `moved_on` where another need has joined it at this moment.
    """
    found = project(community, project_id)
    query = select(Match.need_id).filter_by(project_id=found.id, state=ACCEPTED)
    needs = select(Need.id).where(Need.id.in_(query)).order_by(Need.id).with_for_update()
    before = set(db.session.scalars(needs))
    db.session.refresh(found, with_for_update={"of": Project})
    if set(db.session.scalars(query)) != before:
        raise _moved_on()
    db.session.expire(found, ["matches"])
    return found


def _moved_on() -> Refused:
    message = _l("The project has moved on meanwhile. Look at the page again.")
    return Refused("moved_on", message, HTTPStatus.CONFLICT)


def parties(actor: Actor, found: Project) -> set[str]:
    """Return by whom moves are made whom an actor counts as: `lead`, `office`, `need`."""
    stands = sides.of_project(actor, found)
    return (stands & {NEED, OFFICE}) | ({LEAD} if found.lead in stands else set())


def leads(actor: Actor, found: Project) -> bool:
    """Tell whether an actor leads a project, or is the office that looks after all of them."""
    return bool(parties(actor, found) & {LEAD, OFFICE})


def moves(actor: Actor, found: Project) -> list[Move]:
    """Return the moves that an actor can make now, without the rating."""
    own = parties(actor, found)
    return [
        move
        for move in rules().moves.values()
        if found.state in move.sources and move.by & own and move.words != RATING
    ]


def mark(found: Project) -> str:
    """Return a mark of the plan as it stands, by which a form knows whether it was changed."""
    return sha256(f"{found.lead}\n{found.plan}".encode()).hexdigest()[:16]


def plan(
    actor: Actor, community: Community, project_id: int, text: str, lead: str, seen: str
) -> None:
    """Keep the plan, and which side leads.

    :param seen: `mark` of the plan that was read.
    :raises Refused: `not_yours`, `over`, `lead`, `changed` where somebody else has written it
        meanwhile.
    """
    found = _open(actor, community, project_id)
    if (found.plan, found.lead) == (text, lead):
        return  # by a second press of the same button
    if mark(found) != seen:
        message = _l(
            "Somebody else has written the plan meanwhile. What you typed is still here; open the "
            "project in another window to see what stands there now."
        )
        raise Refused("changed", message, HTTPStatus.CONFLICT)
    if lead not in LEADS:
        raise Refused("lead", _l("Please choose which side leads the project."))
    found.plan, found.lead = text, lead
    db.session.flush()
    note(actor, found, "planned")


def steps(found: Project) -> list[ProjectStep]:
    """Return the steps of a project by their days."""
    query = select(ProjectStep).filter_by(project_id=found.id)
    return list(db.session.scalars(query.order_by(ProjectStep.due, ProjectStep.id)))


def add_step(actor: Actor, community: Community, project_id: int, words: str, due: date) -> None:
    """Add a step with its day.

    :raises Refused: `not_yours`, `over`, `past`, `too_many`.
    """
    found = _open(actor, community, project_id)
    if due < posting.today():
        raise Refused("past", _l("This day has passed already. Choose a later one."))
    known = steps(found)
    if any(step.words == words and step.due == due for step in known):
        return  # by a second press of the same button
    if len(known) >= MOST_STEPS:
        message = _l("A project has %(count)d steps at most. Put some of them together.")
        raise Refused("too_many", message, HTTPStatus.CONFLICT, {"count": MOST_STEPS})
    db.session.add(ProjectStep(project_id=found.id, words=words, due=due))
    db.session.flush()


def do_step(actor: Actor, community: Community, project_id: int, step_id: int) -> None:
    """Note that a step is done.

    :raises Refused: `not_yours`, `over`, or 404.
    """
    found = _open(actor, community, project_id)
    step = db.session.get(ProjectStep, step_id, populate_existing=True)
    if step is None or step.project_id != found.id:
        raise Refused("no_step", _l("There is no such step here."), HTTPStatus.NOT_FOUND)
    if step.done_at is None:
        step.done_at, step.done_by = clock.now(), actor.person_id
        db.session.flush()


def _open(actor: Actor, community: Community, project_id: int) -> Project:
    found = held(community, project_id)
    if not leads(actor, found):
        message = _l("Only the side that leads the project, and the office, can do this.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    if found.state not in rules().uses:
        message = _l("The project is over. What was done stays as it is.")
        raise Refused("over", message, HTTPStatus.CONFLICT)
    return found


def move(actor: Actor, community: Community, project_id: int, act: str, words: str) -> Project:
    """Bring a project on: begin, finish with a report, stop with the reason.

    :raises Refused: `act`, `not_yours`, `moved_on`, `report`, `reason`.
    """
    known = rules().moves.get(act)
    if known is None or known.words == RATING:
        raise Refused("act", _l("Please choose what is to be done."))
    found = held(community, project_id)
    if not known.by & parties(actor, found):
        message = _l("Only the side that leads the project, and the office, can do this.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    if found.state == known.to:
        return found  # by a second press of the same button
    if found.state not in known.sources:
        raise _moved_on()
    if known.words == REPORT and not words:
        raise Refused("report", _l("Please write what came of it: the report closes the project."))
    if known.words == REASON and not words:
        raise Refused("reason", _l("Please give the reason: everybody reads it."))
    _go(found, known, words)
    note(actor, found, f"project_{act}")
    _tell(found)
    return found


def _go(found: Project, known: Move, words: str) -> None:
    today = posting.today()
    found.state = known.to
    if known.words == REPORT:
        found.report = words
    elif known.words == REASON:
        found.reason = words
    if known.to in rules().uses:
        found.begun_on = found.begun_on or today
        db.session.flush()
        return
    found.ended_on = today
    own = [each for each in found.matches if each.state == ACCEPTED]
    db.session.execute(delete(Use).where(Use.match_id.in_([each.id for each in own])))
    for each in found.matches:
        if each.state == PROPOSED:
            each.state, each.ended_at = LAPSED, clock.now()
    for need in {each.need for each in own}:
        if need.state != MATCHED:
            continue
        if known.words == REPORT:
            need.state = MET
        else:
            need.state = PUBLIC if need.by_day >= today else EXPIRED
    db.session.flush()


def note(actor: Actor, found: Project, act: str) -> None:
    """Add an act on a project to the audit."""
    plugin.audit(
        act,
        community=found.community,
        subject=f"party_project:{found.id}",
        actor=actor,
        data={"state": found.state},
    )


def _tell(found: Project) -> None:
    rows = [row for each in found.matches for row in (each.need, each.resource)]
    plugin.tell(
        "project",
        community=found.community,
        subject=f"party_project:{found.id}",
        people=sides.told(rows),
        values={
            "id": found.id,
            "state": found.state,
            "title": excerpt(found.title, posting.SHORT),
        },
    )
