"""Invitation codes: made for a building or unit, redeemed once."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from civic.communities.models import Node
from civic.identities import holding, known
from civic.identities.models import InviteBatch, InviteCode, Standing
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

#: Without letters and digits that look or sound alike in print.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 10
VALID = timedelta(days=30)
LEVEL = 2
MOST = 200


@dataclass(frozen=True)
class Fresh:
    """Hold a code at the only moment when it can be read."""

    code: str
    row: InviteCode


def fresh_code() -> str:
    """Return a new random code without dashes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def readable(code: str) -> str:
    """Return a code in the groups in which it is printed."""
    return f"{code[:4]}-{code[4:7]}-{code[7:]}"


def digest(code: str, purpose: str = "invite") -> str:
    """Return the keyed hash under which a code is kept; spaces, dashes and case do not matter."""
    folded = "".join(char for char in code.upper() if char in ALPHABET)
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, f"{purpose}:{folded}".encode(), "sha256").hex()


def make(
    actor: Actor,
    node: Node,
    standing: str,
    count: int,
    *,
    community_id: int,
    organisation_id: int | None = None,
    note: str = "",
) -> list[Fresh]:
    """Make a batch of codes that let people join with a standing at a node.

    :param count: how many, 1 to `MOST`.
    :param organisation_id: for whose people they are, where they are for a unit's.
    :raises Refused: for a standing that no code may grant, or too many.
    """
    if not known.standings()[standing].by_code:
        raise Refused("standing", _l("Codes cannot grant this standing."))
    holding.check_on(standing, node.id)
    if not 1 <= count <= MOST:
        raise Refused(
            "count", _l("Please make 1 to %(most)d codes at a time."), values={"most": MOST}
        )
    made = []
    now = clock.now()
    batch = InviteBatch(
        node_id=node.id,
        organisation_id=organisation_id,
        standing=standing,
        size=count,
        note=note,
        made_by=actor.person_id,
        made_at=now,
        expires_at=now + VALID,
    )
    db.session.add(batch)
    db.session.flush()
    for _ in range(count):
        raw = fresh_code()
        row = InviteCode(
            batch_id=batch.id,
            digest=digest(raw),
            hint=raw[-2:],
            node_id=node.id,
            standing=standing,
            made_by=actor.person_id,
            made_at=now,
            expires_at=now + VALID,
        )
        made.append(Fresh(readable(raw), row))
    db.session.add_all(fresh.row for fresh in made)
    db.session.flush()
    audit.append(
        "codes.made",
        person_id=actor.person_id,
        actor="" if actor.person_id else "command",
        post=actor.office_at(node.path),
        subject=f"node:{node.id}",
        community_id=community_id,
        data={"standing": standing, "count": count, "batch": batch.id},
    )
    return made


def look_up(code: str) -> InviteCode:
    """Return the code that can still be redeemed.

    :raises Refused: `code_unknown`, `code_used`, `code_revoked` or `code_expired`.
    """
    query = select(InviteCode).options(joinedload(InviteCode.node)).filter_by(digest=digest(code))
    row = db.session.scalar(query)
    if row is None:
        raise Refused(
            "code_unknown",
            _l("We do not know this code. Please compare it with the letter, letter by letter."),
        )
    if row.used_at is not None:
        raise Refused(
            "code_used",
            _l(
                "This code has already been used. If it was you, sign in; "
                "if not, ask the community office for a new one."
            ),
        )
    if row.revoked_at is not None:
        raise Refused(
            "code_revoked",
            _l(
                "The community office has taken this code back. "
                "Please call or visit it; it gives you another one or tells you why."
            ),
        )
    if row.expires_at <= clock.now():
        raise Refused(
            "code_expired",
            _l("This code was valid until %(day)s. The community office gives you a new one."),
            values={"day": clock.local(row.expires_at).date().isoformat()},
        )
    if known.asleep([(row.standing, row.node_id)]):
        raise Refused(
            "code_off",
            _l(
                "What this code stands for is switched off at its place at present. "
                "Please ask the community office."
            ),
        )
    return row


def redeem(row: InviteCode, person_id: int) -> Standing:
    """Turn a code into a standing, once: whoever comes second is refused.

    :raises Refused: `code_used` when another request was first, `standing_held` when the person
        has no need of it; the code then stays good for somebody else.
    """
    now = clock.now()
    holding.free(person_id, row.standing, row.node_id)
    taken = db.session.execute(
        update(InviteCode)
        .where(
            InviteCode.id == row.id,
            InviteCode.used_at.is_(None),
            InviteCode.revoked_at.is_(None),
            InviteCode.expires_at > now,
        )
        .values(used_at=now, used_by=person_id)
        .returning(InviteCode.id)
    ).scalar_one_or_none()
    if taken is None:
        raise Refused("code_used", _l("This code has just been used or taken back."))
    organisation_id = db.session.scalar(
        select(InviteBatch.organisation_id).filter_by(id=row.batch_id)
    )
    standing = Standing(
        person_id=person_id,
        kind=row.standing,
        node_id=row.node_id,
        level=LEVEL,
        source="invite_code",
        invite_code_id=row.id,
        verified_by=row.made_by,
        organisation_id=organisation_id,
        valid_from=now,
    )
    db.session.add(standing)
    db.session.flush()
    return standing
