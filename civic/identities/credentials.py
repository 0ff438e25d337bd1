"""Tables of how people show who they are: sessions, second factors, codes to get back in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model


class SignIn(Model):
    """Be one session: a device on which a person is signed in, until it is ended.

    :ivar digest: keyed hash of what the cookie holds.
    :ivar device: what the browser says of itself, shortened to what its owner recognises.
    :ivar confirmed_at: when the password was last given.
    :ivar second_factor_at: when the second factor was given; powers of posts wait for it.
    """

    __table_args__ = (CheckConstraint("ends_at > began_at", name="end"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    device: Mapped[str]
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]


class SecondFactor(Model):
    """Keep from what the secret is made that a person's authenticator shares with us.

    :ivar secret: seed; the shared secret is its keyed hash, so that a copy of the database without
        the key of the installation gives nobody's codes away.
    :ivar last_step: number of the last time step that was used, so that none serves twice.
    """

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class BackupCode(Model):
    """Stand in for the second factor, once."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    used_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """Let a person choose a new password, once, after showing at the desk or by mail who they are.

    :ivar digest: keyed hash of the code; the code itself is read at the desk or in the mail alone.
    :ivar made_by: who saw them at the desk; nobody where the code went to their proven address.
    """

    __table_args__ = (CheckConstraint("expires_at > made_at", name="expiry"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
