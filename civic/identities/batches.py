"""Batches of invitation codes: what has become of them, and taking them back."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

import segno
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, func, select, update
from sqlalchemy.orm import joinedload

from civic.communities.models import Community, Node
from civic.identities import standings
from civic.identities.models import InviteBatch, InviteCode, Organisation
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

PAGE = 40


@dataclass(frozen=True)
class Counts:
    """Count the codes of a batch; the four parts make up all of it."""

    used: int = 0
    revoked: int = 0
    expired: int = 0
    left: int = 0


@dataclass(frozen=True)
class Listed:
    """Hold a batch with its counts and whose people it is for."""

    batch: InviteBatch
    counts: Counts
    organisation: str


def page(community: Community, after: int = 0) -> tuple[list[Listed], int]:
    """Return a page of batches, the newest first, and the key of the next page, 0 at the end."""
    query = _inside(community).order_by(InviteBatch.id.desc()).limit(PAGE + 1)
    if after:
        query = query.where(InviteBatch.id < after)
    found = db.session.execute(query).all()
    counts = _counts([row[0].id for row in found])
    listed = [Listed(batch, counts.get(batch.id, Counts()), name or "") for batch, name in found]
    return listed[:PAGE], listed[PAGE - 1].batch.id if len(listed) > PAGE else 0


def one(community: Community, batch_id: int) -> Listed:
    """Return a batch of a community or below.

    :raises Refused: 404 when there is none; the same for one of elsewhere.
    """
    row = db.session.execute(_inside(community).where(InviteBatch.id == batch_id)).one_or_none()
    if row is None:
        raise Refused("no_batch", _l("There are no such codes here."), HTTPStatus.NOT_FOUND)
    return Listed(row[0], _counts([batch_id]).get(batch_id, Counts()), row[1] or "")


def codes_of(batch_id: int) -> Sequence[InviteCode]:
    """Return the codes of a batch; there are never more than `codes.MOST`."""
    query = select(InviteCode).filter_by(batch_id=batch_id).order_by(InviteCode.id)
    return db.session.scalars(query).all()


def revoke(actor: Actor, community: Community, batch_id: int) -> int:
    """Take back what of a batch is unused; return how many codes that were.

    :raises Refused: 404 for a batch of elsewhere.
    """
    batch = one(community, batch_id).batch
    taken = _take_back(InviteCode.batch_id == batch.id)
    batch.revoked_at = batch.revoked_at or clock.now()
    standings.record(actor, community, "codes.revoked", f"batch:{batch.id}", count=taken)
    return taken


def revoke_one(actor: Actor, community: Community, batch_id: int, code_id: int) -> None:
    """Take back one unused code.

    :raises Refused: `code_used` when somebody was first; 404 for one of another batch.
    """
    batch = one(community, batch_id).batch
    mine = and_(InviteCode.id == code_id, InviteCode.batch_id == batch.id)
    if _take_back(mine):
        standings.record(actor, community, "code.revoked", f"code:{code_id}", batch=batch.id)
        return
    if db.session.scalar(select(InviteCode.id).where(mine)) is None:
        raise Refused("no_code", _l("There is no such code here."), HTTPStatus.NOT_FOUND)
    raise Refused(
        "code_used",
        _l("This code has been used or taken back already; nothing was changed."),
        HTTPStatus.CONFLICT,
    )


def picture(address: str) -> str:
    """Return the QR code of an address, as the source of a picture in a page."""
    made = segno.make(address, error="m", micro=False)
    drawn: str = made.svg_data_uri(scale=4, border=2, dark="#000", light="#fff", omitsize=True)
    return drawn


def _take_back(which: ColumnElement[bool]) -> int:
    # One statement: whoever redeems a code at this moment is either before it or too late.
    taken = db.session.scalars(
        update(InviteCode)
        .where(which, InviteCode.used_at.is_(None), InviteCode.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(InviteCode.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(taken)


def _counts(ids: list[int]) -> dict[int, Counts]:
    unused = and_(InviteCode.used_at.is_(None), InviteCode.revoked_at.is_(None))
    gone = InviteCode.expires_at <= clock.now()
    parts = (
        InviteCode.used_at.is_not(None),
        and_(InviteCode.used_at.is_(None), InviteCode.revoked_at.is_not(None)),
        and_(unused, gone),
        and_(unused, InviteCode.expires_at > clock.now()),
    )
    sums = [func.sum(case((part, 1), else_=0)) for part in parts]
    query = select(InviteCode.batch_id, *sums).where(InviteCode.batch_id.in_(ids))
    rows = db.session.execute(query.group_by(InviteCode.batch_id))
    return {row[0]: Counts(*map(int, row[1:])) for row in rows}


def _inside(community: Community) -> Select[InviteBatch, str]:
    return (
        select(InviteBatch, Organisation.name)
        .join(InviteBatch.node)
        .outerjoin(Organisation, Organisation.id == InviteBatch.organisation_id)
        .options(joinedload(InviteBatch.node))
        .where(Node.ids.startswith(community.node.ids))
    )
