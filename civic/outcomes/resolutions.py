"""Write a resolution, publish it as a second person, find it; an edition never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.communities.models import Community
from civic.consultations import figures, linked, stages
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.kernel import audit, clock, holidays, periods, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.outcomes import news, participating
from civic.outcomes.models import Resolution
from civic.outcomes.rules import rules
from civic.procedures import dates
from civic.procedures.schema import Procedure
from civic.procedures.snapshots import load_snapshot
from civic.voting import by_procedure, pages
from civic.voting.models import Ballot

MANAGE = "outcomes.manage"
LONGEST, LONGEST_LINE, MOST_INVITED = 20_000, 200, 100
#: Where a case stands when there is something to resolve.
RIPE = frozenset(
    {
        stages.CLOSED,
        stages.RESOLVED,
        stages.REJECTED,
        stages.INQUORATE,
        stages.PUBLICISED,
        stages.EXECUTING,
        stages.RESULT_PUBLICISED,
    }
)
FIGURE, UNTIL = "resolutions", "resolution_until"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Hold what the office writes.

    :ivar outcome: what was decided, where no vote says it.
    :ivar invited: bodies and organisations by name, each with whether somebody came.
    """

    title: str
    body: str
    contact: str
    outcome: str = ""
    invited: Mapping[str, bool] = field(default_factory=dict)


def ripe(case: Consultation, now: datetime) -> bool:
    """Tell whether a case stands where a resolution is written."""
    return stages.stage(case, now) in RIPE


