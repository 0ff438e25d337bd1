"""Written mandates: somebody votes by the right of another, for one ballot, confirmed by two."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import kinds, opening, papers
from civic.voting.box import UsedRight
from civic.voting.models import Ballot
from civic.voting.roll_call import second_person
from civic.voting.rolls import VotingRight
from civic.voting.sheets import Mandate

MOST = 200


def propose(
    actor: Actor,
    ballot: Ballot,
    number: int | None,
    name: str,
    *,
    person_id: int | None,
    signed_at: datetime,
    valid_until: datetime,
) -> Mandate:
    """Write down a mandate that was handed in; another person has to confirm it.

    :param person_id: account of the proxy; none for one who comes with paper alone.
    :raises Refused: `no_proxy` where the procedure knows none, `most`, `used`, `there`, `own`,
        `name`, `dates`, or `no_right`.
    """
    row = opening.locked(ballot.id)
    _allowed(row)
    found = papers.right(row, number)
    if found.id is None:
        raise Refused("no_proxy", _l("Test voters send nobody."))
    if not name.strip():
        raise Refused("name", _l("Please write who votes for them."))
    if not signed_at <= clock.now() < valid_until or signed_at > valid_until:
        raise Refused("dates", _l("The mandate has to be signed already, and still valid."))
    if person_id is not None and person_id in {actor.person_id, *papers.holders(found)}:
        raise Refused("own", _l("Nobody takes a mandate for themself, or from themself."))
    _unused(row, found.key)
    if db.session.scalar(
        select(Mandate.id).filter_by(ballot_id=row.id, right_id=found.id, revoked_at=None)
    ):
        raise Refused("there", _l("There is a mandate for this right; revoke it first."))
    _within(row, person_id, name)
    assert actor.person_id is not None  # noqa: S101 - views ask for a permission
    made = Mandate(
        ballot_id=row.id,
        right_id=found.id,
        person_id=person_id,
        name=" ".join(name.split()),
        signed_at=signed_at,
        valid_until=valid_until,
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _allowed(ballot: Ballot) -> None:
    data = (ballot.procedure or {}).get("data") or {}
    rule = data.get("proxy", "none")
    owners = rule == "not_owners" and ballot.rules.get("roll", {}).get("unit") == kinds.OWNER
    if rule == "none" or owners or ballot.rehearsal:
        raise Refused("no_proxy", _l("By its procedure nobody can vote for somebody else here."))
    if ballot.sealed_at is not None or clock.now() >= ballot.closes_at:
        raise Refused("closed", _l("The vote has closed."), HTTPStatus.CONFLICT)


def _unused(ballot: Ballot, key: str) -> None:
    if db.session.scalar(select(UsedRight.key).filter_by(ballot_id=ballot.id, key=key)):
        raise Refused("used", _l("This right has been used already."), HTTPStatus.CONFLICT)


def _within(ballot: Ballot, person_id: int | None, name: str) -> None:
    most = ((ballot.procedure or {}).get("data") or {}).get("proxy_most")
    if most is None:
        return
    query = select(func.count()).select_from(Mandate)
    query = query.filter_by(ballot_id=ballot.id, revoked_at=None)
    same = {"person_id": person_id} if person_id else {"name": " ".join(name.split())}
    if (db.session.scalar(query.filter_by(**same)) or 0) >= most:
        raise Refused(
            "most",
            _l("By its procedure one person votes for at most %(most)d others."),
            values={"most": most},
        )


def find(ballot: Ballot, mandate_id: int) -> Mandate:
    """Return a mandate of a ballot, locked.

    :raises Refused: `no_mandate`, the same for one of another ballot.
    """
    found = db.session.scalar(
        select(Mandate).filter_by(ballot_id=ballot.id, id=mandate_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise Refused("no_mandate", _l("There is no such mandate here."), HTTPStatus.NOT_FOUND)
    return found


def confirm(actor: Actor, ballot: Ballot, mandate_id: int) -> Mandate:
    """Confirm a mandate that another person wrote down; the proxy can vote from now on.

    :raises Refused: `done`, `second_person`, `own`, or `closed`.
    """
    found = find(ballot, mandate_id)
    _allowed(ballot)
    if found.confirmed_at is not None or found.revoked_at is not None:
        raise Refused("done", _l("This is done already."), HTTPStatus.CONFLICT)
    if actor.person_id in {None, found.proposed_by}:
        raise second_person()
    if actor.person_id == found.person_id:
        raise Refused("own", _l("Nobody takes a mandate for themself, or from themself."))
    found.confirmed_by, found.confirmed_at = actor.person_id, clock.now()
    _log(actor, ballot, "ballot.mandate_confirmed", found)
    return found


def revoke(actor: Actor, ballot: Ballot, mandate_id: int) -> Mandate:
    """Take a mandate back as its giver asks, until it is used.

    :raises Refused: `done` or `used`.
    """
    found = find(ballot, mandate_id)
    if found.revoked_at is not None:
        raise Refused("done", _l("This is done already."), HTTPStatus.CONFLICT)
    _unused(ballot, db.session.get_one(VotingRight, found.right_id).key)
    found.revoked_by, found.revoked_at = actor.person_id, clock.now()
    _log(actor, ballot, "ballot.mandate_revoked", found)
    return found


def _log(actor: Actor, ballot: Ballot, act: str, mandate: Mandate) -> None:
    db.session.flush()
    audit.append(
        act,
        person_id=actor.person_id,
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data={"mandate": mandate.id},
    )


def listed(ballot: Ballot) -> Sequence[tuple[Mandate, VotingRight]]:
    """Return the mandates of a ballot with their rights, the newest first."""
    query = (
        select(Mandate, VotingRight)
        .join(VotingRight, VotingRight.id == Mandate.right_id)
        .where(Mandate.ballot_id == ballot.id)
        .order_by(Mandate.id.desc())
        .limit(MOST)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def held(ballot: Ballot, person_id: int | None) -> Sequence[VotingRight]:
    """Return the rights that somebody may use now by a mandate for a ballot."""
    if person_id is None:
        return ()
    now = clock.now()
    query = (
        select(VotingRight)
        .join(Mandate, Mandate.right_id == VotingRight.id)
        .where(
            Mandate.ballot_id == ballot.id,
            Mandate.person_id == person_id,
            Mandate.confirmed_at.is_not(None),
            Mandate.revoked_at.is_(None),
            Mandate.valid_until > now,
            VotingRight.struck_by.is_(None),
        )
        .order_by(VotingRight.number)
    )
    return db.session.scalars(query).all()
