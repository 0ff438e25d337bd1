"""Write a ballot before its rules are fixed: made, changed, thrown away."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from civic.communities.models import Community
from civic.identities.kinds import AUDIENCES
from civic.kernel import audit, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.procedures import services as procedures
from civic.procedures.models import ProcedureVersion
from civic.voting import draft_lines, kinds, opening, panels, readiness
from civic.voting.models import Ballot, BallotOption, BallotStep
from civic.voting.rolls import FROZEN, Roll


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Hold a ballot as the office enters it.

    :ivar version: of the procedure by which it is held.
    :ivar roll_id: the frozen roll; none where the audience says who votes.
    :ivar part: the group that scores here, where the procedure weighs several.
    """

    version: ProcedureVersion
    question: str
    kind: str
    options: list[draft_lines.Option]
    limits: dict[str, int]
    method: str
    seats: int
    tie: str
    secrecy: str
    shows: str
    audience: list[str]
    roll_id: int | None
    opens_at: datetime
    closes_at: datetime
    part: str = ""


def create(actor: Actor, community: Community, draft: Draft) -> Ballot:
    """Keep a draft that only the office sees.

    :raises Refused: for what does not fit together, or not the procedure.
    """
    ballot = Ballot(community_id=community.id, formal=True, secrecy=draft.secrecy, options=[])
    _fill(ballot, draft)
    db.session.add(ballot)
    db.session.flush()
    if panels.groups(ballot.procedure["data"]):
        panels.begin(ballot, draft.part)
    audited(actor, ballot, "ballot.drafted")
    return ballot


def change(actor: Actor, ballot: Ballot, draft: Draft) -> Ballot:
    """Change a draft; what was proposed about it has to be proposed anew.

    Secrecy is promised when a ballot is made, so that another promise makes another ballot.

    :returns: the draft, or the one that takes its place.
    :raises Refused: `fixed`, or as `create`.
    """
    # Steps come before the ballot in every transaction, as where one is confirmed.
    db.session.execute(delete(BallotStep).filter_by(ballot_id=ballot.id))
    still_draft(ballot)
    if draft.secrecy != ballot.secrecy:
        community = db.session.get_one(Community, ballot.community_id)
        part = panels.part(ballot)
        made = create(actor, community, replace(draft, part=part))
        if part:
            panels.replace(ballot.id, made)
        erase(ballot)
        return made
    db.session.execute(delete(BallotOption).filter_by(ballot_id=ballot.id))
    _fill(ballot, draft)
    db.session.flush()
    audited(actor, ballot, "ballot.draft_changed")
    return ballot


def remove(actor: Actor, ballot: Ballot) -> None:
    """Throw a draft away.

    :raises Refused: `fixed`.
    """
    db.session.execute(delete(BallotStep).filter_by(ballot_id=ballot.id))
    still_draft(ballot)
    audited(actor, ballot, "ballot.draft_removed")
    erase(ballot)


def still_draft(ballot: Ballot) -> None:
    """Refuse to change what is fixed; nobody fixes it until the transaction ends.

    :raises Refused: `fixed`, and the same for the ballot of a consultation, which has its own page.
    """
    check_draft(opening.locked(ballot.id))


def check_draft(ballot: Ballot) -> None:
    """Refuse what is fixed, or is written elsewhere.

    :raises Refused: `fixed`.
    """
    if ballot.fingerprint is not None or not ballot.formal:
        raise Refused(
            "fixed",
            _l("The rules of this ballot are fixed, or it belongs to a consultation."),
            HTTPStatus.CONFLICT,
        )


def erase(ballot: Ballot) -> None:
    """Take a ballot out with its options."""
    panels.leave(ballot.id)
    db.session.execute(delete(BallotOption).filter_by(ballot_id=ballot.id))
    db.session.execute(delete(Ballot).filter_by(id=ballot.id))


def audited(actor: Actor, ballot: Ballot, act: str, **data: object) -> None:
    """Keep in the audit what the office did with a ballot."""
    audit.append(
        act,
        person_id=actor.person_id,
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data={"question": ballot.question} | data,
    )


def _fill(ballot: Ballot, draft: Draft) -> None:
    procedure = procedures.procedure_of(draft.version)
    if not text.plain(draft.question):
        raise Refused("question", _l("Please write the question on the ballot."))
    if draft.opens_at >= draft.closes_at:
        raise Refused("dates", _l("The close has to come after the beginning."))
    draft_lines.check_method(draft.kind, draft.method, draft.seats, draft.options)
    roll = _roll(ballot.community_id, draft.roll_id)
    if not set(draft.audience) <= AUDIENCES.keys():
        raise Refused("audience", _l("Please choose who votes."))
    ballot.question = text.plain(draft.question)
    ballot.kind, ballot.method, ballot.seats = draft.kind, draft.method, draft.seats
    ballot.limits, ballot.tie, ballot.shows = draft.limits, draft.tie, draft.shows
    if procedure.decision.weights:
        # What one group scored is published with what the others did, never before.
        ballot.shows = kinds.PUBLISHED
    ballot.audience = [] if roll else sorted(draft.audience)
    ballot.roll_id = draft.roll_id
    ballot.opens_at, ballot.closes_at = draft.opens_at, draft.closes_at
    ballot.changeable = procedure.ballot.changeable and draft.secrecy != kinds.DETACHED
    ballot.procedure = procedures.snapshot(draft.version)
    if roll is not None and "area_cm2" in roll.measures and draft.secrecy != kinds.NAMED:
        raise Refused(
            "secrecy",
            _l("Counted by area a ballot cannot be secret: an area tells whose flat it is."),
        )
    readiness.fits(procedure, ballot, roll, secrecy=draft.secrecy)
    for number, option in enumerate(draft.options):
        made = BallotOption(position=number, text=option.text, cost=option.cost)
        if ballot.id is None:
            ballot.options.append(made)
        else:
            made.ballot_id = ballot.id
            db.session.add(made)


def _roll(community_id: int, roll_id: int | None) -> Roll | None:
    if roll_id is None:
        return None
    query = select(Roll).filter_by(id=roll_id, community_id=community_id, state=FROZEN)
    found = db.session.scalar(query)
    if found is None:
        raise Refused("roll", _l("The roll has to be frozen first."), HTTPStatus.CONFLICT)
    return found


def options_of(ballot: Ballot) -> list[BallotOption]:
    """Return the options of a draft in their order."""
    query = select(BallotOption).filter_by(ballot_id=ballot.id).order_by(BallotOption.position)
    return list(db.session.scalars(query))
