"""Tables of people, how they sign in, their standings and posts, and invitation codes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.communities.models import Node
from civic.identities.kinds import STANDINGS
from civic.kernel.db import Model, one_of

CONTACTS = ("phone", "email")


class Person(Model):
    """Be somebody who is known here.

    :ivar name: real name; shown to staff only.
    :ivar public_name: what others read: the masked name, or one that the person chose.
    :ivar adult: whether the person has said to be 18 or older.
    :ivar agreed: version of the notice on personal data agreed to.
    :ivar session_key: changes when all sessions are to end.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    public_name: Mapped[str]
    password_hash: Mapped[str]
    adult: Mapped[bool]
    agreed: Mapped[str]
    agreed_at: Mapped[datetime]
    session_key: Mapped[str]
    created_at: Mapped[datetime]
    contacts: Mapped[list["Contact"]] = relationship(back_populates="person", lazy="raise")


class Contact(Model):
    """Keep a telephone number or e-mail address that a person signs in with.

    One number or address signs one person in. Until it is proven it is marked so, serves no
    recovery, and yields to whoever proves it.
    """

    __table_args__ = (UniqueConstraint("kind", "value"), one_of("kind", CONTACTS))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    value: Mapped[str]
    proven_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(back_populates="contacts", lazy="raise")


class InviteCode(Model):
    """Let one person join with a standing at a building or unit (domain.md §1).

    :ivar digest: keyed hash of the code; the code itself is on the printed letter alone.
    :ivar hint: last characters, by which staff tell codes apart.
    """

    __table_args__ = (
        one_of("standing", STANDINGS),
        CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used"),
        CheckConstraint("expires_at > made_at", name="expiry"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    standing: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    node: Mapped[Node] = relationship(lazy="raise")


class RecoveryCode(Model):
    """Let a person choose a new password, once, after showing at the desk who they are.

    :ivar digest: keyed hash of the code; the code itself is read at the desk alone.
    """

    __table_args__ = (CheckConstraint("expires_at > made_at", name="expiry"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Standing(Model):
    """Give a person rights at a node and above (domain.md §1).

    :ivar kind: code of `kinds.STANDINGS`.
    :ivar level: 0 visitor, 1 telephone, 2 invited or attested, 3 verified by staff, 4 on a roll.
    :ivar source: what it rests on, as `invite_code`.
    :ivar verified_by: who vouches for it, where a person does.
    """

    __table_args__ = (
        one_of("kind", STANDINGS),
        CheckConstraint("level BETWEEN 0 AND 4", name="level"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        UniqueConstraint("person_id", "kind", "node_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    level: Mapped[int]
    source: Mapped[str]
    invite_code_id: Mapped[int | None] = mapped_column(ForeignKey("invite_code.id"), unique=True)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    node: Mapped[Node] = relationship(lazy="raise")


class Appointment(Model):
    """Let a person hold a post for a term."""

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="term"),
        UniqueConstraint("person_id", "post_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
