"""The second factor: a code that changes every half minute, and codes that stand in for it once."""

import base64
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select, update

from civic.communities.models import Post
from civic.identities import codes, sessions, told
from civic.identities.actors import factor_required, in_force
from civic.identities.credentials import BackupCode, SecondFactor
from civic.identities.kinds import POWERFUL
from civic.identities.models import Appointment
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused

#: Seconds for which one code is shown, and how many steps a clock may be off.
STEP, DRIFT = 30, 1
DIGITS = 6
BACKUPS = 10
#: For how long the secret of a factor that was not confirmed can be read.
SETTING_UP = timedelta(hours=1)
_WRONG = _l(
    "This code is not right, or was used already. Please wait for the next one on your telephone "
    "and type that."
)


@dataclass(frozen=True)
class Used:
    """Say what was given as the second factor.

    :ivar backup: whether it was a backup code.
    :ivar left: backup codes that are left.
    """

    backup: bool
    left: int


def of(person_id: int) -> SecondFactor | None:
    """Return a person's factor that is confirmed, or being set up since less than an hour."""
    factor = db.session.get(SecondFactor, person_id, populate_existing=True)
    if factor and factor.confirmed_at is None and factor.made_at + SETTING_UP < clock.now():
        return None
    return factor


def has(person_id: int) -> bool:
    """Tell whether a person has a confirmed second factor."""
    query = select(SecondFactor.confirmed_at).filter_by(person_id=person_id)
    return db.session.scalar(query) is not None


def begin(person_id: int, *, but: int | None = None) -> SecondFactor:
    """Begin to set up a factor; one of before counts no longer, and its backup codes neither.

    :param but: the session in which this is done; the powers of posts wait again in the others.
    """
    _drop(person_id)
    sessions.forget_factor(person_id, but=but)
    factor = SecondFactor(person_id=person_id, secret=secrets.token_hex(16), made_at=clock.now())
    db.session.add(factor)
    db.session.flush()
    return factor


def shared(factor: SecondFactor) -> str:
    """Return the secret that the authenticator shares, in letters and digits 2 to 7."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    seed = f"totp:{factor.person_id}:{factor.secret}".encode()
    return base64.b32encode(hmac.digest(key, seed, "sha256")[:20]).decode()


def address(factor: SecondFactor, name: str, site: str) -> str:
    """Return the address that an authenticator reads from a QR code."""
    return pyotp.TOTP(shared(factor)).provisioning_uri(name=name, issuer_name=site)


def confirm(person_id: int, typed: str) -> list[str]:
    """Put a factor in force by a first code.

    :returns: backup codes, readable at this moment only.
    :raises Refused: `code_wrong`, or `no_factor` where none is being set up.
    """
    factor = of(person_id)
    if factor is None or factor.confirmed_at is not None:
        raise Refused("no_factor", _l("Nothing is being set up. Please begin once more."))
    if not _serves(factor, typed):
        raise Refused("code_wrong", _WRONG)
    factor.confirmed_at = clock.now()
    told.secure(person_id, "factor_on")
    return fresh_codes(person_id)


def use(person_id: int, typed: str) -> Used:
    """Take a code of the authenticator or a backup code, each once.

    :raises Refused: `code_wrong` for one that is wrong, too old or used.
    """
    factor = of(person_id)
    if factor is None or factor.confirmed_at is None:
        raise Refused("code_wrong", _WRONG)
    figures = _figures(typed)
    backup = not (figures.isdecimal() and len(figures) == DIGITS)
    served = _backup_serves(person_id, typed) if backup else _serves(factor, typed)
    if not served:
        raise Refused("code_wrong", _WRONG)
    return Used(backup, left(person_id))


def _figures(typed: str) -> str:
    return "".join(unicodedata.normalize("NFKC", typed).split())


def step_of(totp: pyotp.TOTP, figures: str, now: datetime) -> int | None:
    """Return the time step near a moment whose code was typed, or None."""
    current = int(now.timestamp()) // STEP
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), figures.encode()):
            return step
    return None


def _serves(factor: SecondFactor, typed: str) -> bool:
    """Use up the step whose code was typed; of two at one moment the database takes one."""
    step = step_of(pyotp.TOTP(shared(factor)), _figures(typed), clock.now())
    if step is None:
        return False
    taken = db.session.scalar(
        update(SecondFactor)
        .where(SecondFactor.person_id == factor.person_id, SecondFactor.last_step < step)
        .where(SecondFactor.secret == factor.secret)
        .values(last_step=step)
        .returning(SecondFactor.person_id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def _backup_serves(person_id: int, typed: str) -> bool:
    taken = db.session.scalar(
        update(BackupCode)
        .where(
            BackupCode.person_id == person_id,
            BackupCode.digest == codes.digest(typed, _purpose(person_id)),
            BackupCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(BackupCode.id)
    )
    return taken is not None


def _purpose(person_id: int) -> str:
    return f"backup:{person_id}"


def fresh_codes(person_id: int) -> list[str]:
    """Make new backup codes; those of before end.

    :returns: the codes, readable at this moment only.
    """
    db.session.execute(delete(BackupCode).filter_by(person_id=person_id))
    made = [codes.fresh_code() for _ in range(BACKUPS)]
    db.session.add_all(
        BackupCode(person_id=person_id, digest=codes.digest(code, _purpose(person_id)))
        for code in made
    )
    db.session.flush()
    return [codes.readable(code) for code in made]


def left(person_id: int) -> int:
    """Return how many backup codes are left."""
    query = select(func.count()).select_from(BackupCode)
    return db.session.scalar(query.filter_by(person_id=person_id, used_at=None)) or 0


def bound(person_id: int) -> bool:
    """Tell whether a person may not turn the factor off: it is required, and they hold a post."""
    query = (
        select(Appointment.id)
        .join(Post, Post.id == Appointment.post_id)
        .where(
            Appointment.person_id == person_id,
            Post.kind.in_(POWERFUL),
            in_force(Appointment.valid_from, Appointment.valid_to, clock.now()),
        )
    )
    return factor_required() and db.session.scalar(query.limit(1)) is not None


def turn_off(person_id: int) -> None:
    """Turn one's own factor off.

    :raises Refused: `factor_required` while one holds a post with power.
    """
    if bound(person_id):
        raise Refused(
            "factor_required",
            _l("Whoever holds a post needs a second factor. You can move it to another telephone."),
        )
    remove(person_id)
    told.secure(person_id, "factor_off")


def remove(person_id: int) -> None:
    """Take a person's factor and backup codes away; the powers of posts wait in all sessions."""
    _drop(person_id)
    sessions.forget_factor(person_id)


def _drop(person_id: int) -> None:
    db.session.execute(delete(BackupCode).filter_by(person_id=person_id))
    db.session.execute(delete(SecondFactor).filter_by(person_id=person_id))
