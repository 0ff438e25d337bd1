"""Open, close and publish a ballot: one person proposes it, another one confirms."""

from collections.abc import Callable
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import closing, combining, opening, paper_done, settled
from civic.voting.models import CLOSED, OPENED, PUBLISHED, Ballot, BallotStep
from civic.voting.roll_call import second_person


def propose(actor: Actor, ballot: Ballot, act: str) -> None:
    """Propose an act; proposing it again changes nothing.

    :raises Refused: what the act itself would be refused for, as far as it can be known.
    """
    _possible(ballot, act)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(BallotStep).values(
        ballot_id=ballot.id, act=act, proposed_by=actor.person_id, proposed_at=clock.now()
    )
    db.session.execute(row.on_conflict_do_nothing())


def confirm(actor: Actor, ballot: Ballot, act: str) -> None:
    """Confirm what another person proposed; it is done then.

    :raises Refused: `not_proposed`, `second_person`, `done`, or what the act is refused for.
    """
    _possible(ballot, act)
    step = db.session.scalar(
        select(BallotStep).filter_by(ballot_id=ballot.id, act=act).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if step is None:
        raise Refused("not_proposed", _l("Nobody has proposed this yet."), HTTPStatus.CONFLICT)
    if step.confirmed_at is not None:
        raise Refused("done", _l("This is done already."), HTTPStatus.CONFLICT)
    if actor.person_id is None or actor.person_id == step.proposed_by:
        raise second_person()
    step.confirmed_by, step.confirmed_at = actor.person_id, clock.now()
    db.session.flush()
    _ACTS[act](actor, ballot)


def _possible(ballot: Ballot, act: str) -> None:
    if act == OPENED and ballot.fingerprint is not None:
        raise Refused("fixed", _l("The rules of this ballot are fixed already."))
    if act == CLOSED and (ballot.fingerprint is None or clock.now() < ballot.closes_at):
        raise Refused("running", _l("There is no result before the close."), HTTPStatus.CONFLICT)
    if act == CLOSED and ballot.sealed_at is None:
        paper_done.refuse_open(ballot)
        settled.refuse_open(ballot)
    if act == PUBLISHED and ballot.sealed_at is None:
        raise Refused("running", _l("There is no result before the close."), HTTPStatus.CONFLICT)
    if act == PUBLISHED:
        combining.all_sealed(ballot)


def _open(actor: Actor, ballot: Ballot) -> None:
    fingerprint = opening.fix(ballot)
    audit.append(
        "ballot.opened",
        person_id=actor.person_id,
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data={"rules": fingerprint, "tie": ballot.tie},
    )


def _close(actor: Actor, ballot: Ballot) -> None:
    closing.close(ballot.id, person_id=actor.person_id)


def _publish(actor: Actor, ballot: Ballot) -> None:
    if ballot.published_at is None:
        ballot.published_at = clock.now()
    audit.append(
        "ballot.published",
        person_id=actor.person_id,
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data={"closing": ballot.closing_hash},
    )
    db.session.flush()
    combining.combine(ballot)


_ACTS: dict[str, Callable[[Actor, Ballot], None]] = {
    OPENED: _open,
    CLOSED: _close,
    PUBLISHED: _publish,
}
