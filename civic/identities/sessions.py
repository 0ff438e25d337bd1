"""Sessions: begun, found, listed and ended; each is a row that its owner sees."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, or_, select, update

from civic.identities import told
from civic.identities.credentials import SignIn
from civic.kernel import clock
from civic.kernel.db import db

LASTS = timedelta(days=30)
#: Sessions of one person that are kept; the oldest ends for a newer one.
MOST = 20


def digest(secret: str) -> str:
    """Return the keyed hash under which a session is kept."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, f"session:{secret}".encode(), "sha256").hex()


def begin(
    person_id: int,
    device: str,
    *,
    confirmed_at: datetime | None = None,
    second_factor: bool = False,
    joins: bool = False,
) -> str:
    """Begin a session for a person who has shown who they are, and tidy up their older ones.

    :param device: label of the device; one that is new here is told to its owner.
    :param confirmed_at: when the password was given; None for now.
    :param joins: whether the account was made a moment ago, so that no device is news.
    :returns: the secret that the cookie holds and nobody else knows.
    """
    now = clock.now()
    mine = SignIn.person_id == person_id
    known = db.session.scalars(select(SignIn.device).where(mine).distinct()).all()
    if device not in known and not joins:
        told.secure(person_id, "device", device=device)
    newest = select(SignIn.id).where(mine).order_by(SignIn.id.desc()).limit(MOST - 1)
    db.session.execute(
        delete(SignIn)
        .where(mine, or_(SignIn.ends_at <= now, SignIn.id.not_in(newest)))
        .execution_options(synchronize_session=False)
    )
    secret = secrets.token_urlsafe(24)
    db.session.add(
        SignIn(
            person_id=person_id,
            digest=digest(secret),
            device=device,
            began_at=now,
            ends_at=now + LASTS,
            confirmed_at=confirmed_at or now,
            second_factor_at=now if second_factor else None,
        )
    )
    db.session.flush()
    return secret


def listed(person_id: int) -> Sequence[SignIn]:
    """Return a person's sessions that last, the newest first; at most `MOST`."""
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.ends_at > clock.now())
    return db.session.scalars(query.order_by(SignIn.id.desc()).limit(MOST)).all()


def leave(sign_in_id: int) -> None:
    """End a session by signing out; its device stays known until the next sign-in."""
    now = clock.now()
    db.session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ends_at > now, SignIn.began_at < now)
        .values(ends_at=now)
    )


def end(person_id: int, sign_in_id: int) -> bool:
    """End one of a person's sessions; whether there was such a one."""
    found = db.session.scalar(
        delete(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.person_id == person_id)
        .returning(SignIn.id)
    )
    return found is not None


def end_all(person_id: int, *, but: int | None = None) -> None:
    """End all sessions of a person.

    :param but: one that stays, from which this was asked.
    """
    condition = [SignIn.id != but] if but is not None else []
    db.session.execute(delete(SignIn).where(SignIn.person_id == person_id, *condition))


def confirm(sign_in_id: int) -> None:
    """Note that the password was given in a session just now."""
    db.session.execute(
        update(SignIn).where(SignIn.id == sign_in_id).values(confirmed_at=clock.now())
    )


def factor_given(sign_in_id: int) -> None:
    """Note that the second factor was given in a session: the powers of posts no longer wait."""
    db.session.execute(
        update(SignIn).where(SignIn.id == sign_in_id).values(second_factor_at=clock.now())
    )


def forget_factor(person_id: int, *, but: int | None = None) -> None:
    """Let the powers of a person's posts wait again in their sessions.

    :param but: a session that keeps them.
    """
    condition = [SignIn.id != but] if but is not None else []
    db.session.execute(
        update(SignIn)
        .where(SignIn.person_id == person_id, *condition)
        .values(second_factor_at=None)
    )