def held(community: Community, case_id: int) -> Consultation:
    """Return a case, held until the transaction ends.

    :raises Refused: 404.
    """
    query = select(Consultation).filter_by(id=case_id, community_id=community.id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.published_at is None:
        raise missing()
    return found


def voted(ballot: Ballot | None) -> str:
    """Return what the published result of a vote says, in its own sentences; else nothing."""
    if ballot is None or ballot.published_at is None or ballot.sealed_at is None:
        return ""
    found = pages.result(ballot)
    names = {str(option["id"]): option["text"] for option in ballot.rules["options"]}
    said = [found["sentence"]]
    for key, sentence in found["sentences"].items():
        said.append(f"{names[key]}: {sentence}" if key in names else sentence)
    return "\n".join(one for one in said if one)


def write(
    actor: Actor, community: Community, case_id: int, draft: Draft, *, corrects: bool = False
) -> Resolution:
    """Write or change the draft of the next edition.

    :param corrects: whether a correction says it, wherever the case stands by now.
    :raises Refused: `not_ripe`, `words` or `outcome`.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    case = held(community, case_id)
    if not corrects and not ripe(case, clock.now()):
        message = _l("There is nothing to resolve yet; first the vote or the talks have to end.")
        raise Refused("not_ripe", message, HTTPStatus.CONFLICT)
    title, body, contact = (text.plain(one) for one in (draft.title, draft.body, draft.contact))
    if not title or not body or not contact:
        raise Refused("words", _l("Please write a title, the text, and where one objects."))
    if len(body) > LONGEST or max(len(title), len(contact)) > LONGEST_LINE:
        raise Refused("words", _l("This is too long. The text has at most 20,000 characters."))
    if len(draft.invited) > MOST_INVITED:
        raise Refused("words", _l("At most 100 bodies and organisations can be named."))
    ballot = linked.decided_by(case)
    outcome = voted(ballot) or text.plain(draft.outcome)
    if not outcome:
        message = _l("No published vote says what was decided. Please write it.")
        raise Refused("outcome", message)
    counted = participating.figures(community, case, ballot)
    found = draft_of(case.id)
    if found is None:
        last = select(func.max(Resolution.edition)).filter_by(consultation_id=case.id)
        edition = (db.session.scalar(last) or 0) + 1
        found = Resolution(community_id=community.id, consultation_id=case.id, edition=edition)
    found.title, found.body, found.contact, found.outcome = title, body, contact, outcome
    found.participation = counted
    found.invited = {"named": [[name, came] for name, came in draft.invited.items()]}
    found.office = office(actor, community)
    found.written_by, found.written_at = actor.person_id, clock.now()
    db.session.add(found)
    db.session.flush()
    recorded("resolution.written", actor, community, case.id, edition=found.edition)
    return found


def publish(actor: Actor, community: Community, case_id: int) -> Resolution:
    """Publish the draft; whoever wrote it cannot.

    :raises Refused: `no_draft`, `two_people`, or what `TableMissing` says.
    """
    case = held(community, case_id)
    found = draft_of(case.id)
    if found is None:
        raise Refused("no_draft", _l("There is no draft of a resolution."), HTTPStatus.CONFLICT)
    if found.written_by == actor.person_id:
        message = _l("You have written it. Another person has to publish it.")
        raise Refused("two_people", message, HTTPStatus.FORBIDDEN)
    now = clock.now()
    found.display_until = display_until(case, now)
    found.published_by, found.published_at = actor.person_id, now
    db.session.flush()
    figures.add(case.id, FIGURE)
    until = int(found.display_until.timestamp())
    figures.add(case.id, UNTIL, until - case.figures.get(UNTIL, 0))
    recorded(
        "resolution.published",
        actor,
        community,
        case.id,
        edition=found.edition,
        until=found.display_until.isoformat(),
    )
    news.happened(community, case, news.RESOLVED)
    return found


def procedure_of(case: Consultation) -> Procedure | None:
    """Return the procedure that a case, or its vote, has copied."""
    kept = case.process.get("procedure")
    if kept:
        return load_snapshot(kept).procedure
    ballot = linked.decided_by(case)
    snapshot = by_procedure.of(ballot) if ballot is not None else None
    return snapshot.procedure if snapshot else None


def display_until(case: Consultation, at: datetime) -> datetime:
    """Return until when a resolution hangs that is published at a moment.

    :raises TableMissing: where days off are needed that nobody has stored.
    """
    procedure, known = procedure_of(case), holidays.load()
    for due in dates.after_result(procedure, at, known) if procedure else ():
        if due.ends_at is None:
            raise periods.TableMissing(due.missing or 0)
        return due.ends_at
    return periods.end_of(at, rules().display, known)


def draft_of(case_id: int) -> Resolution | None:
    """Return what is written and not published."""
    query = select(Resolution).filter_by(consultation_id=case_id, published_at=None)
    return db.session.scalar(query)


def published(case_id: int) -> list[Resolution]:
    """Return the editions that everybody reads, the newest first."""
    query = select(Resolution).where(
        Resolution.consultation_id == case_id, Resolution.published_at.is_not(None)
    )
    return list(db.session.scalars(query.order_by(Resolution.edition.desc())))


def office(actor: Actor, community: Community) -> str:
    """Return the post in whose name somebody acts."""
    return actor.office_at(community.path)


def recorded(
    act: str, actor: Actor | None, community: Community, case_id: int, **data: object
) -> None:
    """Keep an act in the audit, with the post in whose name it was done."""
    audit.append(
        act,
        person_id=actor.person_id if actor else None,
        actor="" if actor else "clock",
        post=office(actor, community) if actor else "",
        subject=f"consultation:{case_id}",
        community_id=community.id,
        data=data,
    )


def missing() -> Refused:
    """Return the one answer for what does not exist here."""
    return Refused("no_outcome", _l("There is no such page here."), HTTPStatus.NOT_FOUND)


def standing(case: Consultation) -> Resolution | None:
    """Return the newest edition that everybody reads; none where a later vote took its place."""
    last = next(iter(published(case.id)), None)
    rests_on = linked.decided_by(case)
    since = rests_on.published_at if rests_on is not None else None
    if last is None or last.published_at is None or (since and last.published_at < since):
        return None
    return last


def _missing(case: Consultation) -> list[str]:
    if standing(case) is not None:
        return []
    return [_("The resolution is not published yet: one person writes it, another publishes it.")]


CHECK = Check("resolution_written", _l("The resolution is published"), _missing)
