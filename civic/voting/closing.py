"""Close a ballot: mix the choices, cut the link, count, and write the record that is announced."""

import secrets
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    String,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import (
    board,
    canonical,
    counting,
    figures,
    gathering,
    kinds,
    opening,
    paper_done,
    settled,
    standings,
    urns,
)
from civic.voting.box import Paper, Urn, UsedRight
from civic.voting.models import Ballot, BallotExtension
from civic.voting.rolls import VotingRight

#: How many rows are written at a time.
CHUNK = 2000
#: How many hexadecimal digits a key has.
KEY = 32


def close(ballot_id: int, *, person_id: int | None = None) -> Ballot:
    """Seal a ballot whose time is over; sealing it twice changes nothing.

    :param person_id: who confirmed it; nobody where the site closes it by itself.
    :raises Refused: `running` before its close, `chain` where receipts do not fit, `papers` or
        `papers_coming` while papers are not done, or as `settled.refuse_open`.
    """
    # Rights come before the ballot in every transaction; this erases and locks them at once.
    db.session.execute(
        update(UsedRight)
        .where(UsedRight.ballot_id == ballot_id, UsedRight.earlier.is_not(None))
        .values(earlier=None)
    )
    found = db.session.get_one(Ballot, ballot_id)
    if found.fingerprint is not None and found.sealed_at is None:
        standings.lost(found)
    ballot = opening.locked(ballot_id)
    if ballot.sealed_at is not None:
        return ballot
    # A rehearsal is closed when staff have seen enough.
    early = clock.now() < ballot.closes_at and not ballot.rehearsal
    if ballot.fingerprint is None or early:
        raise Refused("running", _l("There is no result before the close."), HTTPStatus.CONFLICT)
    paper_done.refuse_open(ballot)
    settled.refuse_open(ballot)
    standing = standings.strike(ballot)
    channels = board.in_force(ballot)
    _mix(ballot)
    ballot.closing = _record(ballot, channels)
    if standing is not None:
        ballot.closing = ballot.closing | {"standing": standing}
    ballot.closing_hash = canonical.fingerprint(ballot.closing)
    ballot.sealed_at = clock.now()
    if ballot.shows == kinds.AT_CLOSE:
        ballot.published_at = ballot.sealed_at
    _cut(ballot)
    audit.append(
        "ballot.closed",
        person_id=person_id,
        actor="clock",
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data={"closing": ballot.closing_hash, "turnout": ballot.turnout},
    )
    db.session.flush()
    return ballot


def _random_key() -> ColumnElement[str]:
    if db.engine.dialect.name == "sqlite":
        return func.lower(func.hex(func.randomblob(16)), type_=String)
    drawn = literal_column("gen_random_uuid()::text", String)
    return func.replace(drawn, "-", "", type_=String)


def _mix(ballot: Ballot) -> None:
    """Copy the choices under random keys, in the order of the keys alone."""
    if ballot.secrecy == kinds.DETACHED:
        _empty_urns(ballot)
        return
    key = _random_key().label("key")
    measured = "area_cm2" in ballot.rules["roll"]["measures"]
    source = (
        select(
            UsedRight.ballot_id,
            key,
            UsedRight.choice,
            func.coalesce(VotingRight.heads, 1),
            _area(ballot) if measured else literal(None, VotingRight.area_cm2.type),
            UsedRight.rehearsal,
        )
        .outerjoin(VotingRight, VotingRight.id == UsedRight.right_id)
        .where(UsedRight.ballot_id == ballot.id)
        .order_by(key)
    )
    names = ["ballot_id", "key", "choice", "heads", "area_cm2", "rehearsal"]
    db.session.execute(insert(Paper).from_select(names, source, include_defaults=False))


def _area(ballot: Ballot) -> ColumnElement[int | None]:
    """Return the area that goes with a right: as the roll has it, or as a test voter was given."""
    tested = ballot.rules["roll"].get("areas_cm2")
    if tested is None:
        return VotingRight.area_cm2.expression
    given = {f"test:{number}": cm2 for number, cm2 in enumerate(tested, 1)}
    return case(given, value=UsedRight.key, else_=0)


def _empty_urns(ballot: Ballot) -> None:
    """Lay out what the urns hold under random keys, in their order; one text for each is held."""
    drawn = sorted(f"{secrets.token_hex(KEY // 2)}{choice}" for choice in urns.emptied(ballot))
    shared = {"ballot_id": ballot.id, "heads": 1, "rehearsal": ballot.rehearsal}
    for start in range(0, len(drawn), CHUNK):
        rows = [
            shared | {"key": one[:KEY], "choice": one[KEY:]} for one in drawn[start : start + CHUNK]
        ]
        db.session.execute(insert(Paper), rows)
    db.session.execute(delete(Urn).filter_by(ballot_id=ballot.id))


def _record(ballot: Ballot, channels: dict[str, int]) -> dict[str, Any]:
    roll = figures.of_roll(ballot)
    found = gathering.gather(ballot)
    extensions = db.session.scalars(
        select(BallotExtension).filter_by(ballot_id=ballot.id).order_by(BallotExtension.id)
    )
    record = {
        "form": opening.FORM,
        "ballot": ballot.id,
        "rehearsal": ballot.rehearsal,
        "rules": ballot.fingerprint,
        "closes_at": ballot.closes_at.isoformat(),
        "extensions": [
            {
                "was": one.was.isoformat(),
                "closes_at": one.closes_at.isoformat(),
                "reason": one.reason,
            }
            for one in extensions
        ],
        "roll": roll,
        "receipts": ballot.receipts,
        "head": ballot.head,
        "channels": channels,
        "choices": ballot.turnout,
        "root": found.root,
        "result": counting.count(ballot.rules, found.heads, found.area, ballot.head, roll),
    }
    papers_ = paper_done.figures(ballot)
    return record if papers_ is None else record | {"papers": papers_}


def _cut(ballot: Ballot) -> None:
    """Forget who chose what; a named ballot keeps it, as it promised."""
    if not ballot.secret:
        return
    values: dict[str, None] = {"choice": None, "cast_at": None, "changed_at": None}
    db.session.execute(
        update(UsedRight)
        .where(UsedRight.ballot_id == ballot.id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    for known in list(db.session.identity_map.values()):
        if isinstance(known, UsedRight):
            db.session.expire(known)
